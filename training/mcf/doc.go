// Package mcf solves minimum-cost flow by the network simplex method.
//
// # Problem
//
// Nodes 0…n-1 have a supply b(i), positive where units come from, negative where
// they go, with Σ b = 0. Arc a = (i, j) carries 0 ≤ x(a) ≤ u(a) units at c(a)
// each. Find integers x with
//
//	min Σ c(a) x(a)   so that   Σ out of i x(a) - Σ into i x(a) = b(i)  for every node i
//
// # Proof
//
// With potentials π(i) the reduced cost of arc (i, j) is c + π(i) - π(j). A flow
// is of least cost if every arc with room has a reduced cost ≥ 0 and every arc
// that carries something one ≤ 0 (complementary slackness; Ahuja, Magnanti and
// Orlin, Network Flows, 1993, theorem 9.4). [Network.Solve] stops when that holds,
// and gives the potentials, so that anybody can look.
//
// # Method
//
// A spanning tree of arcs strictly between their bounds is kept, rooted at an
// artificial node; the reduced costs of its arcs are zero. A block of the other
// arcs is searched for the one whose reduced cost is most wrong; it enters, units
// are pushed round the cycle that it closes, and the last arc of the cycle that
// stops them leaves. That choice keeps the tree strongly feasible (Cunningham,
// Mathematical Programming 11, 1976), so that the method ends. Block search:
// Király and Kovács, Acta Universitatis Sapientiae Informatica 4, 2012.
//
// # Ranges
//
// At most 2^31-1 arcs. With C the greatest |cost|, (C+1)·(n+1) must be at most
// 2^60, and so must the sum of the supplies times C: [Network.Solve] refuses more.
// The result depends on nothing but the network.
package mcf
