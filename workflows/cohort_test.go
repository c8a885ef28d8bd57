package workflows_test

import (
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/activities/memory"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
	"github.com/linli/linli/workflows"
	"github.com/linli/linli/workflows/contract"
)

// class is one cohort with its process in the time-skipping environment, over the real
// step. Its two sessions are ten and eleven days after noon; v-1 and v-2 hold its
// seats and v-3 waits.
type class struct {
	*testsuite.TestWorkflowEnvironment
	t     *testing.T
	store *memory.Cohorts
}

func newClass(t *testing.T) *class {
	t.Helper()
	store := &memory.Cohorts{}
	p := training.Plan{Course: "care", Version: 1, Trainers: []aid.AccountID{"t-1"}, Capacity: 2, Waiting: 1, Location: place}
	for i := range 2 {
		from := noon.AddDate(0, 0, 10+i)
		p.Sessions = append(p.Sessions, training.Session{During: aid.Window{StartsAt: from, EndsAt: from.Add(2 * time.Hour)}})
	}
	c := training.New("k-1", p, training.Definition{Course: "care", Version: 1, Attendance: 100}, "/hlj/", "c-1", noon)
	for _, v := range []aid.VolunteerID{"v-1", "v-2", "v-3"} {
		_, err := c.Enrol(aid.Volunteer{ID: v, Active: true}, training.ViaSelf, "c-1", noon)
		require.NoError(t, err)
	}
	store.Open(c)
	return attend(t, store, noon)
}

// attend makes the environment of one run of the process.
func attend(t *testing.T, store *memory.Cohorts, at time.Time) *class {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	c := &class{TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment(), t: t, store: store}
	c.SetStartTime(at)
	c.SetTestTimeout(30 * time.Second)
	store.Now = c.Now
	(&activities.Cohorts{Store: store}).Register(c)
	workflows.Register(c)
	return c
}

// after does something some days and hours after noon, as somebody who tells the
// process of it.
func (c *class) after(days, hours int, do func(k *training.Cohort, now time.Time) error) {
	c.RegisterDelayedCallback(func() {
		require.NoError(c.t, c.store.Change(do))
		c.SignalWorkflow(contract.SignalCohortChanged, nil)
	}, noon.AddDate(0, 0, days).Add(time.Duration(hours)*time.Hour).Sub(c.Now()))
}

func (c *class) run() {
	c.t.Helper()
	c.ExecuteWorkflow(contract.WorkflowCohort, contract.CohortInput{Cohort: "k-1"})
	require.True(c.t, c.IsWorkflowCompleted())
	require.NoError(c.t, c.GetWorkflowError())
}

// told is who was told what on which day after noon, in order.
func (c *class) told() []string {
	var out []string
	for _, t := range c.store.Told() {
		who := fmt.Sprint(t.Volunteers, t.Accounts)
		if t.Coordinators {
			who += " coordinators"
		}
		out = append(out, fmt.Sprintf("%s day %d %s", t.Kind, int(t.At.Sub(noon)/(24*time.Hour)), who))
	}
	return out
}

func mark(session int, people ...aid.VolunteerID) func(*training.Cohort, time.Time) error {
	return func(k *training.Cohort, now time.Time) error {
		for _, v := range people {
			if err := k.Note(training.Mark{Session: session, Volunteer: v, Present: true, Means: training.ByHand, By: "t-1"}, now); err != nil {
				return err
			}
		}
		return nil
	}
}

func complete(k *training.Cohort, now time.Time) error { return k.Complete("t-1", now) }

