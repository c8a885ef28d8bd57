package bmatch_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/bmatch"
)

func solve(ctx context.Context, t require.TestingT, p *bmatch.Problem) *bmatch.Result {
	res, err := bmatch.Solve(ctx, p, bmatch.Options{})
	require.NoError(t, err)
	return res
}

func TestSolveIsOptimal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawInstance(rt, false)
		res := solve(t.Context(), rt, in.problem())
		require.Equal(rt, bruteForce(in), res.Objective)
		require.Equal(rt, res.Objective, res.Bound)
		require.Equal(rt, res.Objective, res.Dual)
		require.Zero(rt, res.Gap())
		requireFeasible(rt, in, res)
	})
}

func TestSolveWithMinimaKeepsThemAndItsBoundHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawInstance(rt, true)
		res := solve(t.Context(), rt, in.problem())
		least := bruteForce(in)
		requireFeasible(rt, in, res)
		require.GreaterOrEqual(rt, res.Objective, least)
		require.LessOrEqual(rt, res.Bound, least)
		require.LessOrEqual(rt, res.Dual, res.Bound)

		free := in
		free.groups = nil
		if relaxed := solve(t.Context(), rt, free.problem()); keepsMinima(in, relaxed) {
			require.Equal(rt, least, res.Objective)
			require.Zero(rt, res.Gap())
		}
	})
}

// Ten cheap pairs are worth giving up when two dear ones fill a crew of two.
func TestSolveForcesAMinimumThatPays(t *testing.T) {
	t.Parallel()
	in := instance{
		requests: []bmatch.Request{{Seats: 2, Penalty: 10}},
		capacity: []int64{1, 1},
		groups:   []bmatch.Group{{Members: []int32{0}, MinPeople: 2}},
		rows:     [][]bmatch.Arc{{{Volunteer: 0, Cost: 1}, {Volunteer: 1, Cost: 11}}},
	}
	res := solve(t.Context(), t, in.problem())
	require.Equal(t, int64(12), res.Objective, "both seats at 1 + 11, although 11 is above the penalty of 10")
	require.Equal(t, int64(12), res.Bound)
	require.Equal(t, int64(11), res.Dual, "without the minimum: 1 + 10")
	require.Equal(t, int64(1), res.Stats.Reopened)
	require.Zero(t, res.Stats.Closed)
}

func TestSolveClosesAMinimumThatDoesNotPay(t *testing.T) {
	t.Parallel()
	in := instance{
		requests: []bmatch.Request{{Seats: 2, Penalty: 10}, {Seats: 1, Penalty: 10}},
		capacity: []int64{1, 1},
		groups:   []bmatch.Group{{Members: []int32{0}, MinPeople: 2}},
		rows: [][]bmatch.Arc{
			{{Volunteer: 0, Cost: 1}, {Volunteer: 1, Cost: 21}},
			{{Volunteer: 0, Cost: 3}},
		},
	}
	res := solve(t.Context(), t, in.problem())
	require.Equal(t, int64(23), res.Objective)
	require.Empty(t, res.Assigned(0))
	require.Equal(t, []bmatch.Arc{{Volunteer: 0, Cost: 3}}, res.Assigned(1))
	require.Equal(t, int64(1), res.Stats.Closed)
}

func TestGreedyIsFeasibleAndNoBetter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawInstance(rt, true)
		res, err := bmatch.Greedy(t.Context(), in.problem(), bmatch.Options{})
		require.NoError(rt, err)
		requireFeasible(rt, in, res)
		least := bruteForce(in)
		require.GreaterOrEqual(rt, res.Objective, least)
		require.LessOrEqual(rt, res.Bound, least)
	})
}

func TestGreedyServesInOrder(t *testing.T) {
	t.Parallel()
	in := instance{
		requests: []bmatch.Request{{Seats: 1, Penalty: 100}, {Seats: 1, Penalty: 100}},
		capacity: []int64{1, 1},
		rows: [][]bmatch.Arc{
			{{Volunteer: 1, Cost: 6}, {Volunteer: 0, Cost: 5}},
			{{Volunteer: 0, Cost: 7}},
		},
	}
	res, err := bmatch.Greedy(t.Context(), in.problem(), bmatch.Options{})
	require.NoError(t, err)
	require.Equal(t, int64(105), res.Objective, "the first takes the volunteer that the second needs")
	require.Equal(t, int64(12), res.Bound)
	require.Equal(t, int64(13), solve(t.Context(), t, in.problem()).Objective)
}

// requireFeasible checks a plan against the instance without any of the
// solver's own figures but the objective.
func requireFeasible(t require.TestingT, in instance, res *bmatch.Result) {
	used := make([]int64, len(in.capacity))
	var cost int64
	for r, asked := range in.requests {
		pairs := res.Assigned(r)
		require.LessOrEqual(t, int64(len(pairs)), asked.Seats)
		cost += (asked.Seats - int64(len(pairs))) * asked.Penalty
		seen := map[int32]bool{}
		for _, a := range pairs {
			require.Contains(t, in.rows[r], a)
			require.False(t, seen[a.Volunteer], "a volunteer serves a request once")
			seen[a.Volunteer] = true
			used[a.Volunteer]++
			cost += a.Cost
		}
	}
	for v, k := range in.capacity {
		require.LessOrEqual(t, used[v], k)
	}
	require.Equal(t, cost, res.Objective)
	require.True(t, keepsMinima(in, res))
}

func keepsMinima(in instance, res *bmatch.Result) bool {
	for _, group := range in.groups {
		people := 0
		for _, r := range group.Members {
			people += len(res.Assigned(int(r)))
		}
		if people > 0 && int64(people) < group.MinPeople {
			return false
		}
	}
	return true
}
