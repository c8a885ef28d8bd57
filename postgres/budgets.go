package postgres

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// Budget gives what has been asked of a volunteer lately, and what they have
// said about being asked.
func (s *Store) Budget(ctx context.Context, id aid.VolunteerID) (aid.Budget, error) {
	return budget(ctx, s.queries(), id)
}

// ChangeLimits has fn change the limits that a volunteer chose, and gives them
// as written. fn may run more than once. An error of fn is given back and leaves
// nothing behind.
func (s *Store) ChangeLimits(ctx context.Context, id aid.VolunteerID, fn func(*aid.OwnLimits) error) (aid.OwnLimits, error) {
	var own aid.OwnLimits
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if _, err := q.LockVolunteer(ctx, id); err != nil {
			return orNotFound(err, "volunteer")
		}
		b, err := budget(ctx, q, id)
		if err != nil {
			return err
		}
		if err := fn(&b.Own); err != nil {
			return err
		}
		own = b.Own
		return q.KeepLimits(ctx, limitsRow(id, own))
	})
	return own, err
}

// LiftPark ends what a volunteer has put off. It is [aid.NotFound] when there is
// no such park.
func (s *Store) LiftPark(ctx context.Context, v aid.VolunteerID, id aid.ParkID) error {
	kind, category, _ := strings.Cut(string(id), ".")
	return s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if _, err := q.LockVolunteer(ctx, v); err != nil {
			return orNotFound(err, "volunteer")
		}
		lifted, err := q.LiftPark(ctx, db.LiftParkParams{Volunteer: v, Kind: aid.ParkKind(kind), Category: category})
		if err == nil && lifted == 0 {
			err = aid.Errorf(aid.NotFound, "there is no such park")
		}
		return err
	})
}

func budget(ctx context.Context, q *db.Queries, id aid.VolunteerID) (aid.Budget, error) {
	rows, err := q.BudgetsOfVolunteers(ctx, []string{string(id)})
	switch {
	case err != nil:
		return aid.Budget{}, mapped(err)
	case len(rows) == 0:
		return aid.Budget{}, aid.Errorf(aid.NotFound, "there is no such volunteer")
	}
	return budgetOf(rows[0].Budget)
}

// budgetOf reads what the function offer_budget gives; null is the zero budget.
func budgetOf(text []byte) (aid.Budget, error) {
	var b aid.Budget
	if len(text) == 0 {
		return b, nil
	}
	if err := json.Unmarshal(text, &b); err != nil {
		return b, caused(aid.Internal, "", err, "the database tells a volunteer's budget in a way that is not understood")
	}
	return b, nil
}

func limitsRow(id aid.VolunteerID, own aid.OwnLimits) db.KeepLimitsParams {
	row := db.KeepLimitsParams{VolunteerID: id, Pending: int4(own.Pending), Weekly: int4(own.Weekly)}
	if own.Quiet != nil {
		row.QuietFrom, row.QuietTo = int4(&own.Quiet.From), int4(&own.Quiet.To)
	}
	if own.CoolDown != nil {
		seconds := int(*own.CoolDown / time.Second)
		row.CoolDown = int4(&seconds)
	}
	return row
}

func int4(n *int) pgtype.Int4 {
	if n == nil {
		return pgtype.Int4{}
	}
	return pgtype.Int4{Int32: int32(*n), Valid: true}
}
