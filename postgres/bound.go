package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// whileBound runs a transaction that changes something of volunteers and with it the
// help requests that bind them, until it is done, and announces what it queued.
func (s *Store) whileBound(ctx context.Context, transaction func(tx pgx.Tx) (done bool, err error)) error {
	for range txAttempts {
		done := false
		err := s.inTx(ctx, func(tx pgx.Tx) (err error) {
			done, err = transaction(tx)
			return err
		})
		if err != nil {
			return err
		}
		if done {
			s.events.announce()
			s.outbox.announce()
			return nil
		}
	}
	return aid.Errorf(aid.Unavailable, "too many changes at once; try again")
}

// lockBound locks as everybody does, requests before volunteers, and then looks
// again: an offer that was made in between has bound them in a request that is not
// locked, and it is false. From the volunteers' locks on, whoever makes offers to
// them waits, and then sees what was changed.
func lockBound(ctx context.Context, tx pgx.Tx, volunteers []string, bound func(*db.Queries) ([]aid.RequestID, error)) ([]*aid.HelpRequest, bool, error) {
	q := db.New(tx)
	ids, err := bound(q)
	if err != nil {
		return nil, false, err
	}
	requests := make([]*aid.HelpRequest, len(ids))
	for i, id := range ids {
		if requests[i], _, err = lockRequest(ctx, tx, id); err != nil {
			return nil, false, err
		}
	}
	if _, err = q.LockVolunteers(ctx, volunteers); err != nil {
		return nil, false, err
	}
	again, err := bound(q)
	all := !slices.ContainsFunc(again, func(id aid.RequestID) bool { return !slices.Contains(ids, id) })
	return requests, err == nil && all, err
}

// changeLocked writes what fn changes of requests that are locked, and tells their
// processes.
func changeLocked(ctx context.Context, tx pgx.Tx, requests []*aid.HelpRequest, fn func(*aid.HelpRequest)) error {
	var all batch
	for _, r := range requests {
		var b batch
		before := snapshotOf(r)
		fn(r)
		changed, err := before.queueDifference(ctx, &b, r)
		if err != nil {
			return err
		}
		if changed {
			writing{b.queries(), ctx}.requestChanged(r.ID)
		}
		all.append(&b)
	}
	return all.send(ctx, tx)
}
