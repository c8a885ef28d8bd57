package api

import (
	"context"
	"net/http"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

// Visit is one time at which a volunteer comes.
type Visit struct {
	ID          string     `json:"id"`
	Request     string     `json:"help_request_id"`
	Pairing     string     `json:"pairing_id"`
	Volunteer   string     `json:"volunteer_id"`
	Beneficiary string     `json:"beneficiary_id"`
	Category    string     `json:"category"`
	Urgency     string     `json:"urgency" enum:"routine,soon,urgent"`
	Place       Point      `json:"place" doc:"The middle of the quarter, about 5 km²."`
	Window      Window     `json:"window" doc:"As planned."`
	Status      string     `json:"status" enum:"planned,begun,done,missed,cancelled,handed_over" doc:"handed_over: its volunteer will not come, and a substitute is sought."`
	Reason      string     `json:"reason,omitempty" doc:"Why it was handed over, or will be: away, bound, course, check, minor, alone or vacant. Of a missed one, alone: they came, and nobody else did. The lead of a crew is told only their own."`
	Alarm       int        `json:"alarm" doc:"How far the alarm went because nobody came: 0 not at all, 1 the volunteer was asked, 2 a substitute is sought, 3 the caseworker was asked."`
	Substitute  string     `json:"substitute_request_id,omitempty" doc:"The help request that seeks a substitute."`
	Overlap     string     `json:"overlap_request_id,omitempty" doc:"The help request by which whoever came before is asked to come along."`
	Together    bool       `json:"together" doc:"Whether they have agreed to."`
	CheckedIn   *VisitMark `json:"checked_in,omitempty"`
	CheckedOut  *VisitMark `json:"checked_out,omitempty"`
	BegunAt     *time.Time `json:"begun_at,omitempty" doc:"When it began: with the check-in or, where nobody comes alone (two_deep), once two were there. Without it, whoever has checked in waits for another and does not go in."`
	ConfirmedAt *time.Time `json:"confirmed_at,omitempty" doc:"When the beneficiary's side said that it took place."`
	VouchedAt   *time.Time `json:"vouched_at,omitempty" doc:"When the lead of the crew said that it took place."`
	Code        string     `json:"code,omitempty" doc:"For caseworkers and coordinators: what to hand to the beneficiary, who shows it to the volunteer."`
}

// VisitMark is one end of a visit.
type VisitMark struct {
	At    time.Time `json:"at"`
	Means string    `json:"means" enum:"position,code,caseworker" doc:"What shows it. Of a position only the neighbourhood is kept."`
}

// VisitProof shows that the volunteer is there.
type VisitProof struct {
	Position *Point     `json:"position,omitempty" doc:"Of the volunteer's phone. It is held against the neighbourhood and never kept."`
	Code     string     `json:"code,omitempty" doc:"Instead of the position: the six digits that the beneficiary shows."`
	At       *time.Time `json:"at,omitempty" doc:"When it was, if not now: a volunteer may report up to 24 hours after the visit, others up to 60 days."`
}

func (p *VisitProof) domain() app.Proof {
	if p == nil {
		return app.Proof{}
	}
	out := app.Proof{Code: p.Code}
	if p.Position != nil {
		out.Position = new(p.Position.domain())
	}
	if p.At != nil {
		out.At = p.At.UTC()
	}
	return out
}

func visitOf(c app.VisitCard) Visit {
	return Visit{
		ID: string(c.ID), Request: string(c.Request), Pairing: string(c.Pairing), Volunteer: string(c.Volunteer),
		Beneficiary: string(c.Beneficiary), Category: c.Category, Urgency: string(c.Urgency), Place: Point(c.Place),
		Window: windowOf(c.Window), Status: string(c.Status), CheckedIn: markOf(c.In), CheckedOut: markOf(c.Out), BegunAt: moment(c.BegunAt),
		ConfirmedAt: moment(c.ConfirmedAt), VouchedAt: moment(c.VouchedAt), Code: c.Code, Reason: c.Reason, Alarm: int(c.Alarm), Substitute: string(c.Substitute),
		Overlap: string(c.Overlap), Together: c.Together,
	}
}

func markOf(m aid.Mark) *VisitMark {
	if m.At.IsZero() {
		return nil
	}
	return &VisitMark{m.At.UTC(), string(m.Means)}
}

type visitAnswer struct{ Body Visit }

func visitAnswerOf(c app.VisitCard, err error) (*visitAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &visitAnswer{visitOf(c)}, nil
}

func (a *API) serveVisits() {
	const (
		all = "/v1/visits"
		one = all + "/{id}"
		tag = "visits"
	)
	u := a.UseCases.Visits

	handle(a, http.MethodGet, all, policy.ListVisits, describe{"List one's own visits, those of one's areas, or as the lead of a crew all of its help_request_id, the latest first", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Paging
			Request string    `query:"help_request_id" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id"`
			Status  []string  `query:"status" enum:"planned,begun,done,missed,cancelled,handed_over" doc:"One or several, separated by commas."`
			From    time.Time `query:"from" doc:"Only those that end later, such as 2026-11-30T00:00:00+08:00."`
			Until   time.Time `query:"until" doc:"Only those that begin before."`
		},
		) (*listed[Visit], error) {
			q := app.VisitQuery{
				Request:  aid.RequestID(in.Request),
				Statuses: mapped(in.Status, func(s string) aid.VisitStatus { return aid.VisitStatus(s) }),
				From:     in.From, Until: in.Until,
			}
			page, err := u.List(ctx, by, q, in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, visitOf), nil
		})

	handle(a, http.MethodGet, one, policy.ReadVisit, describe{"Read a visit", 0, tag},
		func(ctx context.Context, by app.Caller, in *Item) (*visitAnswer, error) {
			return visitAnswerOf(u.Read(ctx, by, aid.VisitID(in.ID)))
		})

	type proven struct {
		Item
		Body *VisitProof
	}
	handle(a, http.MethodPost, one+"/check-in", policy.CheckInVisit, describe{"Say that the volunteer has come", 0, tag},
		func(ctx context.Context, by app.Caller, in *proven) (*visitAnswer, error) {
			return visitAnswerOf(u.CheckIn(ctx, by, aid.VisitID(in.ID), in.Body.domain()))
		})
	handle(a, http.MethodPost, one+"/check-out", policy.CheckOutVisit, describe{"Say that the volunteer has left; the time between is recorded as service", 0, tag},
		func(ctx context.Context, by app.Caller, in *proven) (*visitAnswer, error) {
			return visitAnswerOf(u.CheckOut(ctx, by, aid.VisitID(in.ID), in.Body.domain()))
		})
	handle(a, http.MethodPost, one+"/overlap", policy.AskAlong, describe{"Ask whoever came before to come along to a visit of a standing pairing once", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body *Nothing
		},
		) (*visitAnswer, error) {
			return visitAnswerOf(a.UseCases.Choices.AskAlong(ctx, by, aid.VisitID(in.ID)))
		})
	handle(a, http.MethodPost, one+"/confirm", policy.ConfirmVisit, describe{"Say for the beneficiary, or as the lead of the crew, that a visit took place", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body *Nothing
		},
		) (*visitAnswer, error) {
			return visitAnswerOf(u.Confirm(ctx, by, aid.VisitID(in.ID)))
		})
}
