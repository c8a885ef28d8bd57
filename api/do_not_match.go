package api

import (
	"context"
	"net/http"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

// NewDoNotMatch is who must not meet whom, and why.
type NewDoNotMatch struct {
	Volunteer   string `json:"volunteer_id"`
	Beneficiary string `json:"beneficiary_id,omitempty" doc:"Whom the volunteer must not be sent to. Either this or other_volunteer_id."`
	Other       string `json:"other_volunteer_id,omitempty" doc:"Whom the volunteer must not share a crew with."`
	Kind        string `json:"kind" enum:"concern,kin,employer"`
	Reason      string `json:"reason" doc:"1 to 1000 bytes. Read by coordinators only."`
}

// DoNotMatch keeps two people apart.
type DoNotMatch struct {
	ID          string     `json:"id"`
	Volunteer   string     `json:"volunteer_id"`
	Beneficiary string     `json:"beneficiary_id,omitempty"`
	Other       string     `json:"other_volunteer_id,omitempty"`
	Kind        string     `json:"kind" enum:"concern,kin,employer"`
	Reason      string     `json:"reason"`
	EnteredBy   string     `json:"entered_by"`
	EnteredAt   time.Time  `json:"entered_at"`
	LiftedBy    string     `json:"lifted_by,omitempty"`
	LiftedAt    *time.Time `json:"lifted_at,omitempty"`
}

func doNotMatchOf(d aid.DoNotMatch) DoNotMatch {
	return DoNotMatch{
		string(d.ID), string(d.Volunteer), string(d.Beneficiary), string(d.Other), string(d.Kind), d.Reason,
		string(d.EnteredBy), d.EnteredAt.UTC(), string(d.LiftedBy), moment(d.LiftedAt),
	}
}

func (a *API) serveDoNotMatch() {
	const (
		all = "/v1/do-not-match"
		tag = "safeguarding"
	)
	u := a.UseCases.DoNotMatch

	type created struct{ Body DoNotMatch }
	handle(a, http.MethodPost, all, policy.EnterDoNotMatch, describe{"Keep two people apart, in what is under way too", http.StatusCreated, tag},
		func(ctx context.Context, by app.Caller, in *struct{ Body NewDoNotMatch }) (*created, error) {
			n := in.Body
			d, err := u.Enter(ctx, by, aid.DoNotMatch{
				Volunteer: aid.VolunteerID(n.Volunteer), Beneficiary: aid.BeneficiaryID(n.Beneficiary), Other: aid.VolunteerID(n.Other),
				Kind: aid.DoNotMatchKind(n.Kind), Reason: n.Reason,
			})
			if err != nil {
				return nil, err
			}
			return &created{doNotMatchOf(d)}, nil
		})

	handle(a, http.MethodGet, all, policy.ListDoNotMatch, describe{"List who is kept apart in one's areas, newest first", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Paging
			Volunteer   string `query:"volunteer_id" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id"`
			Beneficiary string `query:"beneficiary_id" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id"`
			Lifted      bool   `query:"lifted" doc:"Those that hold no more, too."`
		},
		) (*listed[DoNotMatch], error) {
			page, err := u.List(ctx, by, aid.DoNotMatchFilter{
				Volunteer: aid.VolunteerID(in.Volunteer), Beneficiary: aid.BeneficiaryID(in.Beneficiary), Lifted: in.Lifted,
			}, in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, doNotMatchOf), nil
		})

	handle(a, http.MethodDelete, all+"/{id}", policy.LiftDoNotMatch, describe{"Let two people meet again", http.StatusNoContent, tag},
		func(ctx context.Context, by app.Caller, in *Item) (*struct{}, error) {
			return nil, u.Lift(ctx, by, aid.DoNotMatchID(in.ID))
		})
}
