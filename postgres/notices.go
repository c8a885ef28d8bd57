package postgres

import (
	"cmp"
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// Notices gives the notices of one account, newest first.
func (s *Store) Notices(ctx context.Context, f aid.NoticeFilter, p aid.Page) (aid.PageOf[aid.Notice], error) {
	after, err := newestAfter(p)
	if err != nil {
		return aid.PageOf[aid.Notice]{}, err
	}
	rows, err := s.queries().ListNotices(ctx, db.ListNoticesParams{
		Recipient: f.Recipient, Unread: f.Unread, BeforeAt: after.At, BeforeID: after.ID, AtMost: int32(p.Limit) + 1,
	})
	if err != nil {
		return aid.PageOf[aid.Notice]{}, mapped(err)
	}
	return onePage(rows, p.Limit, func(row db.ToldNotice) any { return newest{row.At, string(row.ID)} }, noticeOf), nil
}

// Unread is the number of an account's notices that were not read.
func (s *Store) Unread(ctx context.Context, account aid.AccountID) (int, error) {
	n, err := s.queries().CountUnread(ctx, account)
	return int(n), mapped(err)
}

// MarkNoticeRead notes that an account has read a notice of its own and gives
// it; doing so again is no error and changes nothing. It gives [aid.NotFound]
// also for the notice of somebody else.
func (s *Store) MarkNoticeRead(ctx context.Context, account aid.AccountID, id aid.NoticeID) (aid.Notice, error) {
	n, err := s.queries().MarkNoticeRead(ctx, db.MarkNoticeReadParams{ID: id, Recipient: account})
	switch {
	case err != nil:
		return aid.Notice{}, mapped(err)
	case n == 0:
		return aid.Notice{}, aid.Errorf(aid.NotFound, "there is no such notice")
	}
	rows, err := s.queries().NoticeRows(ctx, []string{string(id)})
	if err != nil || len(rows) == 0 {
		return aid.Notice{}, orNotFound(cmp.Or(err, pgx.ErrNoRows), "notice")
	}
	return noticeOf(rows[0]), nil
}

func noticeOf(row db.ToldNotice) aid.Notice {
	return aid.Notice{
		ID: row.ID, Recipient: row.Recipient, Kind: row.Kind, Urgent: row.Urgent, At: row.At, Until: row.Until,
		ReadAt: time.Time(row.ReadAt), Request: row.RequestID, Offer: row.OfferID, Pairing: row.PairingID, Cohort: row.CohortID, Reason: row.Reason,
		About: aid.NoticeFacts{
			Category: row.Category, Course: aid.CourseNames{Zh: row.CourseZh, En: row.CourseEn}, Window: aid.Window{StartsAt: row.StartsAt, EndsAt: row.EndsAt}, Standing: row.Standing, Unmet: row.Unmet,
			Area: aid.AreaNames{Zh: row.NameZh, En: row.NameEn}, AnswerBy: time.Time(row.ExpiresAt),
		},
	}
}
