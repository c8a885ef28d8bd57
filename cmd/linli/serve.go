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
	IndexFlags
	NoticeFlags
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
	s, err := connect(ctx, c.PostgresFlags, c.TemporalFlags, c.SearchFlags, c.IndexFlags, c.NoticeFlags, log)
	if err != nil {
		return err
	}
	defer s.Close()
	listener, err := listen(ctx, c.Listen)
	if err != nil {
		return err
	}
	log.InfoContext(ctx, "api serves", "address", listener.Addr().String())
	handler, err := s.handler(c.APIFlags)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return handler.Serve(ctx, listener) })
	group.Go(func() error { s.index.Follow(ctx, followEvery); return nil })
	group.Go(func() error { s.followEvents(ctx); return nil })
	group.Go(func() error { s.purge(ctx); return nil })
	return group.Wait()
}

// listen takes an address to serve on.
func listen(ctx context.Context, address string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, aid.Errorf(aid.Invalid, "cannot listen on %s: %v; choose another address with --listen", address, err)
	}
	return listener, nil
}
