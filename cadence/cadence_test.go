package cadence_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/cadence"
)

var now = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

func weekly(change func(*aid.Cadence)) aid.Cadence {
	c := aid.Cadence{Rule: "FREQ=WEEKLY", First: now.Add(49 * time.Hour), Minutes: 60, Zone: "Asia/Shanghai"}
	if change != nil {
		change(&c)
	}
	return c
}

func TestWhatACadenceMayNotSay(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*aid.Cadence)
		field  string
	}{
		"no rule":                   {func(c *aid.Cadence) { c.Rule = "" }, "rule"},
		"no rule at all":            {func(c *aid.Cadence) { c.Rule = "every tuesday" }, "rule"},
		"an unknown part":           {func(c *aid.Cadence) { c.Rule = "FREQ=WEEKLY;FOO=1" }, "rule"},
		"a beginning of its own":    {func(c *aid.Cadence) { c.Rule = "DTSTART:20260301T000000Z\nRRULE:FREQ=DAILY" }, "rule"},
		"every hour":                {func(c *aid.Cadence) { c.Rule = "FREQ=HOURLY" }, "rule"},
		"twice a day":               {func(c *aid.Cadence) { c.Rule = "FREQ=DAILY;BYHOUR=9,17" }, "rule"},
		"two ends":                  {func(c *aid.Cadence) { c.Rule = "FREQ=DAILY;COUNT=3;UNTIL=20261231T000000Z" }, "rule"},
		"no interval":               {func(c *aid.Cadence) { c.Rule = "FREQ=DAILY;INTERVAL=0" }, "rule"},
		"backwards":                 {func(c *aid.Cadence) { c.Rule = "FREQ=DAILY;INTERVAL=-1" }, "rule"},
		"said twice":                {func(c *aid.Cadence) { c.Rule = "FREQ=DAILY;freq=WEEKLY" }, "rule"},
		"none at all":               {func(c *aid.Cadence) { c.Rule = "FREQ=DAILY;COUNT=0" }, "rule"},
		"until the year 9999":       {func(c *aid.Cadence) { c.Rule = "FREQ=DAILY;UNTIL=99991231T000000Z" }, "rule"},
		"for ever and a day":        {func(c *aid.Cadence) { c.EndsOn = aid.Date{Year: 2990, Month: 1, Day: 1} }, "ends_on"},
		"far too many":              {func(c *aid.Cadence) { c.Rule = "FREQ=DAILY;COUNT=100000" }, "rule"},
		"a far interval":            {func(c *aid.Cadence) { c.Rule = "FREQ=YEARLY;INTERVAL=9999" }, "rule"},
		"never":                     {func(c *aid.Cadence) { c.Rule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" }, "first_visit"},
		"over before it begins":     {func(c *aid.Cadence) { c.Rule = "FREQ=DAILY;UNTIL=20250101T000000Z" }, "first_visit"},
		"a first visit on its own":  {func(c *aid.Cadence) { c.Rule = "FREQ=WEEKLY;BYDAY=SU" }, "first_visit"},
		"a first visit in the past": {func(c *aid.Cadence) { c.First = now.Add(-time.Hour) }, "first_visit"},
		"a first visit far ahead":   {func(c *aid.Cadence) { c.First = now.AddDate(2, 0, 0) }, "first_visit"},
		"no first visit":            {func(c *aid.Cadence) { c.First = time.Time{} }, "first_visit"},
		"no length":                 {func(c *aid.Cadence) { c.Minutes = 0 }, "minutes"},
		"all day":                   {func(c *aid.Cadence) { c.Minutes = 24 * 60 }, "minutes"},
		"no zone":                   {func(c *aid.Cadence) { c.Zone = "" }, "time_zone"},
		"the machine's zone":        {func(c *aid.Cadence) { c.Zone = "Local" }, "time_zone"},
		"an unknown zone":           {func(c *aid.Cadence) { c.Zone = "Asia/Linli" }, "time_zone"},
		"a review before it":        {func(c *aid.Cadence) { c.ReviewOn = aid.Date{Year: 2026, Month: 3, Day: 3} }, "review_on"},
		"an end before it":          {func(c *aid.Cadence) { c.EndsOn = aid.Date{Year: 2026, Month: 3, Day: 2} }, "ends_on"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := cadence.Read(weekly(test.change), now)
			e, ok := errors.AsType[*aid.Error](err)
			require.True(t, ok, "%v", err)
			require.Equal(t, aid.Invalid, e.Kind)
			require.Equal(t, test.field, e.Problems[0].Field, "%v", err)
		})
	}
}

