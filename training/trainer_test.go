package training_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
)

// TestATrainerIsReplacedByWhoAccepts: asked, not made to.
func TestATrainerIsReplacedByWhoAccepts(t *testing.T) {
	t.Parallel()
	c := later(t) // begins in ten days
	told(c)
	require.Zero(t, c.Vacant(now))
	require.NoError(t, c.DropOut("t1", "ill", "t1", now))
	require.Empty(t, told(c), "they know")
	require.NoError(t, c.DropOut("t1", "ill", "t1", now), "again is no error")
	require.Empty(t, c.Trainers)
	require.Equal(t, 1, c.Vacant(now))
	require.Equal(t, now.Add(training.StaffEvery), c.NextDue(now))

	c.AskTrainer("t2", 800, now)
	require.Equal(t, now.Add(48*time.Hour), c.Tellings[0].Until)
	require.True(t, c.Tellings[0].Only)
	require.Equal(t, []string{"trainer_asked 1 t2"}, told(c))
	require.Zero(t, c.Vacant(now), "somebody is being asked")
	require.Empty(t, c.Trainers, "and nobody holds it who has not accepted")
	require.Equal(t, now.Add(48*time.Hour), c.NextDue(now))

	require.NoError(t, c.DeclineAsk("t2", "away", "t2", now))
	require.NoError(t, c.DeclineAsk("t2", "away", "t2", now))
	require.Equal(t, aid.ReasonOfferEnded, aid.ReasonOf(c.AcceptAsk(training.Trainer{Account: "t2", Monthly: 9}, "t2", now)))
	require.Equal(t, 1, c.Vacant(now))
	require.True(t, c.Knows("t1") && c.Knows("t2"), "neither is asked again")
	require.False(t, c.Knows("t3"))

	c.AskTrainer("t3", 900, now)
	late := now.Add(48 * time.Hour)
	require.Equal(t, aid.ReasonOfferExpired, aid.ReasonOf(c.AcceptAsk(training.Trainer{Account: "t3", Monthly: 9}, "t3", late)))
	c.Advance(late)
	require.Equal(t, training.AskExpired, c.Asks[1].Status)
	require.Equal(t, 1, c.Vacant(late))

	c.AskTrainer("t4", 950, late)
	require.NoError(t, c.AcceptAsk(training.Trainer{Account: "t4", Monthly: 1}, "t4", late))
	require.NoError(t, c.AcceptAsk(training.Trainer{Account: "t4", Monthly: 1}, "t4", late), "again is no error")
	require.Equal(t, []aid.AccountID{"t4"}, c.Trainers)
	require.Zero(t, c.Vacant(late))
}

func TestWhoMayDropOutAndWhen(t *testing.T) {
	t.Parallel()
	c := later(t)
	told(c)
	require.Equal(t, aid.NotFound, aid.KindOf(c.DropOut("t9", "ill", "co", now)))
	require.Equal(t, aid.Invalid, aid.KindOf(c.DropOut("t1", "", "co", now)))
	last := c.Last().During.StartsAt
	require.Equal(t, aid.ReasonWrongTime, aid.ReasonOf(c.DropOut("t1", "ill", "t1", last)))
	require.NoError(t, c.DropOut("t1", "ill", "co", last.Add(-time.Hour)))
	require.True(t, c.Tellings[0].Urgent)
	require.Equal(t, []string{"trainer_released 2 t1"}, told(c), "of what another did")
	require.Zero(t, c.Vacant(last), "there is nothing left to hold")

	c = later(t)
	require.NoError(t, c.DropOut("t1", "ill", "t1", now))
	c.AskTrainer("t2", 1, now)
	told(c)
	require.NoError(t, c.Cancel("flood", now))
	require.Equal(t, []string{"cohort_cancelled 1 v1+v2+v3+t2"}, told(c), "whoever is being asked hears of it")
	require.Equal(t, training.AskExpired, c.Asks[0].Status)
	require.Equal(t, training.ReasonCohortClosed, aid.ReasonOf(c.DeclineAsk("t2", "", "t2", now)))
}

