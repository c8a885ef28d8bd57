package postgres

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// Requests gives the help requests of the filter's areas, newest first, with all
// their parts as of one instant.
func (s *Store) Requests(ctx context.Context, f aid.RequestFilter, p aid.Page) (aid.PageOf[*aid.HelpRequest], error) {
	after, err := newestAfter(p)
	if err != nil {
		return aid.PageOf[*aid.HelpRequest]{}, err
	}
	var rows []db.ListRequestsRow
	byID := map[aid.RequestID]*aid.HelpRequest{}
	err = s.readTx(ctx, func(tx pgx.Tx) error {
		rows, err = listRequests(ctx, db.New(tx), f, after, p.Limit+1)
		if err != nil {
			return err
		}
		ids := make([]aid.RequestID, min(len(rows), p.Limit))
		for i := range ids {
			ids[i] = rows[i].ID
		}
		found, err := loadRequests(ctx, tx, ids)
		for _, r := range found {
			byID[r.ID] = r
		}
		return err
	})
	if err != nil {
		return aid.PageOf[*aid.HelpRequest]{}, err
	}
	return onePage(rows, p.Limit,
		func(row db.ListRequestsRow) any { return newest{row.OpenedAt, string(row.ID)} },
		func(row db.ListRequestsRow) *aid.HelpRequest { return byID[row.ID] }), nil
}

func listRequests(ctx context.Context, q *db.Queries, f aid.RequestFilter, after newest, want int) ([]db.ListRequestsRow, error) {
	search := db.ListRequestsParams{
		Areas: texts(f.Areas), BeforeAt: after.At, BeforeID: after.ID, Statuses: texts(f.Statuses),
		Beneficiary: string(f.Beneficiary), AtMost: int32(want),
	}
	return walkFirst(want, func() ([]db.ListRequestsRow, error) {
		rows, err := q.WalkRequests(ctx, db.WalkRequestsParams{
			Areas: search.Areas, BeforeAt: search.BeforeAt, BeforeID: search.BeforeID, Statuses: search.Statuses,
			Beneficiary: search.Beneficiary, AtMost: search.AtMost, Stretch: stretch,
		})
		out := make([]db.ListRequestsRow, len(rows))
		for i, row := range rows {
			out[i] = db.ListRequestsRow(row)
		}
		return out, err
	}, func() ([]db.ListRequestsRow, error) { return q.ListRequests(ctx, search) })
}

// Offers gives the offers made to one volunteer, newest first.
func (s *Store) Offers(ctx context.Context, f aid.OfferFilter, p aid.Page) (aid.PageOf[aid.Offer], error) {
	after, err := newestAfter(p)
	if err != nil {
		return aid.PageOf[aid.Offer]{}, err
	}
	rows, err := s.queries().ListOffers(ctx, db.ListOffersParams{
		Volunteer: f.Volunteer, BeforeAt: after.At, BeforeID: after.ID, Statuses: texts(f.Statuses), AtMost: int32(p.Limit) + 1,
	})
	if err != nil {
		return aid.PageOf[aid.Offer]{}, mapped(err)
	}
	return onePage(rows, p.Limit, func(o db.Offer) any { return newest{o.MadeAt, string(o.ID)} }, offerOf), nil
}

// Pairings gives the pairings of one volunteer or of areas, newest first.
func (s *Store) Pairings(ctx context.Context, f aid.PairingFilter, p aid.Page) (aid.PageOf[aid.Pairing], error) {
	after, err := newestAfter(p)
	if err != nil || f.Volunteer == "" && len(f.Areas) == 0 {
		return aid.PageOf[aid.Pairing]{}, err
	}
	search := func() ([]db.Pairing, error) {
		return s.queries().ListPairings(ctx, db.ListPairingsParams{
			BeforeAt: after.At, BeforeID: after.ID, Volunteer: string(f.Volunteer), Areas: texts(f.Areas),
			Request: string(f.Request), Statuses: texts(f.Statuses), AtMost: int32(p.Limit) + 1,
		})
	}
	walk := func() ([]db.Pairing, error) {
		return s.queries().WalkPairings(ctx, db.WalkPairingsParams{
			BeforeAt: after.At, BeforeID: after.ID, Areas: texts(f.Areas), Statuses: texts(f.Statuses),
			AtMost: int32(p.Limit) + 1, Stretch: stretch,
		})
	}
	if f.Volunteer != "" || f.Request != "" { // few rows, found by their index
		walk = search
	}
	rows, err := walkFirst(p.Limit+1, walk, search)
	if err != nil {
		return aid.PageOf[aid.Pairing]{}, mapped(err)
	}
	return onePage(rows, p.Limit, func(o db.Pairing) any { return newest{o.MadeAt, string(o.ID)} }, pairingOf), nil
}

// Rounds gives the records of match rounds, newest first.
func (s *Store) Rounds(ctx context.Context, p aid.Page) (aid.PageOf[aid.Round], error) {
	after, err := newestAfter(p)
	if err != nil {
		return aid.PageOf[aid.Round]{}, err
	}
	rows, err := s.queries().ListRounds(ctx, db.ListRoundsParams{BeforeAt: after.At, BeforeID: after.ID, AtMost: int32(p.Limit) + 1})
	if err != nil {
		return aid.PageOf[aid.Round]{}, mapped(err)
	}
	return onePage(rows, p.Limit, func(r db.Round) any { return newest{r.StartedAt, string(r.ID)} }, roundOf), nil
}

// Timeline gives what happened to a help request, in the order in which it
// happened; nothing when there is no such request.
func (s *Store) Timeline(ctx context.Context, id aid.RequestID, p aid.Page) (aid.PageOf[aid.Entry], error) {
	after, err := numberAfter(p)
	if err != nil {
		return aid.PageOf[aid.Entry]{}, err
	}
	rows, err := s.queries().Timeline(ctx, db.TimelineParams{Request: id, After: after, AtMost: int32(p.Limit) + 1})
	if err != nil {
		return aid.PageOf[aid.Entry]{}, mapped(err)
	}
	return onePage(rows, p.Limit,
		func(row db.TimelineRow) any { return strconv.FormatInt(row.Seq, 10) },
		func(row db.TimelineRow) aid.Entry { return entryOf(db.EventsAfterRow(row)) }), nil
}
