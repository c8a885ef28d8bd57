package aid_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC) // a Monday

// hours is the window from a number of hours after noon to another.
func hours(from, to float64) aid.Window {
	at := func(h float64) time.Time { return noon.Add(time.Duration(h * float64(time.Hour))) }
	return aid.Window{StartsAt: at(from), EndsAt: at(to)}
}

func TestWindowValidate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		window aid.Window
		want   []string
	}{
		"two hours":      {hours(0, 2), nil},
		"longest":        {hours(0, 31*24), nil},
		"too long":       {hours(0, 31*24+0.01), []string{"ends_at"}},
		"empty":          {hours(1, 1), []string{"ends_at"}},
		"reversed":       {hours(2, 1), []string{"ends_at"}},
		"nothing given":  {aid.Window{}, []string{"starts_at", "ends_at"}},
		"no end":         {aid.Window{StartsAt: noon}, []string{"ends_at"}},
		"no start":       {aid.Window{EndsAt: noon}, []string{"starts_at"}},
		"centuries long": {aid.Window{StartsAt: noon, EndsAt: noon.AddDate(900, 0, 0)}, []string{"ends_at"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, fields(t, test.window.Validate()))
		})
	}
}

func TestWindowsAreHalfOpen(t *testing.T) {
	t.Parallel()
	w := hours(0, 2)
	for name, test := range map[string]struct {
		other              aid.Window
		overlaps, contains bool
	}{
		"itself":        {hours(0, 2), true, true},
		"inside":        {hours(0.5, 1), true, true},
		"wider":         {hours(-1, 3), true, false},
		"over its end":  {hours(1, 3), true, false},
		"touches end":   {hours(2, 3), false, false},
		"touches start": {hours(-1, 0), false, false},
		"apart":         {hours(5, 6), false, false},
	} {
		require.Equal(t, test.overlaps, w.Overlaps(test.other), "%s overlaps", name)
		require.Equal(t, test.overlaps, test.other.Overlaps(w), "%s overlaps, the other way round", name)
		require.Equal(t, test.contains, w.Contains(test.other), "%s contains", name)
	}
}

func TestDateReadsAndWrites(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]aid.Date{
		"2026-05-31": {2026, time.May, 31},
		"2028-02-29": {2028, time.February, 29},
	} {
		got, err := aid.ParseDate(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Equal(t, text, got.String())
	}
	for _, text := range []string{"", "2026-5-31", "31.05.2026", "2026-02-29", "2026-13-01", "2026-05-31T00:00:00Z", "tomorrow"} {
		_, err := aid.ParseDate(text)
		require.Equal(t, aid.Invalid, aid.KindOf(err), "%q", text)
	}
}

func TestDateInJSON(t *testing.T) {
	t.Parallel()
	held := aid.CourseHeld{Course: "first_aid", Until: aid.Date{Year: 2026, Month: time.May, Day: 31}}
	text, err := json.Marshal([]aid.CourseHeld{held, {Course: "basics"}})
	require.NoError(t, err)
	require.JSONEq(t, `[{"course":"first_aid","until":"2026-05-31"},{"course":"basics"}]`, string(text))

	var back []aid.CourseHeld
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, []aid.CourseHeld{held, {Course: "basics"}}, back)

	kept := held.Until
	require.Error(t, kept.UnmarshalText([]byte("soon")))
	require.Equal(t, held.Until, kept, "a date that cannot be read leaves the old one")
	require.NoError(t, kept.UnmarshalText(nil))
	require.True(t, kept.IsZero())
	none, err := kept.MarshalText()
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestDatesAreOrderedLikeDays(t *testing.T) {
	t.Parallel()
	day := rapid.Custom(func(t *rapid.T) time.Time {
		return time.Date(2020, 1, 1+rapid.IntRange(0, 5000).Draw(t, "days"), 0, 0, 0, 0, time.UTC)
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := day.Draw(t, "a"), day.Draw(t, "b")
		got := aid.DateOf(a).Compare(aid.DateOf(b))
		require.Equal(t, a.Before(b), got < 0)
		require.Equal(t, a.Equal(b), got == 0)
	})
}

func TestDateOfIsTheCivilDayWhereTheClockHangs(t *testing.T) {
	t.Parallel()
	evening := time.Date(2026, 5, 4, 20, 0, 0, 0, time.UTC)
	require.Equal(t, aid.Date{Year: 2026, Month: time.May, Day: 4}, aid.DateOf(evening))
	require.Equal(t, aid.Date{Year: 2026, Month: time.May, Day: 5}, aid.DateOf(evening.In(time.FixedZone("CST", 8*3600))))
}
