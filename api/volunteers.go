package api

import (
	"context"
	"net/http"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

type volunteerAnswer struct {
	ETag string `header:"ETag" doc:"The state of the record, for If-Match."`
	Body Volunteer
}

func volunteerAnswerOf(c app.VolunteerCard, err error) (*volunteerAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &volunteerAnswer{etag(c.Version), volunteerOf(c)}, nil
}

func (a *API) serveVolunteers() {
	const (
		all = "/v1/volunteers"
		one = all + "/{id}"
		tag = "volunteers"
	)
	u := a.UseCases.Volunteers

	type created struct {
		Location string `header:"Location"`
		ETag     string `header:"ETag"`
		Body     Volunteer
	}
	handle(a, http.MethodPost, all, policy.AddVolunteer, describe{"Register a volunteer", http.StatusCreated, tag},
		func(ctx context.Context, by app.Caller, in *struct{ Body NewVolunteer }) (*created, error) {
			v, err := in.Body.domain()
			if err != nil {
				return nil, err
			}
			card, err := u.Add(ctx, by, v)
			if err != nil {
				return nil, err
			}
			return &created{all + "/" + string(card.ID), etag(card.Version), volunteerOf(card)}, nil
		})

	handle(a, http.MethodGet, all, policy.ListVolunteers, describe{"List volunteers by id", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct{ Paging }) (*listed[Volunteer], error) {
			page, err := u.List(ctx, by, in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, volunteerOf), nil
		})

	handle(a, http.MethodGet, one, policy.ReadVolunteer, describe{"Read a volunteer", 0, tag},
		func(ctx context.Context, by app.Caller, in *Item) (*volunteerAnswer, error) {
			return volunteerAnswerOf(u.Get(ctx, by, aid.VolunteerID(in.ID)))
		})

	handle(a, http.MethodPatch, one, policy.UpdateAvailability, describe{"Change a volunteer: one's own availability, or, as a coordinator, everything", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			IfMatch
			Body VolunteerPatch
		},
		) (*volunteerAnswer, error) {
			change, err := in.Body.domain()
			if err != nil {
				return nil, err
			}
			return volunteerAnswerOf(u.Update(ctx, by, aid.VolunteerID(in.ID), in.seen, change))
		})

	handle(a, http.MethodPost, one+"/absences", policy.AddAbsence, describe{"Say that a volunteer is away; somebody else is sought for what they had agreed to then", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body Absence
		},
		) (*volunteerAnswer, error) {
			var c aid.Check
			from, err := aid.ParseDate(in.Body.From)
			c.Within("from", err)
			to, err := aid.ParseDate(in.Body.To)
			c.Within("to", err)
			if err := c.Err("absence"); err != nil {
				return nil, err
			}
			return volunteerAnswerOf(u.AddAbsence(ctx, by, aid.VolunteerID(in.ID), aid.DateRange{From: from, To: to}))
		})
}
