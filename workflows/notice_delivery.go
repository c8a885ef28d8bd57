package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/linli/linli/workflows/contract"
)

// deliverAgain is when a channel is looked at again after a run over it failed
// for good, which is a fault of ours.
const deliverAgain = time.Minute

// NoticeDelivery sends the notices of one channel for as long as any are pending:
// at once those that are due, the others when they fall due. One run of its step
// serves many, so that a notice costs Temporal next to nothing. With nothing left
// to send the process ends, and the next notice starts it anew.
func NoticeDelivery(ctx workflow.Context, in contract.NoticeDeliveryInput) error {
	due := workflow.GetSignalChannel(ctx, contract.SignalNoticesDue)
	for runs := 1; ; runs++ {
		for due.ReceiveAsync(nil) { // they all say the same: look
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return workflow.NewContinueAsNewError(ctx, contract.WorkflowNoticeDelivery, in)
		}
		// The run's id makes it unique, and a retry of the activity the same run.
		id := fmt.Sprintf("%s.%d", workflow.GetInfo(ctx).WorkflowExecution.RunID, runs)
		out, err := execute(deliveryRun(ctx), deliverNotices, contract.DeliverNotices{Channel: in.Channel, Run: id})
		switch {
		case ctx.Err() != nil:
			return err
		case err != nil:
			workflow.GetLogger(ctx).Error("the notices of a channel were not sent", "channel", in.Channel, "error", err)
			out.NextDue = workflow.Now(ctx).Add(deliverAgain)
		case out.NextDue.IsZero() && due.Len() == 0:
			return nil
		}
		wait := max(out.NextDue.Sub(workflow.Now(ctx)), leastWait)
		if _, err := workflow.AwaitWithTimeout(ctx, wait, func() bool { return due.Len() > 0 }); err != nil {
			return err
		}
	}
}
