package api

import (
	"context"
	"net/http"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/training/sheet"
)

const (
	rolloutsPath = "/v1/rollouts"
	rolloutPath  = rolloutsPath + "/{id}"
)

func (a *API) serveRollouts() {
	u := a.UseCases.Rollouts

	type created struct {
		Location string `header:"Location"`
		Body     Rollout
	}
	handle(a, http.MethodPost, rolloutsPath, policy.OpenRollout, describe{"Begin a training rollout by its file; its calendar is made after the answer", http.StatusCreated, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct{ Body RolloutFile }) (*created, error) {
			card, err := u.Open(ctx, by, in.Body.domain())
			if err != nil {
				return nil, err
			}
			return &created{rolloutsPath + "/" + string(card.ID), rolloutOf(card)}, nil
		})

	handle(a, http.MethodGet, rolloutsPath, policy.ListRollouts, describe{"List training rollouts without their files, the newest first", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct{ Paging }) (*listed[Rollout], error) {
			page, err := u.List(ctx, by, in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, func(k rollout.Kept) Rollout { return rolloutOf(app.RolloutCard{Kept: k}) }), nil
		})

	handle(a, http.MethodGet, rolloutPath, policy.ReadRollout, describe{"Read a training rollout with the file of the version in force", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *Item) (*struct{ Body Rollout }, error) {
			card, err := u.Get(ctx, by, aid.RolloutID(in.ID))
			if err != nil {
				return nil, err
			}
			return &struct{ Body Rollout }{rolloutOf(card)}, nil
		})

	handle(a, http.MethodPost, rolloutPath+"/amendments", policy.AmendRollout, describe{"Put a new version of a rollout's file in force; what is announced stays, what is left is planned anew after the answer", http.StatusCreated, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body RolloutAmendment
		},
		) (*struct{ Body RolloutVersionNumber }, error) {
			version, err := u.Amend(ctx, by, aid.RolloutID(in.ID), in.Body.Version, in.Body.domain())
			if err != nil {
				return nil, err
			}
			return &struct{ Body RolloutVersionNumber }{RolloutVersionNumber{version}}, nil
		})

	handle(a, http.MethodPost, rolloutPath+"/departures", policy.NoteDeparture, describe{"Note that somebody has left the office for which a rollout trained them: the seat is open again", http.StatusNoContent, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body Departure
		},
		) (*struct{}, error) {
			var c aid.Check
			on := day(&c, "left_on", in.Body.LeftOn)
			if err := c.Err("departure"); err != nil {
				return nil, err
			}
			return nil, u.NoteDeparture(ctx, by, aid.RolloutID(in.ID), aid.VolunteerID(in.Body.Volunteer), on)
		})
}

func (a *API) serveRolloutFigures() {
	u := a.UseCases.Rollouts

	handle(a, http.MethodGet, rolloutPath+"/plan", policy.ReadRolloutPlan, describe{"Read the last plan of a rollout in figures, with what falls short, and a page of its calendar", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Paging
			Step  string `query:"step" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id"`
			Area  string `query:"area_id" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id" doc:"That gathers the people, or holds the cohort."`
			From  string `query:"from" maxLength:"7" doc:"First month, such as 2027-03."`
			Until string `query:"until" maxLength:"7" doc:"Last month."`
		},
		) (*planPage, error) {
			var c aid.Check
			f := rollout.CalendarFilter{
				Step: rollout.StepID(in.Step), Area: aid.AreaID(in.Area), From: month(&c, "from", in.From), Until: month(&c, "until", in.Until),
			}
			if err := c.Err("months"); err != nil {
				return nil, err
			}
			plan, cohorts, err := u.Plan(ctx, by, aid.RolloutID(in.ID), f, in.page())
			if err != nil {
				return nil, err
			}
			page := pageOf(in.Paging, cohorts, func(p rollout.Turnout) PlannedCohort { return plannedOf(aid.RolloutID(in.ID), p) })
			return &planPage{page.Link, RolloutPlan{planFiguresOf(plan), page.Body.Items, page.Body.Next}}, nil
		})

	handle(a, http.MethodGet, rolloutPath+"/progress", policy.ReadRolloutProgress, describe{"Read how far a rollout has come by its last count: for each step, and each area in it, against plan and deadline, with a forecast", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Step string `query:"step" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id"`
			Area string `query:"area_id" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id" doc:"Lines of this area alone."`
		},
		) (*struct{ Body RolloutProgress }, error) {
			c, steps, err := u.Progress(ctx, by, aid.RolloutID(in.ID))
			if err != nil {
				return nil, err
			}
			return &struct{ Body RolloutProgress }{progressOf(c, steps, rollout.StepID(in.Step), aid.AreaID(in.Area))}, nil
		})
}

// fileAnswer is a file to be kept.
type fileAnswer struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

var fileTypes = map[sheet.Form]string{
	sheet.CSV: "text/csv; charset=utf-8", sheet.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

func (a *API) serveRolloutFiles() {
	u := a.UseCases.Rollouts
	handle(a, http.MethodGet, rolloutPath+"/progress/file", policy.ReadProgressFile, describe{"Read the same as a spreadsheet, with the names of steps and areas", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Form string `query:"form" enum:"csv,xlsx" default:"csv"`
		},
		) (*fileAnswer, error) {
			body, err := u.ProgressFile(ctx, by, aid.RolloutID(in.ID), sheet.Form(in.Form))
			if err != nil {
				return nil, err
			}
			return &fileAnswer{fileTypes[sheet.Form(in.Form)], `attachment; filename="rollout-` + in.ID + "." + in.Form + `"`, body}, nil
		})
}

// month reads one such as 2027-03; an empty text is none.
func month(c *aid.Check, field, s string) (m rollout.Month) {
	if s == "" {
		return 0
	}
	_ = m.UnmarshalText([]byte(s)) // a bad one says so itself
	c.That(m != rollout.BadMonth, field, "must be a month such as 2027-03")
	return m
}
