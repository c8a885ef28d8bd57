// Package dimacs reads two DIMACS problem forms, solves them exactly and writes
// the solution with its certificate. It is what `linli solve` runs.
//
// # Assignment, p asn
//
//	p asn NODES ARCS      first line but comments (c …)
//	n ID                  a left node, one line each; all others are right nodes
//	a LEFT RIGHT COST     an arc
//
// A perfect matching of least cost is sought. Of parallel arcs the cheapest
// counts. The flow line of a matched arc is `f LEFT RIGHT 1`.
//
// # Minimum-cost flow of transport form, p min
//
//	p min NODES ARCS
//	n ID FLOW             supply of a request (positive), demand of the sink (negative)
//	a SRC DST LOW CAP COST
//
// There is one sink. A node with supply is a request, a node with neither is a
// volunteer. LOW is 0 and the arcs are
//
//	request   → volunteer   CAP 1
//	volunteer → sink        CAP the volunteer's capacity, at most one such arc
//	request   → sink        CAP at least the supply; a seat left open, COST its penalty
//
// A request without the last has to be served in full. Costs may be negative.
// Everything else is refused with the line that breaks the form; see [Read].
//
// # Ranges
//
// Nodes up to 2^31 − 2, costs within ±2^58, and the ranges of package bmatch
// after the costs of each request are shifted to start at 0. Lines are at most
// 64 KiB. Memory grows with the lines read, never with the counts declared.
package dimacs
