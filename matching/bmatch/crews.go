package bmatch

import (
	"context"

	"github.com/linli/linli/matching/crews"
	"github.com/linli/linli/matching/flow"
)

// solveCrews solves a problem in which minima are in force.
func solveCrews(ctx context.Context, p *Problem, opts Options) (*Result, error) {
	out, err := crews.Solve(ctx, p.flow(), p.Groups, crews.Options{Progress: opts.Progress})
	if err != nil {
		return nil, err
	}
	return crewsResult(p, out), nil
}

// crewsResult takes plan, bound and proof out of an outcome.
func crewsResult(p *Problem, out *crews.Outcome) *Result {
	res := newResult(out.Solver, newStanding(p))
	res.Objective = p.cost(res)
	res.Bound, res.Dual = out.Bound, out.Dual
	res.RequestPrices, res.VolunteerPrices = out.RequestPrices, out.VolunteerPrices
	res.Branches = out.Branches
	res.Stats.Closed, res.Stats.Reopened = out.Closed, out.Reopened
	return res
}

// cost sums a plan anew: the requests of crews that are left out ask the solver
// for nothing, but their seats are open.
func (p *Problem) cost(res *Result) (sum int64) {
	for r, q := range p.Requests {
		people := res.Assigned(r)
		for _, a := range people {
			sum += a.Cost
		}
		if open := q.Seats - int64(len(people)); open > 0 {
			sum += open * q.Penalty
		}
	}
	return sum
}

// newResult takes the plan, its cost and its prices out of a solver, in the
// problem's numbers.
func newResult(s *flow.Solver, numbers *standing) *Result {
	res := &Result{
		Objective: s.Cost(), Bound: s.Cost(), Dual: s.Cost(),
		RequestPrices: make([]int64, len(numbers.nodes)), VolunteerPrices: make([]int64, len(numbers.people)),
	}
	res.takePlan(s, numbers)
	for v, number := range numbers.people {
		res.VolunteerPrices[v] = s.VolunteerPrice(number)
	}
	for r, node := range numbers.nodes {
		res.RequestPrices[r] = s.RequestPrice(node)
	}
	work := s.Stats()
	res.Stats = Stats{
		Searches: work.Searches, Pops: work.Pops, Scanned: work.Scanned, Listings: work.Listings, Listed: work.Listed,
	}
	return res
}

// takePlan takes the pairs of a solver.
func (res *Result) takePlan(s *flow.Solver, numbers *standing) {
	places := make([]int32, s.Volunteers())
	for v, number := range numbers.people {
		places[number] = int32(v)
	}
	res.first, res.pairs = make([]int, 1, len(numbers.nodes)+1), make([]Arc, 0, s.Filled())
	for _, node := range numbers.nodes {
		from := len(res.pairs)
		res.pairs = s.AppendAssigned(res.pairs, node)
		for i := range res.pairs[from:] {
			a := &res.pairs[from+i]
			a.Volunteer = places[a.Volunteer]
		}
		res.first = append(res.first, len(res.pairs))
	}
}
