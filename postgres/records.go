package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/merit"
	"github.com/linli/linli/postgres/internal/db"
)

// Records gives the service records of one volunteer or of areas, the latest
// first.
func (s *Store) Records(ctx context.Context, f merit.Filter, p aid.Page) (aid.PageOf[merit.Record], error) {
	after, err := newestAfter(p)
	if err != nil || f.Volunteer == "" && len(f.Areas) == 0 {
		return aid.PageOf[merit.Record]{}, err
	}
	rows, err := s.queries().ListRecords(ctx, db.ListRecordsParams{
		BeforeAt: after.At, BeforeID: after.ID, Volunteer: string(f.Volunteer), Areas: texts(f.Areas),
		Standings: texts(f.Standings), AtMost: int32(p.Limit) + 1,
	})
	if err != nil {
		return aid.PageOf[merit.Record]{}, mapped(err)
	}
	return onePage(rows, p.Limit, func(r db.ServiceRecord) any { return newest{r.BeganAt, string(r.VisitID)} }, recordOf), nil
}

// Record gives the service record of a visit.
func (s *Store) Record(ctx context.Context, visit aid.VisitID) (merit.Record, error) {
	row, err := s.queries().RecordOfVisit(ctx, visit)
	if err != nil {
		return merit.Record{}, orNotFound(err, "service record")
	}
	return recordOf(row), nil
}

// ChangeRecord lets fn judge a service record under its lock and writes it with
// its events; see [Store.Change].
func (s *Store) ChangeRecord(ctx context.Context, visit aid.VisitID, fn func(r *merit.Record, now time.Time) error) (merit.Record, error) {
	var result merit.Record
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		row, err := q.LockRecord(ctx, visit)
		if errors.Is(err, pgx.ErrNoRows) {
			return aid.Errorf(aid.NotFound, "there is no such service record")
		}
		if err != nil {
			return err
		}
		now, err := q.ClockNow(ctx)
		if err != nil {
			return err
		}
		r := recordOf(row)
		if err := fn(&r, now); err != nil {
			return err
		}
		requests, err := loadRequests(ctx, tx, []aid.RequestID{r.Request})
		if err != nil {
			return err
		}
		var b batch
		w := writing{b.queries(), ctx}
		w.judge(r)
		for _, about := range requests {
			w.insertEvents(about, r.TakeEvents())
		}
		result = r
		return b.send(ctx, tx)
	})
	if err != nil {
		return merit.Record{}, err
	}
	s.events.announce()
	return result, nil
}

func (w writing) earn(r merit.Record) {
	_ = w.rows.EarnRecord(w.ctx, db.EarnRecordParams{
		VisitID: r.Visit, RequestID: r.Request, PairingID: r.Pairing, VolunteerID: r.Volunteer,
		BeganAt: r.During.StartsAt, EndedAt: r.During.EndsAt, Grade: r.Grade,
	})
}

func (w writing) judge(r merit.Record) {
	_ = w.rows.JudgeRecord(w.ctx, db.JudgeRecordParams{
		VisitID: r.Visit, Standing: r.Standing, DisputedAt: zeronull.Timestamptz(r.DisputedAt), Reason: r.Reason,
		SettledAt: zeronull.Timestamptz(r.SettledAt), SettledBy: r.SettledBy,
	})
}

func recordOf(row db.ServiceRecord) merit.Record {
	return merit.Record{
		Visit: row.VisitID, Request: row.RequestID, Pairing: row.PairingID, Volunteer: row.VolunteerID,
		During: aid.Window{StartsAt: row.BeganAt, EndsAt: row.EndedAt}, Grade: row.Grade, Standing: row.Standing,
		DisputedAt: time.Time(row.DisputedAt), Reason: row.Reason, SettledAt: time.Time(row.SettledAt), SettledBy: row.SettledBy,
	}
}
