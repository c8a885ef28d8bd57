package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// TestAPersonChoosesWhomARequestAsks, within capacity, bookings and the budget.
func TestAPersonChoosesWhomARequestAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v", 5)
	w.volunteer("other", 5)
	w.request("r1", w.need(1, 3))
	w.request("same-time", w.need(1, 3))
	assign := func(r aid.RequestID, v aid.VolunteerID, l aid.OfferLimits) (aid.Offer, error) {
		return w.AssignVolunteer(t.Context(), r, picks(r, v)[0], "c1", limited(l))
	}
	_, err := assign("r1", "v", aid.OfferLimits{Pending: 5, Weekly: 5, Quiet: aid.QuietHours{From: minuteOf(w.now, -5), To: minuteOf(w.now, 60)}})
	require.Equal(t, aid.ReasonNotEligible, aid.ReasonOf(err), "a quiet hour")
	require.Empty(t, w.read("r1").Offers)
	o, err := assign("r1", "v", roomy)
	require.NoError(t, err)
	again, err := assign("r1", "v", roomy)
	require.NoError(t, err)
	require.Equal(t, o.ID, again.ID, "the same offer again is no error, though it binds them now")
	require.Equal(t, 1, w.count("SELECT count(*) FROM outbox WHERE kind = 'request_changed' AND key = 'r1'"))
	_, err = assign("same-time", "v", roomy)
	require.Equal(t, aid.ReasonNotEligible, aid.ReasonOf(err), "booked")

	_, err = w.Choose(t.Context(), "r1", func(r *aid.HelpRequest, now time.Time) error { return r.Exclude("v", "c1", now) })
	require.NoError(t, err)
	require.Equal(t, []aid.VolunteerID{"v"}, w.read("r1").Excluded)
	made, refused, err := w.MakeOffers(t.Context(), "round-1", "r1", picks("r1", "v", "other"), limited(roomy))
	require.NoError(t, err)
	require.Empty(t, refused)
	require.Len(t, made, 1)
	require.Equal(t, aid.VolunteerID("other"), made[0].Volunteer)
	_, err = w.Choose(t.Context(), "r1", func(r *aid.HelpRequest, now time.Time) error { return r.Readmit("v", "c1", now) })
	require.NoError(t, err)
	require.Empty(t, w.read("r1").Excluded)
	w.sound()
}
