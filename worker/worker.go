package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"
	"golang.org/x/sync/errgroup"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/workflows"
	"github.com/linli/linli/workflows/contract"
)

const (
	// cachedWorkflows stay in memory between their steps, at about 34 KB each.
	cachedWorkflows = 4000
	// writesAtOnce bounds the short transactions under way. More than the pool
	// has connections would only wait there, against their timeout.
	writesAtOnce = 32
	// roundsAtOnce leaves a small machine a core to answer with: a round loads
	// one, and rounds of different shards share the index.
	roundsAtOnce = 2
	// stopWithin is the time that steps under way get when a worker stops.
	stopWithin = 3 * time.Second
	// letGoAfter is when a worker is left to itself that does not stop, since
	// Temporal does not answer. Others take up what it had.
	letGoAfter = stopWithin + time.Second/2
	// missWithin is how long Temporal waits for the worker that has a workflow in
	// memory before it asks the others. After a crash every answer waits for
	// this once, so it must be well below the time that an answer may take.
	missWithin = 2 * time.Second
	// followEvery is how often the index follows the facts between rounds.
	followEvery = 5 * time.Second
	// askEvery is how often Temporal is asked whether it is there yet.
	askEvery = time.Second
)

// Index is kept in step with the facts while the worker runs.
type Index interface {
	Follow(ctx context.Context, every time.Duration)
}

// Worker runs everything that happens behind the API.
type Worker struct {
	Client   client.Client
	Requests *activities.Requests
	Rounds   *activities.Rounds
	Notices  *activities.Notices
	Standing *activities.Standing
	Rollouts *activities.Rollouts
	Cohorts  *activities.Cohorts
	Index    Index
	Relay    Relay
	Sweep    Sweep
	Log      *slog.Logger
	Observe  Observe // optional

	works atomic.Bool
}

// Works tells whether the worker takes work: not before Temporal has come up, and
// not after Run has ended.
func (w *Worker) Works() bool { return w.works.Load() }

// Run works until ctx ends, then lets the steps under way finish. It waits for
// Temporal to come up, and fails when Temporal refuses it.
func (w *Worker) Run(ctx context.Context) error {
	if err := w.awaitTemporal(ctx); err != nil {
		return nil //nolint:nilerr // told to stop before there was anything to do
	}
	group, ctx := errgroup.WithContext(ctx)
	fatal := make(chan error, 2)
	parts := []worker.Worker{w.processes(fatal), w.matching(fatal)}
	for _, part := range parts {
		if err := part.Start(); err != nil {
			stop(parts)
			return fmt.Errorf("starting the worker: %w", err)
		}
	}
	w.works.Store(true)
	defer w.works.Store(false)
	w.Log.InfoContext(ctx, "worker runs")
	group.Go(func() error { w.Index.Follow(ctx, followEvery); return nil })
	group.Go(func() error { w.Relay.Run(ctx); return nil })
	group.Go(func() error { w.Sweep.Run(ctx); return nil })
	group.Go(func() error {
		defer stop(parts) // while the rest ends
		select {
		case <-ctx.Done():
			return nil
		case err := <-fatal:
			return errors.Join(errors.New("the worker stopped"), err)
		}
	})
	return group.Wait()
}

func (w *Worker) processes(fatal chan<- error) worker.Worker {
	worker.SetStickyWorkflowCacheSize(cachedWorkflows)
	options := w.options(fatal)
	options.MaxConcurrentLocalActivityExecutionSize = writesAtOnce
	options.MaxConcurrentActivityExecutionSize = writesAtOnce
	part := worker.New(w.Client, contract.QueueProcesses, options)
	workflows.Register(part)
	w.Requests.Register(part)
	w.Standing.Register(part)
	if w.Rollouts != nil {
		w.Rollouts.Register(part)
	}
	if w.Cohorts != nil {
		w.Cohorts.Register(part)
	}
	w.Rounds.RegisterAsking(part)
	w.Notices.Register(part)
	return part
}

func (w *Worker) matching(fatal chan<- error) worker.Worker {
	options := w.options(fatal)
	options.MaxConcurrentActivityExecutionSize = roundsAtOnce
	options.DisableWorkflowWorker = true
	part := worker.New(w.Client, contract.QueueMatching, options)
	w.Rounds.RegisterRounds(part)
	return part
}

func (w *Worker) options(fatal chan<- error) worker.Options {
	return worker.Options{
		WorkerStopTimeout:            stopWithin,
		StickyScheduleToStartTimeout: missWithin,
		OnFatalError: func(err error) {
			select {
			case fatal <- err:
			default: // one is enough to stop
			}
		},
		Interceptors: []interceptor.WorkerInterceptor{&watch{log: w.Log, observe: w.Observe}},
	}
}

// awaitTemporal returns once Temporal answers, or with the error of ctx.
func (w *Worker) awaitTemporal(ctx context.Context) error {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for said := false; ; said = true {
		_, err := w.Client.CheckHealth(ctx, &client.CheckHealthRequest{})
		if err == nil {
			return nil
		}
		if !said && ctx.Err() == nil {
			w.Log.WarnContext(ctx, "Temporal does not answer yet; waiting for it", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// stop stops all parts at once, so that their grace periods do not add up.
func stop(parts []worker.Worker) {
	var stopping sync.WaitGroup
	for _, part := range parts {
		stopping.Go(part.Stop)
	}
	stopped := make(chan struct{})
	go func() {
		stopping.Wait()
		close(stopped)
	}()
	select {
	case <-stopped:
	case <-time.After(letGoAfter):
	}
}
