package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/workflows/contract"
)

// ChangeStanding is [Store.Change] for the process of a standing pairing: fn also
// learns of the volunteers of its confirmed pairings, who stay locked until what
// it changed is written, so that nobody books them meanwhile. The process is not
// told of what it does itself.
func (s *Store) ChangeStanding(ctx context.Context, id aid.RequestID, fn func(r *aid.HelpRequest, people aid.StandingFacts, now time.Time) error) (*aid.HelpRequest, error) {
	return s.changeAs(ctx, id, func(tx pgx.Tx, r *aid.HelpRequest, now time.Time, _ writing) error {
		people, err := lockPeople(ctx, tx, r, now)
		if err != nil {
			return err
		}
		return fn(r, people, now)
	}, func(writing, aid.RequestID) {})
}

// lockPeople locks the volunteers of the confirmed pairings and reads them, with
// what other requests hold of their time.
func lockPeople(ctx context.Context, tx pgx.Tx, r *aid.HelpRequest, now time.Time) (aid.StandingFacts, error) {
	var ids []string
	for _, p := range r.Pairings {
		if p.Status == aid.PairingConfirmed {
			ids = append(ids, string(p.Volunteer))
		}
	}
	facts := aid.StandingFacts{Volunteers: map[aid.VolunteerID]aid.Volunteer{}}
	var b batch
	var rows []db.VolunteerRowsRow
	var booked []db.BookedElsewhereRow
	b.statements.Queue(db.LockVolunteers, ids)
	collect(&b, &rows, db.VolunteerRows, ids)
	collect(&b, &booked, db.BookedElsewhere, ids, r.ID, now)
	if err := b.send(ctx, tx); err != nil {
		return facts, err
	}
	for _, row := range rows {
		facts.Volunteers[row.ID] = volunteerOf(row)
	}
	facts.Busy = func(v aid.VolunteerID, w aid.Window) bool {
		for _, k := range booked {
			if k.VolunteerID == v && w.Overlaps(aid.Window{StartsAt: k.StartsAt, EndsAt: k.EndsAt}) {
				return true
			}
		}
		return false
	}
	return facts, nil
}

// ChangeAndTell is [Store.Change] for whoever is not the request's process, which
// is told by the outbox.
func (s *Store) ChangeAndTell(ctx context.Context, id aid.RequestID, fn func(r *aid.HelpRequest, now time.Time) error) (*aid.HelpRequest, error) {
	r, err := s.change(ctx, id, func(_ pgx.Tx, r *aid.HelpRequest, now time.Time, w writing) error {
		if err := fn(r, now); err != nil {
			return err
		}
		w.requestChanged(id)
		return nil
	})
	if err == nil {
		s.outbox.announce()
	}
	return r, err
}

// LiveStanding gives the ids of the standing pairings that have not ended.
func (s *Store) LiveStanding(ctx context.Context) ([]aid.RequestID, error) {
	ids, err := s.queries().LiveStanding(ctx)
	return ids, mapped(err)
}

// standingChanged has the process of a standing pairing look, and starts it if
// there is none.
func (w writing) standingChanged(id aid.RequestID) {
	w.insertOutbox(contract.OutboxStandingChanged, string(id), []byte("{}"))
}
