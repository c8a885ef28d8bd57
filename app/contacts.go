package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"math/big"
	"net/mail"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
)

// ContactReader reads how an account wants to be told; an account that has
// chosen nothing has a contact all the same.
type ContactReader interface {
	Contact(ctx context.Context, account aid.AccountID) (aid.Contact, error)
}

// ContactStore keeps how accounts want to be told. PutEmailCode is
// [aid.ReasonCodeSent] while the one before is on its way; VerifyEmail is
// [aid.Invalid] for a code that is wrong or counts no more.
type ContactStore interface {
	ContactReader
	PutContact(ctx context.Context, c aid.Contact) error
	PutEmailCode(ctx context.Context, account aid.AccountID, email string, hash [32]byte, life time.Duration) error
	VerifyEmail(ctx context.Context, account aid.AccountID, hash [32]byte) error
	DropEmail(ctx context.Context, account aid.AccountID) error
	PutWebhook(ctx context.Context, account aid.AccountID, url, secret string) error
	DropWebhook(ctx context.Context, account aid.AccountID) error
	PutPushSubscription(ctx context.Context, account aid.AccountID, s aid.PushSubscription) error
}

// CodeSender mails the code that proves that an address is the account's own.
type CodeSender interface {
	SendCode(ctx context.Context, to aid.Contact, address, code string) error
}

// Webhooks says which URLs can be called, and makes secrets to sign with.
type Webhooks interface {
	Check(url string) error
	NewSecret() string
}

// Pusher says which browsers can be pushed to, and the key that they ask for.
type Pusher interface {
	CheckSubscription(s aid.PushSubscription) error
	Key() string
}

// Contacts are the use cases of choosing how to be told.
type Contacts struct {
	Store ContactStore
	Codes CodeSender // nil where no mail can be sent
	Hooks Webhooks
	Push  Pusher        // nil where nothing can be pushed
	SetUp []aid.Channel // channels that this system can send by
}

const (
	codeLife = 30 * time.Minute
	maxEmail = 254 // bytes, RFC 5321
)

// Get reads the caller's own contact.
func (u *Contacts) Get(ctx context.Context, by Caller) (aid.Contact, error) {
	if err := policy.Allow(by.Account, policy.ReadContact, policy.Resource{}); err != nil {
		return aid.Contact{}, err
	}
	return u.Store.Contact(ctx, by.ID)
}

// Put replaces what the caller has chosen: language, channels and quiet hours.
// A channel can be chosen once it leads somewhere. The error names every field
// that is wrong.
func (u *Contacts) Put(ctx context.Context, by Caller, choice aid.Contact) (aid.Contact, error) {
	if err := policy.Allow(by.Account, policy.UpdateContact, policy.Resource{}); err != nil {
		return aid.Contact{}, err
	}
	now, err := u.Store.Contact(ctx, by.ID)
	if err != nil {
		return aid.Contact{}, err
	}
	var c aid.Check
	c.Within("", choice.Validate())
	for i, channel := range choice.Channels {
		at := fmt.Sprintf("channels[%d]", i)
		c.That(u.setUp(channel), at, "%s is not set up on this system", channel)
		c.That(!u.setUp(channel) || now.Leads(channel), at, "%s leads nowhere yet; give and verify an address first", channel)
	}
	if err := c.Err("contact"); err != nil {
		return aid.Contact{}, err
	}
	choice.Account = by.ID
	if err := u.Store.PutContact(ctx, choice); err != nil {
		return aid.Contact{}, err
	}
	return u.Store.Contact(ctx, by.ID)
}

func (u *Contacts) setUp(channel aid.Channel) bool {
	return slices.Contains(u.SetUp, channel)
}

