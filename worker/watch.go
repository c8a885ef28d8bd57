package worker

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
)

// Observe hears of every step that ran: its activity type, the kind of its
// error, empty when it went well, and how long it took. It is called from many
// goroutines and must be quick.
type Observe func(step, kind string, took time.Duration)

// watch notes every step by ids and words alone: messages and error texts stay
// out of it.
type watch struct {
	interceptor.WorkerInterceptorBase
	log     *slog.Logger
	observe Observe
}

// InterceptActivity puts the watch before every activity, local ones too.
func (w *watch) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &watched{interceptor.ActivityInboundInterceptorBase{Next: next}, w}
}

type watched struct {
	interceptor.ActivityInboundInterceptorBase
	watch *watch
}

func (w *watched) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	begin := time.Now()
	out, err := w.Next.ExecuteActivity(ctx, in)
	took := time.Since(begin)
	info := activity.GetInfo(ctx)
	kind := kindOf(err)
	w.watch.log.DebugContext(ctx, "step", "step", info.ActivityType.Name, "workflow", info.WorkflowExecution.ID,
		"attempt", info.Attempt, "kind", kind, "ms", took.Milliseconds())
	if w.watch.observe != nil {
		w.watch.observe(info.ActivityType.Name, kind, took)
	}
	return out, err
}

// kindOf is the kind that an activity's error carries over the wire.
func kindOf(err error) string {
	if err == nil {
		return ""
	}
	if app, ok := errors.AsType[*temporal.ApplicationError](err); ok {
		return app.Type()
	}
	return "unknown"
}
