package api

import (
	"context"
	"net/http"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

// Offer asks one volunteer to take one seat.
type Offer struct {
	ID         string        `json:"id"`
	Request    string        `json:"help_request_id"`
	Volunteer  string        `json:"volunteer_id"`
	Status     string        `json:"status" enum:"pending,accepted,declined,expired,revoked"`
	Reason     string        `json:"reason,omitempty" doc:"Why it was declined or revoked."`
	Category   string        `json:"category"`
	Urgency    string        `json:"urgency" enum:"routine,soon,urgent"`
	Role       Role          `json:"role"`
	Window     Window        `json:"window" doc:"Of a standing pairing: that of its next visit."`
	Cadence    *Cadence      `json:"cadence,omitempty" doc:"Of a standing pairing: when all its visits are."`
	Place      Point         `json:"place" doc:"The middle of the quarter, about 5 km². The exact place is told with the confirmed pairing."`
	Distance   int64         `json:"distance_m" doc:"From the volunteer's home, rounded up to whole kilometres."`
	MadeAt     time.Time     `json:"made_at"`
	ExpiresAt  time.Time     `json:"expires_at" doc:"Until when it can be answered."`
	AnsweredAt *time.Time    `json:"answered_at,omitempty"`
	Pairing    *OfferPairing `json:"pairing,omitempty" doc:"What came of accepting."`
}

// Refusal is why an offer is declined.
type Refusal struct {
	Reason string     `json:"reason" doc:"Nothing is offered for the cool-down after any of these words. busy, unwell: nothing is offered until a date, three days from now unless given. ask_later: the same, a day from now. too_far: of this category, nothing as far, in whole kilometres as the offer shows them. not_comfortable: nothing of this category. What was put off is listed and lifted under /v1/volunteers/{id}/parks. not_my_skill, unsafe, other: nothing more."`
	Until  *time.Time `json:"until,omitempty" doc:"With busy, unwell and ask_later: the date, at most 366 days ahead."`
}

func (r Refusal) domain() aid.Refusal {
	out := aid.Refusal{Reason: r.Reason}
	if r.Until != nil {
		out.Until = r.Until.UTC()
	}
	return out
}

// OfferPairing is the pairing that an accepted offer became.
type OfferPairing struct {
	ID     string `json:"id"`
	Status string `json:"status" enum:"forming,confirmed,completed,withdrawn,cancelled"`
	Seat   int    `json:"seat"`
}

func offerOf(c app.OfferCard) Offer {
	out := Offer{
		ID: string(c.ID), Request: string(c.Request), Volunteer: string(c.Volunteer), Status: string(c.Status),
		Reason: c.Reason, Category: c.Category, Urgency: string(c.Urgency), Role: roleOf(c.Role), Window: windowOf(c.Window), Cadence: cadenceOf(c.Cadence),
		Place: Point(c.Place), Distance: c.Distance, MadeAt: c.MadeAt.UTC(), ExpiresAt: c.ExpiresAt.UTC(), AnsweredAt: moment(c.AnsweredAt),
	}
	if c.Pairing != nil {
		out.Pairing = &OfferPairing{string(c.Pairing.ID), string(c.Pairing.Status), c.Pairing.Seat}
	}
	return out
}

type offerAnswer struct{ Body Offer }

func offerAnswerOf(c app.OfferCard, err error) (*offerAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &offerAnswer{offerOf(c)}, nil
}

func (a *API) serveOffers() {
	const (
		all = "/v1/offers"
		one = all + "/{id}"
		tag = "offers"
	)
	u := a.UseCases.Offers

	handle(a, http.MethodGet, all, policy.ListOffers, describe{"List one's own offers, or those of a help request, newest first", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Paging
			Request string   `query:"help_request_id" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id" doc:"For caseworkers and coordinators: whose offers."`
			Status  []string `query:"status" enum:"pending,accepted,declined,expired,revoked" doc:"One or several, separated by commas."`
		},
		) (*listed[Offer], error) {
			q := app.OfferQuery{
				Request:  aid.RequestID(in.Request),
				Statuses: mapped(in.Status, func(s string) aid.OfferStatus { return aid.OfferStatus(s) }),
			}
			page, err := u.List(ctx, by, q, in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, offerOf), nil
		})

	handle(a, http.MethodPost, one+"/accept", policy.AcceptOffer, describe{"Accept an offer. The seat is yours when its status is accepted; revoked with the reason seat_taken says that somebody else was faster", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body *Nothing
		},
		) (*offerAnswer, error) {
			return offerAnswerOf(u.Accept(ctx, by, aid.OfferID(in.ID)))
		})

	handle(a, http.MethodPost, one+"/decline", policy.DeclineOffer, describe{"Decline an offer", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body Refusal
		},
		) (*offerAnswer, error) {
			return offerAnswerOf(u.Decline(ctx, by, aid.OfferID(in.ID), in.Body.domain()))
		})
}
