package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.temporal.io/sdk/client"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/matching/grid"
	"github.com/linli/linli/matching/live"
	"github.com/linli/linli/postgres"
	"github.com/linli/linli/processes"
	"github.com/linli/linli/worker"
)

// offersAtOnce are the requests of a round that are written at one time. With two
// rounds under way that is half of the pool's connections.
const offersAtOnce = 4

// sendsAtOnce are the notices of a channel that are sent at one time: so many, since
// most of the time is spent waiting, and for whoever does not answer longest.
const sendsAtOnce = 16

// system is the parts of Linli that share one process.
type system struct {
	log       *slog.Logger
	policy    aid.SearchPolicy
	store     *postgres.Store
	temporal  client.Client
	processes *processes.Processes
	index     *live.Index
	events    *app.Events
	registry  *prometheus.Registry // what /metrics shows
	observe   worker.Observe
	channels  channels

	postgresURL string
}

// connect opens the parts. Postgres must answer; Temporal may come later.
func connect(ctx context.Context, p PostgresFlags, t TemporalFlags, s SearchFlags, i IndexFlags, n NoticeFlags, log *slog.Logger) (*system, error) {
	if p.PostgresURL == "" {
		return nil, aid.Errorf(aid.Invalid, "no database: give --postgres-url or LINLI_POSTGRES_URL")
	}
	channels, err := n.channels()
	if err != nil {
		return nil, err
	}
	temporal, err := processes.Dial(t.TemporalAddress, t.TemporalNamespace, log)
	if err != nil {
		return nil, err
	}
	store, err := postgres.Open(ctx, p.PostgresURL, postgres.WithLogger(log))
	if err != nil {
		temporal.Close()
		return nil, err
	}
	out := &system{
		log: log, policy: s.policy(), store: store, temporal: temporal,
		processes: processes.New(temporal, store, shardOf, s.RoundInterval),
		index:     live.New(store, s.policy().Limits, log, i.options(store)...),
		events:    &app.Events{Log: store},
		channels:  channels,

		postgresURL: p.PostgresURL,
	}
	if out.channels.push != nil {
		out.channels.push.Subscriptions = store
	}
	out.registry, out.observe = out.watch()
	return out, nil
}

// options are those of an index that the flags ask for.
func (f IndexFlags) options(store *postgres.Store) []live.Option {
	if f.IndexDir == "" {
		return nil
	}
	return []live.Option{live.KeptIn(f.IndexDir, store)}
}

// closeWithin is the time of statements under way to end.
const closeWithin = 500 * time.Millisecond

// Close lets go of the connections, also of those on which Postgres does not
// answer.
func (s *system) Close() {
	s.temporal.Close()
	closed := make(chan struct{})
	go func() {
		s.store.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(closeWithin):
	}
}

// worker is everything that happens behind the API.
func (s *system) worker() *worker.Worker {
	return &worker.Worker{
		Client:   s.temporal,
		Requests: &activities.Requests{Store: s.store, Policy: s.policy, Visits: aid.DefaultStandingPolicy()},
		Standing: &activities.Standing{Store: s.store, Policy: aid.DefaultStandingPolicy(), ShardOf: shardOf},
		Rollouts: &activities.Rollouts{Store: s.store, Cell: func(p aid.Point) (aid.Cell, error) { return grid.CellOf(p, grid.Home) }},
		Cohorts:  &activities.Cohorts{Store: s.store},
		Rounds:   &activities.Rounds{Store: s.store, Matcher: s.index, Asker: s.processes, Policy: s.policy, AtOnce: offersAtOnce},
		Notices:  &activities.Notices{Store: s.store, Writer: s.channels.texts, Senders: s.channels.senders(), Now: time.Now, AtOnce: sendsAtOnce},
		Index:    s.index,
		Relay:    worker.Relay{Outbox: outbox{s.store}, Deliver: s.processes.Deliver, Log: s.log},
		Sweep:    worker.Sweep{Facts: s.store, Processes: s.processes, Log: s.log},
		Log:      s.log,
		Observe:  s.observe,
	}
}

// outbox is the store as the relay sees it.
type outbox struct{ store *postgres.Store }

func (o outbox) Deliver(ctx context.Context, limit int, deliver func(ctx context.Context, kind, key string, payload []byte) error) (int, error) {
	return o.store.DeliverOutbox(ctx, limit, func(ctx context.Context, m postgres.Message) error {
		return deliver(ctx, m.Kind, m.Key, m.Payload)
	})
}

func (o outbox) News(ctx context.Context) <-chan struct{} {
	return o.store.Listen(ctx, postgres.ChannelOutbox)
}

// shardOf is the shard of a request's cell. A cell that came out of the
// database was checked when it went in.
func shardOf(c aid.Cell) aid.Cell {
	shard, err := grid.ShardOf(c)
	if err != nil {
		return 0
	}
	return shard
}

// followEvents keeps the event streams of the API in step until ctx ends.
func (s *system) followEvents(ctx context.Context) {
	s.events.Run(ctx, s.store.Listen(ctx, postgres.ChannelEvents), s.log)
}

// purge forgets what is kept for a limited time, until ctx ends.
func (s *system) purge(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if _, err := s.store.PurgeKeys(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "idempotency keys not purged", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
