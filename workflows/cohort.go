package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/linli/linli/workflows/contract"
)

// Cohort is the process of one training cohort, from its opening until those whom it
// left without the course are followed up. It owns the clocks; what is due is decided
// by the facts and the store's clock, so that after any outage one look does all that
// is overdue and of use still.
//
//	┌──► look: AdvanceCohort ──► done? ──► end
//	│            │
//	└────────────┴── wait until the next clock runs out, or the cohort changes
func Cohort(ctx workflow.Context, in contract.CohortInput) error {
	in.State = formOf(in.State, cohortState)
	changed := workflow.GetSignalChannel(ctx, contract.SignalCohortChanged)
	for !workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
		drain(changed) // what they tell is seen by looking
		next, done, err := lookAtCohort(ctx, in)
		if err != nil || done {
			return err
		}
		wait := max(next.Sub(workflow.Now(ctx)), leastWait)
		if _, err := workflow.AwaitWithTimeout(ctx, wait, func() bool { return changed.Len() > 0 }); err != nil {
			return err
		}
	}
	drain(changed) // the next run begins with a look
	return workflow.NewContinueAsNewError(ctx, contract.WorkflowCohort, in)
}

// lookAtCohort does what is due. A step that fails for good is a fault of ours: the
// process says so and looks again.
func lookAtCohort(ctx workflow.Context, in contract.CohortInput) (next time.Time, done bool, err error) {
	state, err := write(ctx, advanceCohort, contract.CohortRef{Cohort: in.Cohort}, patience())
	switch {
	case err == nil:
		return state.NextDue, state.Done, nil
	case ctx.Err() != nil:
		return time.Time{}, false, err
	case isNoSuchRequest(err):
		workflow.GetLogger(ctx).Warn("there is no such cohort; its process ends", "cohort", in.Cohort)
		return time.Time{}, true, nil
	}
	workflow.GetLogger(ctx).Error("a step of the process failed", "step", advanceCohort.name, "error", err)
	return workflow.Now(ctx).Add(faultPause), false, nil
}
