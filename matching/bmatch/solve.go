package bmatch

import (
	"context"
	"errors"
)

// Options tune a solve. The zero value is ready.
type Options struct {
	// Progress is called now and then, from the goroutine of the solve, with
	// the seats decided and the seats in all. Seats may be decided anew when
	// minima of groups are in force, and then the count starts again.
	Progress func(done, total int64)
}

// ErrUnproven means that the prices do not prove the plan. It is a fault of
// this package, never of the problem.
var ErrUnproven = errors.New("bmatch: the prices do not prove the plan")

// Solve gives a plan of least cost with its proof. With a minimum of people in
// force ([Group]) the plan need not be of least cost; Objective − Bound says
// how far it can be from it.
//
// Errors are a [*ProblemError], an [*InfeasibleError], the context's error, or
// [ErrUnproven]. The problem is not changed and may be shared between solves;
// its source is called from the goroutine of the caller.
func Solve(ctx context.Context, p *Problem, opts Options) (*Result, error) {
	maxCost, err := p.check()
	if err != nil {
		return nil, err
	}
	n := newNetwork(p, maxCost)
	report := reporter(p, opts.Progress)
	if err := n.placeAll(ctx, nil, report); err != nil {
		return nil, err
	}
	res := n.result()
	res.Dual, err = n.prove()
	if err != nil {
		return nil, err
	}
	if res.Dual != res.Objective || res.Objective != n.cost {
		return nil, ErrUnproven
	}
	res.Bound = res.Dual
	if q := newQuorum(n); q.missed() {
		if err := q.solve(ctx, res, report); err != nil {
			return nil, err
		}
	}
	res.Stats = n.stats
	return res, nil
}

// reporter turns seats decided into calls of progress, at most one per 256
// requests and one at the end.
func reporter(p *Problem, progress func(done, total int64)) func(int64) {
	if progress == nil {
		return nil
	}
	var done, total int64
	for _, q := range p.Requests {
		total += q.Seats
	}
	calls := 0
	return func(seats int64) {
		done += seats
		calls++
		if calls%256 == 0 || calls == len(p.Requests) {
			progress(done, total)
		}
		if calls == len(p.Requests) {
			done, calls = 0, 0
		}
	}
}
