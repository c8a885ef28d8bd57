package activities_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// TestASubstituteOnTheirWayIsCalledOff once the volunteer has come, who else would be
// missed; not if they are there already.
func TestASubstituteOnTheirWayIsCalledOff(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		there bool
		want  aid.RequestStatus
	}{
		"on their way": {false, aid.RequestCancelled},
		"there":        {true, aid.RequestInService},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.now = noon.Add(100 * time.Minute) // the visit began 40 minutes ago
			visit := w.request(t, "s-1").Visits[0]
			change := func(id aid.RequestID, fn func(*aid.HelpRequest) error) *aid.HelpRequest {
				r, err := w.store.Change(t.Context(), id, func(r *aid.HelpRequest, _ time.Time) error { return fn(r) })
				require.NoError(t, err)
				return r
			}
			r := change("s-1", func(r *aid.HelpRequest) error { return r.Sought(visit.ID, "sub-s-1") })
			sub, err := aid.OpenRequest("sub-s-1", r.SubstituteNeed(visit, w.now), "caseworker", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, w.now)
			require.NoError(t, err)
			w.store.Add(sub, 8)
			_, _, err = w.store.MakeOffers(t.Context(), "round-1", "sub-s-1", []aid.Pick{{Offer: "o-sub", Volunteer: "v-3"}}, policy())
			require.NoError(t, err)
			noted := aid.Evidence{Means: aid.MeansCaseworker}
			change("sub-s-1", func(r *aid.HelpRequest) error {
				if _, err := r.Accept("o-sub", "v-3", "p-sub", "", w.now); err != nil {
					return err
				}
				if err := r.BeginService(w.now); err != nil || !test.there {
					return err
				}
				_, err := r.CheckIn(r.Visits[0].ID, noted, "", w.now)
				return err
			})
			change("s-1", func(r *aid.HelpRequest) error { _, err := r.CheckIn(visit.ID, noted, "", w.now); return err })

			_, err = w.run(contract.ActivityAdvanceStanding, contract.RequestRef{Request: "s-1"})
			require.NoError(t, err)
			require.Equal(t, test.want, w.request(t, "sub-s-1").Status)
		})
	}
}
