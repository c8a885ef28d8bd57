package api

import (
	"context"
	"net/http"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

// ContactChoice is how somebody wants to be told.
type ContactChoice struct {
	Language string `json:"language" doc:"Language of notices: zh-CN or en."`
}

// Contact is how the caller is told.
type Contact struct {
	ContactChoice
	Zone string `json:"zone" doc:"Where the clock hangs by which notices tell times: a volunteer's own time zone."`
}

func contactOf(c aid.Contact) Contact {
	return Contact{ContactChoice{string(c.Language)}, c.Zone}
}

type contactAnswer struct{ Body Contact }

func contactAnswerOf(c aid.Contact, err error) (*contactAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &contactAnswer{contactOf(c)}, nil
}

func (a *API) serveContacts() {
	const (
		mine = "/v1/contact"
		tag  = "notices"
	)
	u := a.UseCases.Contacts

	handle(a, http.MethodGet, mine, policy.ReadContact, describe{"Read how one is told", 0, tag},
		func(ctx context.Context, by app.Caller, _ *struct{}) (*contactAnswer, error) {
			return contactAnswerOf(u.Get(ctx, by))
		})

	handle(a, http.MethodPut, mine, policy.UpdateContact, describe{"Choose how one is told; what is left out is no longer chosen", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct{ Body ContactChoice }) (*contactAnswer, error) {
			return contactAnswerOf(u.Put(ctx, by, aid.Contact{Language: aid.Language(in.Body.Language)}))
		})
}
