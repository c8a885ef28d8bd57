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
	_, err := s.change(ctx, id, func(tx pgx.Tx, r *aid.HelpRequest, now time.Time, w writing) error {
		before := len(r.Offers)
		chosen := []aid.Pick{k}
		free, err := lockFree(ctx, tx, r, chosen, p.Limits, now)
		if err != nil {
			return err
		}
		if err := estimate(ctx, tx, r, chosen); err != nil {
			return err
		}
		if made, err = r.Assign(chosen[0], p, by, now); err != nil || len(r.Offers) == before {
			return err
		}
		if !free[k.Volunteer] {
			return aid.Because(aid.Conflict, aid.ReasonNotEligible, "the volunteer is not free at that time, or not to be asked now; why-not says more")
		}
		w.requestChanged(id)
		return nil
	})
	if err == nil {
		s.outbox.announce()
	}
	return made, err
}
