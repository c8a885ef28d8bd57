package api

import (
	"context"
	"net/http"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training"
)

// Definition is one version of what a course is.
type Definition struct {
	Topics        []string `json:"topics,omitempty"`
	Textbooks     []string `json:"textbooks,omitempty"`
	Hours         int      `json:"hours" doc:"Of teaching, 1 to 2000."`
	Attendance    int      `json:"attendance" doc:"Least share of a cohort's sessions in percent, 0 to 100."`
	PassMark      int      `json:"pass_mark,omitempty" doc:"Least score, 1 to 100; 0: there is no assessment."`
	Retakes       int      `json:"retakes,omitempty" doc:"Further tries after the first, at most 10."`
	ValidYears    int      `json:"valid_years,omitempty" doc:"0: it never lapses."`
	RenewedBy     []string `json:"renewed_by,omitempty" doc:"Courses; completing one renews what is held of this one. Completing this one again always does."`
	Prerequisites []string `json:"prerequisites,omitempty" doc:"Courses that whoever enrols holds on the day of the first session."`
	Skills        []string `json:"skills,omitempty" doc:"That whoever completes it has from then on."`
}

// CourseVersion is a version that was published.
type CourseVersion struct {
	Definition
	Version     int       `json:"version"`
	PublishedAt time.Time `json:"published_at"`
}

// Course is an entry of the catalogue.
type Course struct {
	ID          string          `json:"id"`
	NameZh      string          `json:"name_zh"`
	NameEn      string          `json:"name_en"`
	RiskClasses []string        `json:"risk_classes" doc:"That ask for this course."`
	Versions    []CourseVersion `json:"versions" doc:"In a list the last one alone; none until one is published."`
}

// NewCourse publishes a course, or the next version of one.
type NewCourse struct {
	ID     string `json:"id"`
	NameZh string `json:"name_zh,omitempty" doc:"Or name_en, for a course that is new to the catalogue."`
	NameEn string `json:"name_en,omitempty"`
	Definition
}

func versionOf(d training.Definition) CourseVersion {
	return CourseVersion{Definition{
		Topics: mapped(d.Topics, text), Textbooks: mapped(d.Textbooks, text), Hours: d.Hours, Attendance: d.Attendance, PassMark: d.PassMark,
		Retakes: d.Retakes, ValidYears: d.ValidYears, RenewedBy: mapped(d.RenewedBy, text), Prerequisites: mapped(d.Prerequisites, text),
		Skills: mapped(d.Skills, text),
	}, d.Version, d.PublishedAt.UTC()}
}

func (d Definition) domain() training.Definition {
	course := func(s string) aid.CourseID { return aid.CourseID(s) }
	return training.Definition{
		Topics: d.Topics, Textbooks: d.Textbooks, Hours: d.Hours, Attendance: d.Attendance, PassMark: d.PassMark, Retakes: d.Retakes,
		ValidYears: d.ValidYears, RenewedBy: mapped(d.RenewedBy, course), Prerequisites: mapped(d.Prerequisites, course),
		Skills: mapped(d.Skills, func(s string) aid.Skill { return aid.Skill(s) }),
	}
}

func courseCardOf(c app.CourseCard) Course {
	return Course{c.ID, c.NameZh, c.NameEn, mapped(c.RiskClasses, text), mapped(c.Versions, versionOf)}
}

func (a *API) serveCourses() {
	const (
		all = "/v1/courses"
		tag = "training"
	)
	u := a.UseCases.Courses

	handle(a, http.MethodGet, all, policy.ListCourses, describe{"List the courses that can be asked for, by id", 0, tag},
		func(ctx context.Context, by app.Caller, _ *struct{}) (*itemsOf[Course], error) {
			found, err := u.List(ctx, by)
			return itemsAnswer(found, err, courseCardOf)
		})

	handle(a, http.MethodGet, all+"/{id}", policy.ReadCourse, describe{"Read a course with all its versions, the oldest first", 0, tag},
		func(ctx context.Context, by app.Caller, in *Item) (*struct{ Body Course }, error) {
			c, err := u.Get(ctx, by, aid.CourseID(in.ID))
			if err != nil {
				return nil, err
			}
			return &struct{ Body Course }{courseCardOf(c)}, nil
		})

	type published struct{ Body CourseVersion }
	handle(a, http.MethodPost, all, policy.PublishCourse, describe{"Publish a course or its next version; what says the same as the last one is not published again", http.StatusCreated, tag},
		func(ctx context.Context, by app.Caller, in *struct{ Body NewCourse }) (*published, error) {
			n := aid.Named{ID: in.Body.ID, NameZh: in.Body.NameZh, NameEn: in.Body.NameEn}
			d, err := u.Publish(ctx, by, n, in.Body.Definition.domain())
			if err != nil {
				return nil, err
			}
			return &published{versionOf(d)}, nil
		})
}
