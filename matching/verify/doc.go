// Package verify checks a matching plan and the proof of its cost. It trusts
// nothing that a solver says: eligibility and costs come from the caller, sums
// are made again in 128 bits, and no code is shared with package bmatch.
//
// A plan gives volunteers to the seats of requests. A seat left open costs the
// request's penalty P, a pair costs c ≥ 0. The proof is a price y ≤ P for each
// request with d seats and a price p ≥ 0 for each volunteer with capacity k.
// Whatever the prices are, no plan costs less than
//
//	Σ d·y − Σ k·p + Σ min(0, c + p − y)     over all eligible pairs,
//
// and as p ≥ 0, only pairs with c < y can add to the last sum. That is what
// makes the check possible without listing every eligible pair: [Instance.Below]
// is asked for the pairs below y alone.
//
// Groups with a minimum can cost more than the prices alone prove; then they are
// served alone at these prices, and where that is not enough, case by case in a
// [Branch].
//
//	Plan     the plan keeps every rule, and costs what it is said to cost
//	Bound    the prices prove the bound that they are said to prove
//	Optimal  both, and bound = cost, by the conditions pair by pair
//
// Each gives the list of [Violation]s, empty when all is well.
package verify
