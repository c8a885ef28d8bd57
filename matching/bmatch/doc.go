// Package bmatch assigns volunteers to the seats of requests at the least
// total cost, and proves it.
//
// # Problem
//
// Request r has d(r) seats and a penalty P(r) for each seat left open.
// Volunteer v takes at most k(v) seats in all and at most one of each request.
// An eligible pair costs c(r,v) ≥ 0. With x(r,v) in {0,1} and u(r) open seats,
//
//	minimise   Σ c·x + Σ P·u
//	subject to Σ_v x(r,v) + u(r) = d(r)     for each request
//	           Σ_r x(r,v)        ≤ k(v)     for each volunteer
//
// This is a minimum-cost flow with unit arcs between the two sides (a simple
// b-matching), so the optimum is integral. [Group] adds a minimum of people to
// some requests together, which makes the problem NP-hard; see below.
//
// # Prices and the proof
//
// Volunteers have prices p ≥ 0, requests prices y ≤ P. The plan is optimal when
//
//	c + p − y ≥ 0   for every eligible pair that is not matched,
//	c + p − y ≤ 0   for every matched pair,
//	p = 0           for a volunteer with capacity left,
//	y = P           for a request with an open seat.
//
// The prices alone give a lower bound on every plan,
//
//	dual = Σ d·y − Σ k·p + Σ min(0, c + p − y),
//
// and under the four conditions it equals the cost of the plan. [Solve] checks
// that equality before it answers; package verify does it again with code of
// its own.
//
// # Implicit graph
//
// The eligible pairs are not given but asked for ([Source]), since most of them
// never matter. Each request has a list of all its pairs below a horizon. As
// p ≥ 0, a pair at or above the horizon satisfies c + p − y ≥ 0 as long as
// y ≤ horizon. A search that would raise y past the horizon first doubles it,
// so the proof always covers every eligible pair and not only the listed ones.
//
// # Algorithm
//
// Successive shortest paths with potentials. Each seat is placed by one
// Dijkstra search over the reduced costs of the residual network, which ends at
// the first volunteer with capacity left or at the cheapest seat to leave open:
//
//	request ──c+p−y──▶ volunteer (full) ──y'−c'−p──▶ request that owns it ──▶ …
//	                   volunteer (free): end         P'−y': end, its seat stays open
//
// Only requests enter the heap: a full volunteer relaxes its owners at once.
// Lists are in cost order and p ≥ 0, so a scan stops at the first pair whose
// cost alone reaches the best end known; a list that runs out goes back into
// the heap with the distance of its horizon. Prices of the nodes nearer than
// the end at distance D move up by D − dist, which keeps the conditions above.
//
// With S seats, R requests and m listed pairs the worst case is
// O(S·(m·k + R log R)); on geographic instances a search touches a handful of
// pairs. No memory is taken in a search except where a list grows. The same
// problem gives the same plan on every run.
//
// # Groups
//
// With a minimum in force, Solve first solves without minima (a valid bound),
// then leaves groups that miss theirs empty, solves the rest exactly, and puts
// groups back by successive shortest paths from all their open seats at once,
// fewest missing people first, keeping what makes the plan cheaper. The bound
// is raised by the Lagrangian of the capacity rows at the final prices, which
// splits into one small problem a group. Result.Gap says what is left between
// the two. It is zero whenever no minimum binds.
//
// # Ranges
//
// All arithmetic is on int64. Σ d·P of the requests that may stay open is at
// most [MaxTotal] = 2^60, and pairs that cost MaxTotal or more are never used,
// so prices and distances stay within 2^60 and sums of three of them within
// 2^62. A request with penalty [Mandatory] counts as priced at 2^60; then
// (mandatory seats + requests + 1)·c must also stay below 2^60 − Σ d·P. Sums
// that form the dual may wrap around on the way, which is harmless as addition
// modulo 2^64 is exact and the result lies within 2^60. Up to 2^31 − 2 requests,
// volunteers and seats filled.
//
// # Papers
//
// R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows, 1993, section 9.7
// (successive shortest paths). N. Tomizawa, On some techniques useful for
// solution of transportation network problems, Networks 1, 1971, and
// J. Edmonds, R. M. Karp, Theoretical improvements in algorithmic efficiency
// for network flow problems, JACM 19, 1972 (potentials keep the costs
// non-negative). M. L. Fisher, The Lagrangian relaxation method for solving
// integer programming problems, Management Science 27, 1981 (the bound).
package bmatch
