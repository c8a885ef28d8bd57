package apptest

import (
	"context"
	"fmt"
	"slices"

	"github.com/linli/linli/aid"
)

// accountOf is the account of a volunteer of the world.
func accountOf(v aid.VolunteerID) aid.AccountID {
	if volunteer := Account(aid.RoleVolunteer); v == volunteer.Volunteer {
		return volunteer.ID
	}
	return aid.AccountID("a-" + v)
}

// tellOf keeps the notices of events, n-1 and so on. The lock must be held.
func (w *World) tellOf(r *aid.HelpRequest, events []aid.Event) {
	for i, tellings := range r.Tellings(events) {
		for _, t := range tellings {
			var to []aid.AccountID
			for _, v := range t.Volunteers {
				to = append(to, accountOf(v))
			}
			if t.Account != "" {
				to = append(to, t.Account)
			}
			for _, account := range to {
				e := events[i]
				w.notices = append(w.notices, aid.Notice{
					ID: aid.NoticeID(fmt.Sprintf("n-%d", len(w.notices)+1)), Recipient: account, Kind: t.Kind, Urgent: t.Urgent,
					At: e.At, Until: t.Until, Request: r.ID, Offer: e.Offer, Pairing: e.Pairing, Reason: e.Reason,
					About: aid.NoticeFacts{Category: r.Category, Window: r.Window},
				})
			}
		}
	}
}

// Notices lists the notices of an account.
func (w *World) Notices(ctx context.Context, f aid.NoticeFilter, p aid.Page) (aid.PageOf[aid.Notice], error) {
	leave, err := w.enter(ctx, "Notices")
	if err != nil {
		return aid.PageOf[aid.Notice]{}, err
	}
	defer leave()
	found := slices.DeleteFunc(slices.Clone(w.notices), func(n aid.Notice) bool {
		return n.Recipient != f.Recipient || f.Unread && !n.ReadAt.IsZero()
	})
	slices.Reverse(found)
	return page(found, p)
}

// Unread counts the unread notices of an account.
func (w *World) Unread(ctx context.Context, account aid.AccountID) (int, error) {
	leave, err := w.enter(ctx, "Unread")
	if err != nil {
		return 0, err
	}
	defer leave()
	n := 0
	for _, notice := range w.notices {
		if notice.Recipient == account && notice.ReadAt.IsZero() {
			n++
		}
	}
	return n, nil
}

// MarkNoticeRead notes that an account has read a notice.
func (w *World) MarkNoticeRead(ctx context.Context, account aid.AccountID, id aid.NoticeID) (aid.Notice, error) {
	leave, err := w.enter(ctx, "MarkNoticeRead")
	if err != nil {
		return aid.Notice{}, err
	}
	defer leave()
	for i := range w.notices {
		if n := &w.notices[i]; n.ID == id && n.Recipient == account {
			if n.ReadAt.IsZero() {
				n.ReadAt = w.now
			}
			return *n, nil
		}
	}
	return aid.Notice{}, missing("notice")
}

// Write writes the kind for a title, and the language and category for a body.
func (w *World) Write(n aid.Notice, to aid.Contact) (aid.NoticeText, error) {
	return aid.NoticeText{Title: string(n.Kind), Body: fmt.Sprintf("%s: %s", to.Language, n.About.Category)}, nil
}
