package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/workflows/contract"
)

// AddVolunteer registers a volunteer with the courses they hold. It gives
// [aid.Conflict] with [aid.ReasonAlreadyExists] when the id is taken, and
// [aid.Invalid] for a skill, course or area that is not known.
func (s *Store) AddVolunteer(ctx context.Context, v aid.Volunteer) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		return writeVolunteer(ctx, tx, v, func(q *db.Queries) error { return q.InsertVolunteer(ctx, volunteerRow(v)) })
	})
}

// UpdateVolunteer replaces what is kept of a volunteer, the courses too. Unless
// v.Version is zero, the record must still be the one that had this version, else
// it gives [aid.Conflict] with [aid.ReasonChangedMeanwhile]. It gives
// [aid.Conflict] with [aid.ReasonOverCapacity] when the new capacity is less than
// what binds them now. The requests that bind them learn at once what has become
// known, see [aid.HelpRequest.Reconsider].
func (s *Store) UpdateVolunteer(ctx context.Context, v aid.Volunteer) error {
	return s.whileBound(ctx, func(tx pgx.Tx) (done bool, err error) {
		was, err := db.New(tx).VolunteerRows(ctx, []string{string(v.ID)})
		if err != nil {
			return false, err
		}
		if len(was) == 0 {
			return false, aid.Errorf(aid.NotFound, "there is no such volunteer")
		}
		if v.Version != 0 && v.Version != was[0].Version {
			return false, aid.Because(aid.Conflict, aid.ReasonChangedMeanwhile, "the record has been changed meanwhile; read it again and decide")
		}
		old := volunteerOf(was[0])
		bound := func(q *db.Queries) ([]aid.RequestID, error) { return q.RequestsBinding(ctx, v.ID) }
		if old.Vetted().Equal(v.Vetted()) {
			bound = func(*db.Queries) ([]aid.RequestID, error) { return nil, nil }
		}
		requests, all, err := lockBound(ctx, tx, []string{string(v.ID)}, bound)
		if err != nil || !all {
			return false, err
		}
		version, err := db.New(tx).LockVolunteer(ctx, v.ID)
		if err != nil || version != old.Version {
			return false, err
		}
		if err := writeVolunteer(ctx, tx, v, func(q *db.Queries) error { return q.UpdateVolunteer(ctx, db.UpdateVolunteerParams(volunteerRow(v))) }); err != nil {
			return false, err
		}
		now, err := db.New(tx).ClockNow(ctx)
		if err != nil {
			return false, err
		}
		return true, changeLocked(ctx, tx, requests, func(r *aid.HelpRequest) { r.Reconsider(v.ID, v.Vetted(), now) })
	})
}

// writeVolunteer writes a record with its courses, and tells the processes of the
// standing pairings.
func writeVolunteer(ctx context.Context, tx pgx.Tx, v aid.Volunteer, write func(*db.Queries) error) error {
	courses := make([]aid.CourseID, len(v.Courses))
	for i, h := range v.Courses {
		courses[i] = h.Course
	}
	c, err := known(ctx, tx, texts(v.Skills), texts(courses))
	if err != nil {
		return err
	}
	var check aid.Check
	c.check(&check, "", v.Skills, courses)
	if err := check.Err("volunteer"); err != nil {
		return err
	}
	if err := write(db.New(tx)); err != nil {
		return err
	}
	var b batch
	writeCourses(ctx, b.queries(), v)
	return b.send(ctx, tx)
}

// writeCourses queues the courses that a record holds, and tells the processes of
// its standing pairings.
func writeCourses(ctx context.Context, q *db.Queries, v aid.Volunteer) {
	courses := make([]aid.CourseID, len(v.Courses))
	for i, h := range v.Courses {
		courses[i] = h.Course
	}
	_ = q.DropCourses(ctx, db.DropCoursesParams{Volunteer: v.ID, Kept: texts(courses)})
	for _, h := range v.Courses {
		_ = q.HoldCourse(ctx, db.HoldCourseParams{VolunteerID: v.ID, CourseID: h.Course, HoldsUntil: dateTo(h.Until)})
	}
	_ = q.TellStandingOfVolunteer(ctx, db.TellStandingOfVolunteerParams{Kind: contract.OutboxStandingChanged, Volunteer: v.ID})
}
