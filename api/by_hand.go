package api

import (
	"context"
	"net/http"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

// Assignment names who is to be asked for what.
type Assignment struct {
	Volunteer string `json:"volunteer_id"`
	Role      int    `json:"role,omitempty" minimum:"0" maximum:"1000" doc:"Index into roles; the first if left out."`
}

// Exclusion names who is not to be asked.
type Exclusion struct {
	Volunteer string `json:"volunteer_id"`
}

func (a *API) serveChoices() {
	const (
		one = "/v1/help-requests/{id}"
		tag = "help requests"
	)
	u := a.UseCases.Choices

	type offered struct {
		Location string `header:"Location"`
		Body     Offer
	}
	handle(a, http.MethodPost, one+"/assignments", policy.AssignVolunteer, describe{"Ask a volunteer of one's own choice; the seat is theirs once they accept", http.StatusCreated, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body Assignment
		},
		) (*offered, error) {
			card, err := u.Assign(ctx, by, aid.RequestID(in.ID), in.Body.Role, aid.VolunteerID(in.Body.Volunteer))
			if err != nil {
				return nil, err
			}
			return &offered{"/v1/offers?help_request_id=" + in.ID, offerOf(card)}, nil
		})

	handle(a, http.MethodPost, one+"/exclusions", policy.ExcludeVolunteer, describe{"Keep a volunteer from being asked; what they are being asked is taken back", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body Exclusion
		},
		) (*requestAnswer, error) {
			return requestAnswerOf(u.Exclude(ctx, by, aid.RequestID(in.ID), aid.VolunteerID(in.Body.Volunteer)))
		})

	handle(a, http.MethodDelete, one+"/exclusions/{volunteer}", policy.ReadmitVolunteer, describe{"Let an excluded volunteer be asked again", http.StatusNoContent, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Volunteer string `path:"volunteer" maxLength:"64"`
		},
		) (*struct{}, error) {
			return nil, u.Readmit(ctx, by, aid.RequestID(in.ID), aid.VolunteerID(in.Volunteer))
		})
}
