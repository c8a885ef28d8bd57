package postgres_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
	"github.com/linli/linli/workflows/contract"
)

// advanceCohort does what is due for a cohort, once by each of some processes at one time.
func (w *world) advanceCohort(id training.CohortID, times int) *training.Cohort {
	w.t.Helper()
	var all sync.WaitGroup
	errs := make([]error, times)
	for i := range times {
		all.Go(func() {
			_, errs[i] = w.AdvanceCohort(w.t.Context(), id, func(c *training.Cohort, e training.Elsewhere, now time.Time) error {
				if c.Status.Ended() {
					c.FollowUp(e, now)
				} else {
					c.Advance(now)
				}
				return nil
			})
		})
	}
	all.Wait()
	for _, err := range errs {
		require.NoError(w.t, err)
	}
	c, err := w.Cohort(w.t.Context(), id)
	require.NoError(w.t, err)
	return c
}

// move has the session of a cohort lie some hours from now, as if it had been opened
// long ago.
func (w *world) move(id training.CohortID, hours int) {
	w.t.Helper()
	require.NoError(w.t, w.sql(`UPDATE cohort_sessions SET starts_at = now() + make_interval(hours => $2), ends_at = now() + make_interval(hours => $2 + 1) WHERE cohort_id = $1`, string(id), hours))
	require.NoError(w.t, w.sql(`UPDATE cohorts SET starts_at = now() + make_interval(hours => $2), opened_at = now() - interval '100 days' WHERE id = $1`, string(id), hours))
}

// heard are the kinds of notices of an account, newest first, all of which tell of a
// cohort of the course care.
func (w *world) heard(account aid.AccountID) []aid.NoticeKind {
	w.t.Helper()
	all := w.notices(account, false)
	for _, n := range all {
		require.NotEmpty(w.t, n.Cohort)
		require.Empty(w.t, n.Request)
		require.Equal(w.t, aid.AreaNames{Zh: "哈尔滨市", En: "Harbin"}, n.About.Area)
		require.False(w.t, n.About.Window.StartsAt.IsZero())
	}
	return kindsOf(all)
}

// A cohort starts its process and is told to it with every change that concerns it,
// in the transaction that writes it.
func TestTheProcessOfACohortIsToldOfIt(t *testing.T) {
	t.Parallel()
	w := school(t)
	w.volunteers(2)
	orders := func() int {
		n := w.count("SELECT count(*) FROM outbox WHERE kind = $1 AND key = $2", contract.OutboxCohortChanged, contract.CohortOutboxKey("k1"))
		require.NoError(t, w.sql("DELETE FROM outbox"))
		return n
	}
	w.cohort("k1", "care", 1, 1)
	require.Equal(t, 1, orders(), "it is started")
	_, err := w.enrol("k1", "v000")
	require.NoError(t, err)
	require.Zero(t, orders(), "who enrols changes no clock")
	for name, change := range map[string]func(*training.Cohort, time.Time) error{
		"resized": func(c *training.Cohort, now time.Time) error { return c.Resize(c.Capacity+1, now) },
		"closed":  func(c *training.Cohort, _ time.Time) error { return c.Close() },
	} {
		_, err := w.ChangeCohort(t.Context(), "k1", change)
		require.NoError(t, err)
		require.Equal(t, 1, orders(), name)
	}
	live, err := w.LiveCohorts(t.Context())
	require.NoError(t, err)
	require.Equal(t, []training.CohortID{"k1"}, live)

	w.move("k1", -100)
	w.advanceCohort("k1", 3)
	require.Zero(t, orders(), "not of what it does itself")
	_, err = w.ChangeCohort(t.Context(), "k1", func(c *training.Cohort, now time.Time) error { return c.Complete("t1", now) })
	require.NoError(t, err)
	require.Equal(t, 1, orders())
	require.Equal(t, []training.CohortID{"k1"}, mustLive(w), "somebody is to be followed up")
	require.NoError(t, w.sql("UPDATE volunteers SET active = false"))
	require.False(t, w.advanceCohort("k1", 3).FollowedAt.IsZero())
	require.Empty(t, mustLive(w))
	w.sound()
}

func mustLive(w *world) []training.CohortID {
	w.t.Helper()
	live, err := w.LiveCohorts(w.t.Context())
	require.NoError(w.t, err)
	return live
}

