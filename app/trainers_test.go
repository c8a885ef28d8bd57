package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/training"
)

func TestATrainerDropsOutThemselvesOrByWhoRunsTheCohort(t *testing.T) {
	t.Parallel()
	u := schooled().UseCases().Cohorts
	_, err := u.DropOut(t.Context(), as(aid.RoleVolunteer), "k-1", "a-trainer", "ill")
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	_, err = u.DropOut(t.Context(), as(aid.RoleCoordinator), "k-far", "a-trainer", "ill")
	require.Equal(t, aid.NotFound, aid.KindOf(err), "of another area")
	_, err = u.DropOut(t.Context(), as(aid.RoleCoordinator), "k-1", "a-none", "ill")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	got, err := u.DropOut(t.Context(), as(aid.RoleTrainer), "k-far", "a-trainer", "ill")
	require.NoError(t, err, "their own, also where they do not act")
	require.Equal(t, 1, got.Lacking)
	require.Empty(t, got.Trainers)
	got, err = u.DropOut(t.Context(), as(aid.RoleCoordinator), "k-1", "a-trainer", "ill")
	require.NoError(t, err)
	require.Equal(t, aid.AccountID("a-coordinator"), got.Drops[0].By)
	seen, err := u.Staff(t.Context(), as(aid.RoleTrainer), "k-1")
	require.NoError(t, err)
	require.Equal(t, got, seen)
	_, err = u.Staff(t.Context(), as(aid.RoleTrainer), "k-far")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}

func TestWhoWasAskedAnswers(t *testing.T) {
	t.Parallel()
	w := schooled()
	w.SeedAsk("k-1", "a-other-trainer")
	w.SeedAsk("k-far", "a-trainer")
	u := w.UseCases().Cohorts
	_, err := u.AcceptAsk(t.Context(), as(aid.RoleTrainer), "k-1", "a-other-trainer")
	require.Equal(t, aid.NotFound, aid.KindOf(err), "for nobody else")
	_, err = u.AcceptAsk(t.Context(), as(aid.RoleTrainer), "k-1", "a-trainer")
	require.Equal(t, aid.NotFound, aid.KindOf(err), "not asked")
	got, err := u.AcceptAsk(t.Context(), as(aid.RoleCoordinator), "k-1", "a-other-trainer")
	require.NoError(t, err, "said on the telephone")
	require.Equal(t, []aid.AccountID{"a-other-trainer"}, got.Trainers)
	require.Equal(t, aid.AccountID("a-coordinator"), got.Asks[0].AnsweredBy)
	got, err = u.DeclineAsk(t.Context(), as(aid.RoleTrainer), "k-far", "a-trainer", "away")
	require.NoError(t, err)
	require.Equal(t, training.AskDeclined, got.Asks[0].Status)
	require.Equal(t, 1, got.Lacking)
}

func TestWhatATrainerTeachesIsForCoordinatorsToSay(t *testing.T) {
	t.Parallel()
	u := schooled().UseCases().Cohorts
	mine := training.Trainer{Account: "a-trainer", Home: apptest.Home, MaxDistance: 5000, Monthly: 2}
	got, err := u.PutTrainer(t.Context(), as(aid.RoleTrainer), mine)
	require.NoError(t, err)
	require.NotZero(t, got.Cell)
	mine.Courses = []aid.CourseID{"basics"}
	_, err = u.PutTrainer(t.Context(), as(aid.RoleTrainer), mine)
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	_, err = u.PutTrainer(t.Context(), as(aid.RoleCoordinator), mine)
	require.NoError(t, err)
	mine.Monthly = 1
	got, err = u.PutTrainer(t.Context(), as(aid.RoleTrainer), mine)
	require.NoError(t, err, "their own limit")
	require.Equal(t, 1, got.Monthly)
	mine.Monthly = 0
	_, err = u.PutTrainer(t.Context(), as(aid.RoleTrainer), mine)
	require.Equal(t, []string{"monthly"}, fields(t, err))

	for _, id := range []aid.AccountID{"a-other-trainer", "a-none"} {
		_, err = u.Trainer(t.Context(), as(aid.RoleTrainer), id)
		require.Equal(t, aid.NotFound, aid.KindOf(err))
	}
	_, err = u.Trainer(t.Context(), as(aid.RoleCoordinator), "a-far-trainer")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	_, err = u.Trainer(t.Context(), as(aid.RoleCoordinator), "a-other-trainer")
	require.NoError(t, err)
}
