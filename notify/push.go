package notify

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/SherClockHolmes/webpush-go"

	"github.com/linli/linli/aid"
)

// PushSettings are the keys by which push services know this system (VAPID,
// RFC 8292), and whom they can ask about it.
type PushSettings struct {
	PublicKey  string // base64url of the point, uncompressed
	PrivateKey string // base64url of the scalar
	Subject    string // mailto: or https: address of the operator
}

// Subscriptions forgets browsers that are gone.
type Subscriptions interface {
	DropPushSubscription(ctx context.Context, endpoint string) error
}

// Push sends notices to browsers (RFC 8030), encrypted so that the push service
// cannot read them (RFC 8291). It is safe for concurrent use.
type Push struct {
	*Outward
	PushSettings
	Subscriptions Subscriptions
	Now           func() time.Time
}

// NewPushSettings makes a pair of keys.
func NewPushSettings(subject string) (s PushSettings, err error) {
	s.Subject = subject
	s.PrivateKey, s.PublicKey, err = webpush.GenerateVAPIDKeys()
	return s, err
}

// Validate refuses settings under which no service would take a message.
func (s PushSettings) Validate() error {
	var c aid.Check
	c.That(decodes(s.PublicKey, 65), "--vapid-public-key", "must be 65 bytes in base64url")
	c.That(decodes(s.PrivateKey, 32), "--vapid-private-key", "must be 32 bytes in base64url")
	c.That(strings.HasPrefix(s.Subject, "mailto:") || strings.HasPrefix(s.Subject, "https:"), "--vapid-subject", "must begin with mailto: or https:")
	return c.Err("push settings")
}

// Key is the public key that a browser asks for when it allows notices.
func (p *Push) Key() string { return p.PublicKey }

// CheckSubscription refuses what no message could be sent to.
func (p *Push) CheckSubscription(s aid.PushSubscription) error {
	var c aid.Check
	if err := p.Outward.Check(s.Endpoint); err != nil {
		c.That(false, "endpoint", "must be an https address in the public internet")
	}
	key, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s.P256dh, "="))
	if err == nil {
		_, err = ecdh.P256().NewPublicKey(key)
	}
	c.That(err == nil, "keys.p256dh", "must be a public key of P-256 in base64url")
	c.That(decodes(s.Auth, 16), "keys.auth", "must be 16 bytes in base64url")
	return c.Err("push subscription")
}

func decodes(text string, size int) bool {
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	return err == nil && len(b) == size
}

// pushMessage is what the service worker in the browser is given. Fields are only
// ever added.
type pushMessage struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Urgent  bool   `json:"urgent"`
	Title   string `json:"title"`
	Body    string `json:"body"`
	Request string `json:"help_request_id,omitempty"`
	Cohort  string `json:"cohort_id,omitempty"`
}

// Send pushes a notice to every browser of its reader. One is enough to have
// reached them; those that are gone are forgotten.
func (p *Push) Send(ctx context.Context, to aid.Contact, n aid.Notice, text aid.NoticeText) error {
	body, err := json.Marshal(pushMessage{string(n.ID), string(n.Kind), n.Urgent, text.Title, text.Body, string(n.Request), string(n.Cohort)})
	if err != nil {
		return err
	}
	reached, failed := false, error(nil)
	for _, s := range to.Push {
		err := p.push(ctx, s, n, body)
		switch aid.KindOf(err) {
		case aid.NotFound:
			if err := p.Subscriptions.DropPushSubscription(ctx, s.Endpoint); err != nil {
				return err
			}
		default:
			reached = reached || err == nil
			if err != nil {
				failed = err
			}
		}
	}
	switch {
	case reached:
		return nil
	case failed != nil:
		return failed
	}
	return aid.Errorf(aid.NotFound, "every browser of the reader is gone")
}

func (p *Push) push(ctx context.Context, s aid.PushSubscription, n aid.Notice, body []byte) error {
	urgency := webpush.UrgencyNormal
	if n.Urgent {
		urgency = webpush.UrgencyHigh
	}
	res, err := webpush.SendNotificationWithContext(ctx, body,
		&webpush.Subscription{Endpoint: s.Endpoint, Keys: webpush.Keys{P256dh: s.P256dh, Auth: s.Auth}},
		&webpush.Options{
			HTTPClient: p.Outward, Subscriber: strings.TrimPrefix(p.Subject, "mailto:"), VAPIDPublicKey: p.PublicKey, VAPIDPrivateKey: p.PrivateKey,
			TTL: max(0, int(n.Until.Sub(p.Now()).Seconds())), Urgency: urgency, Topic: topicOf(n.ID),
		})
	if _, known := errors.AsType[*aid.Error](err); known {
		return err
	}
	if err != nil {
		return &aid.Error{Kind: aid.Invalid, Message: "the browser's keys cannot be used", Err: err}
	}
	defer res.Body.Close() //nolint:errcheck // only read
	if res.StatusCode == http.StatusNotFound {
		return aid.Errorf(aid.NotFound, "the browser is gone (404)")
	}
	return verdict(res.StatusCode)
}

// maxTopic is the longest topic that push services take.
const maxTopic = 32

// topicOf lets a notice that comes twice while a browser is away be shown once.
func topicOf(id aid.NoticeID) string {
	topic := strings.ReplaceAll(string(id), "-", "")
	return topic[:min(len(topic), maxTopic)]
}
