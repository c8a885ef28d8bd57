package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/training"
)

// ChangeCohort lets fn change a cohort under its lock and writes what fn changed.
// Certificates that it earned are issued in the same transaction: their holders can
// be matched from then on, and the help requests that bind them know. The cohort's
// process is told of what concerns it. It is [aid.NotFound] for an unknown id, and
// fails with what fn fails with.
func (s *Store) ChangeCohort(ctx context.Context, id training.CohortID, fn func(c *training.Cohort, now time.Time) error) (*training.Cohort, error) {
	return s.changeCohort(ctx, id, func(_ *db.Queries, c *training.Cohort, now time.Time) error { return fn(c, now) }, cohortChanged)
}

// changeCohort is ChangeCohort; tell queues what lets the process know, and first is
// done before the cohort is locked.
func (s *Store) changeCohort(ctx context.Context, id training.CohortID,
	fn func(q *db.Queries, c *training.Cohort, now time.Time) error, tell func(context.Context, *db.Queries, training.CohortID),
	first ...func(context.Context, *db.Queries) error,
) (c *training.Cohort, err error) {
	err = s.whileBound(ctx, func(tx pgx.Tx) (done bool, err error) {
		q := db.New(tx)
		for _, do := range first {
			if err := do(ctx, q); err != nil {
				return false, err
			}
		}
		if _, err := q.LockCohort(ctx, id); err != nil {
			return false, orNotFound(err, "cohort")
		}
		if c, err = loadCohort(ctx, q, id); err != nil {
			return false, err
		}
		before := *c
		before.Enrolments, before.Asks = slices.Clone(c.Enrolments), slices.Clone(c.Asks)
		now, err := q.ClockNow(ctx)
		if err != nil {
			return false, err
		}
		if err := fn(q, c, now); err != nil {
			return false, err
		}
		if done, err := issue(ctx, tx, c, now); err != nil || !done {
			return false, err
		}
		return true, writeCohort(ctx, tx, &before, c, now, tell)
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// writeCohort writes the difference. Seats are given up before others take them,
// so that at no time more are taken than there are.
func writeCohort(ctx context.Context, tx pgx.Tx, before, c *training.Cohort, now time.Time, tell func(context.Context, *db.Queries, training.CohortID)) error {
	var b batch
	q := b.queries()
	moved := !slices.Equal(c.Sessions, before.Sessions)
	if c.Capacity != before.Capacity || c.Status != before.Status || !c.FollowedAt.Equal(before.FollowedAt) || c.Unmet != before.Unmet || moved || c.Wanted != before.Wanted {
		_ = q.UpdateCohort(ctx, db.UpdateCohortParams{
			ID: c.ID, Capacity: int32(c.Capacity), Status: c.Status, Reason: c.Reason, EndedAt: zeronull.Timestamptz(c.EndedAt),
			FollowedAt: zeronull.Timestamptz(c.FollowedAt), TrainersUnmet: c.Unmet, StartsAt: c.First().During.StartsAt, TrainersWanted: int32(c.Wanted),
		})
	}
	staff := writeStaff(ctx, q, before, c)
	for i, k := range c.Sessions {
		if k != before.Sessions[i] {
			_ = q.MoveCohortSession(ctx, db.MoveCohortSessionParams{
				CohortID: c.ID, SessionNo: int32(k.No), StartsAt: k.During.StartsAt, EndsAt: k.During.EndsAt, Venue: k.Venue,
			})
		}
	}
	if staff || moved || c.Capacity != before.Capacity || c.Status != before.Status || len(c.Issued) > 0 {
		tell(ctx, q, c.ID)
	}
	for _, seated := range []bool{false, true} {
		for _, e := range c.Enrolments {
			if e.Status.Seated() == seated && !slices.Contains(before.Enrolments, e) {
				_ = q.PutEnrolment(ctx, db.PutEnrolmentParams{
					CohortID: c.ID, VolunteerID: e.Volunteer, Arrival: int32(e.No), Status: e.Status, Via: e.Via, EnrolledBy: e.By, Since: e.At,
				})
			}
		}
	}
	for _, m := range c.Marks[len(before.Marks):] {
		_ = q.InsertMark(ctx, db.InsertMarkParams{
			CohortID: c.ID, SessionNo: int32(m.Session), VolunteerID: m.Volunteer, Present: m.Present, Means: m.Means, NotedBy: m.By, NotedAt: m.At,
		})
	}
	for _, p := range c.Scores[len(before.Scores):] {
		_ = q.InsertScore(ctx, db.InsertScoreParams{
			CohortID: c.ID, VolunteerID: p.Volunteer, Try: int32(p.Try), Points: int32(p.Points), NotedBy: p.By, NotedAt: p.At,
		})
	}
	for _, w := range c.Waivers[len(before.Waivers):] {
		_ = q.InsertWaiver(ctx, db.InsertWaiverParams{
			CohortID: c.ID, VolunteerID: w.Volunteer, Requirement: w.Requirement, Reason: w.Reason, NotedBy: w.By, NotedAt: w.At,
		})
	}
	writeSteps(ctx, q, c, now)
	return b.send(ctx, tx)
}

// records are volunteers by id, to be changed.
type records map[aid.VolunteerID]*aid.Volunteer

// relearn changes the skills and courses of volunteers, and lets the help requests
// that bind them know at once, see [aid.HelpRequest.Reconsider]. Nothing is written
// before everything is locked, as [lockBound] has it: if it is not done, the
// transaction is to be run again.
func relearn(ctx context.Context, tx pgx.Tx, ids []aid.VolunteerID, fn func(records) error) (done bool, err error) {
	if len(ids) == 0 {
		return true, nil
	}
	binds := map[aid.RequestID][]aid.VolunteerID{}
	requests, all, err := lockBound(ctx, tx, texts(ids), func(q *db.Queries) ([]aid.RequestID, error) {
		rows, err := q.BindingsOf(ctx, texts(ids))
		clear(binds)
		var out []aid.RequestID
		for _, row := range rows {
			if len(binds[row.RequestID]) == 0 {
				out = append(out, row.RequestID)
			}
			binds[row.RequestID] = append(binds[row.RequestID], row.VolunteerID)
		}
		return out, err
	})
	if err != nil || !all {
		return false, err
	}
	q := db.New(tx)
	rows, err := q.VolunteerRows(ctx, texts(ids))
	if err != nil {
		return false, err
	}
	now, err := q.ClockNow(ctx)
	if err != nil {
		return false, err
	}
	people := records{}
	for _, row := range rows {
		v := volunteerOf(row)
		people[v.ID] = &v
	}
	if err := fn(people); err != nil {
		return false, err
	}
	known := map[aid.VolunteerID]aid.Vetted{}
	var b batch
	for _, row := range rows {
		was, v := volunteerOf(row), people[row.ID]
		if !was.Vetted().Equal(v.Vetted()) {
			known[v.ID] = v.Vetted()
			writeLearned(ctx, b.queries(), was, *v)
		}
	}
	if err := b.send(ctx, tx); err != nil {
		return false, err
	}
	return true, changeLocked(ctx, tx, requests, func(r *aid.HelpRequest) {
		for _, v := range binds[r.ID] {
			if k, changed := known[v]; changed {
				r.Reconsider(v, k, now)
			}
		}
	})
}

// writeLearned queues what of a record is new, and tells the processes of its
// standing pairings.
func writeLearned(ctx context.Context, q *db.Queries, was, v aid.Volunteer) {
	if !slices.Equal(was.Skills, v.Skills) {
		_ = q.KeepVolunteerSkills(ctx, db.KeepVolunteerSkillsParams{ID: v.ID, Skills: append([]aid.Skill{}, v.Skills...)})
	}
	writeCourses(ctx, q, v)
}
