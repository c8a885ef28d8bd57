package app

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
)

// NoticeStore keeps notices. MarkNoticeRead is [aid.NotFound] for an unknown id
// and for the notice of somebody else.
type NoticeStore interface {
	ContactReader
	Notices(ctx context.Context, f aid.NoticeFilter, p aid.Page) (aid.PageOf[aid.Notice], error)
	Unread(ctx context.Context, account aid.AccountID) (int, error)
	MarkNoticeRead(ctx context.Context, account aid.AccountID, id aid.NoticeID) (aid.Notice, error)
}

// NoticeWriter writes the text of a notice for a reader.
type NoticeWriter interface {
	Write(n aid.Notice, to aid.Contact) (aid.NoticeText, error)
}

// Notices are the use cases of being told.
type Notices struct {
	Store  NoticeStore
	Writer NoticeWriter
}

// NoticeCard is a notice with its text in the reader's language.
type NoticeCard struct {
	aid.Notice
	aid.NoticeText
}

// List lists the caller's own notices, newest first, with the number of all
// those unread.
func (u *Notices) List(ctx context.Context, by Caller, unread bool, p aid.Page) (page aid.PageOf[NoticeCard], unreadOfAll int, err error) {
	if err := policy.Allow(by.Account, policy.ListNotices, policy.Resource{}); err != nil {
		return page, 0, err
	}
	reader, err := u.Store.Contact(ctx, by.ID)
	if err != nil {
		return page, 0, err
	}
	found, err := u.Store.Notices(ctx, aid.NoticeFilter{Recipient: by.ID, Unread: unread}, p)
	if err != nil {
		return page, 0, err
	}
	page.Next = found.Next
	for _, n := range found.Items {
		text, err := u.Writer.Write(n, reader)
		if err != nil {
			return aid.PageOf[NoticeCard]{}, 0, err
		}
		page.Items = append(page.Items, NoticeCard{n, text})
	}
	unreadOfAll, err = u.Store.Unread(ctx, by.ID)
	return page, unreadOfAll, err
}

// MarkRead notes that the caller has read a notice of their own. Once is as good
// as twice.
func (u *Notices) MarkRead(ctx context.Context, by Caller, id aid.NoticeID) (NoticeCard, error) {
	if err := policy.Allow(by.Account, policy.MarkNoticeRead, policy.Resource{}); err != nil {
		return NoticeCard{}, err
	}
	n, err := u.Store.MarkNoticeRead(ctx, by.ID, id)
	if err != nil {
		return NoticeCard{}, hidden(err, "notice")
	}
	reader, err := u.Store.Contact(ctx, by.ID)
	if err != nil {
		return NoticeCard{}, err
	}
	text, err := u.Writer.Write(n, reader)
	return NoticeCard{n, text}, err
}
