package main

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/api"
	"github.com/linli/linli/worker"
)

// Work is `linli worker`.
type Work struct {
	Listen string `env:"LINLI_WORKER_LISTEN" placeholder:"HOST:PORT" help:"Address to say on whether it is ready: /healthz, /readyz and /metrics, nothing else. Without it none is served."`
	PostgresFlags
	TemporalFlags
	SearchFlags
	IndexFlags
	NoticeFlags
	LogFlags
}

// Help is the longer text of --help.
func (Work) Help() string {
	return `Finds and asks volunteers for the help requests that 'linli serve' opens, on the
same database and the same Temporal namespace. One is enough; with several, each
takes a part of the work, and the others go on when one ends. Deadlines and the
number of people asked are settings of the worker. Ctrl-C or SIGTERM ends it;
what it has not finished is done by another, or by the next one that starts.
With --listen, GET /readyz says whether it can work, and which part is away if not.`
}

// Run runs the processes until ctx ends.
func (c *Work) Run(ctx context.Context) error {
	if err := c.SearchFlags.check(); err != nil {
		return err
	}
	s, err := connect(ctx, c.PostgresFlags, c.TemporalFlags, c.SearchFlags, c.IndexFlags, c.NoticeFlags, c.logger())
	if err != nil {
		return err
	}
	defer s.Close()
	w := s.worker()
	group, ctx := errgroup.WithContext(ctx)
	if c.Listen != "" {
		listener, err := listen(ctx, c.Listen)
		if err != nil {
			return err
		}
		s.log.InfoContext(ctx, "worker says whether it is ready", "address", listener.Addr().String())
		group.Go(func() error { return api.NewProbes(s.workerParts(w), s.registry, s.log).Serve(ctx, listener) })
	}
	group.Go(func() error { return w.Run(ctx) })
	return group.Wait()
}

// workerParts are what a worker works with, and whether it does.
func (s *system) workerParts(w *worker.Worker) []api.Part {
	return append(s.parts(),
		api.Part{Name: "index", Check: unless(s.index.Loaded, "the volunteers are being loaded")},
		api.Part{Name: "worker", Check: unless(w.Works, "the worker waits for Temporal")})
}

// unless fails for as long as something is not so.
func unless(so func() bool, why string) func(context.Context) error {
	return func(context.Context) error {
		if so() {
			return nil
		}
		return aid.Errorf(aid.Unavailable, "%s", why)
	}
}
