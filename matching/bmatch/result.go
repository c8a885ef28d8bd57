package bmatch

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

// result takes the plan and the prices out of the network.
func (n *network) result() *Result {
	res := &Result{
		RequestPrices:   make([]int64, len(n.requests)),
		VolunteerPrices: make([]int64, len(n.volunteers)),
	}
	for r := range n.requests {
		res.RequestPrices[r] = n.requests[r].price
	}
	for v := range n.volunteers {
		res.VolunteerPrices[v] = n.volunteers[v].price
	}
	n.plan(res)
	return res
}

// plan sets the pairs and the objective of res, summed anew from the pairs.
func (n *network) plan(res *Result) {
	res.Objective = 0
	res.first = make([]int, 1, len(n.requests)+1)
	res.pairs = make([]Arc, 0, len(n.owners))
	for r := range n.requests {
		for _, a := range n.list(int32(r)) {
			if a.matched {
				res.pairs = append(res.pairs, Arc{a.volunteer, a.cost})
				res.Objective += a.cost
			}
		}
		res.first = append(res.first, len(res.pairs))
		res.Objective += n.requests[r].open * n.requests[r].penalty
	}
}

// prove gives the lower bound that the prices of the network are a proof of,
// in one pass over the listed pairs. It fails when they are none.
func (n *network) prove() (dual int64, err error) {
	for r := range n.requests {
		row := &n.requests[r]
		// Every pair that is not listed costs at least the horizon or the penalty.
		if row.price < 0 || row.price > row.penalty || row.price > row.horizon && row.horizon < row.penalty {
			return 0, ErrUnproven
		}
		dual += n.problem.Requests[r].Seats * row.price
		for _, a := range n.list(int32(r)) {
			dual += min(0, a.cost+n.volunteers[a.volunteer].price-row.price)
		}
	}
	for v := range n.volunteers {
		if n.volunteers[v].price < 0 {
			return 0, ErrUnproven
		}
		dual -= n.problem.Capacity[v] * n.volunteers[v].price
	}
	return dual, nil
}
