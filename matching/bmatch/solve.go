package bmatch

import (
	"context"
	"slices"

	"github.com/linli/linli/matching/flow"
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
var ErrUnproven = flow.ErrUnproven

// Solve gives a plan of least cost with its proof. With a minimum of people in
// force ([Group]) the plan need not be of least cost; Objective − Bound says
// how far it can be from it.
//
// Errors are a [*ProblemError], an [*InfeasibleError], the context's error, or
// [ErrUnproven]. The problem is not changed and may be shared between solves;
// its source is called from the goroutine of the caller, unless it is
// [flow.SideBySide].
func Solve(ctx context.Context, p *Problem, opts Options) (*Result, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if p.grouped() {
		return solveCrews(ctx, p, opts)
	}
	s, err := flow.New(p.flow(), flow.Options{Progress: opts.Progress})
	if err != nil {
		return nil, err
	}
	if err := s.Solve(ctx); err != nil {
		return nil, err
	}
	return newResult(s, newStanding(p)), nil
}

// grouped says whether a minimum is in force.
func (p *Problem) grouped() bool {
	return slices.ContainsFunc(p.Groups, func(g Group) bool { return g.MinPeople > 1 })
}

// flow gives the problem without its groups.
func (p *Problem) flow() *flow.Problem {
	out := &flow.Problem{Requests: make([]flow.Request, len(p.Requests)), Capacity: p.Capacity, Source: p.Source}
	for r, q := range p.Requests {
		out.Requests[r] = flow.Request{Seats: q.Seats, Penalty: q.Penalty}
	}
	if arcs, ok := p.Source.(*Arcs); ok {
		out.Source = arcs.rows
	}
	return out
}

// reporter turns seats decided into calls of progress, which may be nil: one per
// 256 requests and one at the end.
func reporter(p *Problem, progress func(done, total int64)) func(r int) {
	if progress == nil {
		return func(int) {}
	}
	var done, total int64
	for _, q := range p.Requests {
		total += q.Seats
	}
	return func(r int) {
		done += p.Requests[r].Seats
		if (r+1)%256 == 0 || r+1 == len(p.Requests) {
			progress(done, total)
		}
	}
}
