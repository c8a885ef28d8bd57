package flow_test

import (
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
