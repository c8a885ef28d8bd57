package flow_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/flow"
)

func TestNewRowsRefusesWhatIsNoGraph(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, field string
		first       []int
		volunteers  []int32
		costs       []int64
	}{
		{"no rows", "source", nil, nil, nil},
		{"a pair without a cost", "source", []int{0, 1}, []int32{0}, nil},
		{"pairs past the last row", "source", []int{0, 0}, []int32{0}, []int64{1}},
		{"a row that ends before it begins", "source[0]", []int{0, 2, 1}, []int32{0}, []int64{1}},
		{"a volunteer below zero", "source", []int{0, 1}, []int32{-1}, []int64{1}},
		{"a cost below zero", "source[0]", []int{0, 1}, []int32{0}, []int64{-1}},
		{"a volunteer named twice", "source[1]", []int{0, 1, 3}, []int32{1, 1, 1}, []int64{1, 1, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := flow.NewRows(c.first, c.volunteers, c.costs)
			requireField(t, c.field, err)
		})
	}
}

func requireField(t *testing.T, field string, err error) {
	t.Helper()
	var wrong *flow.ProblemError
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, field, wrong.Field)
}

func TestNewRefusesABadProblem(t *testing.T) {
	t.Parallel()
	one := func(q flow.Request) []flow.Request { return []flow.Request{q} }
	rows, err := flow.NewRows([]int{0, 1}, []int32{2}, []int64{flow.MaxTotal / 2})
	require.NoError(t, err)
	for _, c := range []struct {
		name, field string
		problem     flow.Problem
	}{
		{"no source", "source", flow.Problem{}},
		{"negative capacity", "capacity[1]", flow.Problem{Capacity: []int64{1, -1}, Source: rows}},
		{"negative seats", "requests[0].seats", flow.Problem{Requests: one(flow.Request{Seats: -1}), Source: rows}},
		{"negative penalty", "requests[0].penalty", flow.Problem{Requests: one(flow.Request{Seats: 1, Penalty: -1}), Source: rows}},
		{"keeps more than it has", "requests[0].keep", flow.Problem{Requests: one(flow.Request{Seats: 1, Keep: 2}), Source: rows}},
		{"keeps what is worth less", "requests[0].keepPenalty", flow.Problem{Requests: one(flow.Request{Seats: 1, Penalty: 2, Keep: 1, KeepPenalty: 1}), Source: rows}},
		{"total too large", "requests[0].penalty", flow.Problem{Requests: one(flow.Request{Seats: 2, Penalty: flow.MaxTotal/2 + 1}), Source: rows}},
		{"too few rows", "source", flow.Problem{Requests: make([]flow.Request, 2), Capacity: make([]int64, 3), Source: rows}},
		{"unknown volunteer", "source[0]", flow.Problem{Requests: one(flow.Request{}), Capacity: make([]int64, 2), Source: rows}},
		{"too dear for mandatory seats", "source[0]", flow.Problem{Requests: one(flow.Request{Seats: 1, Penalty: flow.Mandatory}), Capacity: make([]int64, 3), Source: rows}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := flow.New(&c.problem, flow.Options{})
			requireField(t, c.field, err)
		})
	}
}

// pair is one request, one volunteer, one pair.
func pair(t *testing.T, penalty int64) *flow.Solver {
	t.Helper()
	in := &instance{requests: []flow.Request{{Seats: 1, Penalty: penalty}}, capacity: []int64{1}, rows: [][]flow.Arc{{{Volunteer: 0, Cost: 3}}}}
	s, err := flow.New(in.explicit(t), flow.Options{})
	require.NoError(t, err)
	require.NoError(t, s.Solve(t.Context()))
	return s
}

func TestChangesThatMakeNoSenseChangeNothing(t *testing.T) {
	t.Parallel()
	s := pair(t, 9)
	ctx := t.Context()
	requireField(t, "requests[1]", s.SetRequest(ctx, 1, flow.Request{}))
	requireField(t, "requests[0].seats", s.SetRequest(ctx, 0, flow.Request{Seats: -1}))
	requireField(t, "capacity[1]", s.SetCapacity(ctx, 1, 0))
	requireField(t, "capacity[0]", s.SetCapacity(ctx, 0, -1))
	_, err := s.AddRequest(ctx, flow.Request{Seats: 1, Penalty: 1}, []flow.Arc{{Volunteer: 1, Cost: 1}})
	requireField(t, "row[0]", err)
	_, err = s.AddRequest(ctx, flow.Request{Seats: 1, Penalty: 1}, []flow.Arc{{Volunteer: 0, Cost: 1}, {Volunteer: 0, Cost: 2}})
	requireField(t, "row[1]", err)
	_, err = s.AddVolunteer(ctx, -1, nil)
	requireField(t, "capacity[1]", err)
	_, err = s.AddVolunteer(ctx, 1, []flow.Offer{{Request: 1, Cost: 1}})
	requireField(t, "offers[0]", err)
	_, err = s.VolunteerValue(ctx, []flow.Offer{{Request: 0, Cost: -1}})
	requireField(t, "offers[0]", err)
	_, err = s.UnitValue(ctx, 7)
	requireField(t, "capacity[7]", err)
	_, err = s.PairCost(ctx, 0, 1, 1)
	requireField(t, "capacity[1]", err)
	require.Equal(t, 1, s.Requests())
	require.Equal(t, 1, s.Volunteers())
	optimum, err := s.Prove()
	require.NoError(t, err)
	require.Equal(t, int64(3), optimum)
	require.Equal(t, []flow.Arc{{Volunteer: 0, Cost: 3}}, s.AppendAssigned(nil, 0))
}