// SetEmail mails a code to an address, which becomes the caller's own once the
// code comes back; the one before stays until then. An empty address forgets
// theirs.
func (u *Contacts) SetEmail(ctx context.Context, by Caller, address string) (aid.Contact, error) {
	if err := policy.Allow(by.Account, policy.SetEmail, policy.Resource{}); err != nil {
		return aid.Contact{}, err
	}
	if address == "" {
		if err := u.Store.DropEmail(ctx, by.ID); err != nil {
			return aid.Contact{}, err
		}
		return u.Store.Contact(ctx, by.ID)
	}
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || len(address) > maxEmail {
		return aid.Contact{}, invalid("contact", "address", "must be an e-mail address such as lin@example.org, without a name")
	}
	if u.Codes == nil {
		return aid.Contact{}, invalid("contact", "address", "e-mail is not set up on this system")
	}
	to, err := u.Store.Contact(ctx, by.ID)
	if err != nil {
		return aid.Contact{}, err
	}
	code, err := newCode()
	if err != nil {
		return aid.Contact{}, err
	}
	if err := u.Store.PutEmailCode(ctx, by.ID, address, codeHash(by.ID, code), codeLife); err != nil {
		return aid.Contact{}, err
	}
	if err := u.Codes.SendCode(ctx, to, address, code); err != nil {
		return aid.Contact{}, err
	}
	return u.Store.Contact(ctx, by.ID)
}

// VerifyEmail takes the address to which the code was mailed as the caller's own.
func (u *Contacts) VerifyEmail(ctx context.Context, by Caller, code string) (aid.Contact, error) {
	if err := policy.Allow(by.Account, policy.VerifyEmail, policy.Resource{}); err != nil {
		return aid.Contact{}, err
	}
	if err := u.Store.VerifyEmail(ctx, by.ID, codeHash(by.ID, code)); err != nil {
		return aid.Contact{}, err
	}
	return u.Store.Contact(ctx, by.ID)
}

// SetWebhook has the caller's notices told to a program at a URL, and gives the
// secret by which it knows that they come from here. Each call makes a new
// secret; the one before counts for a day. An empty URL forgets theirs.
func (u *Contacts) SetWebhook(ctx context.Context, by Caller, url string) (c aid.Contact, secret string, err error) {
	if err := policy.Allow(by.Account, policy.SetWebhook, policy.Resource{}); err != nil {
		return aid.Contact{}, "", err
	}
	if url == "" {
		err = u.Store.DropWebhook(ctx, by.ID)
	} else if err = u.Hooks.Check(url); err == nil {
		secret = u.Hooks.NewSecret()
		err = u.Store.PutWebhook(ctx, by.ID, url, secret)
	}
	if err != nil {
		return aid.Contact{}, "", err
	}
	c, err = u.Store.Contact(ctx, by.ID)
	return c, secret, err
}

// AddPush has the caller's notices pushed to a browser too, once they choose it.
// One that has been added before is the same one.
func (u *Contacts) AddPush(ctx context.Context, by Caller, s aid.PushSubscription) (aid.Contact, error) {
	if err := policy.Allow(by.Account, policy.AddPush, policy.Resource{}); err != nil {
		return aid.Contact{}, err
	}
	if u.Push == nil {
		return aid.Contact{}, invalid("push subscription", "endpoint", "push is not set up on this system")
	}
	if err := u.Push.CheckSubscription(s); err != nil {
		return aid.Contact{}, err
	}
	if err := u.Store.PutPushSubscription(ctx, by.ID, s); err != nil {
		return aid.Contact{}, err
	}
	return u.Store.Contact(ctx, by.ID)
}

// PushKey is what a browser asks for when it allows notices; empty where nothing can
// be pushed.
func (u *Contacts) PushKey() string {
	if u.Push == nil {
		return ""
	}
	return u.Push.Key()
}

// newCode makes six random digits.
func newCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%06d", n), nil
}

// codeHash binds a code to its account, so that nobody else's code will do.
func codeHash(account aid.AccountID, code string) [32]byte {
	return sha256.Sum256([]byte(string(account) + "\x00" + code))
}
