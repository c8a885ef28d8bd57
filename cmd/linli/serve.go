package main

import (
	"context"
	"errors"
	"net"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/api"
)

// Serve is `linli serve`.
type Serve struct {
	Listen string `env:"LINLI_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to serve on (${default}). Port 0 takes a free one."`
	PostgresFlags
	TemporalFlags
	SearchFlags
	APIFlags
	LogFlags
}

// Help is the longer text of --help.
func (Serve) Help() string {
	return `Serves the API for programs on a database that 'linli migrate up' has prepared and
a Temporal service. Any number may run side by side; 'linli worker' does the rest.
GET /readyz says whether it can serve, and which part is away if not. Ctrl-C or
SIGTERM ends it once the requests under way have ended, after ` + api.DrainTime.String() + ` at most.`
}

// followEvery is how far an API process lags behind in what it says of
// candidates; rounds bring their own index up to date.
const followEvery = 5 * time.Second

// Run serves the API until ctx ends.
func (c *Serve) Run(ctx context.Context) error {
	log := c.logger()
	if err := errors.Join(c.SearchFlags.check(), c.APIFlags.check()); err != nil {
		return err
	}
	s, err := connect(ctx, c.PostgresFlags, c.TemporalFlags, c.SearchFlags, log)
	if err != nil {
		return err
	}
	defer s.Close()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return aid.Errorf(aid.Invalid, "cannot listen on %s: %v; choose another address with --listen", c.Listen, err)
	}
	log.InfoContext(ctx, "api serves", "address", listener.Addr().String())
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.handler(c.APIFlags).Serve(ctx, listener) })
	group.Go(func() error { s.index.Follow(ctx, followEvery); return nil })
	group.Go(func() error { s.followEvents(ctx); return nil })
	group.Go(func() error { s.purge(ctx); return nil })
	return group.Wait()
}

// Work is `linli worker`.
type Work struct {
	PostgresFlags
	TemporalFlags
	SearchFlags
	LogFlags
}

// Help is the longer text of --help.
func (Work) Help() string {
	return `Finds and asks volunteers for the help requests that 'linli serve' opens, on the
same database and the same Temporal namespace. One is enough; with several, each
takes a part of the work, and the others go on when one ends. Deadlines and the
number of people asked are settings of the worker. Ctrl-C or SIGTERM ends it;
what it has not finished is done by another, or by the next one that starts.`
}

// Run runs the processes until ctx ends.
func (c *Work) Run(ctx context.Context) error {
	if err := c.SearchFlags.check(); err != nil {
		return err
	}
	s, err := connect(ctx, c.PostgresFlags, c.TemporalFlags, c.SearchFlags, c.logger())
	if err != nil {
		return err
	}
	defer s.Close()
	return s.worker().Run(ctx)
}
