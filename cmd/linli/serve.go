package main

import (
	"context"
	"net"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/linli/linli/aid"
)

// Serve is `linli serve`.
type Serve struct {
	Listen string `env:"LINLI_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to serve on."`
	PostgresFlags
	TemporalFlags
	SearchFlags
	APIFlags
	LogFlags
}

// followEvery is how far an API process lags behind in what it says of
// candidates; rounds bring their own index up to date.
const followEvery = 5 * time.Second

// Run serves the API until ctx ends.
func (c *Serve) Run(ctx context.Context) error {
	log := c.logger()
	if err := c.SearchFlags.Validate(); err != nil {
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

// Run runs the processes until ctx ends.
func (c *Work) Run(ctx context.Context) error {
	if err := c.SearchFlags.Validate(); err != nil {
		return err
	}
	s, err := connect(ctx, c.PostgresFlags, c.TemporalFlags, c.SearchFlags, c.logger())
	if err != nil {
		return err
	}
	defer s.Close()
	return s.worker().Run(ctx)
}
