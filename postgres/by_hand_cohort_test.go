package postgres_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
	"github.com/linli/linli/workflows/contract"
)

func (w *world) moveSession(ctx context.Context, id training.CohortID, from time.Time, venue string) error {
	_, err := w.MoveSession(ctx, id, func(c *training.Cohort, taken map[aid.AccountID][]training.Engagement, now time.Time) error {
		return c.MoveSession(training.Move{Session: 1, During: aid.Window{StartsAt: from, EndsAt: from.Add(time.Hour)}, Venue: venue}, taken, now)
	})
	return err
}

// A session that is moved is another one for everybody who reads it, and the process
// knows.
func TestASessionIsMovedInTheStore(t *testing.T) {
	t.Parallel()
	w := school(t)
	w.cohort("k1", "care", 2, 0)
	other := w.cohort("k2", "care", 2, 0)
	require.NoError(t, w.sql("DELETE FROM outbox"))
	from := w.now.AddDate(0, 0, 9).Truncate(time.Microsecond).UTC()
	require.NoError(t, w.moveSession(t.Context(), "k1", from, "Hall"))
	require.Equal(t, 1, w.count("SELECT count(*) FROM outbox WHERE kind = $1", contract.OutboxCohortChanged))
	card, err := w.CohortCard(t.Context(), "k1")
	require.NoError(t, err)
	require.Equal(t, training.Session{No: 1, Title: "one", During: aid.Window{StartsAt: from, EndsAt: from.Add(time.Hour)}, Venue: "Hall"}, card.First())
	page, err := w.Cohorts(t.Context(), training.CohortFilter{}, aid.Page{Limit: 1})
	require.NoError(t, err)
	require.EqualValues(t, "k1", page.Items[0].ID, "it begins last now")
	told := w.notices("t1", false)
	require.Equal(t, aid.NoticeSessionMoved, told[0].Kind)
	require.True(t, from.Equal(told[0].About.Window.StartsAt))

	err = w.moveSession(t.Context(), "k1", other.First().During.StartsAt, "")
	require.Equal(t, aid.ReasonDoubleBooked, aid.ReasonOf(err), "its trainer holds the other one then")
	w.sound()
}

// However many sessions are moved to one time, their trainer holds one of them then.
func TestMovesToOneTimeDoNotCollide(t *testing.T) {
	t.Parallel()
	w := school(t)
	ids := []training.CohortID{"k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8"}
	for i, id := range ids {
		w.cohort(id, "care", 2, 0)
		require.NoError(t, w.sql("UPDATE cohort_sessions SET starts_at = starts_at + $2 * interval '1 day', ends_at = ends_at + $2 * interval '1 day' WHERE cohort_id = $1", string(id), i))
	}
	at := w.now.AddDate(0, 0, 20).Truncate(time.Microsecond)
	var all sync.WaitGroup
	for _, id := range ids {
		all.Go(func() {
			_, _ = w.MoveSession(t.Context(), id, func(c *training.Cohort, taken map[aid.AccountID][]training.Engagement, now time.Time) error {
				return c.MoveSession(training.Move{Session: 1, During: aid.Window{StartsAt: at, EndsAt: at.Add(time.Hour)}}, taken, now)
			})
		})
	}
	all.Wait()
	require.Equal(t, 1, w.count("SELECT count(*) FROM cohort_sessions WHERE starts_at = $1", at))
	w.sound()
}

// However many cohorts of one time somebody is assigned to at once, they get one, also
// if nothing is known of them.
func TestAssignmentsAtOneTimeDoNotCollide(t *testing.T) {
	t.Parallel()
	w := school(t)
	require.NoError(t, w.AddAccount(t.Context(), aid.Account{ID: "t2", Role: aid.RoleTrainer, Name: "钱"}, []aid.AreaID{harbin.ID}))
	var all sync.WaitGroup
	for _, id := range []training.CohortID{"k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8"} {
		w.cohort(id, "care", 2, 0) // all at the same time
		all.Go(func() {
			_, err := w.AnswerAsk(t.Context(), id, "t2", func(c *training.Cohort, who training.Trainer, now time.Time) error {
				return c.Assign(who, "c1", now)
			})
			if err != nil && aid.ReasonOf(err) != aid.ReasonDoubleBooked {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.Equal(t, 1, w.count("SELECT count(*) FROM cohort_trainers WHERE account_id = 't2'"))
	w.sound()
}

// Whoever has dropped out may come back, and drop out again.
func TestATrainerComesBackByHand(t *testing.T) {
	t.Parallel()
	w := school(t)
	w.trainer("t2")
	w.cohort("k1", "care", 2, 0)
	by := func(who, out aid.AccountID) *training.Cohort {
		_, err := w.AnswerAsk(t.Context(), "k1", who, func(c *training.Cohort, k training.Trainer, now time.Time) error {
			return c.Replace(out, "ill", k, "c1", now)
		})
		require.NoError(t, err)
		c, err := w.Cohort(t.Context(), "k1")
		require.NoError(t, err)
		require.Equal(t, []aid.AccountID{who}, c.Trainers)
		return c
	}
	by("t2", "t1")
	by("t1", "t2")
	c := by("t2", "t1")
	require.Len(t, c.Drops, 2)
	require.Equal(t, 1, c.Wanted)
	_, err := w.AnswerAsk(t.Context(), "k1", "t1", func(c *training.Cohort, k training.Trainer, now time.Time) error { return c.Assign(k, "c1", now) })
	require.NoError(t, err)
	c, err = w.Cohort(t.Context(), "k1")
	require.NoError(t, err)
	require.Equal(t, 2, c.Wanted)
	w.sound()
}
