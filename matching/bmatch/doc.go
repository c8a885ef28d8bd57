// Package bmatch assigns volunteers to the seats of requests at the least total
// cost, and says what that is proven by. It is the one door to the solvers:
//
//	Solve ──┬─ no minimum in force ──► flow   exact, with its proof
//	        └─ some group has one  ──► crews  a plan, a lower bound, the gap
//	Greedy ──────────────────────────────────  the yardstick
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
// A [Group] gets its minimum of people together or nobody, which makes the
// problem NP-hard.
//
// # Proof
//
// Volunteers have prices p ≥ 0, requests prices 0 ≤ y ≤ P. Whatever they are, no
// plan costs less than
//
//	dual = Σ d·y − Σ k·p + Σ min(0, c + p − y)     over all eligible pairs.
//
// Without minima in force the dual of a [Result] equals its objective. With them
// its Bound is higher than its Dual: a group that the prices alone would give
// fewer people than its minimum costs at least what nobody costs, or what its
// cheapest people from the minimum up cost at c + p. Package verify recomputes
// both.
//
// The eligible pairs are not given but asked for ([Source]), since most of them
// never matter; the proof covers them all the same. Theory, ranges and papers
// stand in packages flow and crews.
package bmatch
