package api

import (
	"context"
	"net/http"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

// Service is what somebody who comes to help must know.
type Service struct {
	Location Point  `json:"location"`
	Name     string `json:"beneficiary_name"`
	Phone    string `json:"beneficiary_phone"`
	Address  string `json:"beneficiary_address"`
	Notes    string `json:"notes"`
}

// Pairing binds one volunteer to one beneficiary through one seat.
type Pairing struct {
	ID          string     `json:"id"`
	Request     string     `json:"help_request_id"`
	Offer       string     `json:"offer_id"`
	Volunteer   string     `json:"volunteer_id"`
	Beneficiary string     `json:"beneficiary_id"`
	Status      string     `json:"status" enum:"forming,confirmed,completed,withdrawn,cancelled"`
	Seat        int        `json:"seat" doc:"Within the role, from 0."`
	Role        Role       `json:"role"`
	Category    string     `json:"category"`
	Urgency     string     `json:"urgency" enum:"routine,soon,urgent"`
	Window      Window     `json:"window" doc:"Of a standing pairing: that of its next visit."`
	Cadence     *Cadence   `json:"cadence,omitempty" doc:"Of a standing pairing: when all its visits are."`
	Place       Point      `json:"place" doc:"The middle of the quarter, about 5 km²."`
	Service     *Service   `json:"service,omitempty" doc:"Where and to whom. A volunteer is told once the pairing is confirmed and as long as it is."`
	MadeAt      time.Time  `json:"made_at"`
	QuorumBy    *time.Time `json:"quorum_by,omitempty" doc:"While it is forming: by when it is confirmed together with the others, or released."`
	ConfirmedAt *time.Time `json:"confirmed_at,omitempty"`
	EndedAt     *time.Time `json:"ended_at,omitempty"`
	Reason      string     `json:"reason,omitempty" doc:"Why it ended."`
}

// Withdrawal is why a volunteer steps back.
type Withdrawal struct {
	Reason string `json:"reason" doc:"busy, unwell, moved, unsafe or other."`
}

func pairingOf(c app.PairingCard) Pairing {
	out := Pairing{
		ID: string(c.ID), Request: string(c.Request), Offer: string(c.Offer), Volunteer: string(c.Volunteer),
		Beneficiary: string(c.Beneficiary), Status: string(c.Status), Seat: c.Seat, Role: roleOf(c.Role),
		Category: c.Category, Urgency: string(c.Urgency), Window: windowOf(c.Window), Cadence: cadenceOf(c.Cadence), Place: Point(c.Place),
		MadeAt: c.MadeAt.UTC(), QuorumBy: moment(c.QuorumBy), ConfirmedAt: moment(c.ConfirmedAt), EndedAt: moment(c.EndedAt), Reason: c.Reason,
	}
	if s := c.Service; s != nil {
		out.Service = &Service{Point(s.Location), s.Name, s.Phone, s.Address, s.Notes}
	}
	return out
}

func (a *API) servePairings() {
	const (
		all = "/v1/pairings"
		tag = "pairings"
	)
	u := a.UseCases.Pairings

	handle(a, http.MethodGet, all, policy.ListPairings, describe{"List one's own pairings, or those of one's areas, newest first", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Paging
			Request string   `query:"help_request_id" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id"`
			Status  []string `query:"status" enum:"forming,confirmed,completed,withdrawn,cancelled" doc:"One or several, separated by commas."`
		},
		) (*listed[Pairing], error) {
			q := app.PairingQuery{
				Request:  aid.RequestID(in.Request),
				Statuses: mapped(in.Status, func(s string) aid.PairingStatus { return aid.PairingStatus(s) }),
			}
			page, err := u.List(ctx, by, q, in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, pairingOf), nil
		})

	handle(a, http.MethodPost, all+"/{id}/withdraw", policy.WithdrawPairing, describe{"Step back from a pairing; the seat is offered to others", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body Withdrawal
		},
		) (*struct{ Body Pairing }, error) {
			card, err := u.Withdraw(ctx, by, aid.PairingID(in.ID), in.Body.Reason)
			if err != nil {
				return nil, err
			}
			return &struct{ Body Pairing }{pairingOf(card)}, nil
		})
}
