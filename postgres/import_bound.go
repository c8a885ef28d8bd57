package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/workflows/contract"
)

// requestsPerStep is how many help requests are reconsidered at once in an import.
const requestsPerStep = 200

// tellStandingOfChanged has the processes of standing pairings look whose volunteers
// this transaction has changed: their visits may be for others now.
const tellStandingOfChanged = `INSERT INTO outbox (kind, key) SELECT '` + contract.OutboxStandingChanged + `', r.id FROM help_requests r
	WHERE r.cadence IS NOT NULL AND r.status IN ('open', 'offered', 'paired', 'in_service') AND EXISTS (
		SELECT FROM pairings p JOIN volunteers v ON v.id = p.volunteer_id
		WHERE p.request_id = r.id AND p.status IN ('forming', 'confirmed') AND v.changed_in = pg_current_xact_id())`

// concerned gives what is known of the bound volunteers whom a file may bar from coming,
// before it is taken over. The requests that bind them are locked: as everywhere
// before the volunteers.
func (p importPlan[T]) concerned(ctx context.Context, tx pgx.Tx) (map[aid.VolunteerID]aid.Vetted, error) {
	if p.concerns == "" {
		return nil, nil
	}
	rows, err := tx.Query(ctx, p.concerns, p.args)
	if err != nil {
		return nil, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	if _, err := db.New(tx).LockRequestsBinding(ctx, ids); err != nil {
		return nil, err
	}
	known, err := db.New(tx).VettedVolunteers(ctx, ids)
	was := make(map[aid.VolunteerID]aid.Vetted, len(known))
	for _, row := range known {
		was[row.ID] = vettedOf(row)
	}
	return was, err
}

// reconsider tells the requests that bind some volunteers what has become known of
// them, see [aid.HelpRequest.Reconsider], some requests at a time.
func reconsider(ctx context.Context, tx pgx.Tx, was map[aid.VolunteerID]aid.Vetted) error {
	if len(was) == 0 {
		return nil
	}
	ids := make([]string, 0, len(was))
	for id := range was {
		ids = append(ids, string(id))
	}
	// Again: an offer may have been made until the volunteers were locked.
	bound, err := db.New(tx).LockRequestsBinding(ctx, ids)
	if err != nil {
		return err
	}
	now, err := db.New(tx).ClockNow(ctx)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(bound, requestsPerStep) {
		requests, err := loadRequests(ctx, tx, some)
		if err != nil {
			return err
		}
		if err := changeLocked(ctx, tx, requests, func(r *aid.HelpRequest) {
			for _, v := range r.Bound() {
				if before, concerned := was[v]; concerned {
					known := r.Vetted[v]
					r.Vetted[v] = before
					r.Reconsider(v, known, now)
				}
			}
		}); err != nil {
			return err
		}
	}
	return nil
}
