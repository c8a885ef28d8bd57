package postgres

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/rollout"
)

// RolloutCalendar gives every cohort of a rollout with what came of it, in order of time.
func (s *Store) RolloutCalendar(ctx context.Context, id aid.RolloutID) (all []rollout.Turnout, err error) {
	err = s.readTx(ctx, func(tx pgx.Tx) error {
		all, err = turnouts(ctx, db.New(tx), id)
		return err
	})
	return all, err
}

func turnouts(ctx context.Context, q *db.Queries, id aid.RolloutID) ([]rollout.Turnout, error) {
	rows, err := q.RolloutCohorts(ctx, db.RolloutCohortsParams{ID: id, AtMost: 1 << 30})
	if err != nil {
		return nil, err
	}
	return cameOf(ctx, q, id, rows, []string{})
}

// cameOf gives cohorts of a rollout with what came of those that are announced; these
// are named, or all of the rollout.
func cameOf(ctx context.Context, q *db.Queries, id aid.RolloutID, rows []db.RolloutCohortsRow, announced []string) ([]rollout.Turnout, error) {
	now, err := q.ClockNow(ctx)
	if err != nil {
		return nil, err
	}
	came, err := q.RolloutTurnout(ctx, db.RolloutTurnoutParams{ID: id, Cohorts: announced, Today: dateTo(training.Day(now))})
	if err != nil {
		return nil, err
	}
	of := map[training.CohortID][]db.RolloutTurnoutRow{}
	for _, c := range came {
		of[c.CohortID] = append(of[c.CohortID], c)
	}
	all := make([]rollout.Turnout, len(rows))
	for i, row := range rows {
		t := rollout.Turnout{Planned: plannedOf(row)}
		t.Cancelled, t.Settled = row.Status == string(training.Cancelled), row.Status == string(training.Completed)
		for _, c := range of[training.CohortID(row.CohortID)] {
			for to, people := range map[*[]rollout.AtPath]int32{&t.Seated: c.Seated, &t.Attended: c.Attended, &t.Done: c.Done, &t.Lapsed: c.Lapsed} {
				*to = append(*to, rollout.AtPath{Path: c.Path, People: int(people)})
			}
		}
		all[i] = t
	}
	return all, nil
}

func plannedOf(r db.RolloutCohortsRow) rollout.Planned {
	return rollout.Planned{
		Plan: int(r.PlanNo), No: int(r.CohortNo), Step: r.Step, Course: r.Course, Area: r.Area, Venue: r.Venue, Month: rollout.Month(r.Month),
		Lecturers: r.Lecturers, Seats: int(r.Seats), From: r.People, Announced: r.CohortID != "", Hindrance: r.Hindrance, Unmet: r.Unmet,
	}
}

// place is where a page of a calendar goes on.
type place struct{ Month, Plan, No int }

// PlannedCohorts gives the cohorts of a rollout in order of time, with what came of them.
func (s *Store) PlannedCohorts(ctx context.Context, id aid.RolloutID, f rollout.CalendarFilter, p aid.Page) (page aid.PageOf[rollout.Turnout], err error) {
	var at place
	if p.After != "" {
		if err := readCursor(p.After, &at); err != nil {
			return page, malformedCursor()
		}
	}
	if err := checkLimit(p); err != nil {
		return page, err
	}
	err = s.readTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		rows, err := q.RolloutCohorts(ctx, db.RolloutCohortsParams{
			ID: id, Month: int32(at.Month), Plan: int32(at.Plan), No: int32(at.No), AtMost: int32(p.Limit) + 1,
			Area: string(f.Area), Step: string(f.Step), FromMonth: int32(f.From), UntilMonth: int32(f.Until),
		})
		if err != nil {
			return err
		}
		announced := []string{""} // an empty list would mean all
		for _, r := range rows {
			announced = append(announced, string(r.CohortID))
		}
		came, err := cameOf(ctx, q, id, rows, announced)
		page = onePage(came, p.Limit, func(t rollout.Turnout) any { return place{int(t.Month), t.Plan, t.No} },
			func(t rollout.Turnout) rollout.Turnout { return t })
		return err
	})
	return page, mapped(err)
}

// KeepPlan keeps a plan in place of the cohorts that are not announced. It does
// nothing if this plan or a later one is kept already, and tells that it is stale if
// its version is not in force any more.
func (s *Store) KeepPlan(ctx context.Context, id aid.RolloutID, p rollout.KeptPlan) (stale bool, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		row, err := q.LockRollout(ctx, id)
		if err != nil {
			return orNotFound(err, "rollout")
		}
		last, err := lastPlan(ctx, q, id)
		if err != nil {
			return err
		}
		if stale = p.Version != int(row.Version); stale || last.No >= p.No {
			return nil
		}
		var b batch
		w := b.queries()
		_ = w.InsertRolloutPlan(ctx, db.InsertRolloutPlanParams{
			RolloutID: id, PlanNo: int32(p.No), Version: int32(p.Version), MadeAt: p.MadeAt, Report: p.Report, Refused: p.Refused, LeftOut: p.LeftOut,
		})
		_ = w.DropUnannounced(ctx, id)
		for i := range p.Refilled {
			c := &p.Refilled[i]
			_ = w.RefillRolloutCohort(ctx, db.RefillRolloutCohortParams{RolloutID: id, PlanNo: int32(c.Plan), CohortNo: int32(c.No), People: c.From})
		}
		status := rollout.Running
		if p.Refused != "" {
			status = rollout.Refused
		}
		_ = w.PutRollout(ctx, db.PutRolloutParams{ID: id, Status: status, Reason: p.Refused, Version: row.Version, Name: row.Name, NameZh: row.NameZh})
		if err := b.send(ctx, tx); err != nil {
			return err
		}
		return copyCohorts(ctx, tx, id, p.Cohorts)
	})
	return stale, err
}

