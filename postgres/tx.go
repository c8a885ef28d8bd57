package postgres

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/linli/linli/postgres/internal/db"
)

const (
	txAttempts = 6
	txPause    = 10 * time.Millisecond // before the second attempt; doubles, with jitter
)

// inTx runs fn in a transaction that commits unless fn fails, again if need be.
func (s *Store) inTx(ctx context.Context, fn func(tx pgx.Tx) error) error {
	return mapped(unlessBrokenOff(ctx, func() error { return pgx.BeginFunc(ctx, s.pool, fn) }))
}

// unlessBrokenOff runs a transaction, and runs it again when the server broke it
// off for the sake of others.
func unlessBrokenOff(ctx context.Context, transaction func() error) error {
	pause := txPause
	for attempt := 1; ; attempt++ {
		err := transaction()
		if err == nil || !brokenOff(err) || attempt == txAttempts {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause/2 + rand.N(pause)):
		}
		pause *= 2
	}
}

// readTx runs fn over one snapshot.
func (s *Store) readTx(ctx context.Context, fn func(tx pgx.Tx) error) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return mapped(pgx.BeginTxFunc(ctx, s.pool, options, fn))
}

// sender is what batches are sent over: the pool, a connection or a transaction.
type sender interface {
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// batch gathers statements that share one round trip. They run in the order in
// which they are queued, each with a snapshot of its own.
type batch struct{ statements pgx.Batch }

// append moves what another batch holds to the end of this one.
func (b *batch) append(other *batch) {
	b.statements.QueuedQueries = append(b.statements.QueuedQueries, other.statements.QueuedQueries...)
}

// queries are the generated statements without a result; calling one queues it.
func (b *batch) queries() *db.Queries { return db.New(queueing{b}) }

// send runs what was queued and gives the first error.
func (b *batch) send(ctx context.Context, to sender) error {
	if b.statements.Len() == 0 {
		return nil
	}
	return to.SendBatch(ctx, &b.statements).Close()
}

// collect queues a query whose rows are read into the fields of T by position.
func collect[T any](b *batch, into *[]T, query string, args ...any) {
	collectWith(b, into, pgx.RowToStructByPos[T], query, args...)
}

// collectWith queues a query whose rows are read by a function.
func collectWith[T any](b *batch, into *[]T, read pgx.RowToFunc[T], query string, args ...any) {
	b.statements.Queue(query, args...).Query(func(rows pgx.Rows) error {
		items, err := pgx.CollectRows(rows, read)
		*into = items
		return err
	})
}

// queueing lets the generated code queue statements instead of running them.
type queueing struct{ batch *batch }

func (q queueing) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	q.batch.statements.Queue(sql, args...)
	return pgconn.CommandTag{}, nil
}

func (queueing) Query(context.Context, string, ...any) (pgx.Rows, error) {
	panic("postgres: a query with a result is queued by collect")
}

func (queueing) QueryRow(context.Context, string, ...any) pgx.Row {
	panic("postgres: a query with a result is queued by collect")
}
