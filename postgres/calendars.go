package postgres

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// PutCalendar lets whoever has the secret with this SHA-256 read the account's
// calendar, in place of any secret before.
func (s *Store) PutCalendar(ctx context.Context, account aid.AccountID, hash [32]byte) error {
	return mapped(s.queries().PutCalendar(ctx, db.PutCalendarParams{Account: account, Hash: hash[:]}))
}

// DropCalendar lets nobody read the account's calendar any more.
func (s *Store) DropCalendar(ctx context.Context, account aid.AccountID) error {
	return mapped(s.queries().DropCalendar(ctx, account))
}

// Calendar gives the entries of the calendar that a secret opens, the latest
// first, and whose it is. It is [aid.NotFound] for a secret that opens none.
func (s *Store) Calendar(ctx context.Context, hash [32]byte, now time.Time) (aid.Contact, []aid.CalendarEntry, error) {
	q := s.queries()
	whose, err := q.CalendarOf(ctx, hash[:])
	if err != nil {
		return aid.Contact{}, nil, orNotFound(err, "calendar")
	}
	contact, err := s.Contact(ctx, whose.ID)
	if err != nil {
		return aid.Contact{}, nil, err
	}
	volunteer, since := aid.VolunteerID(whose.VolunteerID), now.Add(-aid.CalendarPast)
	visits, err := q.CalendarVisits(ctx, db.CalendarVisitsParams{Volunteer: volunteer, Since: since, AtMost: aid.CalendarMost})
	if err != nil {
		return aid.Contact{}, nil, mapped(err)
	}
	pairings, err := q.CalendarPairings(ctx, db.CalendarPairingsParams{Volunteer: volunteer, Since: since, AtMost: aid.CalendarMost})
	if err != nil {
		return aid.Contact{}, nil, mapped(err)
	}
	return contact, entriesOf(visits, pairings), nil
}

// entriesOf joins visits and pairings. A pairing stands for its first visit, under
// whose id it is shown until that is planned.
func entriesOf(visits []db.CalendarVisitsRow, pairings []db.CalendarPairingsRow) []aid.CalendarEntry {
	byID := map[aid.VisitID]aid.CalendarEntry{}
	for _, v := range visits {
		byID[v.ID] = entry(v.ID, v.StartsAt, v.EndsAt, aid.EntryOfVisit(v.Status), v.Version, v.Category, v.NameZh, v.NameEn)
	}
	for _, p := range pairings {
		id := aid.VisitIDOf(p.ID, p.StartsAt)
		byID[id] = entry(id, p.StartsAt, p.EndsAt, aid.EntryOfPairing(p.Status), p.Version, p.Category, p.NameZh, p.NameEn)
	}
	out := make([]aid.CalendarEntry, 0, len(byID))
	for _, e := range byID {
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b aid.CalendarEntry) int {
		if c := b.Window.StartsAt.Compare(a.Window.StartsAt); c != 0 {
			return c
		}
		return cmp.Compare(a.ID, b.ID)
	})
	return out[:min(len(out), aid.CalendarMost)]
}

// entry makes one entry. Every change of a request's status counts its version
// up; a volunteer who leaves may leave it as it is, and only that cancels.
func entry(id aid.VisitID, from, to time.Time, status aid.EntryStatus, version int64, category, zh, en string) aid.CalendarEntry {
	e := aid.CalendarEntry{
		ID: id, Window: aid.Window{StartsAt: from, EndsAt: to}, Status: status, Revision: 2 * int(version),
		Category: category, Area: aid.AreaNames{Zh: zh, En: en},
	}
	if status == aid.EntryCancelled {
		e.Revision++
	}
	return e
}
