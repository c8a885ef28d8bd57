package verify_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/verify"
)

// table is a dense cost matrix, -1 where a pair is not eligible. It lists for
// the solver and, on its own, for the checker.
type table [][]int64

func (c table) AppendBelow(dst []bmatch.Arc, r int32, limit int64) []bmatch.Arc {
	c.below(r, limit, func(v int32, cost int64) { dst = append(dst, bmatch.Arc{Volunteer: v, Cost: cost}) })
	return dst
}

func (c table) below(r int32, limit int64, visit func(int32, int64)) {
	for v, cost := range c[r] {
		if cost >= 0 && cost < limit {
			visit(int32(v), cost)
		}
	}
}

func drawTable(t *rapid.T, grouped bool) (*bmatch.Problem, verify.Instance) {
	requests, volunteers := rapid.IntRange(0, 12).Draw(t, "requests"), rapid.IntRange(0, 12).Draw(t, "volunteers")
	costs := make(table, requests)
	problem := &bmatch.Problem{Source: costs}
	in := verify.Instance{
		Cost:  func(r, v int32) (int64, bool) { return costs[r][v], costs[r][v] >= 0 },
		Below: costs.below,
	}
	for v := range volunteers {
		problem.Capacity = append(problem.Capacity, rapid.Int64Range(0, 3).Draw(t, "capacity"))
		in.Capacity = append(in.Capacity, problem.Capacity[v])
	}
	for r := range requests {
		seats, penalty := rapid.Int64Range(0, 4).Draw(t, "seats"), rapid.Int64Range(0, 9000).Draw(t, "penalty")
		problem.Requests = append(problem.Requests, bmatch.Request{Seats: seats, Penalty: penalty})
		in.Requests = append(in.Requests, verify.Request{Seats: seats, Penalty: penalty})
		costs[r] = rapid.SliceOfN(rapid.Int64Range(-1, 6000), volunteers, volunteers).Draw(t, "costs")
		if grouped && r%2 == 1 {
			minimum := rapid.Int64Range(0, 5).Draw(t, "minimum")
			members := []int32{int32(r - 1), int32(r)}
			problem.Groups = append(problem.Groups, bmatch.Group{Members: members, MinPeople: minimum})
			in.Groups = append(in.Groups, verify.Group{Members: members, MinPeople: minimum})
		}
	}
	return problem, in
}

func pairsOf(p *bmatch.Problem, res *bmatch.Result) []verify.Pair {
	var pairs []verify.Pair
	for r := range p.Requests {
		for _, a := range res.Assigned(r) {
			pairs = append(pairs, verify.Pair{Request: int32(r), Volunteer: a.Volunteer, Cost: a.Cost})
		}
	}
	return pairs
}

func TestSolverPasses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		problem, in := drawTable(rt, false)
		res, err := bmatch.Solve(t.Context(), problem, bmatch.Options{})
		require.NoError(rt, err)
		prices := verify.Prices{Requests: res.RequestPrices, Volunteers: res.VolunteerPrices}
		require.Empty(rt, verify.Optimal(in, pairsOf(problem, res), prices, res.Objective))
	})
}

func TestSolverWithMinimaPasses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		problem, in := drawTable(rt, true)
		for _, solve := range []func() (*bmatch.Result, error){
			func() (*bmatch.Result, error) { return bmatch.Solve(t.Context(), problem, bmatch.Options{}) },
			func() (*bmatch.Result, error) { return bmatch.Greedy(t.Context(), problem, bmatch.Options{}) },
		} {
			res, err := solve()
			require.NoError(rt, err)
			prices := verify.Prices{Requests: res.RequestPrices, Volunteers: res.VolunteerPrices, Branches: branches(res)}
			require.Empty(rt, verify.Plan(in, pairsOf(problem, res), res.Objective))
			require.Empty(rt, verify.Bound(in, prices, res.Bound))
		}
	})
}

func branches(res *bmatch.Result) (out []verify.Branch) {
	for _, b := range res.Branches {
		branch := verify.Branch{Requests: b.Requests, Volunteers: b.Volunteers}
		for _, c := range b.Cases {
			branch.Cases = append(branch.Cases, verify.Case(c))
		}
		out = append(out, branch)
	}
	return out
}
