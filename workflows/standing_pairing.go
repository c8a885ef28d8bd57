package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/linli/linli/workflows/contract"
)

// StandingPairing is the process of one standing pairing, beside the one of its
// help request, for as long as that lives. It owns the clocks of the visits; what
// is due is decided by the facts and the store's clock, so that after any outage
// one look does all that is overdue, alarms first.
//
//	┌──► look: AdvanceStanding ──► ended? ──► end
//	│            │
//	└────────────┴── wait until the next clock runs out, or the request changes
func StandingPairing(ctx workflow.Context, in contract.StandingInput) error {
	changed := workflow.GetSignalChannel(ctx, contract.SignalRequestChanged)
	for !workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
		drain(changed) // what they tell is seen by looking
		next, ended, err := look(ctx, in)
		if err != nil || ended {
			return err
		}
		wait := max(next.Sub(workflow.Now(ctx)), leastWait)
		if _, err := workflow.AwaitWithTimeout(ctx, wait, func() bool { return changed.Len() > 0 }); err != nil {
			return err
		}
	}
	drain(changed) // the next run begins with a look
	return workflow.NewContinueAsNewError(ctx, contract.WorkflowStandingPairing, in)
}

// look does what is due. A step that fails for good is a fault of ours: the
// process says so and looks again, since somebody may be waiting for a visit.
func look(ctx workflow.Context, in contract.StandingInput) (next time.Time, ended bool, err error) {
	state, err := write(ctx, advanceStanding, contract.RequestRef(in), patience())
	switch {
	case err == nil:
		return state.NextDue, state.Ended, nil
	case ctx.Err() != nil:
		return time.Time{}, false, err
	case isNoSuchRequest(err):
		workflow.GetLogger(ctx).Warn("there is no such standing pairing; its process ends", "request", in.Request)
		return time.Time{}, true, nil
	}
	workflow.GetLogger(ctx).Error("a step of the process failed", "step", advanceStanding.name, "error", err)
	return workflow.Now(ctx).Add(faultPause), false, nil
}
