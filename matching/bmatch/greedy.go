package bmatch

import "context"

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
	maxCost, err := p.check()
	if err != nil {
		return nil, err
	}
	n := newNetwork(p, maxCost)
	q := newQuorum(n)
	report := reporter(p, opts.Progress)
	served := make([]bool, len(q.groups))
	for r := range n.requests {
		if r&63 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if g := n.requests[r].group; g == none {
			_, err = n.serve(int32(r))
		} else if !served[g] {
			served[g] = true
			err = n.serveGroup(q.groups[g])
		}
		if err != nil {
			return nil, err
		}
		if report != nil {
			report(p.Requests[r].Seats)
		}
	}
	n.freePrices()
	res := n.result()
	if res.Dual, err = n.prove(); err != nil {
		return nil, err
	}
	res.Bound, res.Stats = res.Dual, n.stats
	return res, nil
}

// serve fills seats of r in cost order and gives their number.
func (n *network) serve(r int32) (filled int64, err error) {
	row, asked := &n.requests[r], n.problem.Requests[r]
	for at := int32(0); filled < asked.Seats; at++ {
		for at == row.listed && row.horizon < row.penalty {
			if err := n.grow(r); err != nil {
				return filled, err
			}
		}
		if at == row.listed {
			break
		}
		n.stats.Scanned++
		a := n.list(r)[at]
		if n.volunteers[a.volunteer].free > 0 {
			n.take(r, at, a.volunteer)
			filled++
		}
	}
	if filled < asked.Seats && asked.Penalty == Mandatory {
		return filled, &InfeasibleError{r}
	}
	n.leaveOpen(row, asked.Seats-filled)
	return filled, nil
}

func (n *network) serveGroup(group Group) error {
	n.journal.recording = true
	defer func() { n.journal.recording, n.journal.entries = false, n.journal.entries[:0] }()
	var people int64
	for _, r := range group.Members {
		filled, err := n.serve(r)
		if err != nil {
			return err
		}
		people += filled
	}
	if people >= group.MinPeople {
		return nil
	}
	n.undo()
	n.stats.Closed++
	for _, r := range group.Members {
		row := &n.requests[r]
		n.leaveOpen(row, n.problem.Requests[r].Seats-row.open)
	}
	return nil
}

// freePrices sets y to what the dearest seat costs when volunteers have no
// limit, which the lists already cover.
func (n *network) freePrices() {
	for r := range n.requests {
		row, seats := &n.requests[r], n.problem.Requests[r].Seats
		switch costs := n.list(int32(r)); {
		case seats == 0:
		case int64(len(costs)) < seats:
			row.price = row.penalty
		default:
			row.price = min(costs[seats-1].cost, row.penalty)
		}
	}
}
