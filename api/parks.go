package api

import (
	"context"
	"net/http"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

// Park is something that a volunteer has put off by declining an offer.
type Park struct {
	ID       string     `json:"id"`
	Reason   string     `json:"reason" enum:"busy,unwell,ask_later,too_far,not_comfortable" doc:"The word with which the offer was declined."`
	Category string     `json:"category,omitempty" doc:"Of which nothing is offered; left out for every category."`
	Within   *int       `json:"within_m,omitempty" doc:"With a category: nearer than which it is still offered, in metres; left out for nowhere."`
	Until    *time.Time `json:"until,omitempty" doc:"When it ends by itself; left out where it lasts until it is lifted."`
	Offer    string     `json:"offer_id" doc:"That was declined."`
	Since    time.Time  `json:"since"`
}

func parkOf(p aid.Park) Park {
	out := Park{
		ID: string(p.ID()), Reason: string(p.Kind), Category: p.Category, Until: moment(p.Until), Offer: string(p.Offer), Since: p.Since.UTC(),
	}
	if p.Within > 0 {
		out.Within = &p.Within
	}
	return out
}

func (a *API) serveParks() {
	const (
		all = "/v1/volunteers/{id}/parks"
		tag = "volunteers"
	)
	u := a.UseCases.Limits

	handle(a, http.MethodGet, all, policy.ListParks, describe{"List what a volunteer has put off by declining", 0, tag},
		func(ctx context.Context, by app.Caller, in *Item) (*itemsOf[Park], error) {
			parks, err := u.Parks(ctx, by, aid.VolunteerID(in.ID))
			return itemsAnswer(parks, err, parkOf)
		})

	handle(a, http.MethodDelete, all+"/{park}", policy.LiftPark, describe{"Lift it: they are asked again", http.StatusNoContent, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Park string `path:"park" maxLength:"96"`
		},
		) (*struct{}, error) {
			return nil, u.Lift(ctx, by, aid.VolunteerID(in.ID), aid.ParkID(in.Park))
		})
}
