package postgres

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// Store reads and writes the facts. It is safe for concurrent use. Its errors
// are of type [*aid.Error].
type Store struct {
	pool   *pgxpool.Pool
	log    *slog.Logger
	outbox announcer
	events announcer
	stop   context.CancelFunc
	live   sync.WaitGroup
}

// Option changes how a store is opened.
type Option func(*Store)

// WithLogger has the store report what it overcomes by itself, such as a lost
// listening connection. It logs nothing otherwise.
func WithLogger(log *slog.Logger) Option { return func(s *Store) { s.log = log } }

// defaultConnections is the size of the pool unless the URL says pool_max_conns.
// A change holds a connection for a few round trips only.
const defaultConnections = 16

// Open connects to the database at url, which may also hold the settings of
// pgxpool such as pool_max_conns. The schema has to be there, see [Migrate].
// It gives [aid.Invalid] for a malformed url and [aid.Unavailable] when the
// server does not answer. The caller closes the store.
func Open(ctx context.Context, url string, options ...Option) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, malformedURL()
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = defaultConnections
	}
	config.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		readInstantsAsUTC(conn)
		return nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, mapped(err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, mapped(err)
	}
	live, stop := context.WithCancel(context.WithoutCancel(ctx))
	s := &Store{
		pool: pool, log: slog.New(slog.DiscardHandler), stop: stop,
		outbox: newAnnouncer(ChannelOutbox), events: newAnnouncer(ChannelEvents),
	}
	for _, o := range options {
		o(s)
	}
	s.live.Go(func() { s.outbox.run(live, pool) })
	s.live.Go(func() { s.events.run(live, pool) })
	return s, nil
}

// Close ends the connections once their transactions have ended.
func (s *Store) Close() {
	s.stop()
	s.live.Wait()
	s.pool.Close()
}

// Connections tells how the pool stands.
type Connections struct {
	Busy, Idle, Max int
	Waits           int64 // times that somebody had to wait for a free one
}

// Connections tells how the pool stands now.
func (s *Store) Connections() Connections {
	stat := s.pool.Stat()
	return Connections{
		Busy: int(stat.AcquiredConns()), Idle: int(stat.IdleConns()), Max: int(stat.MaxConns()), Waits: stat.EmptyAcquireCount(),
	}
}

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return mapped(s.pool.Ping(ctx)) }

// Now is the clock of the database, which all decisions are held against.
func (s *Store) Now(ctx context.Context) (time.Time, error) {
	now, err := s.queries().ClockNow(ctx)
	return now, mapped(err)
}

// queries are the statements outside of a transaction.
func (s *Store) queries() *db.Queries { return db.New(s.pool) }

func readInstantsAsUTC(conn *pgx.Conn) {
	types := conn.TypeMap()
	instant := &pgtype.Type{Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC}}
	types.RegisterType(instant)
	types.RegisterType(&pgtype.Type{Name: "_timestamptz", OID: pgtype.TimestamptzArrayOID, Codec: &pgtype.ArrayCodec{ElementType: instant}})
}

// texts gives identifiers as the text that arrays of parameters are made of.
func texts[T ~string](ids []T) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

// malformedURL leaves the cause out, since that may quote the password.
func malformedURL() error {
	return aid.Errorf(aid.Invalid, "the Postgres URL is malformed; write it as postgres://user:password@host:5432/database")
}
