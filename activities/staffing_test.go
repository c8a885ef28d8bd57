package activities

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
)

var dropped = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// lacking is a cohort some kilometres north, whose trainer t-0 has dropped out, and that
// begins after some days.
func lacking(t *testing.T, id training.CohortID, km float64, days int) *training.Cohort {
	t.Helper()
	from := dropped.AddDate(0, 0, days)
	c := training.New(id, training.Plan{
		Course: "care", Trainers: []aid.AccountID{"t-0"}, Capacity: 2, Location: aid.Point{Lat: 45 + km/111.195, Lng: 126},
		Sessions: []training.Session{{During: aid.Window{StartsAt: from, EndsAt: from.Add(2 * time.Hour)}}},
	}, training.Definition{}, "/hlj/harbin/", "t-0", dropped)
	require.NoError(t, c.DropOut("t-0", "ill", "t-0", dropped))
	return c
}

// lecturer lives some kilometres north and takes a cohort a month within 20 km.
func lecturer(id aid.AccountID, km float64) training.Trainer {
	return training.Trainer{
		Account: id, Home: aid.Point{Lat: 45 + km/111.195, Lng: 126}, MaxDistance: 20_000, Monthly: 1, Courses: []aid.CourseID{"care"}, Areas: []aid.AreaPath{"/hlj/"},
	}
}

func asked(all ...*training.Cohort) (out []string) {
	for _, c := range all {
		for _, a := range c.Asks {
			out = append(out, fmt.Sprintf("%s: %s", c.ID, a.Trainer))
		}
	}
	return out
}

// TestTheBestForAllIsNotTheNearestForOne: t-1 is nearest to both cohorts, and the only
// one within reach of the second.
func TestTheBestForAllIsNotTheNearestForOne(t *testing.T) {
	t.Parallel()
	one, two := lacking(t, "k-1", 0, 10), lacking(t, "k-2", 15, 11)
	trainers := []training.Trainer{lecturer("t-1", 1), lecturer("t-2", -8)}
	require.NoError(t, staff(t.Context(), []*training.Cohort{one, two}, trainers, dropped))
	require.Equal(t, []string{"k-1: t-2", "k-2: t-1"}, asked(one, two))
	require.Equal(t, int64(8000), one.Asks[0].Distance)
	require.Empty(t, trainers[0].Taken, "what it was given stays as it was")
}

// TestWhoTakesMoreIsAskedForMore, within their limit and not at one time.
func TestWhoTakesMoreIsAskedForMore(t *testing.T) {
	t.Parallel()
	all := []*training.Cohort{lacking(t, "k-1", 0, 10), lacking(t, "k-2", 1, 11), lacking(t, "k-3", 2, 12), lacking(t, "k-4", 3, 10)}
	only := lecturer("t-1", 0)
	only.Monthly = 2
	require.NoError(t, staff(t.Context(), all, []training.Trainer{only}, dropped))
	require.Equal(t, []string{"k-1: t-1", "k-2: t-1"}, asked(all...), "the nearest two")
	require.Equal(t, aid.ReasonCounts{Capacity: 1}, all[2].Unmet)
	require.Equal(t, aid.ReasonCounts{Time: 1}, all[3].Unmet)
}

// TestWhyNobodyIsLeftIsCounted, each trainer by the first rule that keeps them away.
func TestWhyNobodyIsLeftIsCounted(t *testing.T) {
	t.Parallel()
	c := lacking(t, "k-1", 0, 10)
	e := c.Engagement(dropped)
	with := func(id aid.AccountID, change func(*training.Trainer)) training.Trainer {
		l := lecturer(id, 0)
		change(&l)
		return l
	}
	trainers := []training.Trainer{
		lecturer("t-0", 0),
		with("t-1", func(l *training.Trainer) { l.Courses = []aid.CourseID{"basics"} }),
		lecturer("t-2", 21), lecturer("t-3", -21),
		with("t-4", func(l *training.Trainer) { l.Areas = []aid.AreaPath{"/hlj/daqing/"} }),
		with("t-5", func(l *training.Trainer) { l.Taken = []training.Engagement{{Cohort: "k-9", Sessions: e.Sessions}} }),
		with("t-6", func(l *training.Trainer) { l.Taken = []training.Engagement{{Cohort: "k-9", Month: e.Month}} }),
	}
	c.Tellings = nil
	require.NoError(t, staff(t.Context(), []*training.Cohort{c}, trainers, dropped))
	require.Equal(t, aid.ReasonCounts{Asked: 1, Course: 1, TooFar: 3, Time: 1, Capacity: 1}, c.Unmet)
	require.Len(t, c.Tellings, 1)
	require.Equal(t, aid.NoticeTrainerMissing, c.Tellings[0].Kind)
	require.Empty(t, c.Asks)
}
