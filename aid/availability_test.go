package aid_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

func TestAvailabilityValidate(t *testing.T) {
	t.Parallel()
	may := func(day int) aid.Date { return aid.Date{Year: 2026, Month: time.May, Day: day} }
	for name, test := range map[string]struct {
		availability aid.Availability
		want         []string
	}{
		"always": {aid.Availability{}, nil},
		"all given": {aid.Availability{
			Zone: "Asia/Shanghai", Weekly: []aid.WeeklyHours{{time.Sunday, 0, 1440}, {time.Saturday, 1, 2}},
			Away: []aid.DateRange{{may(4), may(4)}}, From: noon, Until: noon.Add(1),
		}, nil},
		"unknown zone":      {aid.Availability{Zone: "Asia/Harbour"}, []string{"zone"}},
		"a path as zone":    {aid.Availability{Zone: "../../etc/passwd"}, []string{"zone"}},
		"a machine's zone":  {aid.Availability{Zone: "Local"}, []string{"zone"}},
		"day out of range":  {aid.Availability{Weekly: []aid.WeeklyHours{{7, 0, 60}, {-1, 0, 60}}}, []string{"weekly[0].day", "weekly[1].day"}},
		"hours reversed":    {aid.Availability{Weekly: []aid.WeeklyHours{{1, 60, 60}, {1, 120, 60}}}, []string{"weekly[0]", "weekly[1]"}},
		"hours off the day": {aid.Availability{Weekly: []aid.WeeklyHours{{1, -1, 60}, {1, 60, 1441}}}, []string{"weekly[0]", "weekly[1]"}},
		"away reversed":     {aid.Availability{Away: []aid.DateRange{{may(4), may(5)}, {may(5), may(4)}}}, []string{"away[1].to"}},
		"away for ever":     {aid.Availability{Away: []aid.DateRange{{may(4), aid.Date{Year: 9999, Month: 12, Day: 31}}}}, []string{"away[0].to"}},
		"another age":       {aid.Availability{From: time.Date(aid.FirstYear-1, 12, 31, 0, 0, 0, 0, time.UTC), Until: time.Date(aid.LastYear+1, 1, 1, 0, 0, 0, 0, time.UTC)}, []string{"from", "until"}},
		"bounds reversed":   {aid.Availability{From: noon, Until: noon}, []string{"until"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, fields(t, test.availability.Validate()))
		})
	}
}

