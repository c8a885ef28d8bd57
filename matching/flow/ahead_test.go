package flow_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/flow"
)

// sideBySide lets a source be asked in several goroutines, and counts how often.
type sideBySide struct {
	flow.Source

	mu    sync.Mutex
	calls int
}

func (s *sideBySide) SideBySide() {}

func (s *sideBySide) AppendBelow(dst []flow.Arc, r int32, limit int64) []flow.Arc {
	s.mu.Lock()
	s.calls++
	s.mu.Unlock()
	return s.Source.AppendBelow(dst, r, limit)
}

func (s *sideBySide) asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// solved gives the plan and cost of a problem.
func solved(t require.TestingT, ctx context.Context, p *flow.Problem) ([][]flow.Arc, int64) {
	s, err := flow.New(p, flow.Options{})
	require.NoError(t, err)
	require.NoError(t, s.Solve(ctx))
	plan := make([][]flow.Arc, len(p.Requests))
	for r := range plan {
		plan[r] = s.AppendAssigned(nil, int32(r))
	}
	return plan, s.Cost()
}

func TestListingAheadGivesTheOptimum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawInstance(rt, 6)
		_, want := solved(rt, t.Context(), in.implicit())
		p := in.implicit()
		p.Source = &sideBySide{Source: in}
		_, got := solved(rt, t.Context(), p)
		require.Equal(rt, want, got)
	})
	for _, kind := range []crowd{calm, busy, surge} {
		pl := newPlane(1_000, kind, 3) // four chunks
		_, want := solved(t, t.Context(), &pl.problem)
		p := pl.problem
		p.Source = &sideBySide{Source: pl}
		plan, got := solved(t, t.Context(), &p)
		require.Equal(t, want, got)
		again, _ := solved(t, t.Context(), &p)
		require.Equal(t, plan, again, "the same plan every time")
	}
}

func TestListingAheadEndsWithTheContext(t *testing.T) {
	t.Parallel()
	pl := newPlane(1_000, calm, 3)
	source := &sideBySide{Source: pl}
	p := pl.problem
	p.Source = source
	s, err := flow.New(&p, flow.Options{})
	require.NoError(t, err)
	ended, end := context.WithCancel(t.Context())
	end()
	require.ErrorIs(t, s.Solve(ended), context.Canceled)
	require.Zero(t, source.asked())
	require.NoError(t, s.Solve(t.Context()))
	first := source.asked()
	require.GreaterOrEqual(t, first, len(p.Requests))
	require.NoError(t, s.Solve(t.Context()))
	require.Equal(t, first, source.asked(), "no list is made twice")
}

func TestListsThereAlreadyAreKept(t *testing.T) {
	t.Parallel()
	pl := newPlane(1_000, busy, 3)
	_, want := solved(t, t.Context(), &pl.problem)
	p := pl.problem
	p.Source = &sideBySide{Source: pl}
	s, err := flow.New(&p, flow.Options{})
	require.NoError(t, err)
	for r := 0; r < len(p.Requests); r += 3 {
		require.NoError(t, s.Extend(int32(r), 2_000))
	}
	require.NoError(t, s.Solve(t.Context()))
	require.Equal(t, want, s.Cost())
	for r := range p.Requests {
		seen := map[int32]bool{}
		list, _ := s.AppendListed(nil, int32(r))
		for _, a := range list {
			require.False(t, seen[a.Volunteer], "request %d lists volunteer %d twice", r, a.Volunteer)
			seen[a.Volunteer] = true
		}
	}
}

// answers gives whatever it was told to.
type answers []flow.Arc

func (a answers) SideBySide() {}

func (a answers) AppendBelow(dst []flow.Arc, _ int32, _ int64) []flow.Arc { return append(dst, a...) }

func TestAnswersListedAheadAreChecked(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]answers{
		"unknown volunteer": {{Volunteer: 2, Cost: 1}},
		"negative cost":     {{Volunteer: 0, Cost: -1}},
		"not asked for":     {{Volunteer: 0, Cost: 100}},
		"named twice":       {{Volunteer: 0, Cost: 1}, {Volunteer: 1, Cost: 1}, {Volunteer: 0, Cost: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &flow.Problem{Requests: []flow.Request{{Seats: 0, Penalty: 9}, {Seats: 1, Penalty: 9}}, Capacity: []int64{1, 1}, Source: wrong}
			s, err := flow.New(p, flow.Options{})
			require.NoError(t, err)
			requireField(t, "source[1]", s.Solve(t.Context()))
		})
	}
}
