package bmatch_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/matching/bmatch"
)

// sourceFunc lists by a function, so that a test can answer wrongly.
type sourceFunc func(dst []bmatch.Arc, r int32, limit int64) []bmatch.Arc

func (f sourceFunc) AppendBelow(dst []bmatch.Arc, r int32, limit int64) []bmatch.Arc {
	return f(dst, r, limit)
}

func answer(arcs ...bmatch.Arc) bmatch.Source {
	return sourceFunc(func(dst []bmatch.Arc, _ int32, _ int64) []bmatch.Arc { return append(dst, arcs...) })
}

func TestSolveRefusesABadProblem(t *testing.T) {
	t.Parallel()
	one := func(seats, penalty int64) []bmatch.Request { return []bmatch.Request{{Seats: seats, Penalty: penalty}} }
	nothing := answer()
	cases := []struct {
		name, field string
		problem     bmatch.Problem
	}{
		{"no source", "source", bmatch.Problem{}},
		{"negative capacity", "capacity[1]", bmatch.Problem{Capacity: []int64{1, -1}, Source: nothing}},
		{"negative seats", "requests[0].seats", bmatch.Problem{Requests: one(-1, 1), Source: nothing}},
		{"negative penalty", "requests[0].penalty", bmatch.Problem{Requests: one(1, -1), Source: nothing}},
		{"total too large", "requests[0].penalty", bmatch.Problem{Requests: one(2, bmatch.MaxTotal/2+1), Source: nothing}},
		{"seats too many", "requests[0].seats", bmatch.Problem{Requests: one(bmatch.MaxTotal+1, 0), Source: nothing}},
		{"group of nobody", "groups[0].members", bmatch.Problem{Requests: one(1, 1), Groups: []bmatch.Group{{Members: []int32{1}}}, Source: nothing}},
		{"in two groups", "groups[1].members", bmatch.Problem{Requests: one(1, 1), Groups: []bmatch.Group{{Members: []int32{0}}, {Members: []int32{0}}}, Source: nothing}},
		{"mandatory in a crew", "groups[0].members", bmatch.Problem{Requests: one(2, bmatch.Mandatory), Groups: []bmatch.Group{{Members: []int32{0}, MinPeople: 2}}, Source: nothing}},
		{"unknown volunteer", "source[0]", bmatch.Problem{Requests: one(1, 9), Capacity: []int64{1}, Source: answer(bmatch.Arc{Volunteer: 1})}},
		{"negative cost", "source[0]", bmatch.Problem{Requests: one(1, 9), Capacity: []int64{1}, Source: answer(bmatch.Arc{Cost: -1})}},
		{"cost above the limit", "source[0]", bmatch.Problem{Requests: one(1, 9), Capacity: []int64{1}, Source: answer(bmatch.Arc{Cost: 9})}},
		{"named twice", "source[0]", bmatch.Problem{Requests: one(1, 9), Capacity: []int64{1}, Source: answer(bmatch.Arc{Cost: 1}, bmatch.Arc{Cost: 2})}},
		{"too dear for mandatory seats", "source[0]", bmatch.Problem{Requests: one(1, bmatch.Mandatory), Capacity: []int64{1}, Source: bmatch.NewArcs([][]bmatch.Arc{{{Cost: bmatch.MaxTotal / 2}}})}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := bmatch.Solve(t.Context(), &c.problem, bmatch.Options{})
			var wrong *bmatch.ProblemError
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, c.field, wrong.Field)
			require.ErrorContains(t, err, c.field+": ")
		})
	}
}

func TestSolveNoticesASourceThatChangesItsMind(t *testing.T) {
	t.Parallel()
	calls := 0
	source := sourceFunc(func(dst []bmatch.Arc, _ int32, limit int64) []bmatch.Arc {
		if calls++; calls > 1 {
			dst = append(dst, bmatch.Arc{Volunteer: 1, Cost: 0}) // overlooked before
		}
		return dst
	})
	_, err := bmatch.Solve(t.Context(), &bmatch.Problem{
		Requests: []bmatch.Request{{Seats: 1, Penalty: 1 << 20}}, Capacity: []int64{1, 1}, Source: source,
	}, bmatch.Options{})
	require.ErrorContains(t, err, "must not change")
}

func TestMandatorySeats(t *testing.T) {
	t.Parallel()
	in := instance{
		requests: []bmatch.Request{{Seats: 1, Penalty: 5}, {Seats: 1, Penalty: bmatch.Mandatory}},
		capacity: []int64{1},
		rows:     [][]bmatch.Arc{{{Volunteer: 0, Cost: 1}}, {{Volunteer: 0, Cost: 1_000_000}}},
	}
	res := solve(t.Context(), t, in.problem())
	require.Equal(t, int64(1_000_005), res.Objective, "served, however dear")
	require.Equal(t, res.Objective, res.Bound)

	in.requests[0].Penalty = bmatch.Mandatory
	_, err := bmatch.Solve(t.Context(), in.problem(), bmatch.Options{})
	var infeasible *bmatch.InfeasibleError
	require.ErrorAs(t, err, &infeasible)
	_, err = bmatch.Greedy(t.Context(), in.problem(), bmatch.Options{})
	require.ErrorAs(t, err, &infeasible)
	require.Equal(t, int32(1), infeasible.Request)
}

func TestLargestNumbersStayExact(t *testing.T) {
	t.Parallel()
	const half = bmatch.MaxTotal / 2
	in := instance{
		requests: []bmatch.Request{{Seats: 1, Penalty: half}, {Seats: 1, Penalty: half}},
		capacity: []int64{1},
		rows:     [][]bmatch.Arc{{{Volunteer: 0, Cost: half - 1}}, {{Volunteer: 0, Cost: half - 2}}},
	}
	res := solve(t.Context(), t, in.problem())
	require.Equal(t, 2*half-2, res.Objective)
	require.Equal(t, res.Objective, res.Bound)
}

func TestSolveStopsWithItsContext(t *testing.T) {
	t.Parallel()
	_, problem := newPlane(50, calm, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := bmatch.Solve(ctx, problem, bmatch.Options{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = bmatch.Greedy(ctx, problem, bmatch.Options{})
	require.ErrorIs(t, err, context.Canceled)
}

func TestProgressReachesTheTotal(t *testing.T) {
	t.Parallel()
	_, problem := newPlane(600, calm, 1)
	var seats int64
	for _, asked := range problem.Requests {
		seats += asked.Seats
	}
	var calls, last int64
	_, err := bmatch.Solve(t.Context(), problem, bmatch.Options{Progress: func(done, total int64) {
		require.Equal(t, seats, total)
		require.Greater(t, done, last)
		calls, last = calls+1, done
	}})
	require.NoError(t, err)
	require.Equal(t, seats, last)
	require.Equal(t, int64(3), calls, "after 256, 512 and 600 requests")
}
