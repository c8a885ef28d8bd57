package postgres

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/workflows/contract"
)

// OpenRequest writes a new help request, its events and the outbox row that
// starts its process. shard is the coarse cell in which it is matched. It gives
// [aid.Conflict] with [aid.ReasonAlreadyExists] when the id is taken and
// [aid.Invalid] when beneficiary, skill or course are not known.
func (s *Store) OpenRequest(ctx context.Context, r *aid.HelpRequest, shard aid.Cell) error {
	// The caller's events are taken only once they are written, so that opening
	// again after an error writes them too.
	unwritten := *r
	events := unwritten.TakeEvents()
	err := s.inTx(ctx, func(tx pgx.Tx) error { return insertOpened(ctx, tx, r, events, shard) })
	if err == nil {
		r.TakeEvents()
		s.events.announce()
		s.outbox.announce()
	}
	return err
}

func insertOpened(ctx context.Context, tx pgx.Tx, r *aid.HelpRequest, events []aid.Event, shard aid.Cell) error {
	if err := knownInRoles(ctx, tx, r.Roles); err != nil {
		return err
	}
	var b batch
	w := writing{b.queries(), ctx}
	w.insertRequest(r, shard)
	w.insertEvents(r, events)
	if err := w.startProcess(r, shard); err != nil {
		return err
	}
	return b.send(ctx, tx)
}

// startProcess queues the outbox row that starts the request's workflow.
func (w writing) startProcess(r *aid.HelpRequest, shard aid.Cell) error {
	payload, err := json.Marshal(contract.HelpRequestInput{Request: r.ID, Shard: shard, Urgency: r.Urgency})
	if err != nil {
		return err
	}
	w.insertOutbox(contract.OutboxStartRequest, string(r.ID), payload)
	if r.Standing() {
		w.standingChanged(r.ID)
	}
	return nil
}

// Request gives the help request with all its parts.
func (s *Store) Request(ctx context.Context, id aid.RequestID) (*aid.HelpRequest, error) {
	var found []*aid.HelpRequest
	// One snapshot: a change between the statements would tear the aggregate.
	err := s.readTx(ctx, func(tx pgx.Tx) (err error) {
		found, err = loadRequests(ctx, tx, []aid.RequestID{id})
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, noSuchRequest()
	}
	return found[0], nil
}

// Change loads a help request under its lock, has fn change it and writes the
// difference with events and reservations in the same transaction. now is the
// database's clock, read once the lock is held. An error of fn is given back and
// leaves nothing behind, as does every other error. fn may run more than once,
// each time with a fresh aggregate, and must change nothing else. The request is
// given back as written.
func (s *Store) Change(ctx context.Context, id aid.RequestID, fn func(r *aid.HelpRequest, now time.Time) error) (*aid.HelpRequest, error) {
	return s.change(ctx, id, func(_ pgx.Tx, r *aid.HelpRequest, now time.Time, _ writing) error { return fn(r, now) })
}

// change is Change for functions that read more or queue more.
func (s *Store) change(ctx context.Context, id aid.RequestID, fn func(tx pgx.Tx, r *aid.HelpRequest, now time.Time, w writing) error) (*aid.HelpRequest, error) {
	return s.changeAs(ctx, id, fn, writing.standingChanged)
}

// changeAs is change with a word of one's own to the process of a standing
// pairing that has changed.
func (s *Store) changeAs(ctx context.Context, id aid.RequestID, fn func(tx pgx.Tx, r *aid.HelpRequest, now time.Time, w writing) error, tell func(writing, aid.RequestID)) (*aid.HelpRequest, error) {
	var result *aid.HelpRequest
	var changed bool
	err := s.inTx(ctx, func(tx pgx.Tx) (err error) {
		result, changed, err = changeIn(ctx, tx, id, fn, tell)
		return err
	})
	if err != nil {
		return nil, err
	}
	if changed {
		s.events.announce()
	}
	if changed && (result.Standing() || result.Serves != "" || result.Risk.TwoDeep) {
		s.outbox.announce()
	}
	return result, nil
}

// changeIn is changeAs within a transaction.
func changeIn(ctx context.Context, tx pgx.Tx, id aid.RequestID, fn func(tx pgx.Tx, r *aid.HelpRequest, now time.Time, w writing) error, tell func(writing, aid.RequestID)) (r *aid.HelpRequest, changed bool, err error) {
	r, now, err := lockRequest(ctx, tx, id)
	if err != nil {
		return nil, false, err
	}
	before := snapshotOf(r)
	var b batch
	// What fn queues is written last.
	var extra batch
	if err := fn(tx, r, now, writing{extra.queries(), ctx}); err != nil {
		return nil, false, err
	}
	if changed, err = before.queueDifference(ctx, &b, r); err != nil {
		return nil, false, err
	}
	if changed && r.Standing() {
		tell(writing{extra.queries(), ctx}, id)
	}
	if changed && !r.Standing() && missingAgain(before.visits, r) {
		writing{extra.queries(), ctx}.requestChanged(id)
	}
	if changed && r.Serves != "" && r.Status != before.status {
		// Whether a substitute was found decides when the caseworker is asked.
		_ = extra.queries().TellStandingOfVisit(ctx, db.TellStandingOfVisitParams{Kind: contract.OutboxStandingChanged, Visit: string(r.Serves)})
	}
	b.append(&extra)
	return r, changed, b.send(ctx, tx)
}

// missingAgain tells whether somebody who had come to their visit is to come again: its
// clocks, of which the process was not told while they were there, go on.
func missingAgain(before map[aid.VisitID]aid.Visit, r *aid.HelpRequest) bool {
	return slices.ContainsFunc(r.Visits, func(v aid.Visit) bool {
		old := before[v.ID]
		return v.Status == aid.VisitPlanned && !v.There() && (old.There() || !old.BegunAt.IsZero())
	})
}

// lockRequest takes the request's lock and then loads it and the time, in one
// round trip: each statement of the batch sees what was committed before it.
func lockRequest(ctx context.Context, tx pgx.Tx, id aid.RequestID) (*aid.HelpRequest, time.Time, error) {
	var b batch
	var rows aggregateRows
	var clock []time.Time
	b.statements.Queue(db.LockRequest, id)
	collectWith(&b, &clock, pgx.RowTo[time.Time], db.ClockNow)
	rows.queue(&b, []string{string(id)})
	if err := b.send(ctx, tx); err != nil {
		return nil, time.Time{}, err
	}
	found := rows.inOrder([]aid.RequestID{id})
	if len(found) == 0 {
		return nil, time.Time{}, noSuchRequest()
	}
	return found[0], clock[0], nil
}

// RequestOfOffer tells which request an offer belongs to and whom it asks.
func (s *Store) RequestOfOffer(ctx context.Context, id aid.OfferID) (aid.RequestID, aid.VolunteerID, error) {
	row, err := s.queries().RequestOfOffer(ctx, id)
	return row.RequestID, row.VolunteerID, orNotFound(err, "offer")
}

// RequestOfPairing tells which request a pairing belongs to and whose it is.
func (s *Store) RequestOfPairing(ctx context.Context, id aid.PairingID) (aid.RequestID, aid.VolunteerID, error) {
	row, err := s.queries().RequestOfPairing(ctx, id)
	return row.RequestID, row.VolunteerID, orNotFound(err, "pairing")
}

func noSuchRequest() error { return aid.Errorf(aid.NotFound, "there is no such help request") }
