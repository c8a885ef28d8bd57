package api

import (
	"context"
	"net/http"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training"
)

const (
	cohortsPath = "/v1/cohorts"
	cohortPath  = cohortsPath + "/{id}"
	trainingTag = "training"
)

type cohortAnswer struct{ Body Cohort }

func cohortAnswerOf(c app.CohortCard, err error) (*cohortAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &cohortAnswer{cohortOf(c)}, nil
}

func (a *API) serveCohorts() {
	u := a.UseCases.Cohorts

	type created struct {
		Location string `header:"Location"`
		Body     Cohort
	}
	handle(a, http.MethodPost, cohortsPath, policy.OpenCohort, describe{"Open a cohort for enrolment", http.StatusCreated, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct{ Body NewCohort }) (*created, error) {
			c, err := u.Open(ctx, by, in.Body.domain())
			if err != nil {
				return nil, err
			}
			return &created{cohortsPath + "/" + string(c.ID), cohortOf(c)}, nil
		})

	handle(a, http.MethodGet, cohortsPath, policy.ListCohorts, describe{"List cohorts, the last to begin first", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			Paging
			Status   []string `query:"status" enum:"open,closed,completed,cancelled" doc:"One or several, separated by commas."`
			Course   string   `query:"course_id" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id"`
			Area     string   `query:"area_id" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id" doc:"Of organisations in or below it."`
			Mine     bool     `query:"mine" doc:"Those that one has enrolled in."`
			Rollout  string   `query:"rollout_id" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id" doc:"By which they were announced."`
			Step     string   `query:"step" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id" doc:"Of a rollout."`
			PeopleOf string   `query:"people_of" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id" doc:"Area that sends people to them by the rollout's plan, as progress names it."`
		},
		) (*listed[Cohort], error) {
			f := training.CohortFilter{
				Course: aid.CourseID(in.Course), Area: aid.AreaID(in.Area),
				Statuses: mapped(in.Status, func(s string) training.Status { return training.Status(s) }),
				Rollout:  aid.RolloutID(in.Rollout), Step: in.Step, PeopleOf: aid.AreaID(in.PeopleOf),
			}
			page, err := u.List(ctx, by, f, in.Mine, in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, cohortOf), nil
		})

	handle(a, http.MethodGet, cohortPath, policy.ReadCohort, describe{"Read a cohort", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *Item) (*cohortAnswer, error) {
			return cohortAnswerOf(u.Get(ctx, by, training.CohortID(in.ID)))
		})

	handle(a, http.MethodPatch, cohortPath, policy.ChangeCohort, describe{"Close, reopen, resize, cancel or complete a cohort", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body CohortPatch
		},
		) (*cohortAnswer, error) {
			ch := app.CohortChange{Status: training.Status(in.Body.Status), Capacity: in.Body.Capacity, Reason: in.Body.Reason}
			return cohortAnswerOf(u.Change(ctx, by, training.CohortID(in.ID), ch))
		})
}

func (a *API) serveEnrolments() {
	const all = cohortPath + "/enrolments"
	u := a.UseCases.Cohorts

	type enrolled struct{ Body Enrolment }
	handle(a, http.MethodPost, all, policy.EnrolVolunteer, describe{"Enrol oneself or somebody one answers for: a seat, or a place on the waiting list", http.StatusCreated, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body *NewEnrolment
		},
		) (*enrolled, error) {
			var who aid.VolunteerID
			via := training.ViaOrganisation
			if in.Body != nil {
				who = aid.VolunteerID(in.Body.Volunteer)
				if in.Body.Via != "" {
					via = training.Via(in.Body.Via)
				}
			}
			e, err := u.Enrol(ctx, by, training.CohortID(in.ID), who, via)
			if err != nil {
				return nil, err
			}
			return &enrolled{enrolmentOf(e)}, nil
		})

	handle(a, http.MethodGet, all, policy.ListEnrolments, describe{"List who is in a cohort, in the order of arrival", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *Item) (*itemsOf[Member], error) {
			found, err := u.Members(ctx, by, training.CohortID(in.ID))
			return itemsAnswer(found, err, memberOf)
		})

	handle(a, http.MethodGet, cohortPath+"/proposals", policy.ListProposals, describe{"List people for whom a cohort is: who needs the course most first, and of these who lives nearest", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Limit int `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Most people in the answer."`
		},
		) (*itemsOf[Proposal], error) {
			found, err := u.Proposals(ctx, by, training.CohortID(in.ID), in.Limit)
			return itemsAnswer(found, err, proposalOf)
		})

	handle(a, http.MethodDelete, all+"/{volunteer}", policy.WithdrawEnrolment, describe{"Give a seat up; it goes to whoever waits longest", http.StatusNoContent, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Volunteer string `path:"volunteer" maxLength:"64"`
		},
		) (*struct{}, error) {
			return nil, u.Withdraw(ctx, by, training.CohortID(in.ID), aid.VolunteerID(in.Volunteer))
		})
}
