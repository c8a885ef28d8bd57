package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// TestWhoWillBeAwayIsWithdrawnFromWhatIsThen, so that somebody else is found, and
// from nothing else.
func TestWhoWillBeAwayIsWithdrawnFromWhatIsThen(t *testing.T) {
	t.Parallel()
	w := crew(t, 1)
	u := w.UseCases()
	r, err := w.Request(t.Context(), "r-1")
	require.NoError(t, err)
	day := aid.DateOf(r.Window.StartsAt)
	later := aid.DateRange{From: aid.Date{Year: day.Year + 1, Month: 1, Day: 1}, To: aid.Date{Year: day.Year + 1, Month: 1, Day: 2}}
	_, err = u.Volunteers.AddAbsence(t.Context(), as(aid.RoleVolunteer), "v-1", later)
	require.NoError(t, err)
	require.Equal(t, aid.PairingConfirmed, pairings(t, w, aid.RoleVolunteer)[0].Status)
	for range 2 { // again changes nothing
		_, err = u.Volunteers.AddAbsence(t.Context(), as(aid.RoleVolunteer), "v-1", aid.DateRange{From: day, To: day})
		require.NoError(t, err)
		left := pairings(t, w, aid.RoleVolunteer)[0]
		require.Equal(t, aid.PairingWithdrawn, left.Status)
		require.Equal(t, "busy", left.Reason)
	}
}