// Everybody hears of each step once, however many processes look at one time.
func TestEachStepOfACohortIsToldOnce(t *testing.T) {
	t.Parallel()
	w := school(t)
	w.volunteers(2)
	mine, other := w.account("v000"), w.account("v001")
	require.NoError(t, w.AddAccount(t.Context(), aid.Account{ID: "boss", Role: aid.RoleCoordinator, Name: "陈"}, []aid.AreaID{harbin.ID}))
	w.cohort("k1", "care", 1, 1)
	require.Equal(t, []aid.NoticeKind{aid.NoticeCohortAssigned}, w.heard("t1"), "another opened it")
	for _, v := range []aid.VolunteerID{"v000", "v001"} {
		_, err := w.enrol("k1", v)
		require.NoError(t, err)
	}
	w.move("k1", 6*24)
	w.advanceCohort("k1", 4)
	require.Equal(t, []aid.NoticeKind{aid.NoticeSessionReminder}, w.heard(mine))
	require.Empty(t, w.heard(other), "who waits is reminded of nothing")
	_, err := w.ChangeCohort(t.Context(), "k1", func(c *training.Cohort, now time.Time) error { _, err := c.Withdraw("v000", now); return err })
	require.NoError(t, err)
	require.Equal(t, []aid.NoticeKind{aid.NoticeSeatFree}, w.heard(other))
	w.move("k1", 5)
	require.Equal(t, training.Closed, w.advanceCohort("k1", 4).Status)
	require.Equal(t, []aid.NoticeKind{aid.NoticeSessionReminder, aid.NoticeSeatFree}, w.heard(other))
	w.move("k1", -4)
	w.advanceCohort("k1", 4)
	require.Equal(t, aid.NoticeAttendanceMissing, w.heard("t1")[0])
	w.move("k1", -24*20)
	w.advanceCohort("k1", 4)
	require.Equal(t, aid.NoticeResultsOverdue, w.heard("t1")[0])
	require.Equal(t, []aid.NoticeKind{aid.NoticeResultsOverdue}, w.heard("boss"))
	require.Len(t, w.heard("t1"), 5)

	require.NoError(t, w.sql("UPDATE accounts SET active = false WHERE id = 't1'"))
	w.move("k1", -5)
	w.advanceCohort("k1", 1)
	require.Equal(t, aid.NoticeAttendanceMissing, w.heard("boss")[0], "in place of a trainer who is not there any more")
	w.sound()
}

// Whoever missed a course is told of the next cohort near them with a place, unless
// they are trained or enrolled by now.
func TestWhoMissedACourseIsToldOfTheNext(t *testing.T) {
	t.Parallel()
	w := school(t)
	people := w.volunteers(4)
	w.account("v000")
	w.cohort("k1", "care", 4, 0)
	w.cohort("full", "care", 1, 0)
	w.cohort("next", "care", 3, 0)
	w.cohort("later", "care", 3, 0)
	require.NoError(t, w.sql("UPDATE cohorts SET starts_at = now() + interval '9 days' WHERE id IN ('later')"))
	for _, v := range people {
		_, err := w.enrol("k1", v)
		require.NoError(t, err)
	}
	_, err := w.enrol("full", "v001")
	require.NoError(t, err)
	require.NoError(t, w.sql("INSERT INTO volunteer_courses VALUES ('v002', 'care', NULL)"))
	require.NoError(t, w.sql("UPDATE volunteers SET lat = 50 WHERE id = 'v003'"))
	w.move("k1", -30)
	_, err = w.ChangeCohort(t.Context(), "k1", func(c *training.Cohort, now time.Time) error { return c.Complete("t1", now) })
	require.NoError(t, err)

	c := w.advanceCohort("k1", 3)
	require.Equal(t, []aid.VolunteerID{"v003"}, c.Left(), "too far from every cohort")
	told := w.notices("v.v000", false)
	require.Len(t, told, 1)
	require.Equal(t, aid.NoticeNextCohort, told[0].Kind)
	require.Equal(t, aid.CohortID("next"), told[0].Cohort)
	require.Equal(t, "k1", w.text("SELECT step_of FROM notices WHERE id = $1", string(told[0].ID)))
	w.sound()
}

// text runs a query for one text beside the store.
func (w *world) text(query string, args ...any) (out string) {
	w.t.Helper()
	conn := w.connect()
	defer conn.Close(w.t.Context())
	require.NoError(w.t, conn.QueryRow(w.t.Context(), query, args...).Scan(&out), fmt.Sprint(args...))
	return out
}
