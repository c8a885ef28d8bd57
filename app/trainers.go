package app

import (
	"context"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/matching/grid"
	"github.com/linli/linli/training"
)

// TrainerStore keeps trainers and what they are asked. AnswerAsk has fn answer for a
// trainer under the cohort's lock, with what they hold now, and nobody is asked or
// answers meanwhile. Trainer is [aid.NotFound] for whoever is none, and gives the areas
// alone of one of whom nothing is known yet.
type TrainerStore interface {
	AnswerAsk(ctx context.Context, id training.CohortID, trainer aid.AccountID, fn func(c *training.Cohort, t training.Trainer, now time.Time) error) (*training.Cohort, error)
	// MoveSession has fn move a session likewise, with what the cohort's trainers have taken.
	MoveSession(ctx context.Context, id training.CohortID, fn func(c *training.Cohort, taken map[aid.AccountID][]training.Engagement, now time.Time) error) (*training.Cohort, error)
	Trainer(ctx context.Context, id aid.AccountID) (training.Trainer, error)
	PutTrainer(ctx context.Context, t training.Trainer) error
}

// CohortStaff is who holds a cohort, was asked to, and dropped out.
type CohortStaff struct {
	Trainers []aid.AccountID
	Asks     []training.Ask
	Drops    []training.Drop
	Wanted   int
	Lacking  int              // for whom nobody is being asked
	Unmet    aid.ReasonCounts // when nobody was left to ask
}

// DropOut takes a trainer out of a cohort, who is then replaced: the trainer themselves,
// or whoever runs the cohort.
func (u *Cohorts) DropOut(ctx context.Context, by Caller, id training.CohortID, trainer aid.AccountID, reason string) (CohortStaff, error) {
	return u.changeStaff(ctx, by, policy.WithdrawTrainer, id, trainer, func(c *training.Cohort, _ training.Trainer, now time.Time) error {
		return c.DropOut(trainer, reason, by.ID, now)
	})
}

// AcceptAsk makes whoever was asked a trainer of the cohort: on their own word, or on
// what they told a coordinator.
func (u *Cohorts) AcceptAsk(ctx context.Context, by Caller, id training.CohortID, trainer aid.AccountID) (CohortStaff, error) {
	return u.changeStaff(ctx, by, policy.AcceptTraining, id, trainer, func(c *training.Cohort, t training.Trainer, now time.Time) error {
		return c.AcceptAsk(t, by.ID, now)
	})
}

// DeclineAsk says no likewise; the next one is asked.
func (u *Cohorts) DeclineAsk(ctx context.Context, by Caller, id training.CohortID, trainer aid.AccountID, reason string) (CohortStaff, error) {
	return u.changeStaff(ctx, by, policy.DeclineTraining, id, trainer, func(c *training.Cohort, _ training.Trainer, now time.Time) error {
		return c.DeclineAsk(trainer, reason, by.ID, now)
	})
}

func (u *Cohorts) changeStaff(ctx context.Context, by Caller, action policy.Action, id training.CohortID, trainer aid.AccountID,
	fn func(*training.Cohort, training.Trainer, time.Time) error,
) (CohortStaff, error) {
	if err := policy.Role(by.Role, action); err != nil {
		return CohortStaff{}, err
	}
	c, err := u.Store.AnswerAsk(ctx, id, trainer, func(c *training.Cohort, t training.Trainer, now time.Time) error {
		if err := policy.Allow(by.Account, action, policy.Resource{Area: c.AreaPath, Account: trainer}); err != nil {
			return err
		}
		return fn(c, t, now)
	})
	return u.staff(c, hidden(err, "trainer of a cohort"))
}

// Staff reads a cohort with who holds it, was asked to, and dropped out.
func (u *Cohorts) Staff(ctx context.Context, by Caller, id training.CohortID) (CohortStaff, error) {
	return u.staff(u.read(ctx, by, policy.ListCohortTrainers, id))
}

func (u *Cohorts) staff(c *training.Cohort, err error) (CohortStaff, error) {
	if err != nil {
		return CohortStaff{}, err
	}
	return CohortStaff{
		Trainers: c.Trainers, Asks: c.Asks, Drops: c.Drops, Wanted: c.Wanted, Lacking: c.Vacant(u.Now()), Unmet: c.Unmet,
	}, nil
}

// Trainer reads what is known of a trainer: one's own, or as a coordinator of an area in
// which they act.
func (u *Cohorts) Trainer(ctx context.Context, by Caller, id aid.AccountID) (training.Trainer, error) {
	return u.trainer(ctx, by, policy.ReadTrainer, id)
}

func (u *Cohorts) trainer(ctx context.Context, by Caller, action policy.Action, id aid.AccountID) (training.Trainer, error) {
	if err := policy.Role(by.Role, action); err != nil {
		return training.Trainer{}, err
	}
	t, err := u.Store.Trainer(ctx, id)
	if err == nil && !slices.ContainsFunc(append(t.Areas, ""), func(area aid.AreaPath) bool {
		return policy.Allows(by.Account, action, policy.Resource{Area: area, Account: id})
	}) {
		err = aid.Errorf(aid.NotFound, "there is no such trainer, or they are not yours to see")
	}
	if err != nil {
		return training.Trainer{}, hidden(err, "trainer")
	}
	return t, nil
}

// PutTrainer keeps where a trainer lives, how far they go, how many cohorts they take a
// month and what they may teach, which last is for coordinators to say.
func (u *Cohorts) PutTrainer(ctx context.Context, by Caller, t training.Trainer) (training.Trainer, error) {
	before, err := u.trainer(ctx, by, policy.UpdateTrainer, t.Account)
	if err != nil {
		return training.Trainer{}, err
	}
	if err := t.Validate(); err != nil {
		return training.Trainer{}, err
	}
	if by.Role == aid.RoleTrainer && !sameCourses(before.Courses, t.Courses) {
		return training.Trainer{}, aid.Errorf(aid.Forbidden, "which courses a trainer may teach is for coordinators to say; leave courses as they are")
	}
	if t.Cell, err = grid.CellOf(t.Home, grid.Home); err != nil {
		return training.Trainer{}, err
	}
	if err := u.Store.PutTrainer(ctx, t); err != nil {
		return training.Trainer{}, err
	}
	return u.Store.Trainer(ctx, t.Account)
}

func sameCourses(a, b []aid.CourseID) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
