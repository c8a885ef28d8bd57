package api

import (
	"context"
	"net/http"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

type requestAnswer struct{ Body HelpRequest }

func requestAnswerOf(r *aid.HelpRequest, err error) (*requestAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &requestAnswer{requestOf(r)}, nil
}

// Items is a list that comes whole.
type Items[T any] struct {
	Items []T `json:"items"`
}

type itemsOf[T any] struct{ Body Items[T] }

func itemsAnswer[F, T any](from []F, err error, item func(F) T) (*itemsOf[T], error) {
	if err != nil {
		return nil, err
	}
	return &itemsOf[T]{Items[T]{mapped(from, item)}}, nil
}

func (a *API) serveRequests() {
	const (
		all = "/v1/help-requests"
		one = all + "/{id}"
		tag = "help requests"
	)
	u := a.UseCases.Requests

	type created struct {
		Location string `header:"Location"`
		Body     HelpRequest
	}
	handle(a, http.MethodPost, all, policy.OpenRequest, describe{"Open a help request", http.StatusCreated, tag},
		func(ctx context.Context, by app.Caller, in *struct{ Body NewHelpRequest }) (*created, error) {
			if err := in.Body.check(); err != nil {
				return nil, err
			}
			r, err := u.Open(ctx, by, in.Body.need())
			if err != nil {
				return nil, err
			}
			return &created{all + "/" + string(r.ID), requestOf(r)}, nil
		})

	handle(a, http.MethodGet, all, policy.ListRequests, describe{"List help requests, newest first", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Paging
			Status      []string `query:"status" enum:"open,offered,paired,in_service,completed,cancelled,unfilled" doc:"One or several, separated by commas."`
			Beneficiary string   `query:"beneficiary_id" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id"`
		},
		) (*listed[HelpRequest], error) {
			q := app.RequestQuery{
				Statuses:    mapped(in.Status, func(s string) aid.RequestStatus { return aid.RequestStatus(s) }),
				Beneficiary: aid.BeneficiaryID(in.Beneficiary),
			}
			page, err := u.List(ctx, by, q, in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, requestOf), nil
		})

	handle(a, http.MethodGet, one, policy.ReadRequest, describe{"Read a help request", 0, tag},
		func(ctx context.Context, by app.Caller, in *Item) (*requestAnswer, error) {
			return requestAnswerOf(u.Get(ctx, by, aid.RequestID(in.ID)))
		})

	handle(a, http.MethodGet, one+"/candidates", policy.ReadCandidates, describe{"Rank who could be asked, role by role", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Limit int `query:"limit" minimum:"1" maximum:"200" default:"20" doc:"Most candidates of one role."`
		},
		) (*itemsOf[Shortlist], error) {
			found, err := u.Candidates(ctx, by, aid.RequestID(in.ID), in.Limit)
			return itemsAnswer(found, err, shortlistOf)
		})

	handle(a, http.MethodGet, one+"/why-not", policy.ReadWhyNot, describe{"Say why a volunteer would not be asked", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Volunteer string `query:"volunteer_id" required:"true" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id"`
		},
		) (*itemsOf[Verdict], error) {
			found, err := u.WhyNot(ctx, by, aid.RequestID(in.ID), aid.VolunteerID(in.Volunteer))
			return itemsAnswer(found, err, verdictOf)
		})

	handle(a, http.MethodGet, one+"/timeline", policy.ReadTimeline, describe{"List what happened, oldest first", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Paging
		},
		) (*listed[Event], error) {
			page, err := u.Timeline(ctx, by, aid.RequestID(in.ID), in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, eventOf), nil
		})

	handle(a, http.MethodPost, one+"/cancel", policy.CancelRequest, describe{"Call a help request off", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body *Cancellation
		},
		) (*requestAnswer, error) {
			reason := ""
			if in.Body != nil {
				reason = in.Body.Reason
			}
			return requestAnswerOf(u.Cancel(ctx, by, aid.RequestID(in.ID), reason))
		})

	handle(a, http.MethodPost, one+"/review", policy.AnswerReview, describe{"Say at the review of a standing pairing whether it goes on: a volunteer for themselves, others for the beneficiary", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body ReviewAnswer
		},
		) (*struct{ Body Review }, error) {
			review, err := u.AnswerReview(ctx, by, aid.RequestID(in.ID), in.Body.Answer)
			if err != nil {
				return nil, err
			}
			return &struct{ Body Review }{Review{moment(review.AskedAt), review.Volunteer, review.Beneficiary}}, nil
		})

	handle(a, http.MethodPost, one+"/close", policy.CloseRequest, describe{"Close a help request whose help was given: from the beginning of its window on, a standing pairing at any time", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body *Nothing
		},
		) (*requestAnswer, error) {
			return requestAnswerOf(u.Close(ctx, by, aid.RequestID(in.ID)))
		})
}

// check refuses a need without a time, and one with two.
func (n NewHelpRequest) check() error {
	var c aid.Check
	c.That(n.Window == nil || n.Cadence == nil, "cadence", "and window are both given; give one of them")
	c.That(n.Window != nil || n.Cadence != nil, "window", "or cadence is missing: when the help is given once, or when the visits of a standing pairing are")
	if n.Cadence != nil {
		n.Cadence.check(&c)
	}
	return c.Err("help request")
}
