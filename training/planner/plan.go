package planner

import (
	"context"

	"github.com/linli/linli/training/rollout"
)

// Check tells whether a rollout can be planned, without planning it: an error is
// [aid.Invalid] with the fields that are wrong. It takes a moment where Plan takes
// seconds.
func Check(r *rollout.Rollout) error {
	if err := r.Validate(); err != nil {
		return err
	}
	_, err := newInstance(r)
	return err
}

// Plan makes the calendar of a rollout. It changes nothing in it, and depends on
// nothing else. An error is [aid.Invalid] with the fields that are wrong, or the
// context's.
func Plan(ctx context.Context, r *rollout.Rollout) (*rollout.Plan, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	in, err := newInstance(r)
	if err != nil {
		return nil, err
	}
	s := newSearch(in)
	if err := s.fit(ctx); err != nil {
		return nil, err
	}
	done, err := s.close(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := s.net.solve(ctx, s.net.supplies(s.best.choice), 1); err != nil { // the flow of the best choice
		return nil, err
	}
	p := &rollout.Plan{
		Cohorts: s.calendar(), Penalty: in.penalty,
		Objective: s.best.cost, Bound: s.bound, Prices: s.proof, PriceBound: s.bound,
	}
	if done {
		p.Bound = p.Objective
	}
	return p, nil
}
