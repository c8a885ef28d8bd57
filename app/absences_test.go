package app_test

import (
	"testing"
	"time"

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

// TestAbsencesThatAreSlipsAreRefused: those that are over, by the volunteer's own
// calendar, and those of another age.
func TestAbsencesThatAreSlipsAreRefused(t *testing.T) {
	t.Parallel()
	w := crew(t, 1) // it is 08:00 UTC on 2 November 2026
	day := func(y, m, d int) aid.Date { return aid.Date{Year: y, Month: time.Month(m), Day: d} }
	for name, test := range map[string]struct {
		away aid.DateRange
		zone string
		want []string
	}{
		"begun and not over": {aid.DateRange{From: day(2026, 10, 1), To: day(2026, 11, 2)}, "", nil},
		"over":               {aid.DateRange{From: day(2026, 10, 1), To: day(2026, 11, 1)}, "", []string{"to"}},
		"over but not there": {aid.DateRange{From: day(2026, 11, 1), To: day(2026, 11, 1)}, "Pacific/Pago_Pago", nil},
		"another age":        {aid.DateRange{From: day(2026, 12, 1), To: day(9999, 12, 31)}, "", []string{"to"}},
		"all another age":    {aid.DateRange{From: day(9999, 1, 1), To: day(9999, 12, 31)}, "", []string{"from", "to"}},
		"reversed":           {aid.DateRange{From: day(2026, 12, 2), To: day(2026, 12, 1)}, "", []string{"to"}},
	} {
		v, err := w.Volunteer(t.Context(), "v-2")
		require.NoError(t, err)
		v.Availability = aid.Availability{Zone: test.zone}
		require.NoError(t, w.UpdateVolunteer(t.Context(), v))
		_, err = w.UseCases().Volunteers.AddAbsence(t.Context(), as(aid.RoleCoordinator), "v-2", test.away)
		if test.want == nil {
			require.NoError(t, err, name)
			continue
		}
		require.Equal(t, test.want, fields(t, err), name)
	}
}
