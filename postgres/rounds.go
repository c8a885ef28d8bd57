package postgres

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/workflows/contract"
)

// SeekingRequests gives the help requests of a shard for which people may be
// asked, first opened first, with all their parts as of one instant.
func (s *Store) SeekingRequests(ctx context.Context, shard aid.Cell) ([]*aid.HelpRequest, error) {
	var found []*aid.HelpRequest
	err := s.readTx(ctx, func(tx pgx.Tx) error {
		ids, err := db.New(tx).SeekingRequests(ctx, shard)
		if err != nil {
			return err
		}
		found, err = loadRequests(ctx, tx, ids)
		return err
	})
	return found, err
}

// SeekingShards gives the shards in which such a request has a seat that nobody
// holds and nobody is asked for, in their order. A round is due in each.
func (s *Store) SeekingShards(ctx context.Context) ([]aid.Cell, error) {
	shards, err := s.queries().SeekingShards(ctx)
	return shards, mapped(err)
}

// MakeOffers asks the picked volunteers for a help request, as far as they are
// still wanted, still free, and kept apart from nobody there. refused are the
// picks who are not: unknown, at capacity, booked or away at that time, living too
// far or resting since the round looked, not to meet the beneficiary or somebody of
// the crew, or kept from coming by what is known of them, see [aid.HelpRequest.Bars].
// A pick that the request no longer wants, as it is likely enough to be filled, is
// in neither list. The request's process is told by the outbox.
func (s *Store) MakeOffers(ctx context.Context, round aid.RoundID, id aid.RequestID, picks []aid.Pick, p aid.SearchPolicy) (made []aid.Offer, refused []aid.VolunteerID, err error) {
	_, err = s.change(ctx, id, func(tx pgx.Tx, r *aid.HelpRequest, now time.Time, w writing) error {
		made, refused = nil, nil // the transaction may run again
		free, err := lockFree(ctx, tx, r, picks, p.Limits, now)
		if err != nil {
			return err
		}
		wanted := make([]aid.Pick, 0, len(picks))
		for _, k := range picks {
			switch {
			case free[k.Volunteer]:
				wanted = append(wanted, k)
			case !r.Asked(k.Volunteer) && !slices.Contains(refused, k.Volunteer):
				refused = append(refused, k.Volunteer)
			}
		}
		if err := estimate(ctx, tx, r, wanted); err != nil {
			return err
		}
		if made = r.MakeOffers(round, wanted, p, now); len(made) > 0 {
			w.requestChanged(id)
		}
		for _, k := range wanted {
			if !r.Asked(k.Volunteer) && !r.Suitable(k.Volunteer) {
				refused = append(refused, k.Volunteer)
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	if len(made) > 0 {
		s.outbox.announce()
	}
	return made, refused, nil
}

// lockFree locks the picked volunteers and tells who of them can take one more
// task at the times of a request, and may be asked for it now. Whatever the round
// judged them by, and who comes by the requests beside this one, is looked up again
// once they are locked, since it may have changed after the round read it.
func lockFree(ctx context.Context, tx pgx.Tx, r *aid.HelpRequest, picks []aid.Pick, limits aid.OfferLimits, now time.Time) (map[aid.VolunteerID]bool, error) {
	ids := make([]string, len(picks))
	for i, k := range picks {
		ids[i] = string(k.Volunteer)
	}
	var b batch
	var volunteers []db.LockPicksRow
	var booked []aid.VolunteerID
	var apart []db.SeparationsOfPicksRow
	var beside []db.BesideOfRequestsRow
	var budgets []db.BudgetsOfVolunteersRow
	var known []db.VettedVolunteersRow
	// Twice: the second locks those, too, of a do-not-match that was entered while the
	// first waited.
	b.statements.Queue(db.LockPicks, ids)
	collect(&b, &volunteers, db.LockPicks, ids)
	collectWith(&b, &booked, pgx.RowTo[aid.VolunteerID], db.BookedVolunteers, ids, rangesOf(r.Times()))
	collect(&b, &apart, db.SeparationsOfPicks, r.ID, ids)
	collect(&b, &beside, db.BesideOfRequests, []string{string(r.ID)})
	collect(&b, &budgets, db.BudgetsOfVolunteers, ids)
	collect(&b, &known, db.VettedVolunteers, ids)
	if err := b.send(ctx, tx); err != nil {
		return nil, err
	}
	free := make(map[aid.VolunteerID]bool, len(volunteers))
	for _, v := range volunteers {
		free[v.ID] = v.Load < v.Capacity
	}
	for _, v := range booked {
		free[v] = false
	}
	for _, row := range apart {
		if s := (aid.Separation{Volunteer: row.VolunteerID, From: aid.VolunteerID(row.OtherVolunteerID)}); !slices.Contains(r.Apart, s) {
			r.Apart = append(r.Apart, s)
		}
	}
	r.Beside = nil
	for _, row := range beside {
		r.Beside = append(r.Beside, row.VolunteerID)
	}
	far := make(map[aid.VolunteerID]int64, len(picks))
	for _, k := range picks {
		far[k.Volunteer] = k.Cost.Distance
	}
	times := r.Times()
	for _, v := range budgets {
		budget, err := budgetOf(v.Budget)
		if err != nil {
			return nil, err
		}
		if budget.Rests(limits, v.Availability.Zone, now) || !budget.Takes(r.Category, far[v.ID]) || !comes(v.Availability, times) {
			free[v.ID] = false
		}
	}
	keepBack(free, r, picks, known)
	return free, nil
}

// NobodyLeft notes that nobody is left to ask for a help request as far as its
// search reaches, see [aid.HelpRequest.NobodyLeft], and tells its process by the
// outbox when that changed something.
func (s *Store) NobodyLeft(ctx context.Context, id aid.RequestID, as aid.Reach, unmet aid.ReasonCounts, p aid.SearchPolicy) (again bool, err error) {
	return s.reach(ctx, id, func(r *aid.HelpRequest, now time.Time) bool { return r.NobodyLeft(as, unmet, p, now) })
}

// NobodyNow notes that nobody can be asked at present, see [aid.HelpRequest.NobodyNow].
func (s *Store) NobodyNow(ctx context.Context, id aid.RequestID, as aid.Reach, p aid.SearchPolicy) (again bool, err error) {
	return s.reach(ctx, id, func(r *aid.HelpRequest, now time.Time) bool { return r.NobodyNow(as, p, now) })
}

// reach changes how far a search goes, and tells the process when it goes farther or
// has ended.
func (s *Store) reach(ctx context.Context, id aid.RequestID, fn func(*aid.HelpRequest, time.Time) bool) (again bool, err error) {
	ended := false
	_, err = s.change(ctx, id, func(_ pgx.Tx, r *aid.HelpRequest, now time.Time, w writing) error {
		before := r.SearchOver
		again = fn(r, now)
		if ended = r.SearchOver && !before; ended || again {
			w.requestChanged(id)
		}
		return nil
	})
	if err == nil && (ended || again) {
		s.outbox.announce()
	}
	return again && err == nil, err
}

func (w writing) requestChanged(id aid.RequestID) {
	w.insertOutbox(contract.OutboxRequestChanged, string(id), []byte("{}"))
}

// BeginRound writes the record of a match round that has its plan, and puts its
// scarcity in place of what the last round of its shard said. Beginning the same
// round again changes nothing, so that the record is of the plan that it began
// with.
func (s *Store) BeginRound(ctx context.Context, r aid.Round) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		begun, err := db.New(tx).BeginRound(ctx, db.BeginRoundParams{
			ID: r.ID, Shard: r.Shard, StartedAt: r.StartedAt, Seconds: r.Seconds, Requests: int32(r.Requests), Seats: int32(r.Seats),
			Volunteers: int32(r.Volunteers), Offers: int32(r.Offers), Objective: r.Objective, DualBound: r.DualBound, Gap: r.Gap,
			SolveSeconds: r.SolveSeconds, Warm: r.Warm,
		})
		if err != nil || begun == 0 {
			return err
		}
		return keepScarcity(ctx, tx, r)
	})
}

// EndRound notes at which instant a round ended, and gives how many offers were
// made for it, however often it was tried. A round that was not begun made none.
func (s *Store) EndRound(ctx context.Context, id aid.RoundID, at time.Time) (offers int, err error) {
	n, err := s.queries().EndRound(ctx, db.EndRoundParams{ID: id, At: at})
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	return int(n), mapped(err)
}

func roundOf(row db.Round) aid.Round {
	return aid.Round{
		ID: row.ID, Shard: row.Shard, StartedAt: row.StartedAt, Seconds: row.Seconds, Requests: int(row.Requests), Seats: int(row.Seats),
		Volunteers: int(row.Volunteers), Offers: int(row.Offers), Objective: row.Objective, DualBound: row.DualBound, Gap: row.Gap,
		SolveSeconds: row.SolveSeconds, Warm: row.Warm,
	}
}
