package postgres

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/merit"
	"github.com/linli/linli/postgres/internal/db"
)

// Visits gives the visits of one volunteer or of areas, the latest first.
func (s *Store) Visits(ctx context.Context, f aid.VisitFilter, p aid.Page) (aid.PageOf[aid.Visit], error) {
	after, err := newestAfter(p)
	if err != nil || f.Volunteer == "" && len(f.Areas) == 0 {
		return aid.PageOf[aid.Visit]{}, err
	}
	rows, err := s.queries().ListVisits(ctx, db.ListVisitsParams{
		BeforeAt: after.At, BeforeID: after.ID, Volunteer: string(f.Volunteer), Areas: texts(f.Areas),
		Request: string(f.Request), Statuses: texts(f.Statuses), AtMost: int32(p.Limit) + 1,
		FromAt: f.From, UntilAt: cmp.Or(f.Until, endOfTime),
	})
	if err != nil {
		return aid.PageOf[aid.Visit]{}, mapped(err)
	}
	return onePage(rows, p.Limit, func(v db.Visit) any { return newest{v.StartsAt, string(v.ID)} }, visitOf), nil
}

// RequestOfVisit gives the help request to which a visit belongs, and whose it is.
func (s *Store) RequestOfVisit(ctx context.Context, id aid.VisitID) (aid.RequestID, aid.VolunteerID, error) {
	row, err := s.queries().RequestOfVisit(ctx, id)
	return row.RequestID, row.VolunteerID, orNotFound(err, "visit")
}

// visits queues what changed of the visits of r, with the service records that
// they earned.
func (w writing) visits(before map[aid.VisitID]aid.Visit, r *aid.HelpRequest) {
	for i := range r.Visits {
		v := &r.Visits[i]
		old, known := before[v.ID]
		switch {
		case !known:
			v.Code = newCode()
			w.insertVisit(*v)
		case old != *v:
			w.updateVisit(*v)
		default:
			continue
		}
		record, earned := merit.Earned(*v)
		_, had := merit.Earned(old)
		switch {
		case earned:
			w.earn(record)
		case had:
			_ = w.rows.UnearnRecord(w.ctx, v.ID)
		}
	}
}

// newCode is six digits that cannot be guessed.
func newCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // documented never to happen
	}
	return fmt.Sprintf("%06d", n)
}

func (w writing) insertVisit(v aid.Visit) {
	_ = w.rows.InsertVisit(w.ctx, db.InsertVisitParams{
		ID: v.ID, RequestID: v.Request, PairingID: v.Pairing, VolunteerID: v.Volunteer,
		StartsAt: v.Window.StartsAt, EndsAt: v.Window.EndsAt, Status: v.Status,
		InAt: zeronull.Timestamptz(v.In.At), InMeans: v.In.Means, InCell: v.In.Cell,
		OutAt: zeronull.Timestamptz(v.Out.At), OutMeans: v.Out.Means, OutCell: v.Out.Cell, BegunAt: zeronull.Timestamptz(v.BegunAt),
		Code: v.Code, WrongCodes: int32(v.WrongCodes), ConfirmedAt: zeronull.Timestamptz(v.ConfirmedAt), ConfirmedBy: v.ConfirmedBy,
		RemindedAt: zeronull.Timestamptz(v.RemindedAt), Alarm: int32(v.Alarm), Reason: v.Reason, Substitute: v.Substitute,
		VouchedAt: zeronull.Timestamptz(v.VouchedAt), VouchedBy: v.VouchedBy, Overlap: v.Overlap,
	})
}

func (w writing) updateVisit(v aid.Visit) {
	_ = w.rows.UpdateVisit(w.ctx, db.UpdateVisitParams{
		ID: v.ID, Status: v.Status,
		InAt: zeronull.Timestamptz(v.In.At), InMeans: v.In.Means, InCell: v.In.Cell,
		OutAt: zeronull.Timestamptz(v.Out.At), OutMeans: v.Out.Means, OutCell: v.Out.Cell, BegunAt: zeronull.Timestamptz(v.BegunAt),
		WrongCodes: int32(v.WrongCodes), ConfirmedAt: zeronull.Timestamptz(v.ConfirmedAt), ConfirmedBy: v.ConfirmedBy,
		RemindedAt: zeronull.Timestamptz(v.RemindedAt), Alarm: int32(v.Alarm), Reason: v.Reason, Substitute: v.Substitute,
		VouchedAt: zeronull.Timestamptz(v.VouchedAt), VouchedBy: v.VouchedBy, Overlap: v.Overlap,
	})
}

func visitOf(row db.Visit) aid.Visit {
	return aid.Visit{
		ID: row.ID, Request: row.RequestID, Pairing: row.PairingID, Volunteer: row.VolunteerID,
		Window: aid.Window{StartsAt: row.StartsAt, EndsAt: row.EndsAt}, Status: row.Status,
		In:   aid.Mark{At: time.Time(row.InAt), Means: row.InMeans, Cell: row.InCell},
		Out:  aid.Mark{At: time.Time(row.OutAt), Means: row.OutMeans, Cell: row.OutCell},
		Code: row.Code, WrongCodes: int(row.WrongCodes), ConfirmedAt: time.Time(row.ConfirmedAt), ConfirmedBy: row.ConfirmedBy,
		RemindedAt: time.Time(row.RemindedAt), Alarm: aid.Alarm(row.Alarm), Reason: row.Reason, Substitute: row.Substitute,
		VouchedAt: time.Time(row.VouchedAt), VouchedBy: row.VouchedBy, Overlap: row.Overlap, BegunAt: time.Time(row.BegunAt),
	}
}
