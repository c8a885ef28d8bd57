package flow_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/matching/flow"
)

const landSize = 300 // smaller than what a land is made of otherwise

// solvedIn solves a problem, in lands of so many requests, on so many processors.
func solvedIn(t *testing.T, p *flow.Problem, size, processors int) *flow.Solver {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
	s, err := flow.New(p, flow.Options{})
	require.NoError(t, err)
	s.CutInto(size)
	require.NoError(t, s.Solve(t.Context()))
	return s
}

// planOf is the plan with its prices.
func planOf(s *flow.Solver, p *flow.Problem) (plan []string) {
	for r := range int32(len(p.Requests)) {
		plan = append(plan, fmt.Sprint(s.AppendAssigned(nil, r), s.Open(r), s.RequestPrice(r)))
	}
	for v := range int32(len(p.Capacity)) {
		plan = append(plan, fmt.Sprint(s.VolunteerPrice(v)))
	}
	return plan
}

// Lands say where searches begin and nothing else: the optimum is the same without
// them, and the plan is the same on every number of processors. Not parallel, as the
// number of processors is the program's.
func TestLandsChangeNothing(t *testing.T) {
	for _, kind := range []crowd{calm, busy, surge} {
		for seed := range uint64(3) {
			p := newPlane(3000, kind, seed).nearest(candidates)
			if seed == 2 {
				oneToOne(p)
			}
			whole := solvedIn(t, p, 1<<30, 1)
			require.Zero(t, whole.Lands())
			one, four := solvedIn(t, p, landSize, 1), solvedIn(t, p, landSize, 4)
			require.Positive(t, one.Lands(), "%s %d", kind, seed)
			require.Equal(t, whole.Cost(), one.Cost(), "%s %d", kind, seed)
			require.Equal(t, planOf(one, p), planOf(four, p), "%s %d", kind, seed)
			require.Equal(t, one.Stats(), four.Stats())
		}
	}
}

// Where many of the numbers follow no map, nothing is cut.
func TestAGraphWithoutAMapIsOneLand(t *testing.T) {
	t.Parallel()
	const n = 3000
	for astray, hasLands := range map[int]bool{0: true, 3: false, 5: false} { // of five requests
		in := &instance{requests: make([]flow.Request, n), capacity: make([]int64, n), rows: make([][]flow.Arc, n)}
		for r := range n {
			in.requests[r], in.capacity[r] = flow.Request{Seats: 1, Penalty: 1000}, 1
			for i := range 8 {
				v := (r + i) % n
				if r%5 < astray {
					v = (r*7919 + i*131) % n
				}
				in.rows[r] = append(in.rows[r], flow.Arc{Volunteer: int32(v), Cost: int64(i)})
			}
		}
		s, err := flow.New(in.explicit(t), flow.Options{})
		require.NoError(t, err)
		s.CutInto(n / 2)
		require.NoError(t, s.Solve(t.Context()))
		require.Equal(t, hasLands, s.Lands() > 0, astray)
	}
}

// Requests may want more seats than there are people.
func TestLandsMakeRoomForPeopleAndNotForSeats(t *testing.T) {
	p := newPlane(3000, calm, 3).nearest(4)
	p.Requests = slices.Clone(p.Requests)
	for r := range p.Requests {
		p.Requests[r] = flow.Request{Seats: 1_000_000_000_000, Penalty: 100}
	}
	whole, lands := solvedIn(t, p, 1<<30, 1), solvedIn(t, p, landSize, 2)
	require.Positive(t, lands.Lands())
	require.Equal(t, whole.Cost(), lands.Cost())
}

// A plan made in lands can be changed like any other.
func TestAPlanOfLandsCanBeChanged(t *testing.T) {
	p := newPlane(3000, busy, 5).nearest(candidates)
	s := solvedIn(t, p, landSize, 2)
	for r := int32(0); r < 3000; r += 97 {
		require.NoError(t, s.SetRequest(t.Context(), r, flow.Request{Seats: 3, Penalty: 20_000_000}))
		require.NoError(t, s.SetCapacity(t.Context(), r*2, 0))
	}
	changed, err := s.ProveChanges()
	require.NoError(t, err)
	again, err := s.Prove()
	require.NoError(t, err)
	require.Equal(t, again, changed)
}

// stopper ends its context when it has been asked so often whether it has ended.
type stopper struct {
	context.Context
	left int
}

func (c *stopper) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// A solve that is stopped in its lands goes on where it was.
func TestAStoppedSolveOfLandsGoesOn(t *testing.T) {
	p := newPlane(3000, surge, 1).nearest(candidates)
	want := solvedIn(t, p, landSize, 1).Cost()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // the stopper is for one goroutine
	s, err := flow.New(p, flow.Options{})
	require.NoError(t, err)
	s.CutInto(landSize)
	stops := 0
	for ; stops < 10_000; stops++ {
		if err = s.Solve(&stopper{t.Context(), stops}); err == nil {
			break
		}
		require.ErrorIs(t, err, context.Canceled)
	}
	require.NoError(t, err)
	require.Positive(t, stops)
	require.Equal(t, want, s.Cost())
}
