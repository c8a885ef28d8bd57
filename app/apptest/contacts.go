package apptest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/linli/linli/aid"
)

// EmailCode is a code that was mailed in the world.
type EmailCode struct {
	Address, Code string
	hash          [32]byte
}

// Contact reads how an account is told.
func (w *World) Contact(ctx context.Context, account aid.AccountID) (aid.Contact, error) {
	leave, err := w.enter(ctx, "Contact")
	if err != nil {
		return aid.Contact{}, err
	}
	defer leave()
	c := w.contacts[account]
	c.Account, c.Language, c.Zone = account, cmp.Or(c.Language, aid.Chinese), aid.DefaultZone
	return c, nil
}

// PutContact keeps what an account has chosen.
func (w *World) PutContact(ctx context.Context, choice aid.Contact) error {
	leave, err := w.enter(ctx, "PutContact")
	if err != nil {
		return err
	}
	defer leave()
	c := w.contacts[choice.Account]
	c.Language, c.Channels, c.Quiet = choice.Language, choice.Channels, choice.Quiet
	w.contacts[choice.Account] = c
	return nil
}

// PutEmailCode keeps the hash of a code; one code at a time.
func (w *World) PutEmailCode(ctx context.Context, account aid.AccountID, email string, hash [32]byte, _ time.Duration) error {
	leave, err := w.enter(ctx, "PutEmailCode")
	if err != nil {
		return err
	}
	defer leave()
	c := w.contacts[account]
	if c.EmailUnverified != "" {
		return aid.Because(aid.Conflict, aid.ReasonCodeSent, "a code was mailed a moment ago")
	}
	c.EmailUnverified = email
	w.contacts[account] = c
	w.codes[account] = EmailCode{Address: email, hash: hash}
	return nil
}

// SendCode keeps the code that would be mailed.
func (w *World) SendCode(ctx context.Context, to aid.Contact, address, code string) error {
	leave, err := w.enter(ctx, "SendCode")
	if err != nil {
		return err
	}
	defer leave()
	mailed := w.codes[to.Account]
	mailed.Address, mailed.Code = address, code
	w.codes[to.Account] = mailed
	return nil
}

// Mailed is the code that was mailed to an account last.
func (w *World) Mailed(account aid.AccountID) EmailCode {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.codes[account]
}

// VerifyEmail takes an address if the code is right.
func (w *World) VerifyEmail(ctx context.Context, account aid.AccountID, hash [32]byte) error {
	leave, err := w.enter(ctx, "VerifyEmail")
	if err != nil {
		return err
	}
	defer leave()
	c := w.contacts[account]
	if c.EmailUnverified == "" || w.codes[account].hash != hash {
		return &aid.Error{Kind: aid.Invalid, Message: "invalid code", Problems: []aid.Problem{{Field: "code", Message: "is wrong"}}}
	}
	c.Email, c.EmailUnverified = c.EmailUnverified, ""
	w.contacts[account] = c
	return nil
}

// DropEmail forgets an address.
func (w *World) DropEmail(ctx context.Context, account aid.AccountID) error {
	leave, err := w.enter(ctx, "DropEmail")
	if err != nil {
		return err
	}
	defer leave()
	c := w.contacts[account]
	c.Email, c.EmailUnverified, c.Channels = "", "", nil
	w.contacts[account] = c
	return nil
}

// PutWebhook keeps a webhook.
func (w *World) PutWebhook(ctx context.Context, account aid.AccountID, url, secret string) error {
	leave, err := w.enter(ctx, "PutWebhook")
	if err != nil {
		return err
	}
	defer leave()
	c := w.contacts[account]
	c.Webhook = aid.Webhook{URL: url, Secret: secret, OldSecret: c.Webhook.Secret}
	w.contacts[account] = c
	return nil
}

// DropWebhook forgets a webhook.
func (w *World) DropWebhook(ctx context.Context, account aid.AccountID) error {
	leave, err := w.enter(ctx, "DropWebhook")
	if err != nil {
		return err
	}
	defer leave()
	c := w.contacts[account]
	c.Webhook = aid.Webhook{}
	w.contacts[account] = c
	return nil
}

// Check takes every URL at example.org.
func (w *World) Check(url string) error {
	if strings.HasPrefix(url, "https://example.org/") {
		return nil
	}
	return &aid.Error{Kind: aid.Invalid, Message: "invalid address", Problems: []aid.Problem{{Field: "url", Message: "must be at example.org"}}}
}

// NewSecret makes a secret, each time another.
func (w *World) NewSecret() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.secrets++
	return fmt.Sprintf("whsec_%d", w.secrets)
}

// PutPushSubscription keeps a browser.
func (w *World) PutPushSubscription(ctx context.Context, account aid.AccountID, s aid.PushSubscription) error {
	leave, err := w.enter(ctx, "PutPushSubscription")
	if err != nil {
		return err
	}
	defer leave()
	c := w.contacts[account]
	if !slices.Contains(c.Push, s) {
		c.Push = append(c.Push, s)
	}
	w.contacts[account] = c
	return nil
}

// CheckSubscription takes what has keys and an endpoint at example.org.
func (w *World) CheckSubscription(s aid.PushSubscription) error {
	if w.Check(s.Endpoint) == nil && s.P256dh != "" && s.Auth != "" {
		return nil
	}
	return &aid.Error{Kind: aid.Invalid, Message: "invalid push subscription", Problems: []aid.Problem{{Field: "endpoint", Message: "must be at example.org"}}}
}

// Key is the world's public key.
func (w *World) Key() string { return "key" }
