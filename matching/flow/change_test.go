package flow_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/flow"
)

// whole makes every change, and asks every question, on a solver and on the instance beside
// it, which is then solved from nothing by other means.
type whole struct {
	in       *instance
	s        *flow.Solver
	explicit bool
}

func TestChangesLeaveAnOptimum(t *testing.T) {
	t.Parallel()
	for _, size := range []int{4, 10} {
		for _, explicit := range []bool{true, false} {
			rapid.Check(t, func(rt *rapid.T) {
				w := beginWhole(rt, t, size, explicit)
				for range rapid.IntRange(1, 8).Draw(rt, "changes") {
					w.change(rt, t)
					got, err := w.s.ProveChanges()
					require.NoError(rt, err)
					require.Equal(rt, w.in.optimum(), got)
					if rapid.Bool().Draw(rt, "anew") {
						got, err = w.s.Prove()
						require.NoError(rt, err)
						require.Equal(rt, w.s.Cost(), got)
					}
					w.ask(rt, t)
				}
			})
		}
	}
}

func beginWhole(rt *rapid.T, t *testing.T, size int, explicit bool) *whole {
	t.Helper()
	in := drawInstance(rt, size)
	problem := in.implicit()
	if explicit {
		problem = in.explicit(rt)
	}
	problem.Requests, problem.Capacity = slices.Clone(in.requests), slices.Clone(in.capacity)
	s, err := flow.New(problem, flow.Options{})
	require.NoError(rt, err)
	require.NoError(rt, s.Solve(t.Context()))
	return &whole{in: in, s: s, explicit: explicit}
}

func (w *whole) change(rt *rapid.T, t *testing.T) {
	in := w.in
	switch kind := rapid.IntRange(0, 4).Draw(rt, "kind"); {
	case kind == 0 && len(in.requests) > 0: // closed
		r := rapid.IntRange(0, len(in.requests)-1).Draw(rt, "request")
		in.requests[r] = flow.Request{}
		require.NoError(rt, w.s.SetRequest(t.Context(), int32(r), in.requests[r]))
	case kind == 1 && len(in.requests) > 0:
		r := rapid.IntRange(0, len(in.requests)-1).Draw(rt, "request")
		in.requests[r] = drawRequest(rt, 50)
		require.NoError(rt, w.s.SetRequest(t.Context(), int32(r), in.requests[r]))
	case kind == 2 && len(in.capacity) > 0:
		v := rapid.IntRange(0, len(in.capacity)-1).Draw(rt, "volunteer")
		in.capacity[v] = rapid.Int64Range(0, 3).Draw(rt, "capacity")
		require.NoError(rt, w.s.SetCapacity(t.Context(), int32(v), in.capacity[v]))
	case kind == 3:
		row := drawRow(rt, len(in.capacity), 50, 3)
		in.requests = append(in.requests, drawRequest(rt, 50))
		in.rows = append(in.rows, row)
		if !w.explicit {
			row = nil
		}
		r, err := w.s.AddRequest(t.Context(), in.requests[len(in.requests)-1], row)
		require.NoError(rt, err)
		require.Equal(rt, len(in.requests)-1, int(r))
	default:
		offers := drawOffers(rt, len(in.requests))
		in.capacity = append(in.capacity, rapid.Int64Range(0, 3).Draw(rt, "capacity"))
		for _, o := range offers {
			in.rows[o.Request] = append(in.rows[o.Request], flow.Arc{Volunteer: int32(len(in.capacity) - 1), Cost: o.Cost})
		}
		v, err := w.s.AddVolunteer(t.Context(), in.capacity[len(in.capacity)-1], offers)
		require.NoError(rt, err)
		require.Equal(rt, len(in.capacity)-1, int(v))
	}
}

func drawOffers(rt *rapid.T, requests int) (offers []flow.Offer) {
	for r := range requests {
		if rapid.Bool().Draw(rt, "eligible") {
			offers = append(offers, flow.Offer{Request: int32(r), Cost: rapid.Int64Range(0, 50).Draw(rt, "cost")})
		}
	}
	return offers
}

// ask compares questions with what happens when their subject becomes true.
func (w *whole) ask(rt *rapid.T, t *testing.T) {
	in, now := w.in, w.in.optimum()
	if len(in.requests) == 0 || len(in.capacity) == 0 {
		return
	}
	v := rapid.IntRange(0, len(in.capacity)-1).Draw(rt, "volunteer")
	in.capacity[v]++
	saved := now - in.optimum()
	in.capacity[v]--
	got, err := w.s.UnitValue(t.Context(), int32(v))
	require.NoError(rt, err)
	require.Equal(rt, saved, got, "one more unit of %d", v)

	offers := drawOffers(rt, len(in.requests))
	more := in.clone()
	more.capacity = append(more.capacity, 1)
	for _, o := range offers {
		more.rows[o.Request] = append(more.rows[o.Request], flow.Arc{Volunteer: int32(len(in.capacity)), Cost: o.Cost})
	}
	got, err = w.s.VolunteerValue(t.Context(), offers)
	require.NoError(rt, err)
	require.Equal(rt, now-more.optimum(), got, "one more volunteer")

	w.askPair(rt, t, now, v)
}

// askPair forces a pair by taking its seat, its unit and its arc away.
func (w *whole) askPair(rt *rapid.T, t *testing.T, now int64, v int) {
	r := rapid.IntRange(0, len(w.in.requests)-1).Draw(rt, "request")
	at := slices.IndexFunc(w.in.rows[r], func(a flow.Arc) bool { return int(a.Volunteer) == v })
	if at < 0 || w.in.capacity[v] == 0 || w.in.requests[r].Seats == 0 {
		return
	}
	forced := w.in.clone()
	forced.requests[r].Seats--
	forced.requests[r].Keep = max(0, forced.requests[r].Keep-1)
	forced.capacity[v]--
	forced.rows[r] = slices.Delete(forced.rows[r], at, at+1)
	cost := w.in.rows[r][at].Cost
	got, err := w.s.PairCost(t.Context(), int32(r), int32(v), cost)
	require.NoError(rt, err)
	require.Equal(rt, forced.optimum()+cost-now, got, "volunteer %d for request %d", v, r)
}

// Two who swap their volunteers: the way back to the request leads past no open
// seat and no free volunteer.
func TestPairCostOfASwap(t *testing.T) {
	t.Parallel()
	in := &instance{
		requests: []flow.Request{{Seats: 1, Penalty: 100}, {Seats: 1, Penalty: 100}},
		capacity: []int64{1, 1},
		rows: [][]flow.Arc{
			{{Volunteer: 0, Cost: 1}, {Volunteer: 1, Cost: 2}},
			{{Volunteer: 0, Cost: 2}, {Volunteer: 1, Cost: 1}},
		},
	}
	s, err := flow.New(in.explicit(t), flow.Options{})
	require.NoError(t, err)
	require.NoError(t, s.Solve(t.Context()))
	cost, err := s.PairCost(t.Context(), 0, 1, 2)
	require.NoError(t, err)
	require.Equal(t, int64(2), cost)
	cost, err = s.PairCost(t.Context(), 0, 0, 1)
	require.NoError(t, err)
	require.Zero(t, cost, "a pair of the plan")
}