func copyCohorts(ctx context.Context, tx pgx.Tx, id aid.RolloutID, cohorts []rollout.Planned) error {
	columns := []string{"rollout_id", "plan_no", "cohort_no", "step", "course", "area", "venue", "month", "lecturers", "seats", "people"}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"rollout_cohorts"}, columns, pgx.CopyFromSlice(len(cohorts), func(i int) ([]any, error) {
		c := &cohorts[i]
		return []any{
			string(id), int32(c.Plan), int32(c.No), string(c.Step), string(c.Course), string(c.Area), string(c.Venue), int32(c.Month),
			string(c.Lecturers), int32(c.Seats), c.From,
		}, nil
	}))
	return err
}

// Announce makes the cohort of a planned one unless it is made: fn makes it of who is
// there, or says what hinders it, which is noted. A planned cohort that another plan
// has replaced meanwhile is left alone.
func (s *Store) Announce(ctx context.Context, id aid.RolloutID, p rollout.Planned, fn func(training.Staff) (*training.Cohort, rollout.Hindered)) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		key := db.LockRolloutCohortParams{RolloutID: id, PlanNo: int32(p.Plan), CohortNo: int32(p.No)}
		cohort, err := q.LockRolloutCohort(ctx, key)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && cohort != "" {
			return nil
		}
		if err != nil {
			return err
		}
		if err := q.LockTrainers(ctx); err != nil {
			return err
		}
		staff, err := staffOf(ctx, q, p)
		if err != nil {
			return err
		}
		c, hindered := fn(staff)
		note := db.NoteAnnouncedParams{RolloutID: id, PlanNo: key.PlanNo, CohortNo: key.CohortNo, Hindrance: hindered.Why, Unmet: hindered.Unmet}
		if c != nil {
			if err := addCohort(ctx, tx, c); err != nil {
				return err
			}
			note.CohortID = zeronull.Text(c.ID)
		}
		return q.NoteAnnounced(ctx, note)
	})
	if err == nil {
		s.outbox.announce()
	}
	return err
}

// StaffFor gives who could hold a planned cohort at this moment.
func (s *Store) StaffFor(ctx context.Context, p rollout.Planned) (staff training.Staff, err error) {
	err = s.readTx(ctx, func(tx pgx.Tx) error {
		staff, err = staffOf(ctx, db.New(tx), p)
		return err
	})
	return staff, err
}

// staffOf finds who could hold a planned cohort.
func staffOf(ctx context.Context, q *db.Queries, p rollout.Planned) (s training.Staff, err error) {
	versions, err := versionsOf(ctx, q, aid.CourseID(p.Course))
	if err != nil {
		return s, err
	}
	if n := len(versions); n > 0 {
		s.Rule = versions[n-1]
	}
	near, err := q.NearestOrganisation(ctx, string(p.Venue))
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return s, err
	}
	s.Organisation, s.AreaPath = near.ID, near.Path
	rows, err := q.TrainersOf(ctx, db.TrainersOfParams{Area: string(p.Lecturers), FromAt: p.Month.Begins(), UntilAt: (p.Month + 1).Begins()})
	if err != nil || len(rows) == 0 {
		return s, err
	}
	ids := make([]aid.AccountID, len(rows))
	for i, t := range rows {
		ids[i] = t.ID
		s.Trainers = append(s.Trainers, training.Busy{Account: t.ID, Cohorts: int(t.Cohorts)})
	}
	known, err := trainersOf(ctx, q, ids, time.Time{})
	if err != nil {
		return s, err
	}
	taken, err := engagementsOf(ctx, q, ids, p.Month.Begins())
	for i := range s.Trainers {
		t := &s.Trainers[i]
		t.Taken = taken[t.Account]
		if j := slices.IndexFunc(known, func(k training.Trainer) bool { return k.Account == t.Account }); j >= 0 {
			t.Profile = &known[j]
		}
	}
	return s, err
}

// Persons counts people who completed courses of a rollout, given how many courses
// each step has.
func (s *Store) Persons(ctx context.Context, id aid.RolloutID, courses map[rollout.StepID]int) ([]rollout.Persons, error) {
	params := db.RolloutPersonsParams{ID: id, Steps: []string{}, Counts: []int32{}}
	for step, n := range courses {
		params.Steps, params.Counts = append(params.Steps, string(step)), append(params.Counts, int32(n))
	}
	rows, err := s.queries().RolloutPersons(ctx, params)
	out := make([]rollout.Persons, len(rows))
	for i, r := range rows {
		out[i] = rollout.Persons{Step: r.Step, Path: r.Path, Begun: int(r.Begun), Finished: int(r.Finished)}
	}
	return out, mapped(err)
}
