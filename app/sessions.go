package app

import (
	"context"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training"
)

// MoveSession holds a session of a cohort at another time or place. Those who hold a
// seat and the trainers are told.
func (u *Cohorts) MoveSession(ctx context.Context, by Caller, id training.CohortID, m training.Move) (CohortCard, error) {
	if err := policy.Role(by.Role, policy.MoveSession); err != nil {
		return CohortCard{}, err
	}
	_, err := u.Store.MoveSession(ctx, id, func(c *training.Cohort, taken map[aid.AccountID][]training.Engagement, now time.Time) error {
		if err := policy.Allow(by.Account, policy.MoveSession, policy.Resource{Area: c.AreaPath}); err != nil {
			return err
		}
		return c.MoveSession(m, taken, now)
	})
	if err != nil {
		return CohortCard{}, hidden(err, "cohort")
	}
	return u.Get(ctx, by, id)
}

// AssignTrainer makes somebody a trainer of a cohort by hand, in place of another one if
// that is named, with the reason.
func (u *Cohorts) AssignTrainer(ctx context.Context, by Caller, id training.CohortID, trainer, replaces aid.AccountID, reason string) (CohortStaff, error) {
	if err := policy.Role(by.Role, policy.AssignTrainer); err != nil {
		return CohortStaff{}, err
	}
	_, unknown := u.Store.Trainer(ctx, trainer)
	if unknown != nil && aid.KindOf(unknown) != aid.NotFound {
		return CohortStaff{}, unknown
	}
	return u.changeStaff(ctx, by, policy.AssignTrainer, id, trainer, func(c *training.Cohort, t training.Trainer, now time.Time) error {
		var check aid.Check
		check.That(unknown == nil, "trainer", "%q is no account of a trainer", trainer)
		if err := check.Err("trainer"); err != nil {
			return err
		}
		if replaces == "" {
			return c.Assign(t, by.ID, now)
		}
		return c.Replace(replaces, reason, t, by.ID, now)
	})
}
