package bmatch

import (
	"context"
	"slices"

	"github.com/linli/linli/matching/crews"
	"github.com/linli/linli/matching/flow"
)

// Settled is a plan kept together with its solver, so that it can be asked what
// another choice would cost. Answers are exact for the whole plan, all other
// choices made anew. Which groups get people stays as it is when minima are in
// force: a group with nobody wants no seats, and one that has people keeps its
// minimum, request by request where the plan has it.
//
// It is not safe for concurrent use.
//
// Without minima it can follow the problem as that changes: see [Settled.Roll].
type Settled struct {
	result  *Result
	net     *flow.Solver
	numbers *standing
	never   int64 // a change that costs as much breaks a minimum
}

// Settle solves a problem as [Solve] does, with the same errors, and keeps the
// solver. The problem must not be changed while the answer is in use.
func Settle(ctx context.Context, p *Problem, opts Options) (*Settled, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	s := &Settled{never: MaxTotal, numbers: newStanding(p)}
	if p.grouped() {
		out, err := crews.Solve(ctx, p.flow(), p.Groups, crews.Options{Progress: opts.Progress})
		if err != nil {
			return nil, err
		}
		s.net, s.result = out.Solver, crewsResult(p, out)
		return s, s.holdMinima(ctx)
	}
	net, err := flow.New(s.numbers.flow(), flow.Options{Progress: opts.Progress})
	if err != nil {
		return nil, err
	}
	if err := net.Solve(ctx); err != nil {
		return nil, err
	}
	s.net, s.result = net, newResult(net, s.numbers)
	return s, nil
}

// Result is the plan.
func (s *Settled) Result() *Result { return s.result }

// Close leaves all seats of some requests open from now on and makes the plan of
// the others anew. Bound and prices stay: a plan that may do less costs no less.
func (s *Settled) Close(ctx context.Context, requests []int32) error {
	if len(requests) == 0 {
		return nil
	}
	for _, r := range requests {
		if err := s.net.SetRequest(ctx, s.numbers.nodes[r], flow.Request{}); err != nil {
			return err
		}
	}
	res := *s.result
	res.takePlan(s.net, s.numbers)
	res.Objective = s.numbers.problem.cost(&res)
	s.result = &res
	return nil
}

// Wants tells whether a request wants seats, so that pairs of it can be asked for.
func (s *Settled) Wants(r int32) bool { return s.net.Request(s.numbers.nodes[r]).Seats > 0 }

// PairCost says by how much the whole plan would get dearer if volunteer v had
// to serve request r, which [Settled.Wants] seats, at that cost. It is 0 for a
// pair of a cheapest plan. possible is false when every such plan breaks a
// minimum. Errors are those of [flow.Solver.PairCost].
func (s *Settled) PairCost(ctx context.Context, r, v int32, cost int64) (extra int64, possible bool, err error) {
	extra, err = s.net.PairCost(ctx, s.numbers.nodes[r], s.numbers.people[v], cost)
	return extra, err == nil && extra < s.never, err
}

// Offer is one eligible pair, seen from its volunteer.
type Offer = flow.Offer

// VolunteerValue says by how much the whole plan would get cheaper with one
// volunteer more, who takes one seat and has these eligible pairs. Errors are
// those of [flow.Solver.VolunteerValue].
func (s *Settled) VolunteerValue(ctx context.Context, offers []Offer) (int64, error) {
	own := slices.Clone(offers)
	for i := range own {
		own[i].Request = s.numbers.nodes[own[i].Request]
	}
	return s.net.VolunteerValue(ctx, own)
}

// Price is y of request r: nobody for it is worth more than that.
func (s *Settled) Price(r int32) int64 { return s.net.RequestPrice(s.numbers.nodes[r]) }

// holdMinima gives every group the fate for good that the plan has for it. A
// seat that a minimum needs is worth more than all that a plan can cost, if the
// sums leave room for that.
func (s *Settled) holdMinima(ctx context.Context) error {
	p := s.numbers.problem
	needed := int64(1)
	for _, g := range p.Groups {
		needed += max(0, g.MinPeople)
	}
	var all int64
	for _, q := range p.Requests {
		all += q.Seats * q.Penalty
	}
	hold := (MaxTotal - all) / (2 * needed)
	s.never = hold / 2
	for _, g := range p.Groups {
		if g.MinPeople <= 1 {
			continue
		}
		if err := s.holdGroup(ctx, g, hold); err != nil {
			return err
		}
	}
	return nil
}

// holdGroup closes a group that has nobody, and makes another keep its minimum.
func (s *Settled) holdGroup(ctx context.Context, g Group, penalty int64) error {
	left, taken := g.MinPeople, false
	for _, r := range g.Members {
		taken = taken || len(s.result.Assigned(int(r))) > 0
	}
	for _, r := range g.Members {
		q := flow.Request{}
		if taken {
			keep := min(left, int64(len(s.result.Assigned(int(r)))))
			left -= keep
			q = flow.Request{
				Seats: s.numbers.problem.Requests[r].Seats, Penalty: s.numbers.problem.Requests[r].Penalty,
				Keep: keep, KeepPenalty: max(penalty, s.numbers.problem.Requests[r].Penalty),
			}
		}
		if err := s.net.SetRequest(ctx, r, q); err != nil {
			return err
		}
	}
	return nil
}
