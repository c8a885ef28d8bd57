package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
)

// CalendarStore keeps who may read whose calendar. Calendar is [aid.NotFound]
// for a secret that opens none.
type CalendarStore interface {
	PutCalendar(ctx context.Context, account aid.AccountID, hash [32]byte) error
	DropCalendar(ctx context.Context, account aid.AccountID) error
	Calendar(ctx context.Context, hash [32]byte, now time.Time) (aid.Contact, []aid.CalendarEntry, error)
}

// CalendarWriter writes a calendar for a reader.
type CalendarWriter interface {
	Calendar(entries []aid.CalendarEntry, to aid.Contact, now time.Time) ([]byte, error)
}

// Calendars are the use cases of having one's engagements in one's own calendar.
type Calendars struct {
	Store  CalendarStore
	Writer CalendarWriter
	Now    func() time.Time
}

const calendarSecret = 32 // bytes

// Open makes a secret with which the caller's own calendar can be read, in place
// of the one before. It is not kept, and cannot be given again.
func (u *Calendars) Open(ctx context.Context, by Caller) (secret string, err error) {
	if err := policy.Allow(by.Account, policy.OpenCalendar, policy.Resource{}); err != nil {
		return "", err
	}
	b := make([]byte, calendarSecret)
	rand.Read(b) //nolint:errcheck // never fails: the program ends if there is no randomness
	secret = base64.RawURLEncoding.EncodeToString(b)
	return secret, u.Store.PutCalendar(ctx, by.ID, sha256.Sum256([]byte(secret)))
}

// Close lets nobody read the caller's calendar any more.
func (u *Calendars) Close(ctx context.Context, by Caller) error {
	if err := policy.Allow(by.Account, policy.OpenCalendar, policy.Resource{}); err != nil {
		return err
	}
	return u.Store.DropCalendar(ctx, by.ID)
}

// Read gives the calendar that a secret opens, to whoever has it: the secret is
// all that is asked for, since programs that read calendars can do no more.
func (u *Calendars) Read(ctx context.Context, secret string) ([]byte, error) {
	now := u.Now()
	to, entries, err := u.Store.Calendar(ctx, sha256.Sum256([]byte(secret)), now)
	if err != nil {
		return nil, hidden(err, "calendar")
	}
	return u.Writer.Calendar(entries, to, now)
}