// TestACohortGoesFromItsOpeningToTheFollowUp with a seat that becomes free, attendance
// that is missing once, results that are late, and somebody who missed it.
func TestACohortGoesFromItsOpeningToTheFollowUp(t *testing.T) {
	t.Parallel()
	c := newClass(t)
	c.after(4, 0, func(k *training.Cohort, now time.Time) error { _, err := k.Withdraw("v-1", now); return err })
	c.after(10, 3, mark(1, "v-2"))
	c.after(11, 3, mark(1, "v-3"))
	c.after(11, 3, mark(2, "v-2"))
	c.after(19, 0, complete)
	c.store.Elsewhere.Homes = map[aid.VolunteerID]aid.Point{"v-3": place}
	c.after(40, 0, func(*training.Cohort, time.Time) error {
		next := training.Plan{Course: "care", Location: place, Sessions: []training.Session{{During: aid.Window{StartsAt: noon.AddDate(0, 0, 70)}}}}
		c.store.Elsewhere.Open = []training.Card{{Cohort: *training.New("k-2", next, training.Definition{}, "/hlj/", "", noon)}}
		return nil
	})
	c.run()
	require.Equal(t, []string{
		"cohort_assigned day 0 [] [t-1]",
		"session_reminder day 3 [v-1 v-2] [t-1]",
		"cohort_seat day 4 [v-3] []",
		"session_reminder day 9 [v-2 v-3] [t-1]",
		"session_reminder day 10 [v-2 v-3] [t-1]",
		"attendance_missing day 10 [] [t-1]",
		"attendance_missing day 11 [] [t-1]", // v-3 at the second session
		"results_due day 12 [] [t-1]",
		"attendance_missing day 13 [] [t-1]",
		"results_due day 18 [] [t-1]",
		"course_completed day 19 [v-2] []",
		"course_missed day 19 [v-3] []",
		"cohort_next day 40 [v-3] []",
	}, c.told())
	require.Equal(t, training.Completed, c.store.Cohort().Status)
	require.Equal(t, noon.AddDate(0, 0, 40), c.Now().UTC(), "nothing is left to do")
}

// TestAnOutageOfACohortDoublesAndLosesNothing: the store is away over a session, and
// answers of others are lost after they were written.
func TestAnOutageOfACohortDoublesAndLosesNothing(t *testing.T) {
	t.Parallel()
	c := newClass(t)
	calls := 0
	c.store.Fault = func(_ string, when memory.When) error {
		at := c.Now().Sub(noon)
		calls++
		if at > 8*24*time.Hour && at < 11*24*time.Hour || when == memory.After && calls%3 > 0 {
			return aid.Errorf(aid.Unavailable, "the database is away")
		}
		return nil
	}
	c.after(12, 20, func(k *training.Cohort, now time.Time) error { return mark(1, "v-1", "v-2")(k, now) })
	c.after(12, 20, func(k *training.Cohort, now time.Time) error { return mark(2, "v-1", "v-2")(k, now) })
	c.after(12, 21, complete)
	c.run()
	require.Equal(t, []string{
		"cohort_assigned day 0 [] [t-1]",
		"session_reminder day 3 [v-1 v-2] [t-1]",
		"attendance_missing day 11 [] [t-1]", // the reminders are of no use any more
		"attendance_missing day 11 [] [t-1]",
		"attendance_missing day 12 [] [t-1]",
		"results_due day 12 [] [t-1]",
		"course_completed day 12 [v-1] []",
		"course_completed day 12 [v-2] []",
	}, c.told())
}

func TestACohortThatIsCancelledEndsAfterTheFollowUp(t *testing.T) {
	t.Parallel()
	c := newClass(t)
	c.store.Elsewhere.Homes = map[aid.VolunteerID]aid.Point{"v-1": place, "v-3": place}
	c.after(2, 0, func(k *training.Cohort, now time.Time) error { return k.Cancel("flood", now) })
	c.run()
	require.Equal(t, []string{
		"cohort_assigned day 0 [] [t-1]",
		"cohort_cancelled day 2 [v-1 v-2 v-3] [t-1]",
		"cohort_wanted day 62 [] [] coordinators",
	}, c.told())
}

// TestAFaultInACohortIsTriedAgain: it is of ours, and people wait for what is due.
func TestAFaultInACohortIsTriedAgain(t *testing.T) {
	t.Parallel()
	c := newClass(t)
	c.store.Fault = func(_ string, when memory.When) error {
		if at := c.Now().Sub(noon); when == memory.Before && at > 2*24*time.Hour && at < 4*24*time.Hour {
			return aid.Errorf(aid.Invalid, "a rule has become stricter")
		}
		return nil
	}
	c.after(5, 0, func(k *training.Cohort, now time.Time) error { return k.Cancel("flood", now) })
	c.run()
	require.True(t, slices.Contains(c.told(), "session_reminder day 4 [v-1 v-2] [t-1]"), "%v", c.told())
}