func TestMandatorySeatsThatNobodyFills(t *testing.T) {
	t.Parallel()
	s := pair(t, flow.Mandatory)
	require.Equal(t, int64(3), s.Cost())
	var infeasible *flow.InfeasibleError
	require.ErrorAs(t, s.SetCapacity(t.Context(), 0, 0), &infeasible)
	require.Equal(t, int32(0), infeasible.Request)
	require.Equal(t, int64(1), s.Open(0))
	require.NoError(t, s.SetCapacity(t.Context(), 0, 1), "feasible again")
	require.Equal(t, int64(3), s.Cost())
}

func TestAnEndedContextLosesNothing(t *testing.T) {
	t.Parallel()
	p := newPlane(2_000, surge, 1).nearest(candidates)
	calm, err := flow.New(p, flow.Options{})
	require.NoError(t, err)
	require.NoError(t, calm.Solve(t.Context()))

	s, err := flow.New(p, flow.Options{})
	require.NoError(t, err)
	for calls := int64(2); ; calls *= 2 {
		err := s.Solve(&fading{Context: t.Context(), left: calls})
		if err == nil {
			break
		}
		require.ErrorIs(t, err, context.Canceled)
	}
	require.Equal(t, calm.Cost(), s.Cost())
}

// fading is a context that ends after it was asked so many times.
type fading struct {
	context.Context
	left int64
}

func (f *fading) Err() error {
	if f.left--; f.left < 0 {
		return context.Canceled
	}
	return nil
}

// The volunteers of a request come in any order, rows are long, and still the
// nearest come first.
func TestTheOrderOfARowDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(rt, "volunteers")
		in := &instance{capacity: make([]int64, n)}
		var row []flow.Arc
		for v := range n {
			in.capacity[v] = 1
			row = append(row, flow.Arc{Volunteer: int32(v), Cost: rapid.Int64Range(0, 60).Draw(rt, "cost")})
		}
		seats := rapid.Int64Range(0, int64(n)).Draw(rt, "seats")
		in.requests = []flow.Request{{Seats: seats, Penalty: 100}}
		in.rows = [][]flow.Arc{row}
		s, err := flow.New(in.explicit(rt), flow.Options{})
		require.NoError(rt, err)
		require.NoError(rt, s.Solve(t.Context()))
		slices.SortStableFunc(row, func(a, b flow.Arc) int { return int(a.Cost - b.Cost) })
		require.Equal(rt, row[:seats], append([]flow.Arc{}, s.AppendAssigned(nil, 0)...))
	})
}

func TestTheSamePlanEveryTime(t *testing.T) {
	t.Parallel()
	p := newPlane(1_000, surge, 1).nearest(candidates)
	var plans [2][][]flow.Arc
	for i := range plans {
		s, err := flow.New(p, flow.Options{})
		require.NoError(t, err)
		require.NoError(t, s.Solve(t.Context()))
		for r := range p.Requests {
			plans[i] = append(plans[i], s.AppendAssigned(nil, int32(r)))
		}
	}
	require.Equal(t, plans[0], plans[1])
}

// Candidate lists are a start only: grown lists and the whole graph have the same
// optimum.
func TestGrownListsAreAsGoodAsTheWholeGraph(t *testing.T) {
	t.Parallel()
	for _, kind := range []crowd{calm, busy, surge} {
		pl := newPlane(150, kind, 1)
		pl.reach = 4_000
		grown, err := flow.New(&pl.problem, flow.Options{})
		require.NoError(t, err)
		require.NoError(t, grown.Solve(t.Context()))
		whole, err := flow.New(pl.nearest(len(pl.people)), flow.Options{})
		require.NoError(t, err)
		require.NoError(t, whole.Solve(t.Context()))
		require.Equal(t, whole.Cost(), grown.Cost())
	}
}