// TestWhoAcceptsIsStillFree: what they took since counts, this cohort itself does not.
func TestWhoAcceptsIsStillFree(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		taken  training.Engagement
		reason aid.Reason
	}{
		"nothing else":           {training.Engagement{Cohort: "c1", Month: 24322, Sessions: []aid.Window{{StartsAt: now, EndsAt: now.AddDate(0, 1, 0)}}}, ""},
		"another month":          {training.Engagement{Cohort: "c2", Month: 24323}, ""},
		"the same month":         {training.Engagement{Cohort: "c2", Month: 24322}, aid.ReasonOverCapacity},
		"the second session":     {training.Engagement{Cohort: "c2", Month: 1, Sessions: []aid.Window{{StartsAt: now.Add(11*aDay + time.Hour), EndsAt: now.Add(12 * aDay)}}}, aid.ReasonDoubleBooked},
		"right before a session": {training.Engagement{Cohort: "c2", Month: 1, Sessions: []aid.Window{{StartsAt: now.Add(9 * aDay), EndsAt: now.Add(10 * aDay)}}}, ""},
	} {
		c := later(t)
		require.Equal(t, 24322, c.Engagement(now).Month, "November 2026")
		require.NoError(t, c.DropOut("t1", "ill", "t1", now))
		c.AskTrainer("t2", 1, now)
		err := c.AcceptAsk(training.Trainer{Account: "t2", Monthly: 1, Taken: []training.Engagement{want.taken}}, "t2", now)
		require.Equal(t, want.reason, aid.ReasonOf(err), "%s: %v", name, err)
	}
}

// TestWhatTrainersAreAskedForIsAskedOfSomebody also while there is none.
func TestWhatTrainersAreAskedForIsAskedOfSomebody(t *testing.T) {
	t.Parallel()
	c := later(t)
	require.NoError(t, c.DropOut("t1", "ill", "t1", now))
	told(c)
	c.Advance(c.Last().During.EndsAt.Add(aDay))
	require.Equal(t, []string{"attendance_missing 1 coordinators", "attendance_missing 2 coordinators", "results_due 2 coordinators"}, told(c))
}

func TestALittleTimeIsHalved(t *testing.T) {
	t.Parallel()
	c := later(t)
	at := c.First().During.StartsAt.Add(-10 * time.Hour)
	require.NoError(t, c.DropOut("t1", "ill", "t1", at))
	c.AskTrainer("t2", 1, at)
	require.Equal(t, at.Add(5*time.Hour), c.Asks[0].ExpiresAt, "the next one may have to be asked")
	during := c.First().During.StartsAt.Add(time.Hour)
	c.AskTrainer("t3", 1, during)
	require.Equal(t, during.Add(23*time.Hour/2), c.Asks[1].ExpiresAt, "for the sessions that are left")
}

func TestNobodyToAskIsToldOnce(t *testing.T) {
	t.Parallel()
	c := later(t)
	require.NoError(t, c.DropOut("t1", "ill", "t1", now))
	told(c)
	c.NobodyToAsk(aid.ReasonCounts{Course: 2}, now)
	require.Equal(t, []string{"trainer_missing 1 coordinators"}, told(c))
	c.NobodyToAsk(aid.ReasonCounts{Course: 3}, now.Add(aDay))
	require.Empty(t, told(c))
	require.Equal(t, 3, c.Unmet.Course, "what the notice tells stays true")
	c.AskTrainer("t2", 1, now)
	require.NoError(t, c.DeclineAsk("t2", "", "t2", now))
	told(c)
	c.NobodyToAsk(aid.ReasonCounts{Course: 3, Asked: 1}, now)
	require.Len(t, told(c), 1, "again after a hope that has gone")
}

func TestATrainerIsCheckedBeforeTheyAreKept(t *testing.T) {
	t.Parallel()
	sound := training.Trainer{Account: "t1", Home: aid.Point{Lat: 45, Lng: 126}, MaxDistance: 1000, Monthly: 2, Courses: []aid.CourseID{"care"}}
	require.NoError(t, sound.Validate())
	bad := training.Trainer{Home: aid.Point{Lat: 99}, MaxDistance: aid.MaxTravel + 1, Monthly: 32, Courses: []aid.CourseID{"a", "a"}}
	err := bad.Validate()
	for _, field := range []string{"home", "max_km", "monthly", "courses[1]"} {
		require.ErrorContains(t, err, field)
	}
}
