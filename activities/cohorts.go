package activities

import (
	"context"
	"time"

	"github.com/linli/linli/training"
	"github.com/linli/linli/workflows/contract"
)

// CohortStore keeps training cohorts. Each call is one transaction, with what is told by
// it.
type CohortStore interface {
	// AdvanceCohort lets fn change a cohort under its lock. It is [aid.NotFound] without
	// one.
	AdvanceCohort(ctx context.Context, id training.CohortID, fn func(c *training.Cohort, elsewhere training.Elsewhere, now time.Time) error) (*training.Cohort, error)
	// StaffCohorts lets fn ask trainers for all cohorts that lack one, under their locks,
	// one caller at a time, and tells the processes of those for which it asked somebody.
	StaffCohorts(ctx context.Context, fn func(lacking []*training.Cohort, trainers []training.Trainer, now time.Time) error) error
}

// Cohorts is the steps of training cohorts. It is safe for concurrent use.
type Cohorts struct{ Store CohortStore }

// AdvanceCohort does what is due for a cohort by the store's clock: while it goes on
// what its sessions and results ask for, and trainers in place of those who dropped
// out; after its end the follow-up of those whom it left without the course. Each part
// repeats without harm, so a try that is cut off is finished by the next.
func (a *Cohorts) AdvanceCohort(ctx context.Context, m contract.CohortRef) (contract.CohortState, error) {
	state, err := a.advance(ctx, m.Cohort)
	return state, fail(ctx, err)
}

func (a *Cohorts) advance(ctx context.Context, id training.CohortID) (contract.CohortState, error) {
	state, more, err := a.look(ctx, id)
	if err != nil || more == nothing {
		return state, err
	}
	if more == lacksTrainer {
		err = a.Store.StaffCohorts(ctx, func(lacking []*training.Cohort, trainers []training.Trainer, now time.Time) error {
			return staff(ctx, lacking, trainers, now)
		})
	}
	if err == nil {
		state, _, err = a.look(ctx, id)
	}
	return state, err
}

// further is what is left to do after a look.
type further int

const (
	nothing      further = iota
	hasEnded             // just now: whom it leaves is known from the next look on
	lacksTrainer         // for whom nobody is being asked
)

func (a *Cohorts) look(ctx context.Context, id training.CohortID) (state contract.CohortState, more further, err error) {
	_, err = a.Store.AdvanceCohort(ctx, id, func(c *training.Cohort, elsewhere training.Elsewhere, now time.Time) error {
		more = nothing
		if c.Status.Ended() {
			c.FollowUp(elsewhere, now)
		} else {
			c.Advance(now)
			switch {
			case c.Status.Ended():
				more = hasEnded
			case c.Vacant(now) > 0:
				more = lacksTrainer
			}
		}
		state = contract.CohortState{Done: !c.FollowedAt.IsZero(), NextDue: c.NextDue(now).UTC()}
		return nil
	})
	return state, more, err
}
