package api

import (
	"context"
	"net/http"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

// Notice tells the caller of something that happened.
type Notice struct {
	ID      string     `json:"id"`
	Kind    string     `json:"kind" doc:"What it tells, such as offer_made; more kinds may come."`
	Urgent  bool       `json:"urgent" doc:"It does not wait for the end of quiet hours."`
	Title   string     `json:"title" doc:"In the caller's language."`
	Body    string     `json:"body" doc:"In the caller's language, times by their own clock."`
	At      time.Time  `json:"at"`
	ReadAt  *time.Time `json:"read_at,omitempty"`
	Request string     `json:"help_request_id,omitempty" doc:"What it tells of; absent if that is a cohort."`
	Cohort  string     `json:"cohort_id,omitempty" doc:"What it tells of; absent if that is a help request."`
	Offer   string     `json:"offer_id,omitempty"`
	Pairing string     `json:"pairing_id,omitempty"`
}

// NoticeList is one page of notices.
type NoticeList struct {
	List[Notice]
	Unread int `json:"unread" doc:"How many of all the caller's notices are unread."`
}

func noticeOf(c app.NoticeCard) Notice {
	return Notice{
		ID: string(c.ID), Kind: string(c.Kind), Urgent: c.Urgent, Title: c.Title, Body: c.Body, At: c.At.UTC(),
		ReadAt: moment(c.ReadAt), Request: string(c.Request), Cohort: string(c.Cohort), Offer: string(c.Offer), Pairing: string(c.Pairing),
	}
}

func (a *API) serveNotices() {
	const (
		all = "/v1/notices"
		tag = "notices"
	)
	u := a.UseCases.Notices

	type noticesAnswer struct {
		Link string `header:"Link" doc:"The next page, rel=next."`
		Body NoticeList
	}
	handle(a, http.MethodGet, all, policy.ListNotices, describe{"List one's own notices, newest first", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Paging
			Unread bool `query:"unread" doc:"Only those that were not read."`
		},
		) (*noticesAnswer, error) {
			page, unread, err := u.List(ctx, by, in.Unread, in.page())
			if err != nil {
				return nil, err
			}
			items := pageOf(in.Paging, page, noticeOf)
			return &noticesAnswer{items.Link, NoticeList{items.Body, unread}}, nil
		})

	type noticeAnswer struct{ Body Notice }
	handle(a, http.MethodPost, all+"/{id}/read", policy.MarkNoticeRead, describe{"Say that one has read a notice", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body *Nothing
		},
		) (*noticeAnswer, error) {
			card, err := u.MarkRead(ctx, by, aid.NoticeID(in.ID))
			if err != nil {
				return nil, err
			}
			return &noticeAnswer{noticeOf(card)}, nil
		})
}
