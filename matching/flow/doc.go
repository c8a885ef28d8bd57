// Package flow assigns volunteers to the seats of requests at the least total
// cost, proves it, and keeps the optimum while the problem changes.
//
// # Problem
//
// Request r has d(r) seats. Each seat left open costs P(r); the last Keep of them
// cost KeepPenalty(r) ≥ P(r). Volunteer v takes at most k(v) seats in all and at
// most one of each request. An eligible pair costs c(r,v) ≥ 0. With x(r,v) in
// {0,1} and u(r) open seats,
//
//	minimise   Σ c·x + Σ open(u)
//	subject to Σ_v x(r,v) + u(r) = d(r)     for each request
//	           Σ_r x(r,v)        ≤ k(v)     for each volunteer
//
// where open(u) = P·u up to d − Keep seats and KeepPenalty for each further one.
// This is a minimum-cost flow with unit arcs between the two sides and convex
// costs on the arcs past them, so the optimum is integral.
//
// # Prices and the proof
//
// Volunteers have prices p ≥ 0, requests prices y ≥ 0. The plan is optimal when
//
//	c + p − y ≥ 0              for every eligible pair that is not matched,
//	c + p − y ≤ 0              for every matched pair,
//	p = 0                      for a volunteer with capacity left,
//	open(u) − open(u−1) ≤ y    for a request with open seats,
//	y ≤ open(u+1) − open(u)    for every request.
//
// The prices alone bound every plan from below,
//
//	dual = Σ d·y − Σ max(0, y−P)·(d−Keep) − Σ k·p + Σ min(0, c + p − y),
//
// and equal its cost under the conditions. [Solver.Prove] sums both sides anew
// and compares them; [Solver.Solve] ends with it. After changes
// [Solver.ProveChanges] goes on from there: both sides are sums over single nodes,
// and only those whose part has changed are looked at again (see proof.go).
//
// # Graphs
//
// An explicit graph ([Rows]) is read in place; of each row the cheapest few pairs
// are picked out and sorted, more when a search needs them. Of an implicit graph
// ([Source]) each request has a list of all its pairs below a horizon, which
// doubles when a price would pass it. As p ≥ 0, a pair that costs more than y
// satisfies its condition whatever p is, so pairs that are not listed never
// matter, and the proof covers them.
//
// # Algorithm
//
//	forward   request ──c+p−y──▶ full volunteer ──y'−c'−p──▶ its requests ──▶ …
//	          ends at a free volunteer, or where leaving a seat open is cheapest
//	backward  free volunteer ◀──c+p−y── request ◀──y−c'−p'── its volunteers ◀── …
//	          ends at an open seat, or at a volunteer who stays free
//
// A seat is placed by a forward search of Dijkstra's over reduced costs, a unit of
// capacity by a backward one. Prices of the nodes nearer than the end at distance
// D move by D − dist, which keeps the conditions. Lists are in cost order and
// p ≥ 0, so a scan stops at the first pair whose cost alone reaches the best end
// known. Most seats need no search: the nearest volunteer is free.
//
// A cold solve takes requests by classes of penalty, the dearest first. Searches
// that visit more than a few dozen nodes are put off. Where many are, the places
// with too few volunteers are found and solved from the volunteers' side (see
// scarce.go). When searches stay long, because costs follow no geography, prices
// come from an auction (see auction.go). The first searches of a large graph that is
// numbered along a map are made side by side (see lands.go); such a graph needs no
// auction. All this only says where searches begin; none of it is a setting.
//
// With S seats, R requests and m pairs a search costs O(m + R log R) at worst, and
// a solve S times that; on geographic instances a search visits a handful of nodes.
// A change costs a few searches. No memory is taken in a search except where a list
// grows. The same calls give the same plan on every machine.
//
// # Ranges
//
// All arithmetic is on int64. Σ seats·penalty of the seats that may stay open is at
// most [MaxTotal] = 2^60, and pairs that cost MaxTotal or more are never used, so
// prices and distances stay within 2^60 and sums of three of them within 2^62. A
// seat with penalty [Mandatory] counts as priced at 2^60; then (mandatory seats +
// requests + 1)·c must also stay below 2^60 − Σ seats·penalty. Sums that form the
// two sides of the proof may wrap around on the way, which is harmless as addition
// modulo 2^64 is exact and the result lies within 2^60. Up to 2^31 − 2 requests,
// volunteers and filled seats, and 2^32 listed pairs.
//
// # Papers
//
// R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows, 1993, section 9.7
// (successive shortest paths). N. Tomizawa, On some techniques useful for solution
// of transportation network problems, Networks 1, 1971, and J. Edmonds, R. M. Karp,
// Theoretical improvements in algorithmic efficiency for network flow problems,
// JACM 19, 1972 (prices keep the costs non-negative). Further ones stand where
// they are used.
package flow
