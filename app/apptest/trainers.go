package apptest

import (
	"context"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
)

// trainerAreas are the trainers whom the world knows, with where they act.
var trainerAreas = map[aid.AccountID]aid.AreaPath{"a-trainer": Harbin, "a-other-trainer": Harbin, "a-far-trainer": Daqing}

// SeedAsk has a trainer be asked to hold a cohort that has none.
func (w *World) SeedAsk(id training.CohortID, trainer aid.AccountID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.school.cohorts[id]
	c.Trainers = nil
	c.AskTrainer(trainer, 100, w.now)
}

// AnswerAsk changes a cohort, with what is known of a trainer.
func (w *World) AnswerAsk(ctx context.Context, id training.CohortID, trainer aid.AccountID, fn func(*training.Cohort, training.Trainer, time.Time) error) (*training.Cohort, error) {
	return w.ChangeCohort(ctx, id, func(c *training.Cohort, now time.Time) error {
		t, known := w.school.trainers[trainer]
		if !known {
			t = training.Trainer{Account: trainer, Monthly: 1}
		}
		c.Trainers, c.Asks = slices.Clone(c.Trainers), slices.Clone(c.Asks)
		return fn(c, t, now)
	})
}

// MoveSession changes a cohort, with what trainers hold in the other ones.
func (w *World) MoveSession(ctx context.Context, id training.CohortID, fn func(*training.Cohort, map[aid.AccountID][]training.Engagement, time.Time) error) (*training.Cohort, error) {
	return w.ChangeCohort(ctx, id, func(c *training.Cohort, now time.Time) error {
		taken := map[aid.AccountID][]training.Engagement{}
		for account, t := range w.school.trainers {
			taken[account] = t.Taken
		}
		return fn(c, taken, now)
	})
}

// Trainer reads what is known of a trainer.
func (w *World) Trainer(ctx context.Context, id aid.AccountID) (training.Trainer, error) {
	leave, err := w.enter(ctx, "Trainer")
	if err != nil {
		return training.Trainer{}, err
	}
	defer leave()
	area, is := trainerAreas[id]
	if !is {
		return training.Trainer{}, missing("trainer")
	}
	t := w.school.trainers[id]
	t.Account, t.Areas = id, []aid.AreaPath{area}
	return t, nil
}

// PutTrainer keeps it.
func (w *World) PutTrainer(ctx context.Context, t training.Trainer) error {
	leave, err := w.enter(ctx, "PutTrainer")
	if err != nil {
		return err
	}
	defer leave()
	w.school.trainers[t.Account] = t
	return nil
}
