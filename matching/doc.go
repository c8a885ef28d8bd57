// Package matching decides whom to ask for what: from needs and volunteers to a
// plan of least cost, with the proof that none is cheaper and the reasons why
// seats stay open.
//
//	files ──► FromRows ──────┐                        ┌─► Plan.Pairs, Plan.Report ──► files
//	                         ├─► Problem ──► Optimal ─┤
//	requests ► FromRequests ─┘    │  ▲       Greedy   └─► Plan.ByRequest ──► offers
//	                              │  └── index: who may, at what cost (rings of grid cells)
//	                              └────► bmatch: least cost ──► verify: is it proven?
//
// # The problem
//
// A [Demand] is some seats of one role of one help request; a [Need] ties the
// demands of a request together. Every pair of a demand and a volunteer who
// passes the hard rules (package index) may be chosen; nobody is left out
// because others are nearer. The plan minimises
//
//	Σ cost of the pairs + Σ penalty of the seats left open
//
// with each volunteer at most as often as they have capacity, at most once per
// need, and a need either reaches its minimum of people or gets nobody.
//
// # The proof
//
// [Plan.DualBound] is a proven lower bound on the cost of every plan. It equals
// the objective unless a minimum of people binds. Before a plan is given out,
// package verify checks it and its proof over the same volunteers found by
// another path (a scan by latitude); a plan that fails is an error.
//
// # Units
//
// Costs, penalties, objective and bound are integers; one unit is one metre.
package matching
