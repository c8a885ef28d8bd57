package postgres

import (
	"context"
	"slices"
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
	for range txAttempts {
		done := false
		err := s.inTx(ctx, func(tx pgx.Tx) (err error) {
			done, err = keepApart(ctx, tx, &d)
			return err
		})
		if err != nil {
			return aid.DoNotMatch{}, err
		}
		if done {
			s.events.announce()
			s.outbox.announce()
			return d, nil
		}
	}
	return aid.DoNotMatch{}, aid.Errorf(aid.Unavailable, "too many changes at once; try again")
}

// keepApart locks as everybody does, requests before volunteers, and then looks
// again: an offer that was made in between has bound the two in a request that
// is not locked, and nothing is done. From the volunteers' locks on, whoever makes
// offers to them waits, and then sees what was entered.
func keepApart(ctx context.Context, tx pgx.Tx, d *aid.DoNotMatch) (done bool, err error) {
	q := db.New(tx)
	together := db.RequestsTogetherParams{Volunteer: d.Volunteer, Beneficiary: string(d.Beneficiary), Other: string(d.Other)}
	ids, err := q.RequestsTogether(ctx, together)
	if err != nil {
		return false, err
	}
	concerned := make([]*aid.HelpRequest, len(ids))
	for i, id := range ids {
		if concerned[i], _, err = lockRequest(ctx, tx, id); err != nil {
			return false, err
		}
	}
	if _, err = q.LockVolunteers(ctx, apartPeople(*d)); err != nil {
		return false, err
	}
	again, err := q.RequestsTogether(ctx, together)
	if err != nil || slices.ContainsFunc(again, func(id aid.RequestID) bool { return !slices.Contains(ids, id) }) {
		return false, err
	}
	now, err := q.ClockNow(ctx)
	if err != nil {
		return false, err
	}
	d.EnteredAt = now
	if err = q.InsertDoNotMatch(ctx, doNotMatchRow(*d)); err != nil {
		return false, err
	}
	var all batch
	for _, r := range concerned {
		var b batch
		before := snapshotOf(r)
		r.KeepApart(d.Separation(), now)
		changed, err := before.queueDifference(ctx, &b, r)
		if err != nil {
			return false, err
		}
		if changed {
			writing{b.queries(), ctx}.requestChanged(r.ID)
		}
		all.append(&b)
	}
	return true, all.send(ctx, tx)
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
