package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// KeepApart enters a do-not-match and applies it at once to every help request
// that binds both people, see [aid.HelpRequest.KeepApart]; the processes of these
// are told by the outbox. It gives it back with the time at which it was entered.
// It gives [aid.Conflict] with [aid.ReasonAlreadyExists] when the id is taken or
// the two are kept apart already.
func (s *Store) KeepApart(ctx context.Context, d aid.DoNotMatch) (aid.DoNotMatch, error) {
	d = d.InOrder()
	together := db.RequestsTogetherParams{Volunteer: d.Volunteer, Beneficiary: string(d.Beneficiary), Other: string(d.Other)}
	err := s.whileBound(ctx, func(tx pgx.Tx) (done bool, err error) {
		requests, all, err := lockBound(ctx, tx, apartPeople(d), func(q *db.Queries) ([]aid.RequestID, error) { return q.RequestsTogether(ctx, together) })
		if err != nil || !all {
			return false, err
		}
		if d.EnteredAt, err = db.New(tx).ClockNow(ctx); err != nil {
			return false, err
		}
		if err := db.New(tx).InsertDoNotMatch(ctx, doNotMatchRow(d)); err != nil {
			return false, err
		}
		return true, changeLocked(ctx, tx, requests, func(r *aid.HelpRequest) { r.KeepApart(d.Separation(), d.EnteredAt) })
	})
	if err != nil {
		return aid.DoNotMatch{}, err
	}
	return d, nil
}

func apartPeople(d aid.DoNotMatch) []string {
	ids := []string{string(d.Volunteer)}
	if d.Other != "" {
		ids = append(ids, string(d.Other))
	}
	return ids
}

// LiftDoNotMatch ends a do-not-match. Lifting again is no error.
func (s *Store) LiftDoNotMatch(ctx context.Context, id aid.DoNotMatchID, by aid.AccountID) error {
	_, err := s.queries().LiftDoNotMatch(ctx, db.LiftDoNotMatchParams{ID: id, By: zeronull.Text(by)})
	return mapped(err)
}

// DoNotMatch gives one.
func (s *Store) DoNotMatch(ctx context.Context, id aid.DoNotMatchID) (aid.DoNotMatch, error) {
	row, err := s.queries().DoNotMatchRow(ctx, id)
	return doNotMatchOf(db.ListDoNotMatchRow(row)), orNotFound(err, "do-not-match")
}

// DoNotMatches gives those of the filter, newest first.
func (s *Store) DoNotMatches(ctx context.Context, f aid.DoNotMatchFilter, p aid.Page) (aid.PageOf[aid.DoNotMatch], error) {
	after, err := newestAfter(p)
	if err != nil {
		return aid.PageOf[aid.DoNotMatch]{}, err
	}
	rows, err := s.queries().ListDoNotMatch(ctx, db.ListDoNotMatchParams{
		BeforeAt: after.At, BeforeID: after.ID, Areas: texts(f.Areas), Volunteer: string(f.Volunteer),
		Beneficiary: string(f.Beneficiary), Lifted: f.Lifted, AtMost: int32(p.Limit) + 1,
	})
	if err != nil {
		return aid.PageOf[aid.DoNotMatch]{}, mapped(err)
	}
	return onePage(rows, p.Limit, func(row db.ListDoNotMatchRow) any { return newest{row.EnteredAt, string(row.ID)} }, doNotMatchOf), nil
}

func doNotMatchRow(d aid.DoNotMatch) db.InsertDoNotMatchParams {
	return db.InsertDoNotMatchParams{
		ID: d.ID, VolunteerID: d.Volunteer, BeneficiaryID: zeronull.Text(d.Beneficiary), OtherVolunteerID: zeronull.Text(d.Other),
		Kind: d.Kind, Reason: d.Reason, EnteredBy: d.EnteredBy, EnteredAt: d.EnteredAt,
	}
}

func doNotMatchOf(row db.ListDoNotMatchRow) aid.DoNotMatch {
	return aid.DoNotMatch{
		ID: row.ID, Volunteer: row.VolunteerID, Beneficiary: aid.BeneficiaryID(row.BeneficiaryID), Other: aid.VolunteerID(row.OtherVolunteerID),
		Kind: row.Kind, Reason: row.Reason, EnteredBy: row.EnteredBy, EnteredAt: row.EnteredAt,
		LiftedBy: aid.AccountID(row.LiftedBy), LiftedAt: time.Time(row.LiftedAt), AreaPath: row.Path, OtherPath: aid.AreaPath(row.OtherPath),
	}
}
