package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// Message is work that must follow a commit, at least once. Messages of one key
// are delivered in the order in which they were written.
type Message struct {
	ID       int64
	Kind     string
	Key      string
	Payload  json.RawMessage
	Attempts int // failed deliveries so far
}

const (
	outboxFirstWait  = 500 * time.Millisecond // after a failed delivery; doubles
	outboxLongWait   = time.Minute
	deliveriesAtOnce = 8
	deliveriesTime   = 10 * time.Second // of one call, since its rows stay locked
	bookkeepingTime  = 3 * time.Second
)

// DeliverOutbox delivers up to limit messages that are due and tells how many
// were delivered. deliver is called for several messages at once, never for two
// of one key. A delivery that fails is put off, for up to a minute; err speaks of
// the database alone. After ten seconds ctx ends for deliveries under way, and
// what was not begun by then is left for the next call.
//
// The rows stay locked until the deliveries are noted, so that several relays
// share the work; one that dies leaves its rows to the others at once, who
// deliver them again.
func (s *Store) DeliverOutbox(ctx context.Context, limit int, deliver func(ctx context.Context, m Message) error) (delivered int, err error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return 0, mapped(err)
	}
	// What was delivered is noted even when ctx has ended meanwhile.
	noting := context.WithoutCancel(ctx)
	defer tx.Rollback(noting) //nolint:errcheck // does nothing after the commit
	rows, err := db.New(tx).ClaimOutbox(ctx, int32(limit))
	if err != nil || len(rows) == 0 {
		return 0, mapped(err)
	}
	outcome := deliverAll(ctx, rows, deliver)
	noting, cancel := context.WithTimeout(noting, bookkeepingTime)
	defer cancel()
	if delivered, err = s.note(noting, tx, rows, outcome); err != nil {
		return 0, mapped(err)
	}
	if err := tx.Commit(noting); err != nil {
		return 0, mapped(err)
	}
	return delivered, nil
}

// deliverAll gives the outcomes of the deliveries that were begun, by message.
func deliverAll(ctx context.Context, rows []db.ClaimOutboxRow, deliver func(context.Context, Message) error) map[int64]error {
	delivering, cancel := context.WithTimeout(ctx, deliveriesTime)
	defer cancel()
	var mu sync.Mutex
	outcome := map[int64]error{}
	var deliveries errgroup.Group
	deliveries.SetLimit(deliveriesAtOnce)
	for _, row := range rows {
		deliveries.Go(func() error {
			if delivering.Err() != nil {
				return nil
			}
			err := deliver(delivering, Message{ID: row.ID, Kind: row.Kind, Key: row.Key, Payload: row.Payload, Attempts: int(row.Attempts)})
			mu.Lock()
			defer mu.Unlock()
			outcome[row.ID] = err
			return nil
		})
	}
	_ = deliveries.Wait() // the errors are in the outcome
	return outcome
}

// note removes what was delivered and puts off what was not.
func (s *Store) note(ctx context.Context, tx pgx.Tx, rows []db.ClaimOutboxRow, outcome map[int64]error) (delivered int, err error) {
	var b batch
	q := b.queries()
	var done []int64
	for _, row := range rows {
		err, begun := outcome[row.ID]
		switch {
		case !begun:
		case err == nil:
			done = append(done, row.ID)
		default:
			wait := putOff(int(row.Attempts))
			s.log.WarnContext(ctx, "a delivery failed", "kind", row.Kind, "key", row.Key, "attempts", row.Attempts+1, "again_in", wait, "error", err)
			_ = q.PutOffOutbox(ctx, db.PutOffOutboxParams{ID: row.ID, LastError: words(err), WaitSeconds: wait.Seconds()})
		}
	}
	_ = q.DeleteOutbox(ctx, done)
	return len(done), b.send(ctx, tx)
}

// putOff is the wait after one more failure than there were before.
func putOff(before int) time.Duration {
	return min(outboxFirstWait<<min(before, 16), outboxLongWait)
}

// words says why a delivery failed in words that hold no private data: those of
// our own errors, else only the type.
func words(err error) string {
	if e, ok := errors.AsType[*aid.Error](err); ok {
		return fmt.Sprintf("%s: %s", e.Kind, e.Message)
	}
	return fmt.Sprintf("%T", err)
}

// OutboxLag tells how many messages wait and how long the oldest has waited.
func (s *Store) OutboxLag(ctx context.Context) (waiting int, oldest time.Duration, err error) {
	row, err := s.queries().OutboxLag(ctx)
	return int(row.Rows), time.Duration(row.OldestSeconds * float64(time.Second)), mapped(err)
}
