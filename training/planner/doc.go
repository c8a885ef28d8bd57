// Package planner makes the calendar of a rollout: which cohorts are held where,
// when and by whose lecturers.
//
// # Problem
//
// The people of step s who are gathered in area a (its homes) number n(s,a). In
// each course of the step they make ⌊n/u⌋ whole cohorts of the greatest size u;
// the rest, ρ < u people, goes as one to a venue v in reach: its own, or one
// within travel_km, where each of the two is among the four nearest of the other.
// Rests R at one venue make k = ⌈R/u⌉ cohorts; each needs the least size ℓ, to
// which whole cohorts of v's own area may lend people that they have above ℓ.
// Every cohort takes one place of its venue and one of a lecturer's area, in one
// open month of its window. Minimise
//
//	Σ lecturer_km·km(l,v) + traveller_km·people·km(a,v) + empty_seat·empty + late_month·months late
//
// A whole cohort that travels counts all its seats. Where courses come one after
// the other, the window of a step is cut into layers, as long as they have courses,
// and each course is held in its own layer; months after the target are late, after
// the deadline there are none. Where something does not fit, a cohort without a venue
// or without a lecturer costs a penalty M each, people without any month or too
// few for a cohort 2M. M is more than all other costs of any plan together, so
// that as few as possible are left, and then cost decides. Announced cohorts take
// their people, places and lecturers away first.
//
// # Method
//
// Sharing out the rests (x) and the calendar given x are solved in turns.
//
//   - The calendar given x is a minimum-cost flow (package mcf): cohorts alike in
//     step, window and origin → venue and month → lecturers' area and month. Its
//     optimum is integral; its potentials give prices μ(v,t), λ(l,t) ≥ 0 of places
//     and lecturers.
//   - At prices the best x of each course is found by itself, exactly: host by host,
//     with a state for every set of homes that could have gone to an earlier host
//     and can still go to a later one (a decision diagram of width at most 4,096;
//     beyond it restricted for the plan and relaxed for the bound: Bergman, Cire,
//     van Hoeve, Hooker, Decision Diagrams for Optimization, 2016).
//
// # Proof
//
// For any prices μ, λ ≥ 0
//
//	L(μ,λ) = Σ cohorts at the cheapest of late + travel + min(μ,M) + min(λ + lecturer's travel, M)
//	         - Σ μ·places - Σ λ·lecturers
//
// with x chosen for the least sum is at most the cost of every plan (Lagrangian
// relaxation; Geoffrion, Mathematical Programming Study 2, 1974). By the duality
// of the flow the plan costs exactly as much more as its x costs more at the
// prices than the best x. If nothing does, the plan is optimal. Else every x
// whose cost at the prices leaves a chance is tried, within a limit of work; if all
// were, the best is optimal. Package verify recomputes L from the prices.
//
// # Effort and ranges
//
// Network: homes × windows + 2·venues × months + lecturers' areas × months nodes,
// pairs in reach × months arcs. Everything is an integer; M is below 2^60 divided
// by the number of cohorts, else the rollout is refused. No clock is looked at: the
// same file gives the same plan on every machine.
package planner
