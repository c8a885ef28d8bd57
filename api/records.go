package api

import (
	"context"
	"net/http"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/merit"
)

// ServiceRecord is the service of one visit.
type ServiceRecord struct {
	ID         string     `json:"id" doc:"That of the visit."`
	Request    string     `json:"help_request_id"`
	Pairing    string     `json:"pairing_id"`
	Volunteer  string     `json:"volunteer_id"`
	BeganAt    time.Time  `json:"began_at"`
	EndedAt    time.Time  `json:"ended_at"`
	Minutes    int        `json:"minutes" doc:"That count: 0 while disputed, and once struck."`
	Grade      string     `json:"grade" enum:"both_sides,beneficiary,crew_lead,own_word" doc:"Who witnesses it, best first."`
	Standing   string     `json:"standing" enum:"counted,disputed,upheld,struck"`
	DisputedAt *time.Time `json:"disputed_at,omitempty"`
	Reason     string     `json:"reason,omitempty" doc:"Why it was disputed."`
	SettledAt  *time.Time `json:"settled_at,omitempty"`
}

// Dispute is why a volunteer contests a record.
type Dispute struct {
	Reason string `json:"reason" doc:"not_me, wrong_time, not_done or other."`
}

// Settlement is what becomes of a disputed record.
type Settlement struct {
	Outcome string `json:"outcome" doc:"upheld or struck."`
}

func recordOf(r merit.Record) ServiceRecord {
	return ServiceRecord{
		ID: string(r.Visit), Request: string(r.Request), Pairing: string(r.Pairing), Volunteer: string(r.Volunteer),
		BeganAt: r.During.StartsAt.UTC(), EndedAt: r.During.EndsAt.UTC(), Minutes: r.Minutes(), Grade: string(r.Grade),
		Standing: string(r.Standing), DisputedAt: moment(r.DisputedAt), Reason: r.Reason, SettledAt: moment(r.SettledAt),
	}
}

type recordAnswer struct{ Body ServiceRecord }

func recordAnswerOf(r merit.Record, err error) (*recordAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &recordAnswer{recordOf(r)}, nil
}

func (a *API) serveRecords() {
	const (
		all = "/v1/service-records"
		tag = "service records"
	)
	u := a.UseCases.Records

	handle(a, http.MethodGet, all, policy.ListServiceRecords, describe{"List one's own service records, or those of one's areas, the latest first", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Paging
			Standing []string `query:"standing" enum:"counted,disputed,upheld,struck" doc:"One or several, separated by commas."`
		},
		) (*listed[ServiceRecord], error) {
			standings := mapped(in.Standing, func(s string) merit.Standing { return merit.Standing(s) })
			page, err := u.List(ctx, by, standings, in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, recordOf), nil
		})

	handle(a, http.MethodPost, all+"/{id}/dispute", policy.DisputeServiceRecord, describe{"Contest one's own service record; it counts for nothing until that is settled", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body Dispute
		},
		) (*recordAnswer, error) {
			return recordAnswerOf(u.Dispute(ctx, by, aid.VisitID(in.ID), in.Body.Reason))
		})

	handle(a, http.MethodPost, all+"/{id}/settle", policy.SettleServiceRecord, describe{"Decide a dispute", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body Settlement
		},
		) (*recordAnswer, error) {
			return recordAnswerOf(u.Settle(ctx, by, aid.VisitID(in.ID), merit.Standing(in.Body.Outcome)))
		})
}
