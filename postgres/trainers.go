package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/training"
)

// Trainer gives what is known of a trainer, with their areas alone if nothing is. It is
// [aid.NotFound] for whoever is no trainer.
func (s *Store) Trainer(ctx context.Context, id aid.AccountID) (training.Trainer, error) {
	row, err := s.queries().TrainerAccount(ctx, id)
	if err != nil {
		return training.Trainer{}, orNotFound(err, "trainer")
	}
	found, err := trainersOf(ctx, s.queries(), []aid.AccountID{id}, time.Time{})
	if err != nil || len(found) > 0 {
		return append(found, training.Trainer{})[0], mapped(err)
	}
	return training.Trainer{Account: row.ID, Areas: areaPaths(row.Areas)}, nil
}

// PutTrainer keeps what is known of a trainer, and lets the processes of cohorts that
// lack one know. It is [aid.Invalid] for courses that are not of the catalogue.
func (s *Store) PutTrainer(ctx context.Context, t training.Trainer) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		k, err := known(ctx, tx, nil, texts(t.Courses))
		if err != nil {
			return err
		}
		var c aid.Check
		for i, id := range t.Courses {
			c.That(slices.Contains(k.courses, string(id)), fmt.Sprintf("courses[%d]", i), "%q is no course of the catalogue; GET /v1/courses lists them", id)
		}
		if err := c.Err("trainer"); err != nil {
			return err
		}
		now, err := db.New(tx).ClockNow(ctx)
		if err != nil {
			return err
		}
		lacking, err := db.New(tx).LackingCohorts(ctx, now)
		if err != nil {
			return err
		}
		var b batch
		_ = b.queries().PutTrainer(ctx, db.PutTrainerParams{
			AccountID: t.Account, Lat: t.Home.Lat, Lng: t.Home.Lng, Cell: t.Cell, MaxDistance: int32(t.MaxDistance), Monthly: int32(t.Monthly),
			Courses: append([]aid.CourseID{}, t.Courses...),
		})
		for _, id := range lacking {
			cohortChanged(ctx, b.queries(), id)
		}
		return b.send(ctx, tx)
	})
	if err == nil {
		s.outbox.announce()
	}
	return err
}

// StaffCohorts lets fn ask trainers for the cohorts that lack one, all of which are
// locked, in one transaction with what is told. The process of each cohort for which
// somebody was asked is told. Only one at a time finds trainers, so that nobody is asked
// for two cohorts at one time.
func (s *Store) StaffCohorts(ctx context.Context, fn func(lacking []*training.Cohort, trainers []training.Trainer, now time.Time) error) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if err := q.LockTrainers(ctx); err != nil {
			return err
		}
		now, err := q.ClockNow(ctx)
		if err != nil {
			return err
		}
		ids, err := q.LackingCohorts(ctx, now)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := q.LockCohorts(ctx, texts(ids)); err != nil {
			return err
		}
		lacking := make([]*training.Cohort, len(ids))
		before := make([]training.Cohort, len(ids))
		for i, id := range ids {
			if lacking[i], err = loadCohort(ctx, q, id); err != nil {
				return err
			}
			before[i] = *lacking[i]
			before[i].Asks = slices.Clone(lacking[i].Asks)
		}
		trainers, err := trainersOf(ctx, q, nil, now)
		if err != nil {
			return err
		}
		if err := fn(lacking, trainers, now); err != nil {
			return err
		}
		for i, c := range lacking {
			if err := writeCohort(ctx, tx, &before[i], c, now, cohortChanged); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.outbox.announce()
	}
	return err
}

// AnswerAsk lets fn answer for a trainer who is asked to hold a cohort, who is asked and
// takes nothing else meanwhile.
func (s *Store) AnswerAsk(ctx context.Context, id training.CohortID, trainer aid.AccountID, fn func(c *training.Cohort, t training.Trainer, now time.Time) error) (*training.Cohort, error) {
	return s.changeCohort(ctx, id, func(q *db.Queries, c *training.Cohort, now time.Time) error {
		found, err := trainersOf(ctx, q, []aid.AccountID{trainer}, time.Time{})
		if err != nil {
			return err
		}
		t := append(found, training.Trainer{Account: trainer})[0]
		taken, err := engagementsOf(ctx, q, []aid.AccountID{trainer}, now)
		if err != nil {
			return err
		}
		t.Taken = taken[trainer]
		return fn(c, t, now)
	}, cohortChanged, func(ctx context.Context, q *db.Queries) error { return q.LockTrainers(ctx) })
}

// MoveSession lets fn move a session of a cohort, with what everybody who holds it or is
// asked to has taken, who takes nothing else meanwhile.
func (s *Store) MoveSession(ctx context.Context, id training.CohortID, fn func(c *training.Cohort, taken map[aid.AccountID][]training.Engagement, now time.Time) error) (*training.Cohort, error) {
	return s.changeCohort(ctx, id, func(q *db.Queries, c *training.Cohort, now time.Time) error {
		who := slices.Clone(c.Trainers)
		for _, a := range c.Asks {
			who = append(who, a.Trainer)
		}
		taken, err := engagementsOf(ctx, q, who, now)
		if err != nil {
			return err
		}
		return fn(c, taken, now)
	}, cohortChanged, func(ctx context.Context, q *db.Queries) error { return q.LockTrainers(ctx) })
}

