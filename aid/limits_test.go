package aid_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

func TestQuietHours(t *testing.T) {
	t.Parallel()
	night, noon, none := aid.QuietHours{From: 22 * 60, To: 7 * 60}, aid.QuietHours{From: 12 * 60, To: 13*60 + 30}, aid.QuietHours{}
	for _, c := range []struct {
		hours aid.QuietHours
		clock string
		quiet bool
	}{
		{night, "21:59", false},
		{night, "22:00", true},
		{night, "00:00", true},
		{night, "06:59", true},
		{night, "07:00", false},
		{noon, "11:59", false},
		{noon, "12:00", true},
		{noon, "13:29", true},
		{noon, "13:30", false},
		{none, "00:00", false},
		{none, "12:00", false},
	} {
		at, err := time.Parse("15:04", c.clock)
		require.NoError(t, err)
		require.Equal(t, c.quiet, c.hours.Hold(at), "%v at %s", c.hours, c.clock)
	}
}

// TestQuietHoursAreThoseOfTheirZone: the same instant is night for one and day
// for another, and the clocks' change moves the night with it.
func TestQuietHoursAreThoseOfTheirZone(t *testing.T) {
	t.Parallel()
	b, l := aid.Budget{}, aid.OfferLimits{Pending: 1, Weekly: 1, Quiet: aid.QuietHours{From: 22 * 60, To: 7 * 60}}
	at := time.Date(2026, 1, 15, 15, 0, 0, 0, time.UTC)
	require.True(t, b.Rests(l, "Asia/Shanghai", at), "23:00 there")
	require.False(t, b.Rests(l, "Europe/Berlin", at), "16:00 there")
	require.True(t, b.Rests(l, "", at), "23:00 where whoever says nothing is taken to be")
	require.False(t, b.Rests(l, "Nowhere/Land", at), "UTC stands for a zone that there is not")
	six := time.Date(2026, 1, 15, 6, 30, 0, 0, time.UTC)
	require.False(t, b.Rests(l, "Europe/Berlin", six), "07:30 in winter")
	require.True(t, b.Rests(l, "Europe/London", six))
	require.False(t, b.Rests(l, "Europe/London", six.AddDate(0, 6, 0)), "07:30 in summer")
}

func TestLimitsThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	require.NoError(t, aid.DefaultOfferLimits().Validate())
	for field, l := range map[string]aid.OfferLimits{
		"pending":    {Pending: 0, Weekly: 1},
		"weekly":     {Pending: 1, Weekly: 101},
		"quiet.from": {Pending: 1, Weekly: 1, Quiet: aid.QuietHours{From: -1}},
		"quiet.to":   {Pending: 1, Weekly: 1, Quiet: aid.QuietHours{To: 1440}},
		"cool_down":  {Pending: 1, Weekly: 1, CoolDown: 31 * 24 * time.Hour},
	} {
		require.Equal(t, []string{field}, fields(t, l.Validate()))
	}
}

func TestOwnLimitsStandOverTheDefaults(t *testing.T) {
	t.Parallel()
	d := aid.DefaultOfferLimits()
	require.Equal(t, d, aid.OwnLimits{}.Over(d))
	two, quiet, none := 2, aid.QuietHours{From: 60, To: 120}, time.Duration(0)
	require.Equal(t, aid.OfferLimits{Pending: 2, Weekly: d.Weekly, Quiet: quiet},
		aid.OwnLimits{Pending: &two, Quiet: &quiet, CoolDown: &none}.Over(d))
}

