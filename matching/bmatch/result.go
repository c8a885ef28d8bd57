package bmatch

import "github.com/linli/linli/matching/crews"

// Branch is a part of a problem with minima whose bound is proven case by case.
type Branch = crews.Branch

// Result is a plan with what is known about it. It does not change any more
// and is safe for concurrent use.
type Result struct {
	Objective int64 // Σ cost of the pairs + Σ penalty of the open seats
	Bound     int64 // no plan costs less; equal to Objective when the plan is proven optimal

	// Dual is the bound that the prices alone give, without minima of groups:
	// Σ seats·y − Σ capacity·p + Σ min(0, cost + p − y). Bound is never lower.
	Dual            int64
	RequestPrices   []int64 // y of each request
	VolunteerPrices []int64 // p of each volunteer
	Branches        []Branch

	Stats Stats

	first []int
	pairs []Arc
}

// Stats counts the work done, for logs.
type Stats struct {
	Searches int64 // shortest paths sought
	Pops     int64 // requests taken from the heap in them
	Scanned  int64 // pairs looked at in them
	Listings int64 // calls of the source
	Listed   int64 // pairs in the lists at the end
	Closed   int64 // groups that miss their minimum and get nobody
	Reopened int64 // groups that were closed and got people after all
}

// Assigned gives the volunteers of request r with their costs, cheapest first.
// The slice belongs to the result.
func (res *Result) Assigned(r int) []Arc {
	return res.pairs[res.first[r]:res.first[r+1]:res.first[r+1]]
}

// Pairs is the number of seats filled in all.
func (res *Result) Pairs() int { return len(res.pairs) }

// Gap is (Objective − Bound) ÷ Objective, 0 when the plan is proven optimal.
func (res *Result) Gap() float64 {
	if res.Objective == res.Bound {
		return 0
	}
	return float64(res.Objective-res.Bound) / float64(res.Objective)
}
