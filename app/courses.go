package app

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training"
)

// CourseStore keeps what courses are. CurrentCourses gives all of the catalogue, each
// with its last version alone; Course gives every version and is [aid.NotFound] for
// an unknown id. PublishCourse counts versions, and publishes nothing that says the
// same as the last one.
type CourseStore interface {
	CurrentCourses(ctx context.Context) ([]training.Course, error)
	Course(ctx context.Context, id aid.CourseID) (training.Course, error)
	PublishCourse(ctx context.Context, n aid.Named, d training.Definition) (training.Definition, error)
}

// Courses are the use cases of what courses are.
type Courses struct {
	Store     CourseStore
	Catalogue Catalogue
}

// CourseCard is a course and what it unlocks beside skills.
type CourseCard struct {
	training.Course
	RiskClasses []aid.RiskClassID // that ask for it
}

// List lists the courses of the catalogue by id.
func (u *Courses) List(ctx context.Context, by Caller) ([]CourseCard, error) {
	if err := policy.Allow(by.Account, policy.ListCourses, policy.Resource{}); err != nil {
		return nil, err
	}
	all, err := u.Store.CurrentCourses(ctx)
	if err != nil {
		return nil, err
	}
	return u.cards(ctx, all)
}

// Get reads one course with every version.
func (u *Courses) Get(ctx context.Context, by Caller, id aid.CourseID) (CourseCard, error) {
	if err := policy.Allow(by.Account, policy.ReadCourse, policy.Resource{}); err != nil {
		return CourseCard{}, err
	}
	c, err := u.Store.Course(ctx, id)
	if err != nil {
		return CourseCard{}, hidden(err, "course")
	}
	cards, err := u.cards(ctx, []training.Course{c})
	if err != nil {
		return CourseCard{}, err
	}
	return cards[0], nil
}

// Publish adds the next version of a course, or a course. It is for those who answer
// for a whole tree of areas, since a course counts everywhere.
func (u *Courses) Publish(ctx context.Context, by Caller, n aid.Named, d training.Definition) (training.Definition, error) {
	if err := policy.Allow(by.Account, policy.PublishCourse, policy.Resource{}); err != nil {
		return training.Definition{}, err
	}
	d.Course, d.PublishedBy = aid.CourseID(n.ID), by.ID
	var c aid.Check
	c.Within("", d.Validate())
	c.That(len(n.NameZh) <= training.MaxText, "name_zh", "must have at most %d bytes", training.MaxText)
	c.That(len(n.NameEn) <= training.MaxText, "name_en", "must have at most %d bytes", training.MaxText)
	if err := c.Err("course"); err != nil {
		return training.Definition{}, err
	}
	d, err := u.Store.PublishCourse(ctx, n, d)
	if aid.KindOf(err) == aid.NotFound {
		c.That(false, "name_zh", "or name_en must be given: %q is new to the catalogue", n.ID)
		return d, c.Err("course")
	}
	return d, err
}

func (u *Courses) cards(ctx context.Context, courses []training.Course) ([]CourseCard, error) {
	classes, err := u.Catalogue.RiskClasses(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]CourseCard, len(courses))
	for i, c := range courses {
		out[i].Course = c
		for _, k := range classes {
			if k.Course == aid.CourseID(c.ID) {
				out[i].RiskClasses = append(out[i].RiskClasses, k.Class)
			}
		}
	}
	return out, nil
}
