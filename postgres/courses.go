package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/training"
)

// CurrentCourses gives the catalogue of courses by id, each with the last version
// of its definition if it has one.
func (s *Store) CurrentCourses(ctx context.Context) ([]training.Course, error) {
	all, err := s.Courses(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := s.queries().CourseVersions(ctx, db.CourseVersionsParams{Courses: []string{}, Last: true})
	if err != nil {
		return nil, mapped(err)
	}
	out := make([]training.Course, len(all))
	for i, n := range all {
		out[i].Named = n
		for _, row := range rows {
			if string(row.CourseID) == n.ID {
				out[i].Versions = []training.Definition{definitionOf(row)}
			}
		}
	}
	return out, nil
}

// Course gives one course with every version of its definition.
func (s *Store) Course(ctx context.Context, id aid.CourseID) (training.Course, error) {
	row, err := s.queries().CourseRow(ctx, string(id))
	if err != nil {
		return training.Course{}, orNotFound(err, "course")
	}
	c := training.Course{Named: aid.Named(row)}
	c.Versions, err = versionsOf(ctx, s.queries(), id)
	return c, mapped(err)
}

func versionsOf(ctx context.Context, q *db.Queries, id aid.CourseID) ([]training.Definition, error) {
	rows, err := q.CourseVersions(ctx, db.CourseVersionsParams{Courses: []string{string(id)}})
	out := make([]training.Definition, len(rows))
	for i, row := range rows {
		out[i] = definitionOf(row)
	}
	return out, err
}

// PublishCourse adds the next version of a course, and the course itself to the
// catalogue if it is not there and has a name. What says the same as the last
// version is not published again. It gives [aid.Invalid] for courses and skills
// that are not known.
func (s *Store) PublishCourse(ctx context.Context, n aid.Named, d training.Definition) (training.Definition, error) {
	d.Course = aid.CourseID(n.ID)
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if n.NameZh != "" || n.NameEn != "" {
			if err := q.AddCourse(ctx, db.AddCourseParams(n)); err != nil {
				return err
			}
		}
		if _, err := q.LockCourse(ctx, n.ID); err != nil {
			return orNotFound(err, "course")
		}
		if err := knownInCourse(ctx, tx, d); err != nil {
			return err
		}
		before, err := versionsOf(ctx, q, d.Course)
		if err != nil {
			return err
		}
		if last := len(before) - 1; last >= 0 && before[last].Same(d) {
			d = before[last]
			return nil
		}
		d.Version = len(before) + 1
		if d.PublishedAt, err = q.ClockNow(ctx); err != nil {
			return err
		}
		return q.InsertCourseVersion(ctx, versionRow(d))
	})
	return d, err
}

// knownInCourse refuses courses and skills that are not in the catalogue.
func knownInCourse(ctx context.Context, tx pgx.Tx, d training.Definition) error {
	k, err := known(ctx, tx, texts(d.Skills), append(texts(d.Prerequisites), texts(d.RenewedBy)...))
	if err != nil {
		return err
	}
	var c aid.Check
	there := func(field string, ids []aid.CourseID) {
		for i, id := range ids {
			c.That(slices.Contains(k.courses, string(id)), fmt.Sprintf("%s[%d]", field, i), "%q is no course of the catalogue; GET /v1/courses lists them", id)
		}
	}
	there("prerequisites", d.Prerequisites)
	there("renewed_by", d.RenewedBy)
	for i, id := range d.Skills {
		c.That(slices.Contains(k.skills, string(id)), fmt.Sprintf("skills[%d]", i), "%q is no skill of the catalogue; GET /v1/skills lists them", id)
	}
	return c.Err("course")
}

func versionRow(d training.Definition) db.InsertCourseVersionParams {
	return db.InsertCourseVersionParams{
		CourseID: d.Course, Version: int32(d.Version), Topics: append([]string{}, d.Topics...), Textbooks: append([]string{}, d.Textbooks...),
		Hours: int32(d.Hours), Attendance: int32(d.Attendance), PassMark: int32(d.PassMark), Retakes: int32(d.Retakes),
		ValidYears: int32(d.ValidYears), RenewedBy: append([]aid.CourseID{}, d.RenewedBy...),
		Prerequisites: append([]aid.CourseID{}, d.Prerequisites...), Skills: append([]aid.Skill{}, d.Skills...),
		PublishedBy: d.PublishedBy, PublishedAt: d.PublishedAt,
	}
}

func definitionOf(row db.CourseVersion) training.Definition {
	return training.Definition{
		Course: row.CourseID, Version: int(row.Version), Topics: row.Topics, Textbooks: row.Textbooks, Hours: int(row.Hours),
		Attendance: int(row.Attendance), PassMark: int(row.PassMark), Retakes: int(row.Retakes), ValidYears: int(row.ValidYears),
		RenewedBy: row.RenewedBy, Prerequisites: row.Prerequisites, Skills: row.Skills,
		PublishedBy: row.PublishedBy, PublishedAt: row.PublishedAt,
	}
}
