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

// trainer adds one who may teach care.
func (w *world) trainer(id aid.AccountID) {
	w.t.Helper()
	require.NoError(w.t, w.AddAccount(w.t.Context(), aid.Account{ID: id, Role: aid.RoleTrainer, Name: "钱"}, []aid.AreaID{harbin.ID}))
	require.NoError(w.t, w.PutTrainer(w.t.Context(), training.Trainer{
		Account: id, Home: home, Cell: 7, MaxDistance: 5000, Monthly: 2, Courses: []aid.CourseID{"care"},
	}))
}

func (w *world) dropOut(id training.CohortID, trainer aid.AccountID) {
	w.t.Helper()
	_, err := w.ChangeCohort(w.t.Context(), id, func(c *training.Cohort, now time.Time) error { return c.DropOut(trainer, "ill", trainer, now) })
	require.NoError(w.t, err)
}

// staff asks the first trainers who are free for the cohorts that lack one.
func staff(ctx context.Context, w *world) error {
	return w.StaffCohorts(ctx, func(lacking []*training.Cohort, trainers []training.Trainer, now time.Time) error {
		for _, c := range lacking {
			for i := range trainers {
				t := &trainers[i]
				if c.Vacant(now) > 0 && !c.Knows(t.Account) && t.Free(c.Engagement(now)) && t.Room(c.Engagement(now)) {
					c.AskTrainer(t.Account, 1, now)
					t.Taken = append(t.Taken, c.Engagement(now))
				}
			}
			if c.Vacant(now) > 0 {
				c.NobodyToAsk(aid.ReasonCounts{Asked: 1}, now)
			}
		}
		return nil
	})
}

func TestWhatIsKnownOfATrainer(t *testing.T) {
	t.Parallel()
	w := school(t)
	got, err := w.Trainer(t.Context(), "t1")
	require.NoError(t, err)
	require.Equal(t, training.Trainer{Account: "t1", Areas: []aid.AreaPath{harbin.Path}}, got, "nothing yet")
	_, err = w.Trainer(t.Context(), "c1")
	require.Equal(t, aid.NotFound, aid.KindOf(err), "no trainer")
	want := training.Trainer{Account: "t1", Home: home, Cell: 7, MaxDistance: 5000, Monthly: 2, Courses: []aid.CourseID{"care", "basics"}}
	require.NoError(t, w.PutTrainer(t.Context(), want))
	want.Monthly = 3
	require.NoError(t, w.PutTrainer(t.Context(), want))
	got, err = w.Trainer(t.Context(), "t1")
	require.NoError(t, err)
	want.Areas = []aid.AreaPath{harbin.Path}
	require.Equal(t, want, got)
	want.Courses = []aid.CourseID{"care", "flying"}
	require.ErrorContains(t, w.PutTrainer(t.Context(), want), "courses[1]")
}

// A trainer who drops out is replaced by whoever is asked and accepts, and what is kept
// is what was done.
func TestATrainerIsReplacedInTheStore(t *testing.T) {
	t.Parallel()
	w := school(t)
	w.trainer("t2")
	w.cohort("k1", "care", 2, 0)
	require.NoError(t, w.sql("DELETE FROM outbox"))
	w.dropOut("k1", "t1")
	orders := func() int {
		n := w.count("SELECT count(*) FROM outbox WHERE kind = $1", contract.OutboxCohortChanged)
		require.NoError(t, w.sql("DELETE FROM outbox"))
		return n
	}
	require.Equal(t, 1, orders())
	require.NoError(t, staff(t.Context(), w))
	require.Equal(t, 1, orders(), "the ask has a clock")
	require.NoError(t, staff(t.Context(), w))
	require.Zero(t, orders(), "nothing more is lacking")
	c, err := w.Cohort(t.Context(), "k1")
	require.NoError(t, err)
	require.Empty(t, c.Trainers)
	require.Equal(t, 1, c.Wanted)
	require.Len(t, c.Asks, 1)
	require.Equal(t, training.Drop{Trainer: "t1", Reason: "ill", By: "t1", At: c.Drops[0].At}, c.Drops[0])
	notice := w.notices("t2", false)[0]
	require.Equal(t, aid.NoticeTrainerAsked, notice.Kind)
	require.Equal(t, c.Asks[0].ExpiresAt, notice.About.AnswerBy)

	c, err = w.AnswerAsk(t.Context(), "k1", "t2", func(c *training.Cohort, who training.Trainer, now time.Time) error {
		require.Len(t, who.Taken, 1, "this very ask")
		return c.AcceptAsk(who, "t2", now)
	})
	require.NoError(t, err)
	require.Equal(t, []aid.AccountID{"t2"}, c.Trainers)
	c, err = w.Cohort(t.Context(), "k1")
	require.NoError(t, err)
	require.Equal(t, []aid.AccountID{"t2"}, c.Trainers)
	require.Equal(t, training.AskAccepted, c.Asks[0].Status)
	w.dropOut("k1", "t2")
	require.NoError(t, w.AddAccount(t.Context(), aid.Account{ID: "boss", Role: aid.RoleCoordinator, Name: "陈"}, []aid.AreaID{harbin.ID}))
	require.NoError(t, staff(t.Context(), w))
	require.NoError(t, staff(t.Context(), w))
	told := w.notices("boss", false)
	require.Len(t, told, 1)
	require.Equal(t, aid.NoticeTrainerMissing, told[0].Kind)
	require.Equal(t, 1, told[0].About.Unmet.Asked)
	require.NoError(t, w.sql("DELETE FROM outbox"))
	w.trainer("t3")
	require.Equal(t, 1, orders(), "whoever is registered may be asked at once")
	w.sound()
}

// However many look for trainers and answer at one time, nobody is asked for two cohorts
// that are held at one time, nor holds them.
func TestNobodyIsAskedForTwoCohortsAtOneTime(t *testing.T) {
	t.Parallel()
	w := school(t)
	ids := []training.CohortID{"k1", "k2", "k3"}
	for _, id := range ids {
		w.cohort(id, "care", 2, 0) // all at the same time
		w.dropOut(id, "t1")
	}
	w.trainer("t2")
	w.trainer("t3")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := staff(t.Context(), w); err != nil {
				t.Error(err)
			}
		})
		for _, id := range ids {
			for _, who := range []aid.AccountID{"t2", "t3"} {
				all.Go(func() {
					_, _ = w.AnswerAsk(t.Context(), id, who, func(c *training.Cohort, t training.Trainer, now time.Time) error { return c.AcceptAsk(t, who, now) })
				})
			}
		}
	}
	all.Wait()
	require.Equal(t, 2, w.count("SELECT count(*) FROM trainer_asks"))
	require.Equal(t, 2, w.count("SELECT count(DISTINCT account_id) FROM trainer_asks"))
	require.Equal(t, 2, w.count("SELECT count(DISTINCT cohort_id) FROM trainer_asks"))
	w.sound()
}