func TestACadenceEndsAsItSays(t *testing.T) {
	t.Parallel()
	first := now.Add(49 * time.Hour)
	for name, test := range map[string]struct {
		change func(*aid.Cadence)
		want   time.Time
	}{
		"never":           {nil, time.Time{}},
		"by number":       {func(c *aid.Cadence) { c.Rule = "FREQ=WEEKLY;COUNT=3" }, first.Add(14*24*time.Hour + time.Hour)},
		"by time":         {func(c *aid.Cadence) { c.Rule = "FREQ=WEEKLY;UNTIL=20260318T000000Z" }, first.Add(14*24*time.Hour + time.Hour)},
		"by its last day": {func(c *aid.Cadence) { c.EndsOn = aid.Date{Year: 2026, Month: 3, Day: 10} }, first.Add(7*24*time.Hour + time.Hour)},
		"by what is first": {func(c *aid.Cadence) {
			c.Rule, c.EndsOn = "FREQ=WEEKLY;COUNT=9", aid.Date{Year: 2026, Month: 3, Day: 10}
		}, first.Add(7*24*time.Hour + time.Hour)},
	} {
		c, err := cadence.Read(weekly(test.change), now)
		require.NoError(t, err, name)
		require.Equal(t, test.want, c.Ends, name)
		visits, err := cadence.Between(c, now, now.AddDate(1, 0, 0))
		require.NoError(t, err)
		require.Equal(t, first, visits[0].StartsAt)
		if !test.want.IsZero() {
			require.Equal(t, test.want, visits[len(visits)-1].EndsAt, name)
		}
		some, err := cadence.Between(c, visits[1].StartsAt, visits[1].StartsAt.Add(time.Second))
		require.NoError(t, err)
		require.Equal(t, visits[1:2], some, "from is part of it, to is not")
	}
}

// In Berlin the clocks go forward on 29 March and back on 25 October 2026.
func TestVisitsKeepTheirTimeOnTheWall(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	for _, test := range []struct{ hour, minute int }{{9, 0}, {2, 30}} {
		c, err := cadence.Read(aid.Cadence{
			Rule: "FREQ=DAILY", First: time.Date(2026, 3, 2, test.hour, test.minute, 0, 0, berlin), Minutes: 60, Zone: "Europe/Berlin",
		}, now)
		require.NoError(t, err)
		visits, err := cadence.Between(c, now, time.Date(2026, 11, 1, 0, 0, 0, 0, berlin))
		require.NoError(t, err)
		days := map[aid.Date]bool{}
		for _, v := range visits {
			at := v.StartsAt.In(berlin)
			require.False(t, days[aid.DateOf(at)], "one visit a day")
			days[aid.DateOf(at)] = true
			require.Equal(t, time.Hour, v.EndsAt.Sub(v.StartsAt))
			if at.Month() == time.March && at.Day() == 29 && test.hour == 2 {
				continue // there is no such time on that day
			}
			require.Equal(t, []int{test.hour, test.minute}, []int{at.Hour(), at.Minute()}, "%s", at)
		}
		require.Len(t, days, 244)
	}
}

func FuzzRead(f *testing.F) {
	for _, rule := range []string{"FREQ=WEEKLY;BYDAY=TU", "FREQ=MONTHLY;BYDAY=-1FR;BYSETPOS=2", "FREQ=YEARLY;BYWEEKNO=53;BYYEARDAY=-366", "RRULE:FREQ=DAILY;COUNT=2", "FREQ=DAILY;UNTIL=x", ";;=", "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2"} {
		f.Add(rule)
	}
	f.Fuzz(func(t *testing.T, rule string) {
		c, err := cadence.Read(weekly(func(c *aid.Cadence) { c.Rule = rule }), now)
		if err != nil {
			require.Equal(t, aid.Invalid, aid.KindOf(err))
			return
		}
		visits, err := cadence.Between(c, now, now.Add(90*24*time.Hour))
		require.NoError(t, err)
		require.NotEmpty(t, visits)
		require.Equal(t, c.First, visits[0].StartsAt)
		for i := range visits[1:] {
			require.Greater(t, visits[i+1].StartsAt.Sub(visits[i].StartsAt), 12*time.Hour)
		}
	})
}
