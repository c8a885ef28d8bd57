package worker

import (
	"context"
	"log/slog"
	"time"
)

const (
	relayBatch = 100
	relayPoll  = time.Second
)

// Outbox hands over the rows of work that must follow a commit.
type Outbox interface {
	// Deliver hands at most limit due rows to deliver, never two of one key, and
	// removes those for which it returned nil; the others come again later. It
	// returns how many were removed.
	Deliver(ctx context.Context, limit int, deliver func(ctx context.Context, kind, key string, payload []byte) error) (int, error)
	// News holds a value whenever rows may have been added, until ctx ends.
	News(ctx context.Context) <-chan struct{}
}

// Relay carries outbox rows to the processes, each at least once and those of
// one key in order. Several relays may run at one time.
type Relay struct {
	Outbox  Outbox
	Deliver func(ctx context.Context, kind, key string, payload []byte) error
	Log     *slog.Logger
}

// Run relays until ctx ends. It looks when there is news, and each second, since
// rows that were put off fall due without any.
func (r Relay) Run(ctx context.Context) {
	news := r.Outbox.News(ctx)
	poll := time.NewTicker(relayPoll)
	defer poll.Stop()
	for ctx.Err() == nil {
		n, err := r.Outbox.Deliver(ctx, relayBatch, r.Deliver)
		if err != nil && ctx.Err() == nil {
			r.Log.WarnContext(ctx, "the outbox was not read", "error", err)
		}
		if n > 0 {
			continue // whatever waited behind the delivered rows is due now
		}
		select {
		case <-ctx.Done():
		case <-news:
		case <-poll.C:
		}
	}
}