// trainersOf reads trainers, all if none is named, with what they hold at an instant;
// without one, what they hold is left out.
func trainersOf(ctx context.Context, q *db.Queries, ids []aid.AccountID, now time.Time) ([]training.Trainer, error) {
	rows, err := q.TrainerRows(ctx, texts(ids))
	if err != nil {
		return nil, err
	}
	out := make([]training.Trainer, len(rows))
	all := make([]aid.AccountID, len(rows))
	for i, r := range rows {
		out[i] = training.Trainer{
			Account: r.AccountID, Home: aid.Point{Lat: r.Lat, Lng: r.Lng}, Cell: r.Cell, MaxDistance: int(r.MaxDistance), Monthly: int(r.Monthly),
			Courses: r.Courses, Areas: areaPaths(r.Areas),
		}
		all[i] = r.AccountID
	}
	if now.IsZero() || len(rows) == 0 {
		return out, nil
	}
	taken, err := engagementsOf(ctx, q, all, now)
	for i := range out {
		out[i].Taken = taken[out[i].Account]
	}
	return out, err
}

// engagementsOf reads what trainers hold or are asked to hold, without what is long over
// at an instant.
func engagementsOf(ctx context.Context, q *db.Queries, ids []aid.AccountID, now time.Time) (map[aid.AccountID][]training.Engagement, error) {
	held, err := q.TrainerEngagements(ctx, db.TrainerEngagementsParams{Ids: texts(ids), Since: now.Add(-training.LongestPlan)})
	out := map[aid.AccountID][]training.Engagement{}
	for _, h := range held {
		t := out[h.AccountID]
		if n := len(t); n == 0 || t[n-1].Cohort != h.CohortID {
			t = append(t, training.Engagement{Cohort: h.CohortID, Month: training.MonthOf(h.BeginsAt)})
		}
		e := &t[len(t)-1]
		e.Sessions = append(e.Sessions, aid.Window{StartsAt: h.StartsAt, EndsAt: h.EndsAt})
		out[h.AccountID] = t
	}
	return out, err
}

func areaPaths(all []string) []aid.AreaPath {
	out := make([]aid.AreaPath, len(all))
	for i, p := range all {
		out[i] = aid.AreaPath(p)
	}
	return out
}

// loadAsks reads who was asked to hold a cohort and who dropped out of it.
func loadAsks(ctx context.Context, q *db.Queries, c *training.Cohort) error {
	asks, err := q.CohortAsks(ctx, c.ID)
	for _, a := range asks {
		c.Asks = append(c.Asks, training.Ask{
			Trainer: a.AccountID, Status: a.Status, Distance: a.Distance, MadeAt: a.MadeAt, ExpiresAt: a.ExpiresAt,
			AnsweredAt: time.Time(a.AnsweredAt), AnsweredBy: a.AnsweredBy, Reason: a.Reason,
		})
	}
	if err != nil {
		return err
	}
	drops, err := q.CohortDrops(ctx, c.ID)
	for _, d := range drops {
		c.Drops = append(c.Drops, training.Drop{Trainer: d.AccountID, Reason: d.Reason, By: d.DroppedBy, At: d.DroppedAt})
	}
	return err
}

// writeStaff queues who holds a cohort, was asked and dropped out, and tells whether
// that has changed.
func writeStaff(ctx context.Context, q *db.Queries, before, c *training.Cohort) (changed bool) {
	for _, t := range before.Trainers {
		if !slices.Contains(c.Trainers, t) {
			_ = q.DropCohortTrainer(ctx, db.DropCohortTrainerParams{CohortID: c.ID, AccountID: t})
			changed = true
		}
	}
	for _, d := range c.Drops[len(before.Drops):] {
		_ = q.InsertDrop(ctx, db.InsertDropParams{CohortID: c.ID, AccountID: d.Trainer, Reason: d.Reason, DroppedBy: d.By, DroppedAt: d.At})
	}
	for i, a := range c.Asks {
		if !slices.Contains(before.Asks, a) {
			_ = q.PutAsk(ctx, db.PutAskParams{
				CohortID: c.ID, AccountID: a.Trainer, Place: int32(i), Status: a.Status, Distance: a.Distance, MadeAt: a.MadeAt, ExpiresAt: a.ExpiresAt,
				AnsweredAt: zeronull.Timestamptz(a.AnsweredAt), AnsweredBy: a.AnsweredBy, Reason: a.Reason,
			})
			changed = true
		}
	}
	for i, t := range c.Trainers {
		if !slices.Contains(before.Trainers, t) {
			_ = q.InsertCohortTrainer(ctx, db.InsertCohortTrainerParams{CohortID: c.ID, AccountID: t, Place: int32(len(before.Trainers) + len(c.Drops) + i)})
			changed = true
		}
	}
	return changed
}