// span reads a window from two instants in RFC 3339.
func span(t *testing.T, from, to string) aid.Window {
	t.Helper()
	start, err := time.Parse(time.RFC3339, from)
	require.NoError(t, err)
	end, err := time.Parse(time.RFC3339, to)
	require.NoError(t, err)
	return aid.Window{StartsAt: start, EndsAt: end}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	at := func(from, to int, days ...time.Weekday) (out []aid.WeeklyHours) {
		for _, d := range days {
			out = append(out, aid.WeeklyHours{Day: d, From: from, To: to})
		}
		return out
	}
	day := func(y, m, d int) aid.Date { return aid.Date{Year: y, Month: time.Month(m), Day: d} }
	weekend := at(0, 1440, time.Saturday, time.Sunday)

	type want map[[2]string]bool
	for name, test := range map[string]struct {
		availability aid.Availability
		want         want
	}{
		"nothing said means always": {aid.Availability{Zone: "Nowhere/AtAll"}, want{
			{"2026-05-04T00:00:00Z", "2026-05-30T00:00:00Z"}: true,
		}},
		"bounds": {aid.Availability{From: noon, Until: noon.Add(2 * time.Hour)}, want{
			{"2026-05-04T12:00:00Z", "2026-05-04T14:00:00Z"}: true,
			{"2026-05-04T11:59:59Z", "2026-05-04T14:00:00Z"}: false,
			{"2026-05-04T12:00:00Z", "2026-05-04T14:00:01Z"}: false,
		}},
		"Monday morning in Harbin": {aid.Availability{Zone: "Asia/Shanghai", Weekly: at(540, 720, time.Monday)}, want{
			{"2026-05-04T09:00:00+08:00", "2026-05-04T12:00:00+08:00"}: true,
			{"2026-05-04T01:00:00Z", "2026-05-04T04:00:00Z"}:           true,
			{"2026-05-04T08:59:59+08:00", "2026-05-04T10:00:00+08:00"}: false,
			{"2026-05-04T11:00:00+08:00", "2026-05-04T12:00:01+08:00"}: false,
			{"2026-05-04T09:00:00Z", "2026-05-04T12:00:00Z"}:           false,
			{"2026-05-05T09:00:00+08:00", "2026-05-05T12:00:00+08:00"}: false,
			{"2026-05-04T09:00:00+08:00", "2026-05-11T12:00:00+08:00"}: false,
		}},
		"no zone is the common one": {aid.Availability{Weekly: at(540, 720, time.Monday)}, want{
			{"2026-05-04T09:00:00+08:00", "2026-05-04T12:00:00+08:00"}: true,
			{"2026-05-04T09:00:00Z", "2026-05-04T12:00:00Z"}:           false,
		}},
		"hours that touch on one day": {aid.Availability{Zone: "UTC", Weekly: append(at(540, 720, time.Monday), at(720, 780, time.Monday)...)}, want{
			{"2026-05-04T09:00:00Z", "2026-05-04T13:00:00Z"}: true,
			{"2026-05-04T09:00:00Z", "2026-05-04T13:00:01Z"}: false,
		}},
		"a gap of one minute": {aid.Availability{Zone: "UTC", Weekly: append(at(540, 719, time.Monday), at(720, 780, time.Monday)...)}, want{
			{"2026-05-04T09:00:00Z", "2026-05-04T13:00:00Z"}: false,
			{"2026-05-04T12:00:00Z", "2026-05-04T13:00:00Z"}: true,
		}},
		"hours that overlap": {aid.Availability{Zone: "UTC", Weekly: append(at(540, 700, time.Monday), at(600, 780, time.Monday)...)}, want{
			{"2026-05-04T09:00:00Z", "2026-05-04T13:00:00Z"}: true,
		}},
		"across midnight, and the week's end": {aid.Availability{Zone: "UTC", Weekly: append(at(1320, 1440, time.Saturday), at(0, 120, time.Sunday)...)}, want{
			{"2026-05-09T22:00:00Z", "2026-05-10T02:00:00Z"}: true,
			{"2026-05-09T22:00:00Z", "2026-05-10T02:00:01Z"}: false,
			{"2026-05-10T22:00:00Z", "2026-05-11T01:00:00Z"}: false,
		}},
		"away": {aid.Availability{Zone: "Asia/Shanghai", Away: []aid.DateRange{{day(2026, 5, 5), day(2026, 5, 6)}}}, want{
			{"2026-05-04T20:00:00+08:00", "2026-05-05T00:00:00+08:00"}: true,
			{"2026-05-04T20:00:00+08:00", "2026-05-05T00:00:01+08:00"}: false,
			{"2026-05-06T23:59:59+08:00", "2026-05-07T09:00:00+08:00"}: false,
			{"2026-05-07T00:00:00+08:00", "2026-05-07T09:00:00+08:00"}: true,
			{"2026-05-01T00:00:00+08:00", "2026-05-20T00:00:00+08:00"}: false,
		}},
		"away beats weekly hours": {aid.Availability{Zone: "UTC", Weekly: weekend, Away: []aid.DateRange{{day(2026, 5, 9), day(2026, 5, 9)}}}, want{
			{"2026-05-09T10:00:00Z", "2026-05-09T11:00:00Z"}: false,
			{"2026-05-10T10:00:00Z", "2026-05-10T11:00:00Z"}: true,
		}},
		"an unknown zone with hours covers nothing": {aid.Availability{Zone: "Nowhere/AtAll", Weekly: weekend}, want{
			{"2026-05-09T10:00:00Z", "2026-05-09T11:00:00Z"}: false,
		}},
		// 29 March 2026, Berlin: the clock goes from 02:00 to 03:00.
		"spring in Berlin, all day": {aid.Availability{Zone: "Europe/Berlin", Weekly: weekend}, want{
			{"2026-03-28T00:00:00+01:00", "2026-03-30T00:00:00+02:00"}: true,
			{"2026-03-28T00:00:00+01:00", "2026-03-30T00:00:01+02:00"}: false,
		}},
		"spring in Berlin, to an hour that is skipped": {aid.Availability{Zone: "Europe/Berlin", Weekly: at(60, 150, time.Sunday)}, want{
			{"2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00"}: true,
			{"2026-03-29T01:00:00+01:00", "2026-03-29T03:00:01+02:00"}: false,
			{"2026-03-29T03:00:00+02:00", "2026-03-29T03:30:00+02:00"}: false,
		}},
		"spring in Berlin, around the skipped hour": {aid.Availability{Zone: "Europe/Berlin", Weekly: append(at(60, 120, time.Sunday), at(180, 240, time.Sunday)...)}, want{
			{"2026-03-29T01:00:00+01:00", "2026-03-29T04:00:00+02:00"}: true,
			{"2026-03-22T01:00:00+01:00", "2026-03-22T04:00:00+01:00"}: false,
		}},
		// 25 October 2026, Berlin: the clock goes back from 03:00 to 02:00.
		"autumn in Berlin, to an hour that comes twice": {aid.Availability{Zone: "Europe/Berlin", Weekly: at(60, 150, time.Sunday)}, want{
			{"2026-10-25T01:00:00+02:00", "2026-10-25T02:30:00+02:00"}: true,
			{"2026-10-25T01:00:00+02:00", "2026-10-25T02:30:01+02:00"}: false,
			{"2026-10-25T02:00:00+01:00", "2026-10-25T02:30:00+01:00"}: true,
			{"2026-10-25T02:00:00+01:00", "2026-10-25T02:30:01+01:00"}: false,
		}},
		"autumn in Berlin, over an hour that comes twice": {aid.Availability{Zone: "Europe/Berlin", Weekly: at(60, 240, time.Sunday)}, want{
			{"2026-10-25T01:00:00+02:00", "2026-10-25T04:00:00+01:00"}: true,
			{"2026-10-25T01:00:00+02:00", "2026-10-25T04:00:01+01:00"}: false,
		}},
		// 8 March 2026, New York: the clock goes from 02:00 to 03:00.
		"spring in New York, to an hour that is skipped": {aid.Availability{Zone: "America/New_York", Weekly: at(0, 150, time.Sunday)}, want{
			{"2026-03-08T00:30:00-05:00", "2026-03-08T01:59:00-05:00"}: true,
			{"2026-03-08T00:30:00-05:00", "2026-03-08T03:00:00-04:00"}: true,
			{"2026-03-08T00:30:00-05:00", "2026-03-08T03:00:01-04:00"}: false,
		}},
		// 1 November 2026, New York: the clock goes back from 02:00 to 01:00.
		"autumn in New York, to an hour that comes twice": {aid.Availability{Zone: "America/New_York", Weekly: at(0, 90, time.Sunday)}, want{
			{"2026-11-01T00:00:00-04:00", "2026-11-01T01:30:00-04:00"}: true,
			{"2026-11-01T00:00:00-04:00", "2026-11-01T01:30:01-04:00"}: false,
			{"2026-11-01T01:00:00-05:00", "2026-11-01T01:30:00-05:00"}: true,
		}},
		// 8 March 2026, Havana: the clock goes from midnight to 01:00.
		"a day without midnight": {aid.Availability{Zone: "America/Havana", Weekly: weekend, Away: []aid.DateRange{{day(2026, 4, 1), day(2026, 4, 1)}}}, want{
			{"2026-03-07T12:00:00-05:00", "2026-03-08T12:00:00-04:00"}: true,
			{"2026-03-07T23:30:00-05:00", "2026-03-08T01:30:00-04:00"}: true,
		}},
		"away on a day without midnight": {aid.Availability{Zone: "America/Havana", Away: []aid.DateRange{{day(2026, 3, 8), day(2026, 3, 8)}}}, want{
			{"2026-03-07T12:00:00-05:00", "2026-03-08T01:00:00-04:00"}: true,
			{"2026-03-07T12:00:00-05:00", "2026-03-08T01:00:01-04:00"}: false,
			{"2026-03-08T23:59:00-04:00", "2026-03-09T00:30:00-04:00"}: false,
			{"2026-03-09T00:00:00-04:00", "2026-03-09T00:30:00-04:00"}: true,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for w, covered := range test.want {
				require.Equal(t, covered, test.availability.Covers(span(t, w[0], w[1])), "%s to %s", w[0], w[1])
			}
		})
	}
}

