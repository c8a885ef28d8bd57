package main

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"
)

// A service that ends by itself is started anew after a pause, which doubles for
// as long as that fails: the disk may be full, and space comes back.
const (
	restartPause  = 500 * time.Millisecond
	restartLonger = 30 * time.Second
)

// private is a service that `linli dev` has started.
type private interface {
	Done() <-chan struct{}
	Err() error
	LogFile() string
	Restart(ctx context.Context) error
}

// keep starts the private services anew whenever they end by themselves, until
// ctx ends. What runs on them finds them at the same address.
func (s *services) keep(ctx context.Context, log *slog.Logger) {
	var group errgroup.Group
	if s.postgres != nil {
		group.Go(func() error { keepUp(ctx, "PostgreSQL", s.postgres, log); return nil })
	}
	group.Go(func() error { keepUp(ctx, "Temporal", s.server, log); return nil })
	_ = group.Wait() // they end with ctx, without an error
}

func keepUp(ctx context.Context, name string, service private, log *slog.Logger) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-service.Done():
		}
		err := service.Err()
		for pause := restartPause; err != nil; pause = min(2*pause, restartLonger) {
			log.ErrorContext(ctx, "a private service is away and is started anew", "service", name, "again_in", pause,
				"log", service.LogFile(), "error", err)
			select {
			case <-ctx.Done():
				return
			case <-time.After(pause):
			}
			err = service.Restart(ctx)
			if ctx.Err() != nil {
				return
			}
		}
		log.InfoContext(ctx, "a private service is back", "service", name)
	}
}
