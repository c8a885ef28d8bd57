package activities

import (
	"context"
	"time"

	"github.com/linli/linli/training"
	"github.com/linli/linli/workflows/contract"
)

// CohortStore keeps training cohorts.
type CohortStore interface {
	// AdvanceCohort lets fn change a cohort under its lock in one transaction, with what
	// is told by it. It is [aid.NotFound] without one.
	AdvanceCohort(ctx context.Context, id training.CohortID, fn func(c *training.Cohort, elsewhere training.Elsewhere, now time.Time) error) (*training.Cohort, error)
}

// Cohorts is the steps of training cohorts. It is safe for concurrent use.
type Cohorts struct{ Store CohortStore }

// AdvanceCohort does what is due for a cohort by the store's clock: while it goes on
// what its sessions and results ask for, and after its end the follow-up of those whom
// it left without the course. Each part repeats without harm, so a try that is cut off
// is finished by the next.
func (a *Cohorts) AdvanceCohort(ctx context.Context, m contract.CohortRef) (contract.CohortState, error) {
	state, ended, err := a.advance(ctx, m.Cohort)
	if err == nil && ended { // just now; whom it leaves is known from the next look on
		state, _, err = a.advance(ctx, m.Cohort)
	}
	return state, fail(ctx, err)
}

func (a *Cohorts) advance(ctx context.Context, id training.CohortID) (state contract.CohortState, ended bool, err error) {
	_, err = a.Store.AdvanceCohort(ctx, id, func(c *training.Cohort, elsewhere training.Elsewhere, now time.Time) error {
		if c.Status.Ended() {
			c.FollowUp(elsewhere, now)
		} else {
			c.Advance(now)
			ended = c.Status.Ended()
		}
		state = contract.CohortState{Done: !c.FollowedAt.IsZero(), NextDue: c.NextDue(now).UTC()}
		return nil
	})
	return state, ended, err
}