func TestTheProcessOfNoCohortEnds(t *testing.T) {
	t.Parallel()
	c := newClass(t)
	c.ExecuteWorkflow(contract.WorkflowCohort, contract.CohortInput{Cohort: "k-none"})
	require.True(t, c.IsWorkflowCompleted())
	require.NoError(t, c.GetWorkflowError())
}

func TestACohortOfTomorrowIsLeftToTomorrow(t *testing.T) {
	t.Parallel()
	c := newClass(t)
	c.ExecuteWorkflow(contract.WorkflowCohort, contract.CohortInput{Cohort: "k-1", State: 99})
	require.ErrorContains(t, c.GetWorkflowError(), "newer than this worker")
	require.Len(t, c.store.Told(), 1, "nothing was done")
}

// TestTheProcessOfACohortContinuesAsNew and goes on as if it had not.
func TestTheProcessOfACohortContinuesAsNew(t *testing.T) {
	t.Parallel()
	c := newClass(t)
	c.RegisterDelayedCallback(func() {
		c.SetContinueAsNewSuggested(true)
		c.SignalWorkflow(contract.SignalCohortChanged, nil)
	}, 24*time.Hour)
	c.ExecuteWorkflow(contract.WorkflowCohort, contract.CohortInput{Cohort: "k-1"})
	in := next[contract.CohortInput](t, c.GetWorkflowError())
	require.Equal(t, contract.CohortInput{Cohort: "k-1", State: 1}, in)

	again := attend(t, c.store, c.Now())
	again.after(5, 0, func(k *training.Cohort, now time.Time) error { return k.Cancel("flood", now) })
	again.ExecuteWorkflow(contract.WorkflowCohort, in)
	require.NoError(t, again.GetWorkflowError())
	require.Contains(t, again.told(), "session_reminder day 3 [v-1 v-2] [t-1]")
}

// TestATrainerWhoDropsOutIsReplaced: the nearest declines, the next does not answer, the
// third accepts; then that one drops out too, and nobody is left.
func TestATrainerWhoDropsOutIsReplaced(t *testing.T) {
	t.Parallel()
	c := newClass(t)
	for i, id := range []aid.AccountID{"t-4", "t-3", "t-2"} {
		home := place
		home.Lat += float64(3-i) / 100
		c.store.Trainers = append(c.store.Trainers, training.Trainer{
			Account: id, Home: home, MaxDistance: 20_000, Monthly: 1, Courses: []aid.CourseID{"care"}, Areas: []aid.AreaPath{"/hlj/"},
		})
	}
	c.after(1, 0, func(k *training.Cohort, now time.Time) error { return k.DropOut("t-1", "ill", "t-1", now) })
	c.after(2, 0, func(k *training.Cohort, now time.Time) error { return k.DeclineAsk("t-2", "busy", "t-2", now) })
	c.after(5, 0, func(k *training.Cohort, now time.Time) error {
		require.Equal(t, training.AskExpired, k.Asks[1].Status)
		return k.AcceptAsk(c.store.Trainers[0], "t-4", now)
	})
	c.after(6, 0, func(k *training.Cohort, now time.Time) error {
		require.Equal(t, []aid.AccountID{"t-4"}, k.Trainers)
		return k.DropOut("t-4", "moved", "t-4", now)
	})
	c.after(8, 0, func(k *training.Cohort, now time.Time) error { return k.Cancel("no trainer", now) })
	c.run()
	require.Equal(t, []string{
		"cohort_assigned day 0 [] [t-1]",
		"trainer_asked day 1 [] [t-2]",
		"trainer_asked day 2 [] [t-3]",
		"session_reminder day 3 [v-1 v-2] []",
		"trainer_asked day 4 [] [t-4]",
		"trainer_missing day 6 [] [] coordinators",
		"cohort_cancelled day 8 [v-1 v-2 v-3] []",
	}, c.told())
	require.Equal(t, aid.ReasonCounts{Asked: 3}, c.store.Cohort().Unmet)
}
