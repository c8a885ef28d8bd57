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
	Language string   `json:"language" doc:"Language of notices: zh-CN or en."`
	Channels []string `json:"channels,omitempty" doc:"How notices are sent, beside the list that can always be read: email, webhook, push."`
	Quiet    *Quiet   `json:"quiet,omitempty" doc:"Hours of every day in which nothing is sent but what is urgent."`
}

// Quiet is a stretch of every day.
type Quiet struct {
	From int `json:"from" doc:"Minutes of wall-clock time from midnight."`
	To   int `json:"to" doc:"The same; before from it is across midnight."`
}

// Contact is how the caller is told.
type Contact struct {
	Language        string   `json:"language" enum:"zh-CN,en"`
	Channels        []string `json:"channels"`
	Quiet           *Quiet   `json:"quiet,omitempty"`
	Zone            string   `json:"zone" doc:"Where the clock hangs by which notices tell times: a volunteer's own time zone."`
	Email           string   `json:"email,omitempty" doc:"Verified by a mailed code."`
	EmailUnverified string   `json:"email_unverified,omitempty" doc:"Waits for its code."`
	WebhookURL      string   `json:"webhook_url,omitempty"`
	Browsers        int      `json:"browsers" doc:"How many browsers notices can be pushed to."`
	PushKey         string   `json:"push_key,omitempty" doc:"The applicationServerKey that a browser asks for."`
	SetUp           []string `json:"set_up" doc:"The channels that this system can send by."`
}

// EmailAddress is where somebody wants their mail.
type EmailAddress struct {
	Address string `json:"address" doc:"A code is mailed there. Empty forgets the address."`
}

// EmailCode proves that an address is one's own.
type EmailCode struct {
	Code string `json:"code" doc:"As it was mailed."`
}

// WebhookURL is where a program is told of one's notices.
type WebhookURL struct {
	URL string `json:"url" doc:"An https address in the public internet. Empty forgets it."`
}

// WebhookSecret is a webhook as it was just set.
type WebhookSecret struct {
	URL    string `json:"url,omitempty"`
	Secret string `json:"secret,omitempty" doc:"Messages are signed with it, by the Standard Webhooks specification. It is shown this once; the one before counts for another day."`
}

// PushSubscription is a browser in which notices are allowed, as its own
// PushSubscription.toJSON() writes it.
type PushSubscription struct {
	Endpoint       string   `json:"endpoint" maxLength:"2000"`
	ExpirationTime *float64 `json:"expirationTime,omitempty" nullable:"true" doc:"Not looked at: a browser that is gone is forgotten when its push service says so."`
	Keys           struct {
		P256dh string `json:"p256dh" maxLength:"100"`
		Auth   string `json:"auth" maxLength:"40"`
	} `json:"keys"`
}

func (a *API) contactOf(c aid.Contact) Contact {
	out := Contact{
		Language: string(c.Language), Channels: mapped(c.Channels, channelName), Zone: c.Zone, Email: c.Email,
		EmailUnverified: c.EmailUnverified, WebhookURL: c.Webhook.URL, Browsers: len(c.Push), SetUp: mapped(a.UseCases.Contacts.SetUp, channelName),
	}
	if push := a.UseCases.Contacts.Push; push != nil {
		out.PushKey = push.Key()
	}
	if c.Quiet.From != c.Quiet.To {
		out.Quiet = new(Quiet(c.Quiet))
	}
	return out
}

func channelName(c aid.Channel) string { return string(c) }

func (c ContactChoice) domain() aid.Contact {
	out := aid.Contact{
		Language: aid.Language(c.Language), Channels: mapped(c.Channels, func(s string) aid.Channel { return aid.Channel(s) }),
	}
	if c.Quiet != nil {
		out.Quiet = aid.DailyHours(*c.Quiet)
	}
	return out
}

type contactAnswer struct{ Body Contact }

func (a *API) contactAnswer(c aid.Contact, err error) (*contactAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &contactAnswer{a.contactOf(c)}, nil
}

func (a *API) serveContacts() {
	const (
		mine = "/v1/contact"
		tag  = "notices"
	)
	u := a.UseCases.Contacts

	handle(a, http.MethodGet, mine, policy.ReadContact, describe{"Read how one is told", 0, tag},
		func(ctx context.Context, by app.Caller, _ *struct{}) (*contactAnswer, error) {
			return a.contactAnswer(u.Get(ctx, by))
		})

	handle(a, http.MethodPut, mine, policy.UpdateContact, describe{"Choose how one is told; what is left out is no longer chosen", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct{ Body ContactChoice }) (*contactAnswer, error) {
			return a.contactAnswer(u.Put(ctx, by, in.Body.domain()))
		})

	handle(a, http.MethodPost, mine+"/email", policy.SetEmail, describe{"Have a code mailed to an address that is to be one's own", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct{ Body EmailAddress }) (*contactAnswer, error) {
			return a.contactAnswer(u.SetEmail(ctx, by, in.Body.Address))
		})

	type secretAnswer struct{ Body WebhookSecret }
	handle(a, http.MethodPost, mine+"/webhook", policy.SetWebhook, describe{"Have a program told of one's notices, signed with a new secret", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct{ Body WebhookURL }) (*secretAnswer, error) {
			c, secret, err := u.SetWebhook(ctx, by, in.Body.URL)
			if err != nil {
				return nil, err
			}
			return &secretAnswer{WebhookSecret{c.Webhook.URL, secret}}, nil
		})

	handle(a, http.MethodPost, mine+"/push-subscriptions", policy.AddPush, describe{"Allow notices to be pushed to a browser", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct{ Body PushSubscription }) (*contactAnswer, error) {
			b := in.Body
			return a.contactAnswer(u.AddPush(ctx, by, aid.PushSubscription{Endpoint: b.Endpoint, P256dh: b.Keys.P256dh, Auth: b.Keys.Auth}))
		})

	handle(a, http.MethodPost, mine+"/email/verify", policy.VerifyEmail, describe{"Give back the code that was mailed", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct{ Body EmailCode }) (*contactAnswer, error) {
			return a.contactAnswer(u.VerifyEmail(ctx, by, in.Body.Code))
		})
}
