package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Channels on which the store says that there is something new.
const (
	ChannelOutbox = "linli_outbox" // rows for the relay
	ChannelEvents = "linli_events" // entries of timelines
)

const (
	announceTime    = 5 * time.Second
	reconnectPause  = time.Second
	reconnectLonger = 30 * time.Second
)

// announcer tells listeners of a channel after commits. It does so outside of
// the transactions, since Postgres lets only one committing transaction at a
// time hold a notification; several commits may share one. What is lost when
// the process dies in between is found by the listeners' polling.
type announcer struct {
	channel string
	due     chan struct{}
}

func newAnnouncer(channel string) announcer { return announcer{channel, make(chan struct{}, 1)} }

// announce asks for a notification and never waits.
func (a announcer) announce() {
	select {
	case a.due <- struct{}{}:
	default:
	}
}

func (a announcer) run(ctx context.Context, pool *pgxpool.Pool) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.due:
			sending, cancel := context.WithTimeout(ctx, announceTime)
			_, _ = pool.Exec(sending, "SELECT pg_notify($1, '')", a.channel) // listeners poll as well
			cancel()
		}
	}
}

// Listen gives a channel that holds a value whenever there may be something new,
// several commits in one, until ctx ends, when it is closed. It has a connection
// of its own and connects again when that is lost; each connecting counts as
// news, since what came before was not heard. Listeners poll as well, slowly.
func (s *Store) Listen(ctx context.Context, channel string) <-chan struct{} {
	news := make(chan struct{}, 1)
	config := s.pool.Config().ConnConfig
	go func() {
		defer close(news)
		pause := reconnectPause
		for ctx.Err() == nil {
			err := listen(ctx, config, channel, func() {
				pause = reconnectPause
				select {
				case news <- struct{}{}:
				default:
				}
			})
			if ctx.Err() != nil {
				return
			}
			s.log.WarnContext(ctx, "listening to Postgres was cut off", "channel", channel, "again_in", pause, "error", mapped(err))
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
			pause = min(2*pause, reconnectLonger)
		}
	}()
	return news
}

// listen hears one connection until it breaks.
func listen(ctx context.Context, config *pgx.ConnConfig, channel string, heard func()) error {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it is of no more use
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
		return err
	}
	heard()
	for {
		if _, err := conn.WaitForNotification(ctx); err != nil {
			return err
		}
		heard()
	}
}
