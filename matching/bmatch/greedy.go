package bmatch

import (
	"context"

	"github.com/linli/linli/matching/flow"
)

// Greedy is the yardstick: requests in their order, each taking its cheapest
// volunteers that still have capacity and cost less than an open seat. A group
// is served when its first member comes up, and gives its volunteers back when
// it misses its minimum.
//
// Bound is what the plan would cost if no volunteer had a limit, as given by
// prices p = 0 and y = the cost of the dearest seat then; it is valid and
// usually far off. For mandatory requests an [*InfeasibleError] means only that
// this order of service fails.
func Greedy(ctx context.Context, p *Problem, opts Options) (*Result, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	lists, err := flow.New(p.flow(), flow.Options{})
	if err != nil {
		return nil, err
	}
	g := &greedy{p: p, lists: lists, guess: 1024, left: make([]int64, len(p.Capacity)), people: make([][]Arc, len(p.Requests))}
	copy(g.left, p.Capacity)
	g.result.RequestPrices = make([]int64, len(p.Requests))
	g.result.VolunteerPrices = make([]int64, len(p.Capacity))
	report := reporter(p, opts.Progress)
	for r, group := range p.inOrder() {
		if r&63 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err := g.serveGroup(group); err != nil {
			return nil, err
		}
		report(r)
	}
	return g.finish(), nil
}

// greedy is a plan made in one pass.
type greedy struct {
	p      *Problem
	lists  *flow.Solver // lists pairs; it solves nothing
	guess  int64        // up to which cost the next request is listed first
	left   []int64      // capacity
	people [][]Arc      // of each request
	row    []Arc
	result Result
}

// inOrder gives for each request the group that is served when it comes up: its
// own at the first member, itself without a group, and none at later members.
func (p *Problem) inOrder() []Group {
	groups := make([]Group, len(p.Requests))
	for r := range groups {
		groups[r].Members = []int32{int32(r)}
	}
	for _, group := range p.Groups {
		first := int32(-1)
		for _, r := range group.Members {
			groups[r].Members = nil
			if first < 0 || r < first {
				first = r
			}
		}
		if first >= 0 {
			groups[first] = group
		}
	}
	return groups
}

func (g *greedy) serveGroup(group Group) error {
	people := 0
	for _, r := range group.Members {
		if err := g.serve(r); err != nil {
			return err
		}
		people += len(g.people[r])
	}
	if int64(people) >= group.MinPeople {
		return nil
	}
	g.result.Stats.Closed++
	for _, r := range group.Members {
		for _, a := range g.people[r] {
			g.left[a.Volunteer]++
		}
		g.people[r] = nil
	}
	return nil
}

// serve fills the seats of r in cost order, and prices it at what its dearest
// seat would cost if no volunteer had a limit.
func (g *greedy) serve(r int32) error {
	q := g.p.Requests[r]
	g.result.RequestPrices[r] = min(q.Penalty, MaxTotal)
	if q.Seats == 0 {
		g.result.RequestPrices[r] = 0
	}
	for at := 0; int64(len(g.people[r])) < q.Seats; at++ {
		more, err := g.reach(r, at)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		a := g.row[at]
		if int64(at) == q.Seats-1 {
			g.result.RequestPrices[r] = a.Cost
		}
		g.result.Stats.Scanned++
		if g.left[a.Volunteer] > 0 {
			g.left[a.Volunteer]--
			g.people[r] = append(g.people[r], a)
		}
	}
	if q.Penalty == Mandatory && int64(len(g.people[r])) < q.Seats {
		return &InfeasibleError{Request: r}
	}
	return nil
}

// reach lists r up to its pair number at, and says whether there is one that
// costs less than an open seat.
func (g *greedy) reach(r int32, at int) (bool, error) {
	if at == 0 {
		g.row = g.row[:0]
	}
	penalty := min(g.p.Requests[r].Penalty, MaxTotal)
	for limit := min(g.guess, penalty); at >= len(g.row); limit = min(2*limit, penalty) {
		if err := g.lists.Extend(r, limit); err != nil {
			return false, err
		}
		var horizon int64
		if g.row, horizon = g.lists.AppendListed(g.row[:0], r); at < len(g.row) {
			g.guess = limit
			break
		}
		if horizon >= penalty {
			return false, nil
		}
	}
	return g.row[at].Cost < penalty, nil
}

// finish sums the plan and its bound.
func (g *greedy) finish() *Result {
	res := &g.result
	res.first = make([]int, 1, len(g.people)+1)
	for _, people := range g.people {
		res.pairs = append(res.pairs, people...)
		res.first = append(res.first, len(res.pairs))
	}
	res.Objective = g.p.cost(res)
	for r, q := range g.p.Requests {
		y := res.RequestPrices[r]
		res.Dual += q.Seats * y
		g.row, _ = g.lists.AppendListed(g.row[:0], int32(r))
		for _, a := range g.row {
			res.Dual += min(0, a.Cost-y)
		}
	}
	res.Bound = res.Dual
	work := g.lists.Stats()
	res.Stats.Listings, res.Stats.Listed = work.Listings, work.Listed
	return res
}
