package workflows

import (
	"errors"
	"math"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// patience is how a step is tried again: for as long as it takes. What is final
// the activity says itself. Postgres away for an hour delays a process and never
// fails it.
func patience() *temporal.RetryPolicy {
	return &temporal.RetryPolicy{
		InitialInterval: 100 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: 30 * time.Second,
		MaximumAttempts: math.MaxInt32, // more than there is time for; none given are ten in the test environment
	}
}

// candour is patience as far as somebody waits for the answer: a fault of ours
// would fail the same way each time, and whoever waits is told so. Otherwise one
// poisoned message would hold up everything that comes after it.
func candour() *temporal.RetryPolicy {
	p := patience()
	p.NonRetryableErrorTypes = []string{string(aid.Internal), panicType}
	return p
}

// panicType is the type under which the SDK reports that an activity panicked.
const panicType = "PanicError"

// quickWrite is for one short transaction on the worker that runs the workflow:
// it costs the server nothing. One that does not come through within a few
// seconds is handed to [patientWrite], since a workflow task must not stay open
// for long.
func quickWrite(ctx workflow.Context, retry *temporal.RetryPolicy) workflow.Context {
	return workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		ScheduleToCloseTimeout: 4 * time.Second,
		StartToCloseTimeout:    2 * time.Second,
		RetryPolicy:            retry,
	})
}

// patientWrite is for the same transaction while Postgres is away: the server
// keeps the retries, so that they outlive the worker.
func patientWrite(ctx workflow.Context, retry *temporal.RetryPolicy) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 10 * time.Second,
		RetryPolicy:         retry,
	})
}

// solverRun is for one match round on a worker that holds the index. The
// heartbeat tells within half a minute that the worker has died.
func solverRun(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           contract.QueueMatching,
		StartToCloseTimeout: 10 * time.Minute,
		HeartbeatTimeout:    30 * time.Second,
		RetryPolicy:         patience(),
	})
}

// deliveryRun is for one run over the notices of a channel, which goes on for a
// minute and then some attempts. The heartbeat tells within half a minute that
// the worker has died.
func deliveryRun(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 10 * time.Minute,
		HeartbeatTimeout:    30 * time.Second,
		RetryPolicy:         patience(),
	})
}

// plannerRun is for the steps of a rollout, which plan for seconds to minutes or make
// hundreds of cohorts. The heartbeat tells within half a minute that the worker has
// died.
func plannerRun(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Hour,
		HeartbeatTimeout:    30 * time.Second,
		RetryPolicy:         patience(),
	})
}

// write runs a step that is one short transaction, quickly if it can be and
// patiently if it must. The quick try may have come through unnoticed; repeating
// a step does no harm.
func write[In, Out any](ctx workflow.Context, s step[In, Out], in In, retry *temporal.RetryPolicy) (Out, error) {
	var out Out
	err := workflow.ExecuteLocalActivity(quickWrite(ctx, retry), s.name, in).Get(ctx, &out)
	if err == nil || final(err) || ctx.Err() != nil {
		return out, err
	}
	return execute(patientWrite(ctx, retry), s, in)
}

// execute runs a step as a regular activity under the options of ctx.
func execute[In, Out any](ctx workflow.Context, s step[In, Out], in In) (out Out, err error) {
	err = workflow.ExecuteActivity(ctx, s.name, in).Get(ctx, &out)
	return out, err
}

// final tells whether trying again is of no use. What only [candour] takes for
// final is tried once more by the patient way, which then gives it back.
func final(err error) bool {
	app, ok := errors.AsType[*temporal.ApplicationError](err)
	return ok && app.NonRetryable()
}