func TestWhenAVolunteerRests(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	ago := func(hours int) time.Time { return now.Add(-time.Duration(hours) * time.Hour) }
	l := aid.OfferLimits{Pending: 2, Weekly: 3, CoolDown: 2 * time.Hour}
	one := 1
	for name, c := range map[string]struct {
		budget aid.Budget
		until  time.Time // zero: may be asked
	}{
		"nothing asked":             {aid.Budget{}, time.Time{}},
		"room for one more":         {aid.Budget{Pending: 1, Recent: []time.Time{ago(1), ago(2)}}, time.Time{}},
		"as many wait as they take": {aid.Budget{Pending: 2}, aid.Indefinitely},
		"they take fewer":           {aid.Budget{Own: aid.OwnLimits{Pending: &one}, Pending: 1}, aid.Indefinitely},
		"a full week":               {aid.Budget{Recent: []time.Time{ago(1), ago(2), ago(5)}}, ago(5).Add(aid.Week)},
		"more than a full week":     {aid.Budget{Recent: []time.Time{ago(1), ago(2), ago(5), ago(6)}}, ago(5).Add(aid.Week)},
		"declined just now":         {aid.Budget{Declined: ago(1)}, ago(-1)},
		"busy until tomorrow":       {aid.Budget{Parks: []aid.Park{{Kind: aid.ParkBusy, Until: ago(-24)}}}, ago(-24)},
		"the latest end counts":     {aid.Budget{Declined: ago(1), Parks: []aid.Park{{Kind: aid.ParkBusy, Until: ago(-24)}}}, ago(-24)},
		"one category is no rest":   {aid.Budget{Parks: []aid.Park{{Kind: aid.ParkNotComfortable, Category: "bathing"}}}, time.Time{}},
	} {
		require.Equal(t, c.until, c.budget.RestsUntil(l), name)
		require.Equal(t, !c.until.IsZero(), c.budget.Rests(l, "", now), name)
		if !c.until.IsZero() && c.until != aid.Indefinitely {
			require.False(t, c.budget.Rests(l, "", c.until), "%s: the end is no rest any more", name)
		}
	}
}

func TestParksOfACategoryEndAtADistance(t *testing.T) {
	t.Parallel()
	b := aid.Budget{Parks: []aid.Park{
		{Kind: aid.ParkTooFar, Category: "shopping", Within: 800},
		{Kind: aid.ParkNotComfortable, Category: "bathing"},
		{Kind: aid.ParkBusy},
	}}
	require.True(t, b.Takes("shopping", 799))
	require.False(t, b.Takes("shopping", 800))
	require.False(t, b.Takes("bathing", 0))
	require.True(t, b.Takes("reading", 100_000))
	require.True(t, b.Takes("", 0))
}

// TestAWeekHoldsNoMoreOffersThanItsLimit plays offers that are made whenever the
// budget has room, and counts every seven days of them.
func TestAWeekHoldsNoMoreOffersThanItsLimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := aid.OfferLimits{Pending: rapid.IntRange(1, 3).Draw(t, "pending"), Weekly: rapid.IntRange(1, 5).Draw(t, "weekly"), CoolDown: rapid.SampledFrom([]time.Duration{0, time.Hour, 50 * time.Hour}).Draw(t, "cool-down")}
		now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
		var offers []aid.Offer
		for range 120 {
			now = now.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "hours")) * time.Hour)
			var b aid.Budget
			b.Count(offers, "v")
			if !b.Rests(l, "", now) {
				offers = append(offers, aid.Offer{Volunteer: "v", Status: aid.OfferPending, MadeAt: now})
			}
			for i := range offers {
				if o := &offers[i]; o.Status == aid.OfferPending && rapid.IntRange(0, 2).Draw(t, "answer") == 0 {
					o.Status, o.AnsweredAt = rapid.SampledFrom([]aid.OfferStatus{aid.OfferAccepted, aid.OfferDeclined, aid.OfferExpired}).Draw(t, "status"), now
				}
			}
		}
		for i, first := range offers {
			inWeek, pending := 0, 0
			for _, o := range offers[i:] {
				if o.MadeAt.Before(first.MadeAt.Add(aid.Week)) {
					inWeek++
				}
			}
			for _, o := range offers[:i] {
				if o.AnsweredAt.IsZero() || o.AnsweredAt.After(first.MadeAt) {
					pending++
				}
				if o.Status == aid.OfferDeclined && o.AnsweredAt.Before(first.MadeAt) {
					require.GreaterOrEqual(t, first.MadeAt.Sub(o.AnsweredAt), l.CoolDown)
				}
			}
			require.LessOrEqual(t, inWeek, l.Weekly)
			require.Less(t, pending, l.Pending)
		}
	})
}
