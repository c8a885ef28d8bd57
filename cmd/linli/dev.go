package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/embedded"
	"github.com/linli/linli/postgres"
)

// Dev is `linli dev`.
type Dev struct {
	Data   string `default:".linli" type:"path" help:"Directory that holds everything: database, workflows, logs, ready.json."`
	Listen string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to serve on (${default}). Port 0 takes a free one."`
	Seed   string `enum:"demo,none" default:"demo" help:"What an empty database is filled with: demo people and accounts, or none."`

	PostgresFlags
	TemporalFlags
	SearchFlags
	NoticeFlags
	APIFlags
	LogFlags
}

// Help is the longer text of --help.
func (Dev) Help() string {
	return `Needs PostgreSQL's server programs and Go, or a 'temporal' command; see the README.
Everything is kept in the directory given by --data, and the next start goes on
where the last one stopped, even after a crash. While it serves, ready.json in that
directory holds the address and a token for each demo account:

  curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8080/v1/me

With --postgres-url or --temporal-address it uses yours instead of a private one.
Ctrl-C or SIGTERM stops everything that it started.`
}

const (
	database = "linli"
	// stopWithin is when the private services are killed, counted from the
	// interrupt, since a stop may take ten seconds in all. The parts that go first
	// take less than six of them at the worst and next to none otherwise.
	stopWithin = 9 * time.Second
)

// Run starts everything and serves until ctx ends.
func (c *Dev) Run(ctx context.Context, streams Streams) (err error) {
	if err := errors.Join(c.SearchFlags.check(), c.APIFlags.check()); err != nil {
		return err
	}
	log := c.logger()
	slog.SetDefault(log)
	if err := os.MkdirAll(c.Data, 0o755); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	lock, err := embedded.Lock(c.Data)
	if locked, ok := errors.AsType[*embedded.LockedError](err); ok {
		return aid.Errorf(aid.Conflict, "%v with --data", locked)
	}
	if err != nil {
		return err
	}
	defer lock.Unlock() //nolint:errcheck // the process ends with it
	if err := errors.Join(removeReady(c.Data), c.fillKeys()); err != nil {
		return err
	}
	// Listening first: a taken port is known before anything is started.
	listener, err := listen(ctx, c.Listen)
	if err != nil {
		return err
	}
	defer listener.Close() //nolint:errcheck // closed by the server before

	services, err := c.startServices(ctx, streams.Err, log)
	if err != nil {
		return err
	}
	interrupted := make(chan time.Time, 1)
	context.AfterFunc(ctx, func() { interrupted <- time.Now() })
	defer func() {
		since := time.Now()
		select {
		case since = <-interrupted:
		default: // it ends by itself
		}
		stopping, cancel := context.WithDeadline(context.WithoutCancel(ctx), since.Add(stopWithin))
		defer cancel()
		err = errors.Join(err, services.stop(stopping))
	}()
	return c.serve(ctx, listener, services, streams.Out, log)
}

// serve runs worker and API over the services until ctx or one of them ends.
func (c *Dev) serve(ctx context.Context, listener net.Listener, services *services, out io.Writer, log *slog.Logger) error {
	if err := postgres.Migrate(ctx, services.postgresURL); err != nil {
		return err
	}
	s, err := connect(ctx, PostgresFlags{services.postgresURL}, services.temporal, c.SearchFlags, IndexFlags{filepath.Join(c.Data, "index")}, c.NoticeFlags, log)
	if err != nil {
		return err
	}
	defer s.Close()
	r := ready{
		URL: urlOf(listener.Addr()), PostgresURL: services.postgresURL,
		TemporalAddress: services.temporal.TemporalAddress, TemporalNamespace: services.temporal.TemporalNamespace,
	}
	if c.Seed == "demo" {
		if r.Tokens, err = seedDemo(ctx, s.store, c.Data); err != nil {
			return fmt.Errorf("demo data: %w", err)
		}
	}
	if err := s.index.Refresh(ctx); err != nil {
		return err
	}
	handler, err := s.handler(c.APIFlags)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.worker().Run(ctx) })
	group.Go(func() error { s.followEvents(ctx); return nil })
	group.Go(func() error { s.purge(ctx); return nil })
	group.Go(func() error { return handler.Serve(ctx, listener) })
	group.Go(func() error { services.keep(ctx, log); return nil })
	group.Go(func() error {
		if err := writeReady(c.Data, r); err != nil {
			return err
		}
		announce(out, r, c.Data)
		<-ctx.Done()
		return removeReady(c.Data)
	})
	return group.Wait()
}

// announce tells a person where to go.
func announce(out io.Writer, r ready, dir string) {
	fmt.Fprintf(out, "\nLinli serves on %s\n", r.URL)
	if len(r.Tokens) > 0 {
		fmt.Fprintf(out, "Demo accounts, with links to sign in by; their tokens are in %s too:\n", filepath.Join(dir, "ready.json"))
		for _, role := range aid.Roles {
			fmt.Fprintf(out, "  %-12s %s/sign-in#%s\n", role, r.URL, r.Tokens[string(role)])
		}
	}
	fmt.Fprintln(out, "Ctrl-C stops it; the next start goes on where it stopped.")
}
