package flow_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/flow"
)

// Whatever is harmed among what has changed, the proof of the changes says the
// same as a proof of everything.
func TestProveChangesSeesWhatProveSees(t *testing.T) {
	t.Parallel()
	for _, explicit := range []bool{true, false} {
		rapid.Check(t, func(rt *rapid.T) {
			w := beginWhole(rt, t, 6, explicit)
			for range rapid.IntRange(1, 4).Draw(rt, "changes") {
				w.change(rt, t)
			}
			requests, volunteers := w.s.Changed()
			by := rapid.Int64Range(-3, 3).Draw(rt, "by")
			if rapid.Bool().Draw(rt, "harm a request") {
				if len(requests) == 0 {
					return
				}
				what := rapid.SampledFrom([]string{"price", "open seats", "cost"}).Draw(rt, "what")
				w.s.HarmRequest(rapid.SampledFrom(requests).Draw(rt, "request"), what, by)
			} else {
				if len(volunteers) == 0 {
					return
				}
				what := rapid.SampledFrom([]string{"price", "capacity", "units"}).Draw(rt, "what")
				w.s.HarmVolunteer(rapid.SampledFrom(volunteers).Draw(rt, "volunteer"), what, by)
			}
			clone := w.s.Clone()
			changes, errChanges := clone.ProveChanges()
			all, err := w.s.Prove()
			require.Equal(rt, err, errChanges)
			require.Equal(rt, all, changes)
		})
	}
}

// The changes alone are proven, from the last proof on.
func TestProveChangesLooksAtChangesOnly(t *testing.T) {
	t.Parallel()
	p := newPlane(2000, busy, 3).nearest(candidates)
	s, err := flow.New(p, flow.Options{})
	require.NoError(t, err)
	require.NoError(t, s.Solve(t.Context()))
	require.NoError(t, s.SetRequest(t.Context(), 7, flow.Request{}))
	requests, volunteers := s.Changed()
	require.Contains(t, requests, int32(7))
	require.Less(t, len(requests)+len(volunteers), 500)
	_, err = s.ProveChanges()
	require.NoError(t, err)
	requests, volunteers = s.Changed()
	require.Empty(t, requests)
	require.Empty(t, volunteers)
}

// part is what plan and prices say of one request or volunteer.
type part struct {
	price, seats int64
	pairs        []flow.Arc
}

func parts(s *flow.Solver) (requests, volunteers []part) {
	volunteers = make([]part, s.Volunteers())
	for v := range volunteers {
		volunteers[v] = part{price: s.VolunteerPrice(int32(v))}
	}
	for r := range int32(s.Requests()) {
		pairs := s.AppendAssigned(nil, r)
		requests = append(requests, part{s.RequestPrice(r), s.Request(r).Seats - s.Open(r), pairs})
		for _, a := range pairs {
			volunteers[a.Volunteer].seats++
		}
	}
	return requests, volunteers
}

// Whoever has another price, or other people or seats, is looked at.
func TestWhateverChangesIsProvenAnew(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := beginWhole(rt, t, 8, rapid.Bool().Draw(rt, "explicit"))
		for range rapid.IntRange(1, 6).Draw(rt, "changes") {
			requestsBefore, volunteersBefore := parts(w.s)
			w.change(rt, t)
			requests, volunteers := parts(w.s)
			notedRequests, notedVolunteers := w.s.Changed()
			for r := range requestsBefore {
				if !slices.Contains(notedRequests, int32(r)) {
					require.Equal(rt, requestsBefore[r], requests[r])
				}
			}
			for v := range volunteersBefore {
				if !slices.Contains(notedVolunteers, int32(v)) {
					require.Equal(rt, volunteersBefore[v], volunteers[v])
				}
			}
			_, err := w.s.ProveChanges()
			require.NoError(rt, err)
		}
	})
}
