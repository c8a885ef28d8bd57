package crews

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/flow"
)

func solve(ctx context.Context, t require.TestingT, in *instance) *Outcome {
	res, err := Solve(ctx, in.problem(), in.groups, Options{})
	require.NoError(t, err)
	return res
}

func TestPlanKeepsMinimaAndBoundHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawInstance(rt, 6)
		res := solve(t.Context(), rt, in)
		cost, least := in.requireFeasible(rt, res), in.least(t.Context(), rt)
		require.GreaterOrEqual(rt, cost, least)
		require.LessOrEqual(rt, res.Bound, least)
		require.LessOrEqual(rt, res.Dual, res.Bound)

		// The relaxed optimum is the optimum when it keeps the minima by itself.
		if res.Effort == 0 {
			require.Equal(rt, least, cost)
			require.Equal(rt, cost, res.Bound)
		}
	})
}

// one is a request with these people, all with capacity 1.
func one(seats, penalty int64, costs ...flow.Arc) (flow.Request, []flow.Arc) {
	return flow.Request{Seats: seats, Penalty: penalty}, costs
}

func (in *instance) add(minimum int64, asked flow.Request, row []flow.Arc) *instance {
	in.requests = append(in.requests, asked)
	in.rows = append(in.rows, row)
	in.groups = append(in.groups, Group{[]int32{int32(len(in.requests) - 1)}, minimum})
	return in
}

func (in *instance) with(minimum, seats, penalty int64, costs ...flow.Arc) *instance {
	asked, row := one(seats, penalty, costs...)
	return in.add(minimum, asked, row)
}

func ones(n int) *instance {
	in := &instance{}
	for range n {
		in.capacity = append(in.capacity, 1)
	}
	return in
}

func TestCrews(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name              string
		in                *instance
		cost, bound, dual int64
		closed, reopened  int64
	}{
		{
			"a person dearer than an open seat is taken when the crew pays",
			ones(2).with(2, 2, 10, flow.Arc{Volunteer: 0, Cost: 1}, flow.Arc{Volunteer: 1, Cost: 11}),
			12, 12, 11, 0, 1,
		},
		{
			"and not when it does not",
			ones(2).with(2, 2, 10, flow.Arc{Volunteer: 0, Cost: 1}, flow.Arc{Volunteer: 1, Cost: 21}),
			20, 20, 11, 1, 0,
		},
		{
			"nor when each would, but not all together",
			ones(3).with(3, 3, 10, flow.Arc{Volunteer: 0, Cost: 1}, flow.Arc{Volunteer: 1, Cost: 19}, flow.Arc{Volunteer: 2, Cost: 19}),
			30, 30, 21, 1, 0,
		},
		{
			"a crew out of reach leaves its people to others",
			ones(1).with(2, 2, 10, flow.Arc{Volunteer: 0, Cost: 1}).with(0, 1, 10, flow.Arc{Volunteer: 0, Cost: 3}),
			23, 23, 21, 1, 0,
		},
		{
			"of two crews that are each half served one is served in full",
			ones(2).
				with(2, 2, 10, flow.Arc{Volunteer: 0, Cost: 1}, flow.Arc{Volunteer: 1, Cost: 3}).
				with(2, 2, 10, flow.Arc{Volunteer: 0, Cost: 3}, flow.Arc{Volunteer: 1, Cost: 1}),
			24, 24, 22, 1, 1,
		},
		{
			"a minimum below the seats leaves the rest open",
			ones(3).
				with(2, 3, 10, flow.Arc{Volunteer: 0, Cost: 1}, flow.Arc{Volunteer: 1, Cost: 2}, flow.Arc{Volunteer: 2, Cost: 5}).
				with(0, 1, 30, flow.Arc{Volunteer: 2, Cost: 5}),
			18, 18, 18, 0, 0,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			res := solve(t.Context(), t, c.in)
			require.Equal(t, c.cost, c.in.requireFeasible(t, res))
			require.Equal(t, c.cost, c.in.least(t.Context(), t), "the case itself")
			require.Equal(t, c.bound, res.Bound)
			require.Equal(t, c.dual, res.Dual)
			require.Equal(t, c.closed, res.Closed)
			require.Equal(t, c.reopened, res.Reopened)
		})
	}
}

// The roles of one help request share a minimum; it is filled from whichever of
// them that is cheapest for.
func TestMinimumIsSharedAmongRequests(t *testing.T) {
	t.Parallel()
	in := ones(4)
	in.requests = []flow.Request{{Seats: 2, Penalty: 10}, {Seats: 2, Penalty: 10}}
	in.rows = [][]flow.Arc{
		{{Volunteer: 0, Cost: 1}, {Volunteer: 1, Cost: 14}},
		{{Volunteer: 2, Cost: 1}, {Volunteer: 3, Cost: 12}},
	}
	in.groups = []Group{{[]int32{0, 1}, 3}}
	res := solve(t.Context(), t, in)
	require.Equal(t, int64(1+1+12+10), in.requireFeasible(t, res))
	require.Equal(t, int64(1+1+12+10), res.Bound)
	require.Len(t, res.Solver.AppendAssigned(nil, 1), 2)
}

