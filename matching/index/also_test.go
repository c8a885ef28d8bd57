package index

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// Who is asked for several windows must be free and available in each of them.
func TestEveryWindowOfAQueryMustBeFree(t *testing.T) {
	t.Parallel()
	weekly := aid.Availability{Zone: "UTC", Weekly: []aid.WeeklyHours{{Day: window(0, 1).StartsAt.Weekday(), From: 0, To: 1440}}}
	for name, test := range map[string]struct {
		change func(*Volunteer)
		want   Rule
	}{
		"free in both":              {func(*Volunteer) {}, ""},
		"a visit in the second":     {func(v *Volunteer) { v.Visits = []aid.Window{window(5, 7)} }, Time},
		"a visit between them":      {func(v *Volunteer) { v.Visits = []aid.Window{window(3, 5)} }, ""},
		"a task in the second":      {func(v *Volunteer) { v.Bound = []aid.Window{window(5, 7)} }, Time},
		"not there for the second":  {func(v *Volunteer) { v.Availability.Until = window(0, 5).EndsAt }, Time},
		"hours for both":            {func(v *Volunteer) { v.Availability = weekly }, ""},
		"one place left":            {func(v *Volunteer) { v.Bound, v.Capacity = []aid.Window{{}}, 2 }, ""},
		"no place left":             {func(v *Volunteer) { v.Bound = []aid.Window{{}} }, Capacity},
		"visits take no place away": {func(v *Volunteer) { v.Visits = []aid.Window{window(3, 4), window(8, 9)} }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := New()
			v := Volunteer{ID: "v", Home: aid.Point{Lat: 45, Lng: 126}, Capacity: 1, MaxDistance: 1000}
			test.change(&v)
			require.NoError(t, x.Upsert(v))
			q := Query{Place: v.Home, Window: window(1, 2), Also: []aid.Window{window(6, 7)}}
			verdict, err := x.Explain(q, "v")
			require.NoError(t, err)
			require.Equal(t, test.want, verdict.Fails)
		})
	}
}

// Whoever stands in for one visit of a pairing is not free for all of them, and is
// waited for: the search does not end as if there were nobody.
func TestWhoIsBookedForOneWindowIsBusy(t *testing.T) {
	t.Parallel()
	x := New()
	v := Volunteer{ID: "v", Home: aid.Point{Lat: 45, Lng: 126}, Capacity: 2, MaxDistance: 1000, Bound: []aid.Window{window(6, 7)}}
	require.NoError(t, x.Upsert(v))
	tally, err := x.Reasons(Query{Place: v.Home, Window: window(1, 2), Also: []aid.Window{window(6, 7), window(11, 12)}}, nil)
	require.NoError(t, err)
	require.Equal(t, Tally{Reasons: aid.ReasonCounts{Time: 1}, Busy: 1}, tally)
}
