package api

import (
	"context"
	"net/http"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/sheet"
)

// EffectGroup is what the people of one group did.
type EffectGroup struct {
	Withheld bool    `json:"withheld,omitempty" doc:"Too few people to be told of; the numbers say 0 then."`
	People   int     `json:"people"`
	Of       float64 `json:"of" doc:"Offers that came to an end; people who served; months of people."`
	Did      float64 `json:"did" doc:"Of these accepted; active after 90 days; hours."`
	Value    float64 `json:"value" doc:"did ÷ of."`
	Low      float64 `json:"low" doc:"Of an interval that holds the truth in 95 of 100 cases."`
	High     float64 `json:"high"`
}

// EffectDifference is that of the values.
type EffectDifference struct {
	Value float64 `json:"value" doc:"Of those trained, less of those not yet trained."`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// EffectMeasure is one thing of which an effect is looked for.
type EffectMeasure struct {
	Measure    string            `json:"measure" enum:"acceptance,retention,hours" doc:"Share of offers accepted; share of those who served that is active after 90 days; hours of service a month."`
	Trained    EffectGroup       `json:"trained"`
	Untrained  EffectGroup       `json:"not_yet_trained"`
	Difference *EffectDifference `json:"difference,omitempty" doc:"Absent while a group is withheld."`
	Claim      string            `json:"claim" enum:"none,higher,lower" doc:"Of those trained, if both groups have people enough and the interval of the difference does not hold 0. It says what goes together, not what causes it."`
	TooFew     []string          `json:"too_few" doc:"Groups that keep a claim from being made: trained, not_yet_trained."`
}

// CourseEffect compares those trained in a course with those not yet trained.
type CourseEffect struct {
	Course     string          `json:"course_id"`
	Area       string          `json:"area_id"`
	From       string          `json:"from" doc:"First month."`
	Until      string          `json:"until" doc:"Last month; the one that goes on counts as far as it has come."`
	LeastShown int             `json:"least_shown" doc:"People of a group below which nothing is told of it."`
	LeastClaim int             `json:"least_claim" doc:"People of each group below which there is no claim; of hours, months of people too, and somebody who served."`
	Undated    int             `json:"undated" doc:"People left out: they hold the course, and nobody knows since when."`
	Items      []EffectMeasure `json:"items"`
}

func effectOf(e training.Effect, of app.EffectOf) CourseEffect {
	out := CourseEffect{
		Course: string(of.Course), Area: string(of.Area), From: of.From.String(), Until: of.Until.String(),
		LeastShown: training.ShownPeople, LeastClaim: training.ClaimPeople, Undated: e.Undated,
	}
	for _, c := range e.Comparisons {
		m := EffectMeasure{
			Measure: string(c.Measure), Trained: effectGroupOf(c.Trained), Untrained: effectGroupOf(c.Untrained), Claim: string(c.Claim),
			TooFew: mapped(c.TooFew, func(g training.Group) string { return string(g) }),
		}
		if !c.Trained.Withheld && !c.Untrained.Withheld {
			m.Difference = &EffectDifference{c.Difference, c.Low, c.High}
		}
		out.Items = append(out.Items, m)
	}
	return out
}

func effectGroupOf(s training.Sample) EffectGroup {
	return EffectGroup{s.Withheld, s.People, s.X, s.Y, s.Value, s.Low, s.High}
}

// EffectQuery names a comparison.
type EffectQuery struct {
	Item
	Area  string `query:"area_id" required:"true" maxLength:"64" doc:"Where the people live, or below."`
	From  string `query:"from" maxLength:"7" doc:"First month, such as 2027-03; eleven before the last if absent."`
	Until string `query:"until" maxLength:"7" doc:"Last month; this one if absent."`
}

func (in EffectQuery) domain() (app.EffectOf, error) {
	var c aid.Check
	of := app.EffectOf{Course: aid.CourseID(in.ID), Area: aid.AreaID(in.Area), From: month(&c, "from", in.From), Until: month(&c, "until", in.Until)}
	return of, c.Err("comparison")
}

func (a *API) serveEffects() {
	const path = "/v1/courses/{id}/effect"
	u := a.UseCases.Effects

	handle(a, http.MethodGet, path, policy.ReadCourseEffect, describe{"Compare those trained in a course with those not yet trained: acceptance, retention, hours", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *EffectQuery) (*struct{ Body CourseEffect }, error) {
			of, err := in.domain()
			if err != nil {
				return nil, err
			}
			e, of, err := u.Compare(ctx, by, of)
			if err != nil {
				return nil, err
			}
			return &struct{ Body CourseEffect }{effectOf(e, of)}, nil
		})

	handle(a, http.MethodGet, path+"/file", policy.ReadEffectFile, describe{"Read the same as a spreadsheet", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			EffectQuery
			Form string `query:"form" enum:"csv,xlsx" default:"csv"`
		},
		) (*fileAnswer, error) {
			of, err := in.domain()
			if err != nil {
				return nil, err
			}
			body, err := u.File(ctx, by, of, sheet.Form(in.Form))
			if err != nil {
				return nil, err
			}
			return &fileAnswer{fileTypes[sheet.Form(in.Form)], `attachment; filename="effect-` + in.ID + "." + in.Form + `"`, body}, nil
		})
}
