package app

import (
	"context"
	"fmt"

	"github.com/linli/linli/aid"
)

// words checks skills and courses against the catalogue and notes each unknown
// one with its field.
type words struct{ skills, courses map[string]bool }

// wordsOf reads the catalogue.
func wordsOf(ctx context.Context, c Catalogue) (words, error) {
	skills, err := c.Skills(ctx)
	if err != nil {
		return words{}, err
	}
	courses, err := c.Courses(ctx)
	if err != nil {
		return words{}, err
	}
	return words{ids(skills), ids(courses)}, nil
}

func ids(all []aid.Named) map[string]bool {
	m := make(map[string]bool, len(all))
	for _, n := range all {
		m[n.ID] = true
	}
	return m
}

func (w words) checkSkills(c *aid.Check, field string, skills []aid.Skill) {
	for i, s := range skills {
		if aid.ValidID(s) { // another rule names those that are not
			c.That(w.skills[string(s)], fmt.Sprintf("%s[%d]", field, i), "%q is no skill of the catalogue; GET /v1/skills lists them", s)
		}
	}
}

func (w words) checkCourse(c *aid.Check, field string, id aid.CourseID) {
	if aid.ValidID(id) {
		c.That(w.courses[string(id)], field, "%q is no course of the catalogue; GET /v1/courses lists them", id)
	}
}
