package notify

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/linli/linli/aid"
)

// Webhooks tells programs of notices, by the Standard Webhooks specification
// (https://www.standardwebhooks.com). It is safe for concurrent use.
type Webhooks struct {
	*Outward
	Now func() time.Time
}

// secretBytes is within the 24 to 64 bytes that the specification asks for.
const secretBytes = 32

// NewSecret makes a secret in the form that receivers' libraries read.
func (*Webhooks) NewSecret() string {
	b := make([]byte, secretBytes)
	rand.Read(b) //nolint:errcheck // never fails: the program ends if there is no randomness
	return "whsec_" + base64.StdEncoding.EncodeToString(b)
}

// webhookMessage is the body. Fields are only ever added.
type webhookMessage struct {
	Type      string        `json:"type"` // notice. and the kind
	Timestamp time.Time     `json:"timestamp"`
	Data      webhookNotice `json:"data"`
}

type webhookNotice struct {
	ID      string    `json:"id"`
	Account string    `json:"account_id"`
	Kind    string    `json:"kind"`
	Urgent  bool      `json:"urgent"`
	Title   string    `json:"title"`
	Body    string    `json:"body"`
	At      time.Time `json:"at"`
	Request string    `json:"help_request_id,omitempty"`
	Cohort  string    `json:"cohort_id,omitempty"`
	Offer   string    `json:"offer_id,omitempty"`
	Pairing string    `json:"pairing_id,omitempty"`
}

// Send posts a notice. Its webhook-id is the notice's id; the body is the same
// each time, the signature is of the moment. While two secrets count, it is
// signed with both.
func (w *Webhooks) Send(ctx context.Context, to aid.Contact, n aid.Notice, text aid.NoticeText) error {
	body, err := json.Marshal(webhookMessage{
		Type: "notice." + string(n.Kind), Timestamp: n.At.UTC(),
		Data: webhookNotice{
			ID: string(n.ID), Account: string(n.Recipient), Kind: string(n.Kind), Urgent: n.Urgent, Title: text.Title, Body: text.Body,
			At: n.At.UTC(), Request: string(n.Request), Cohort: string(n.Cohort), Offer: string(n.Offer), Pairing: string(n.Pairing),
		},
	})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.Webhook.URL, bytes.NewReader(body))
	if err != nil {
		return &aid.Error{Kind: aid.Invalid, Message: "the webhook's URL cannot be used", Err: err}
	}
	now := w.Now()
	signature, err := sign(to.Webhook, string(n.ID), now, body)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "linli")
	r.Header.Set(standardwebhooks.HeaderWebhookID, string(n.ID))
	r.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	r.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	status, err := w.status(r)
	if err != nil {
		return err
	}
	return verdict(status)
}

func sign(h aid.Webhook, id string, at time.Time, body []byte) (string, error) {
	var out []string
	for _, secret := range []string{h.Secret, h.OldSecret} {
		if secret == "" {
			continue
		}
		signer, err := standardwebhooks.NewWebhook(secret)
		if err == nil {
			var signature string
			signature, err = signer.Sign(id, at, body)
			out = append(out, signature)
		}
		if err != nil {
			return "", &aid.Error{Kind: aid.Internal, Message: "the webhook's secret cannot be used", Err: err}
		}
	}
	return strings.Join(out, " "), nil
}
