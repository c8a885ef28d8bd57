package bmatch

import (
	"math"
	"slices"
)

// lagrangian gives the bound that follows when capacity is not a limit but
// costs p a unit, and each group is then served on its own:
//
//	Σ over groups of min(cost of nobody, cost of its best people ≥ minimum) − Σ k·p
//
// where every cost is c + p. It is valid for any p ≥ 0; at the prices of the
// relaxed optimum, which res holds, it is at least that optimum (Fisher 1981).
func (q *quorum) lagrangian(res *Result) int64 {
	n := q.n
	var bound int64
	var gains []int64
	for r := range n.requests {
		bound += n.problem.Requests[r].Seats * n.requests[r].penalty
		if n.requests[r].group == none {
			// Pairs not listed gain nothing here: the seats that have no listed
			// pair are open, and then the horizon has reached the penalty.
			gains = n.gains(gains[:0], int32(r), 0, res.VolunteerPrices)
			for _, gain := range gains {
				bound += min(0, gain)
			}
		}
	}
	for g, group := range q.groups {
		if q.seats[g] < group.MinPeople {
			continue // never gets anybody
		}
		gains = gains[:0]
		for _, r := range group.Members {
			gains = n.gains(gains, r, group.MinPeople, res.VolunteerPrices)
		}
		slices.Sort(gains)
		var best int64
		for i, gain := range gains {
			if gain >= 0 && int64(i) >= group.MinPeople {
				break
			}
			best = saturated(best, gain)
		}
		bound += min(0, best)
	}
	for v, price := range res.VolunteerPrices {
		bound -= n.problem.Capacity[v] * price
	}
	return bound
}

// gains appends c + p − P of the cheapest pairs of r, one for each seat. A pair
// that is not listed costs at least the horizon; up to so many are counted as
// costing just that.
func (n *network) gains(dst []int64, r int32, unlisted int64, prices []int64) []int64 {
	row := &n.requests[r]
	seats := min(n.problem.Requests[r].Seats, int64(len(n.volunteers)))
	seats = min(seats, int64(row.listed)+unlisted)
	start := len(dst)
	for _, a := range n.list(r) {
		dst = append(dst, min(a.cost+prices[a.volunteer], row.horizon)-row.penalty)
	}
	slices.Sort(dst[start:])
	dst = dst[:min(len(dst), start+int(seats))]
	for int64(len(dst)-start) < seats {
		dst = append(dst, row.horizon-row.penalty)
	}
	return dst
}

// saturated adds without leaving the range of int64.
func saturated(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
