package postgres

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// EventsAfter gives up to limit entries of all timelines that follow the entry
// with number seq in the stream; 0 begins it. Whoever goes on from the last
// entry given misses none and sees none twice.
//
// Numbers are drawn before transactions commit, so they do not rise along the
// stream: it is ordered by transaction and ends before the oldest one that is
// still open. A long write elsewhere therefore delays the stream, and loses
// nothing. Entries of one request come in the order in which they happened as
// long as no two changes of it overlap, which its lock ensures.
func (s *Store) EventsAfter(ctx context.Context, seq int64, limit int) ([]aid.Entry, error) {
	rows, err := s.queries().EventsAfter(ctx, db.EventsAfterParams{After: seq, AtMost: int32(limit)})
	if err != nil {
		return nil, mapped(err)
	}
	out := make([]aid.Entry, len(rows))
	for i, row := range rows {
		out[i] = entryOf(row)
	}
	return out, nil
}

// LastEvent is the number of the last entry in the stream, 0 when there is none.
func (s *Store) LastEvent(ctx context.Context) (int64, error) {
	seq, err := s.queries().LastEvent(ctx)
	return seq, mapped(err)
}

func entryOf(row db.EventsAfterRow) aid.Entry {
	return aid.Entry{
		Seq: row.Seq, AreaPath: row.Path,
		Event: aid.Event{
			Kind: row.Kind, At: row.At, Request: row.RequestID, Offer: row.OfferID, Pairing: row.PairingID, Visit: row.VisitID,
			Volunteer: row.VolunteerID, Actor: row.Actor, Reason: row.Reason,
		},
	}
}
