package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
)

// Choose is [Store.Change] for a change that the request's process has to hear
// of, which is told by the outbox.
func (s *Store) Choose(ctx context.Context, id aid.RequestID, fn func(r *aid.HelpRequest, now time.Time) error) (*aid.HelpRequest, error) {
	r, err := s.change(ctx, id, func(_ pgx.Tx, r *aid.HelpRequest, now time.Time, w writing) error {
		w.requestChanged(id)
		return fn(r, now)
	})
	if err == nil {
		s.outbox.announce()
	}
	return r, err
}

// AssignVolunteer makes an offer to one volunteer whom a person chose, see
// [aid.HelpRequest.Assign]. It gives [aid.Conflict] with [aid.ReasonNotEligible]
// when they are not free or not to be asked at this moment.
func (s *Store) AssignVolunteer(ctx context.Context, id aid.RequestID, k aid.Pick, by aid.AccountID, p aid.SearchPolicy) (aid.Offer, error) {
	var made aid.Offer
	_, err := s.change(ctx, id, asking(ctx, k, p, func(r *aid.HelpRequest, k aid.Pick, now time.Time) (err error) {
		made, err = r.Assign(k, p, by, now)
		return err
	}))
	if err == nil {
		s.outbox.announce()
	}
	return made, err
}

// AskAlong notes with a visit of a standing pairing the request that asks somebody
// along to it, opens that if there is none and makes its one offer, see
// [aid.HelpRequest.MadeTogether] and [aid.HelpRequest.AskAlong]. All of it is one
// transaction, so that nobody comes along whom nobody would call off with the visit,
// and no request waits that asks nobody. Errors are those of [Store.AssignVolunteer].
func (s *Store) AskAlong(ctx context.Context, pairing aid.RequestID, overlap *aid.HelpRequest, shard aid.Cell, k aid.Pick, by aid.AccountID, p aid.SearchPolicy) error {
	unwritten := *overlap
	events := unwritten.TakeEvents()
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		_, _, err := changeIn(ctx, tx, pairing, func(_ pgx.Tx, r *aid.HelpRequest, now time.Time, _ writing) error {
			return r.MadeTogether(overlap, now)
		}, writing.standingChanged)
		if err != nil {
			return err
		}
		_, _, err = lockRequest(ctx, tx, overlap.ID)
		if aid.KindOf(err) == aid.NotFound {
			err = insertOpened(ctx, tx, overlap, events, shard)
		}
		if err != nil {
			return err
		}
		_, _, err = changeIn(ctx, tx, overlap.ID, asking(ctx, k, p, func(r *aid.HelpRequest, k aid.Pick, now time.Time) error {
			_, err := r.AskAlong(k, p, by, now)
			return err
		}), writing.standingChanged)
		return err
	})
	if err == nil {
		s.events.announce()
		s.outbox.announce()
	}
	return err
}

// asking is a change of a request that may make an offer to a volunteer, who has to
// be free for it and to be asked at this moment.
func asking(ctx context.Context, k aid.Pick, p aid.SearchPolicy, ask func(r *aid.HelpRequest, k aid.Pick, now time.Time) error) func(pgx.Tx, *aid.HelpRequest, time.Time, writing) error {
	return func(tx pgx.Tx, r *aid.HelpRequest, now time.Time, w writing) error {
		before := len(r.Offers)
		chosen := []aid.Pick{k}
		free, err := lockFree(ctx, tx, r, chosen, p.Limits, now)
		if err != nil {
			return err
		}
		if err := estimate(ctx, tx, r, chosen); err != nil {
			return err
		}
		if err := ask(r, chosen[0], now); err != nil || len(r.Offers) == before {
			return err
		}
		if !free[k.Volunteer] {
			return aid.Because(aid.Conflict, aid.ReasonNotEligible, "the volunteer is not free at that time, or not to be asked now; why-not says more")
		}
		w.requestChanged(r.ID)
		return nil
	}
}
