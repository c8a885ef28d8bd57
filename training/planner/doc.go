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
// few for a cohort 3M, which is more than a cohort that lacks both. M is more than
// all other costs of any plan together, so that as few as possible are left, and
// then cost decides. Announced cohorts take their people, places and lecturers away
// first.
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
//     and can still go to a later one (a decision diagram of width at most 512;
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
// relaxation; Geoffrion, Mathematical Programming Study 2, 1974). Prices come from
// the calendar of all x so far in equal parts, that is with every capacity as often
// (fictitious play), so that they settle between the x that take turns. A plan that
// costs L is optimal. Otherwise single blocks are shared out differently as long as
// that makes the plan cheaper; then every x that costs less than the plan at the
// prices is tried, if these are few enough: any other costs as much or more. Package
// verify recomputes L from the prices.
//
// # Effort and ranges
//
// Network: homes × windows + 2·venues × months + lecturers' areas × months nodes,
// pairs in reach × months arcs. Everything is an integer; 3 M × cohorts × rounds,
// which are 4 for large rollouts and up to 60 for small ones, is at most 2^60, else
// the rollout is refused. No clock is looked at: the
// same file gives the same plan on every machine.
package planner
