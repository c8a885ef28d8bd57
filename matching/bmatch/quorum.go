package bmatch

import (
	"cmp"
	"context"
	"slices"
)

// quorum keeps the minima of groups over a network. Only groups with a minimum
// above 1 are in it: the others restrict nothing.
type quorum struct {
	n       *network
	groups  []Group
	seats   []int64 // of all members
	filled  []int64
	closed  []bool
	growing int32 // the group that is being put back, or none
}

const (
	putBackPasses = 3       // rounds over the closed groups
	putBackPops   = 4096    // most requests that one search for a closed group visits
	putBackFloor  = 1 << 20 // pops that all these searches may always use together
)

func newQuorum(n *network) *quorum {
	q := &quorum{n: n, growing: none}
	for _, group := range n.problem.Groups {
		if group.MinPeople <= 1 {
			continue
		}
		var seats int64
		for _, r := range group.Members {
			n.requests[r].group = int32(len(q.groups))
			seats += n.problem.Requests[r].Seats
		}
		q.groups = append(q.groups, group)
		q.seats = append(q.seats, seats)
	}
	q.filled = make([]int64, len(q.groups))
	q.closed = make([]bool, len(q.groups))
	return q
}

// missed counts the seats filled and closes the groups below their minimum. It
// says whether one of them has people, so that the plan does not hold.
func (q *quorum) missed() bool {
	missed := false
	for g, group := range q.groups {
		q.filled[g] = q.seats[g]
		for _, r := range group.Members {
			q.filled[g] -= q.n.requests[r].open
		}
		if q.filled[g] < group.MinPeople {
			q.closed[g] = true
			missed = missed || q.filled[g] > 0
		}
	}
	return missed
}

// solve turns the relaxed plan in res, which misses minima, into one that
// keeps them, and raises the bound.
func (q *quorum) solve(ctx context.Context, res *Result, report func(int64)) error {
	res.Bound = max(res.Bound, q.lagrangian(res))
	missing := make([]int64, len(q.groups))
	for g, group := range q.groups {
		missing[g] = group.MinPeople - q.filled[g]
	}
	for again := true; again; again = q.missed() {
		if err := q.solveOpen(ctx, report); err != nil {
			return err
		}
	}
	if err := q.putBack(ctx, missing, res.Bound); err != nil {
		return err
	}
	res.Bound = max(res.Bound, q.lagrangian(res)) // lists are longer now
	q.n.plan(res)
	q.n.stats.Closed = q.countClosed()
	// With these groups decided, the rest is a pure network again.
	if err := q.solveOpen(ctx, report); err != nil {
		return err
	}
	if q.n.cost < res.Objective && !q.missed() {
		q.n.plan(res)
		q.n.stats.Closed = q.countClosed()
	}
	return nil
}

func (q *quorum) countClosed() (closed int64) {
	for _, c := range q.closed {
		if c {
			closed++
		}
	}
	return closed
}

// solveOpen solves exactly without the closed groups and without minima.
func (q *quorum) solveOpen(ctx context.Context, report func(int64)) error {
	q.n.reset()
	return q.n.placeAll(ctx, func(r int32) bool {
		g := q.n.requests[r].group
		return g != none && q.closed[g]
	}, report)
}

// putBack tries to put closed groups back, those that missed the fewest people
// first, until nothing helps or the plan reaches the bound.
func (q *quorum) putBack(ctx context.Context, missing []int64, bound int64) error {
	n := q.n
	n.keepMin, n.quorum, n.journal.recording = true, q, true
	defer func() { n.keepMin, n.journal.recording = false, false }()

	var candidates []int32
	for g := range q.groups {
		if q.closed[g] && q.seats[g] >= q.groups[g].MinPeople {
			candidates = append(candidates, int32(g))
		}
	}
	slices.SortStableFunc(candidates, func(a, b int32) int { return cmp.Compare(missing[a], missing[b]) })
	last := 5*n.stats.Pops + putBackFloor
	for range putBackPasses {
		found := false
		for _, g := range candidates {
			if !q.closed[g] || n.cost == bound || n.stats.Pops > last {
				continue
			}
			ok, err := q.tryOpen(ctx, g)
			if err != nil {
				return err
			}
			found = found || ok
		}
		if !found {
			break
		}
	}
	return nil
}

// tryOpen gives group g people, the minimum at whatever cost still pays and
// then as many as help, and takes all back unless the plan got cheaper.
func (q *quorum) tryOpen(ctx context.Context, g int32) (bool, error) {
	n, before := q.n, q.n.cost
	q.growing, q.filled[g] = g, 0
	var losers []int32
	for q.filled[g] < q.seats[g] {
		// The path may cost what the seats so far have saved, and nothing once
		// the minimum is there.
		spare := int64(0)
		if q.filled[g] < q.groups[g].MinPeople {
			spare = before - n.cost
		}
		q.startOpen(g, spare)
		if err := n.search(ctx); err != nil {
			return false, err
		}
		if n.end.kind == endNone || !q.pricesFit() {
			break
		}
		if loser := n.requests[n.end.request].group; n.end.kind == endOpen && loser != none {
			q.filled[loser]--
			losers = append(losers, loser)
		}
		n.reprice()
		n.seat(n.augment())
		q.filled[g]++
	}
	q.growing = none
	if q.filled[g] >= q.groups[g].MinPeople && n.cost < before {
		q.closed[g] = false
		n.journal.entries = n.journal.entries[:0]
		n.stats.Reopened++
		return true, nil
	}
	n.undo()
	q.filled[g] = 0
	for _, loser := range losers {
		q.filled[loser]++
	}
	return false, nil
}

// startOpen begins a search from every open seat of g at once. Seats start
// apart by what filling them saves, y − P, so that the nearest end is the
// cheapest change of the whole plan; one that costs spare or more is cut off.
func (q *quorum) startOpen(g int32, spare int64) {
	n := q.n
	n.begin()
	n.effort = putBackPops
	low := MaxTotal
	for _, r := range q.groups[g].Members {
		if row := &n.requests[r]; row.open > 0 {
			low = min(low, row.price-row.penalty)
		}
	}
	n.best = spare - low
	for _, r := range q.groups[g].Members {
		if row := &n.requests[r]; row.open > 0 {
			n.start(r, row.price-row.penalty-low)
		}
	}
}

// pricesFit says whether prices stay within the range after this search. Only
// forced minima can drive them out of it.
func (q *quorum) pricesFit() bool {
	for _, r := range q.n.seenReq {
		if row := &q.n.requests[r]; row.dist < q.n.best && row.price > MaxTotal-(q.n.best-row.dist) {
			return false
		}
	}
	return true
}

// mayOpen says whether a request of group g may lose a seat to the group that
// is being put back.
func (q *quorum) mayOpen(g int32) bool {
	return g == none || g != q.growing && q.filled[g] > q.groups[g].MinPeople
}