func TestSameProblemSamePlan(t *testing.T) {
	t.Parallel()
	in := scarce(150, 3)
	first, second := solve(t.Context(), t, in), solve(t.Context(), t, in)
	require.Positive(t, first.Effort)
	for r := range in.requests {
		require.Empty(t, cmp.Diff(first.Solver.AppendAssigned(nil, int32(r)), second.Solver.AppendAssigned(nil, int32(r))))
	}
	require.Equal(t, first.Bound, second.Bound)
	require.Equal(t, first.VolunteerPrices, second.VolunteerPrices)
}

func TestProgressFallsBackForCrewsAndEndsAtTheTotal(t *testing.T) {
	t.Parallel()
	in := scarce(150, 3)
	var seats, last int64
	for _, q := range in.requests {
		seats += q.Seats
	}
	fell := false
	_, err := Solve(t.Context(), in.problem(), in.groups, Options{Progress: func(done, total int64) {
		require.Equal(t, seats, total)
		require.GreaterOrEqual(t, done, int64(0))
		require.LessOrEqual(t, done, total)
		fell = fell || done < last
		last = done
	}})
	require.NoError(t, err)
	require.True(t, fell, "crews that miss their minimum are decided anew")
	require.Equal(t, seats, last)
}

func TestContextEndsTheSearch(t *testing.T) {
	t.Parallel()
	in := scarce(150, 3)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Solve(ctx, in.problem(), in.groups, Options{Progress: func(done, total int64) {
		if done == total {
			cancel() // the relaxed optimum is there, the crews are not decided
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
}

// Without effort left every plan still keeps the minima, and the bound holds.
func TestEffortThatRunsOutLeavesAPlan(t *testing.T) {
	t.Parallel()
	in := scarce(120, 5)
	whole := solve(t.Context(), t, in)
	for _, limit := range []int64{0, 300, 3_000, 30_000} {
		res, err := solveWithin(t.Context(), in.problem(), in.groups, Options{}, limit)
		require.NoError(t, err)
		cost := in.requireFeasible(t, res)
		require.LessOrEqual(t, res.Bound, cost)
		require.LessOrEqual(t, res.Bound, in.requireFeasible(t, whole))
	}
}

func TestErrorsOfTheFlowComeThrough(t *testing.T) {
	t.Parallel()
	in := ones(1).with(2, 2, 10, flow.Arc{Volunteer: 7, Cost: 1})
	_, err := Solve(t.Context(), in.problem(), in.groups, Options{})
	require.ErrorContains(t, err, "names volunteer 7 of 1")
}

// Penalties so large that what a crew would have to hold on to leaves the range:
// it cannot be tried, and is left out.
func TestPenaltiesAtTheEdgeOfTheRange(t *testing.T) {
	t.Parallel()
	near := ones(3).
		with(2, 2, 1<<57, flow.Arc{Volunteer: 0, Cost: 1}, flow.Arc{Volunteer: 1, Cost: 9}).
		with(2, 2, 1<<57, flow.Arc{Volunteer: 1, Cost: 1}, flow.Arc{Volunteer: 2, Cost: 8})
	res := solve(t.Context(), t, near)
	cost := near.requireFeasible(t, res)
	require.Contains(t, []int64{9 + 1<<58, 10 + 1<<58}, cost, "one of the two; the gap is next to nothing")
	require.LessOrEqual(t, res.Bound, int64(9+1<<58))

	far := ones(2).with(3, 3, 1<<58, flow.Arc{Volunteer: 0, Cost: 1}, flow.Arc{Volunteer: 1, Cost: 9})
	res = solve(t.Context(), t, far)
	require.Equal(t, int64(3<<58), far.requireFeasible(t, res))
	require.Equal(t, int64(3<<58), res.Bound)
}

// A seat that must be filled takes the person whom a crew needs, at any cost.
func TestMandatorySeatsComeBeforeCrews(t *testing.T) {
	t.Parallel()
	in := ones(2).
		with(2, 2, 10, flow.Arc{Volunteer: 0, Cost: 1}, flow.Arc{Volunteer: 1, Cost: 1}).
		with(0, 1, 5, flow.Arc{Volunteer: 0, Cost: 2}).
		with(0, 1, flow.Mandatory, flow.Arc{Volunteer: 1, Cost: 900})
	res := solve(t.Context(), t, in)
	require.Equal(t, int64(20+2+900), in.requireFeasible(t, res))
	require.Equal(t, int64(20+2+900), res.Bound)
}
