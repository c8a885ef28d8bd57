package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// Skills gives the catalogue of skills by id.
func (s *Store) Skills(ctx context.Context) ([]aid.Named, error) {
	rows, err := s.queries().ListSkills(ctx)
	out := make([]aid.Named, len(rows))
	for i, row := range rows {
		out[i] = aid.Named(row)
	}
	return out, mapped(err)
}

// Courses gives the catalogue of courses by id.
func (s *Store) Courses(ctx context.Context) ([]aid.Named, error) {
	rows, err := s.queries().ListCourses(ctx)
	out := make([]aid.Named, len(rows))
	for i, row := range rows {
		out[i] = aid.Named(row)
	}
	return out, mapped(err)
}

// AddSkills adds skills to the catalogue; those that it has get the new names.
func (s *Store) AddSkills(ctx context.Context, skills []aid.Named) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		var b batch
		for _, n := range skills {
			_ = b.queries().PutSkill(ctx, db.PutSkillParams(n))
		}
		return b.send(ctx, tx)
	})
}

// AddCourses adds courses to the catalogue; those that it has get the new names.
func (s *Store) AddCourses(ctx context.Context, courses []aid.Named) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		var b batch
		for _, n := range courses {
			_ = b.queries().PutCourse(ctx, db.PutCourseParams(n))
		}
		return b.send(ctx, tx)
	})
}

// catalogue is what of some skills and courses is known.
type catalogue struct{ skills, courses []string }

func known(ctx context.Context, tx pgx.Tx, skills, courses []string) (catalogue, error) {
	var b batch
	var c catalogue
	collectWith(&b, &c.skills, pgx.RowTo[string], db.KnownSkills, skills)
	collectWith(&b, &c.courses, pgx.RowTo[string], db.KnownCourses, courses)
	return c, b.send(ctx, tx)
}

// check notes the words that are not in the catalogue under a prefix.
func (c catalogue) check(into *aid.Check, prefix string, skills []aid.Skill, courses []aid.CourseID) {
	for i, s := range skills {
		into.That(slices.Contains(c.skills, string(s)), fmt.Sprintf("%sskills[%d]", prefix, i), "%q is not in the catalogue of skills", s)
	}
	for i, k := range courses {
		into.That(slices.Contains(c.courses, string(k)), fmt.Sprintf("%scourses[%d]", prefix, i), "%q is not in the catalogue of courses", k)
	}
}

// knownInRoles refuses roles that ask for what nobody can have.
func knownInRoles(ctx context.Context, tx pgx.Tx, roles []aid.RequestRole) error {
	var skills, courses []string
	for _, r := range roles {
		skills = append(skills, texts(r.Skills)...)
		courses = append(courses, texts(r.Courses)...)
	}
	if len(skills)+len(courses) == 0 {
		return nil
	}
	c, err := known(ctx, tx, skills, courses)
	if err != nil {
		return err
	}
	var check aid.Check
	for i, r := range roles {
		c.check(&check, fmt.Sprintf("roles[%d].", i), r.Skills, r.Courses)
	}
	return check.Err("help request")
}
