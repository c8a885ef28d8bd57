package activities_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/workflows/contract"
)

// known is a trainer of whom something is known.
func known(id aid.AccountID, change func(*training.Trainer)) training.Busy {
	t := training.Trainer{Account: id, MaxDistance: 1000, Home: aid.Point{Lat: 45, Lng: 126}, Monthly: 2, Courses: []aid.CourseID{"one"}}
	if change != nil {
		change(&t)
	}
	return training.Busy{Account: id, Profile: &t}
}

func away(metres float64) func(*training.Trainer) {
	return func(t *training.Trainer) { t.Home.Lat += metres / 111_195 }
}

// TestWhatIsKnownOfTrainersDecides who takes a cohort, and the nearest who fits does.
func TestWhatIsKnownOfTrainersDecides(t *testing.T) {
	t.Parallel()
	june := func(day int, hours ...int) training.Engagement {
		e := training.Engagement{Cohort: "other", Month: training.MonthOf(noon)}
		for _, h := range hours {
			from := time.Date(2026, time.June, day, h, 0, 0, 0, time.UTC)
			e.Month, e.Sessions = training.MonthOf(from), append(e.Sessions, aid.Window{StartsAt: from, EndsAt: from.Add(time.Hour)})
		}
		return e
	}
	busy := func(b training.Busy, e ...training.Engagement) training.Busy { b.Taken = e; return b }
	var every []training.Engagement
	for day := 1; day <= 30; day++ {
		every = append(every, training.Engagement{Cohort: training.CohortID("c" + string(rune('a'+day))), Month: 1, Sessions: june(day, 2).Sessions})
	}
	for name, c := range map[string]struct {
		all   []training.Busy
		by    aid.AccountID
		on    string
		unmet aid.ReasonCounts
	}{
		"the nearest":                  {[]training.Busy{known("t-1", away(900)), known("t-2", away(100))}, "t-2", "2026-06-01T01:00:00Z", aid.ReasonCounts{}},
		"of one place the less busy":   {[]training.Busy{{Account: "t-1", Cohorts: 1, Profile: known("t-1", nil).Profile}, known("t-2", nil)}, "t-2", "2026-06-01T01:00:00Z", aid.ReasonCounts{}},
		"whom nothing is known of not": {[]training.Busy{{Account: "t-1"}, known("t-2", away(900))}, "t-2", "2026-06-01T01:00:00Z", aid.ReasonCounts{}},
		"but rather than nobody":       {[]training.Busy{known("t-2", away(1100)), {Account: "t-1"}}, "t-1", "2026-06-01T01:00:00Z", aid.ReasonCounts{}},
		"on a day that is free":        {[]training.Busy{busy(known("t-1", nil), june(1, 3))}, "t-1", "2026-06-02T01:00:00Z", aid.ReasonCounts{}},
		"also of whom nothing is":      {[]training.Busy{busy(training.Busy{Account: "t-1"}, june(1, 3))}, "t-1", "2026-06-02T01:00:00Z", aid.ReasonCounts{}},
		"nobody": {
			[]training.Busy{
				known("far", away(1100)), known("other course", func(t *training.Trainer) { t.Courses = []aid.CourseID{"law"} }),
				busy(known("full", nil), june(1, 3), training.Engagement{Cohort: "third", Month: june(1, 3).Month}),
				busy(known("no day", nil), every...), busy(training.Busy{Account: "nothing known"}, every...),
			}, "", "", aid.ReasonCounts{TooFar: 1, Course: 1, Capacity: 1, Time: 2},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			store := &announcing{RolloutStore: w.rollouts, staff: training.Staff{Rule: training.Definition{Version: 1}, Organisation: "org", Trainers: c.all}}
			steps := &activities.Rollouts{Store: store, Cell: func(aid.Point) (aid.Cell, error) { return 7, nil }}
			_, err := w.runRollouts(steps, contract.ActivityAnnounceCohorts, contract.RolloutAt{Rollout: "p-1", At: noon, Until: noon.AddDate(0, 0, 27)})
			require.NoError(t, err)
			if c.by == "" {
				require.Equal(t, rollout.NoTrainer, store.hindrance)
				require.Equal(t, c.unmet, store.unmet)
				return
			}
			require.Equal(t, []aid.AccountID{c.by}, store.cohort.Trainers)
			require.Equal(t, c.on, store.cohort.First().During.StartsAt.Format(time.RFC3339))
		})
	}
}

// TestThePlanOfAllCohortsDecidesWhoTakesEach: the nearer trainer of one goes to the other
// if nobody else can.
func TestThePlanOfAllCohortsDecidesWhoTakesEach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	far := func(lat float64, reach int) func(*training.Trainer) {
		return func(t *training.Trainer) { t.Home.Lat, t.MaxDistance, t.Monthly = lat, reach, 1 }
	}
	// North is at 45 degrees, south at 47: wide could take both, and is nearer to north.
	store := &announcing{RolloutStore: w.rollouts, staff: training.Staff{Rule: training.Definition{Version: 1}, Organisation: "org", Trainers: []training.Busy{
		known("wide", far(45.1, 300_000)), known("narrow", far(44.5, 100_000)),
	}}}
	steps := &activities.Rollouts{Store: store, Cell: func(aid.Point) (aid.Cell, error) { return 7, nil }}
	_, err := w.runRollouts(steps, contract.ActivityAnnounceCohorts, contract.RolloutAt{Rollout: "p-1", At: noon, Until: noon.AddDate(0, 0, 27)})
	require.NoError(t, err)
	took := map[string]aid.AccountID{}
	for _, c := range store.made {
		require.NotNil(t, c)
		took[c.Venue] = c.Trainers[0]
	}
	require.Equal(t, map[string]aid.AccountID{"north": "narrow", "south": "wide"}, took)
}

// TestWhoeverIsPlannedMayHaveGone: others whom something is known of come before those of
// whom nothing is, however near.
func TestWhoeverIsPlannedMayHaveGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	staff := training.Staff{Rule: training.Definition{Version: 1}, Organisation: "org", Trainers: []training.Busy{
		{Account: "t-1"}, known("t-2", away(900)), known("t-3", away(500)),
	}}
	before := staff
	before.Trainers = []training.Busy{known("gone", nil)}
	store := &announcing{RolloutStore: w.rollouts, staff: staff, before: &before}
	steps := &activities.Rollouts{Store: store, Cell: func(aid.Point) (aid.Cell, error) { return 7, nil }}
	_, err := w.runRollouts(steps, contract.ActivityAnnounceCohorts, contract.RolloutAt{Rollout: "p-1", At: noon, Until: noon.AddDate(0, 0, 27)})
	require.NoError(t, err)
	require.Equal(t, []aid.AccountID{"t-3"}, store.cohort.Trainers)
}
