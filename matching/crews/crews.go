package crews

import (
	"context"

	"github.com/linli/linli/matching/flow"
)

// Options tune a solve. The zero value is ready.
type Options struct {
	// Progress is called now and then, from the goroutine of the solve, with the
	// seats decided and the seats in all. Seats of crews that miss their minimum
	// count as undecided again, so the number can fall.
	Progress func(done, total int64)
}

// Outcome is a plan with a bound.
type Outcome struct {
	// Solver holds the plan: [flow.Solver.AppendAssigned] gives the people of each
	// request. Requests of crews that are left out want no seats there.
	Solver *flow.Solver

	Bound int64 // no plan costs less
	Dual  int64 // what the prices prove without the minima; never above Bound

	// RequestPrices and VolunteerPrices prove Bound: see the package comment.
	RequestPrices, VolunteerPrices []int64
	Branches                       []Branch

	Closed   int64 // crews that get nobody
	Reopened int64 // crews that the relaxed optimum left below their minimum and that get people
	Effort   int64 // work beyond the relaxed optimum, in nodes of searches
}

const (
	effortFactor = 20      // effort for crews, against that of the relaxed optimum
	effortFloor  = 1 << 21 // effort that is always allowed
	goodFactor   = 5       // the same once the gap is GoodEnough
	goodFloor    = effortFloor / 4
)

// Solve gives a plan in which every group reaches its minimum or gets nobody. It
// is of least cost if no minimum binds; otherwise Bound says how far it can be
// from that. Groups must not overlap, nor hold requests whose penalty is
// [flow.Mandatory].
//
// Errors are those of [flow.Solver.Solve]. The problem is not changed.
func Solve(ctx context.Context, p *flow.Problem, groups []Group, opts Options) (*Outcome, error) {
	return solveWithin(ctx, p, groups, opts, effortFloor)
}

func solveWithin(ctx context.Context, p *flow.Problem, groups []Group, opts Options, floor int64) (*Outcome, error) {
	s := &search{ray: newRay(len(p.Capacity))}
	net, err := flow.New(p, flow.Options{
		Progress: opts.Progress,
		Repriced: func(v int32, before int64) {
			if s.watching {
				s.ray.note(v, before)
			}
		},
		Reopened: func(r int32) { s.plan.reopened(r) },
	})
	if err != nil {
		return nil, err
	}
	if err := net.Solve(ctx); err != nil {
		return nil, err
	}
	if opts.Progress != nil {
		var seats int64
		for _, q := range p.Requests {
			seats += q.Seats
		}
		s.progress = func(left int64) { opts.Progress(seats-left, seats) }
		s.progress(0)
	}
	ps := newParties(p.Requests, groups)
	s.bound = newLagrangian(net, p, ps)
	s.plan = newPlan(ctx, net, s.bound.asked, ps)
	s.limit, s.modest = floor, floor
	if floor >= effortFloor {
		s.limit = floor + effortFactor*net.Stats().Pops
		s.modest = goodFloor + goodFactor*net.Stats().Pops
	}
	before := make([]int64, len(p.Requests))
	for r := range before {
		before[r] = net.RequestPrice(int32(r))
	}
	relaxed := net.Stats().Pops
	short, err := s.run()
	if err != nil {
		return nil, err
	}
	s.limit *= 2 // the proof by cases has as much again
	if err := s.branches(); err != nil {
		return nil, err
	}
	res := &Outcome{Solver: net, Bound: s.bound.value + s.proven, VolunteerPrices: s.bound.price, Branches: s.made}
	res.Effort = s.effort() - relaxed
	if res.RequestPrices, res.Dual, err = s.bound.requestPrices(before); err != nil {
		return nil, err
	}
	for crew := range party(len(ps.crews)) {
		if s.filled(crew) == 0 {
			res.Closed++
		} else if short[crew] {
			res.Reopened++
		}
	}
	return res, nil
}

// run turns the relaxed optimum into a plan that keeps the minima. short says
// which crews missed theirs before.
func (s *search) run() (short []bool, err error) {
	s.all = make([]party, len(s.crews))
	short = make([]bool, len(s.crews))
	torn := false
	for crew := range party(len(s.all)) {
		s.all[crew] = crew
		short[crew] = s.filled(crew) < s.crews[crew].MinPeople
		torn = torn || s.torn(crew)
		if short[crew] {
			if err := s.bound.tighten(crew); err != nil {
				return nil, err
			}
		}
	}
	if !torn {
		return short, nil
	}
	if err := s.dive(); err != nil {
		return nil, err
	}
	if s.closeEnough() {
		return short, nil
	}
	if err := s.settle(s.all); err != nil {
		return nil, err
	}
	if err := s.polish(s.all); err != nil {
		return nil, err
	}
	return short, s.improve()
}
