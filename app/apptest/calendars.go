package apptest

import (
	"context"
	"fmt"
	"time"

	"github.com/linli/linli/aid"
)

// PutCalendar opens an account's calendar.
func (w *World) PutCalendar(ctx context.Context, account aid.AccountID, hash [32]byte) error {
	leave, err := w.enter(ctx, "PutCalendar")
	if err != nil {
		return err
	}
	defer leave()
	w.calendars[account] = hash
	return nil
}

// DropCalendar closes an account's calendar.
func (w *World) DropCalendar(ctx context.Context, account aid.AccountID) error {
	leave, err := w.enter(ctx, "DropCalendar")
	if err != nil {
		return err
	}
	defer leave()
	delete(w.calendars, account)
	return nil
}

// Calendar gives one entry for each account whose calendar is open.
func (w *World) Calendar(ctx context.Context, hash [32]byte, now time.Time) (aid.Contact, []aid.CalendarEntry, error) {
	leave, err := w.enter(ctx, "Calendar")
	if err != nil {
		return aid.Contact{}, nil, err
	}
	defer leave()
	for account, of := range w.calendars {
		if of == hash {
			return aid.Contact{Account: account}, []aid.CalendarEntry{{ID: "vis-1", Window: aid.Window{StartsAt: now}}}, nil
		}
	}
	return aid.Contact{}, nil, missing("calendar")
}

// Almanac writes calendars of the world.
type Almanac struct{}

// Calendar writes whose it is and how much is in it.
func (Almanac) Calendar(entries []aid.CalendarEntry, to aid.Contact, now time.Time) ([]byte, error) {
	return fmt.Appendf(nil, "calendar of %s at %s: %d", to.Account, now.Format(time.RFC3339), len(entries)), nil
}