// TestCoversAgreesWithTheWallClock holds the walk over stretches against the
// definition: every minute of the window shows a time on the wall that some
// weekly hours hold, on a day that is not away.
func TestCoversAgreesWithTheWallClock(t *testing.T) {
	t.Parallel()
	zones := []string{"UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "America/Havana", "Asia/Kathmandu", "Australia/Lord_Howe"}
	changes := []time.Time{
		time.Date(2026, 3, 8, 5, 0, 0, 0, time.UTC), time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC),
		time.Date(2026, 4, 4, 15, 0, 0, 0, time.UTC), time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC),
		time.Date(2026, 11, 1, 6, 0, 0, 0, time.UTC), noon,
	}
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		loc, err := time.LoadLocation(zone)
		require.NoError(t, err)
		start := rapid.SampledFrom(changes).Draw(t, "near").Add(time.Duration(rapid.IntRange(-2000, 2000).Draw(t, "start")) * time.Minute)
		w := aid.Window{StartsAt: start, EndsAt: start.Add(time.Duration(rapid.IntRange(1, 900).Draw(t, "minutes")) * time.Minute)}

		// Hours in multiples of thirty minutes, mostly long, so that both answers occur.
		a := aid.Availability{Zone: zone}
		for day := range time.Weekday(7) {
			for range rapid.IntRange(1, 2).Draw(t, "stretches") {
				from := rapid.IntRange(0, 8).Draw(t, "from") * 30
				to := rapid.IntRange(36, 48).Draw(t, "to") * 30
				a.Weekly = append(a.Weekly, aid.WeeklyHours{Day: day, From: from, To: to})
			}
		}
		if rapid.Bool().Draw(t, "away") {
			day := aid.DateOf(start.In(loc).AddDate(0, 0, rapid.IntRange(-1, 2).Draw(t, "away from")))
			a.Away = []aid.DateRange{{From: day, To: day}}
		}
		require.NoError(t, a.Validate())

		want := true
		for at := w.StartsAt; at.Before(w.EndsAt); at = at.Add(time.Minute) {
			want = want && onTheWall(a, at.In(loc))
		}
		require.Equal(t, want, a.Covers(w), "%+v over %v to %v", a, w.StartsAt.In(loc), w.EndsAt.In(loc))
	})
}

func onTheWall(a aid.Availability, at time.Time) bool {
	for _, r := range a.Away {
		if d := aid.DateOf(at); d.Compare(r.From) >= 0 && d.Compare(r.To) <= 0 {
			return false
		}
	}
	for _, h := range a.Weekly {
		if minute := at.Hour()*60 + at.Minute(); h.Day == at.Weekday() && minute >= h.From && minute < h.To {
			return true
		}
	}
	return false
}
