package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/linli/linli/embedded"
)

// services are the Postgres and the Temporal that `linli dev` works on: private
// ones, or those that the flags name.
type services struct {
	postgres    *embedded.Postgres // nil when external
	server      *embedded.Temporal
	postgresURL string
	temporal    TemporalFlags
}

// startServices starts what the flags do not name.
func (c *Dev) startServices(ctx context.Context, progress io.Writer, log *slog.Logger) (_ *services, err error) {
	s := &services{postgresURL: c.PostgresURL, temporal: c.TemporalFlags}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.stop(context.WithoutCancel(ctx)))
		}
	}()
	if c.PostgresURL == "" {
		if s.postgres, err = embedded.StartPostgres(ctx, embedded.PostgresOptions{Dir: c.Data, Log: log}); err != nil {
			return nil, err
		}
		if err := s.postgres.CreateDatabase(ctx, database); err != nil {
			return nil, err
		}
		s.postgresURL = s.postgres.URL(database)
	}
	s.server, err = embedded.StartTemporal(ctx, embedded.TemporalOptions{
		Address: c.TemporalAddress, Dir: c.Data, Namespace: c.TemporalNamespace, Postgres: s.postgres, Log: log,
		Progress: func(p embedded.BuildProgress) { fmt.Fprintln(progress, p) },
	})
	if err != nil {
		return nil, err
	}
	s.temporal.TemporalAddress, s.temporal.TemporalNamespace = s.server.Address(), s.server.Namespace()
	return s, nil
}

// stop stops Temporal first, since it writes to Postgres to the last, and leaves
// Postgres a second of the time.
func (s *services) stop(ctx context.Context) error {
	var err error
	if s.server != nil {
		first := ctx
		if end, ends := ctx.Deadline(); ends {
			var cancel context.CancelFunc
			first, cancel = context.WithDeadline(ctx, end.Add(-time.Second))
			defer cancel()
		}
		err = s.server.Stop(first)
	}
	if s.postgres != nil {
		err = errors.Join(err, s.postgres.Stop(ctx))
	}
	return err
}
