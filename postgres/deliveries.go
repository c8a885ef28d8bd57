package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// deliveryLease is how long a claimed delivery is left to whoever claimed it.
const deliveryLease = 5 * time.Minute

// ClaimDeliveries gives up to limit deliveries of a channel that are due, those
// longest due first, and keeps others from them for a while. run names who
// claims: what it has claimed before and not ended or put off it is given again.
// An attempt is counted for each.
func (s *Store) ClaimDeliveries(ctx context.Context, channel aid.Channel, run string, limit int) ([]aid.Delivery, error) {
	var out []aid.Delivery
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		claimed, err := q.ClaimDeliveries(ctx, db.ClaimDeliveriesParams{
			Channel: channel, Run: run, LeaseSeconds: deliveryLease.Seconds(), AtMost: int32(limit),
		})
		if err != nil || len(claimed) == 0 {
			return err
		}
		ids := make([]string, len(claimed))
		for i, c := range claimed {
			ids[i] = string(c.NoticeID)
		}
		rows, err := q.NoticeRows(ctx, ids)
		if err != nil {
			return err
		}
		notices := make(map[aid.NoticeID]aid.Notice, len(rows))
		var accounts []aid.AccountID
		for _, row := range rows {
			notices[row.ID] = noticeOf(row)
			accounts = append(accounts, row.Recipient)
		}
		contacts, err := contactsOf(ctx, q, accounts)
		if err != nil {
			return err
		}
		out = make([]aid.Delivery, len(claimed))
		for i, c := range claimed {
			n := notices[c.NoticeID]
			out[i] = aid.Delivery{Notice: n, Channel: channel, Attempts: int(c.Attempts), Overtaken: c.Overtaken, To: contacts[n.Recipient]}
		}
		return nil
	})
	return out, err
}

// NoteDelivery keeps what became of a delivery. One that has ended stays as it
// is.
func (s *Store) NoteDelivery(ctx context.Context, d aid.Delivery, o aid.DeliveryOutcome) error {
	if o.Status == aid.DeliveryPending {
		return mapped(s.queries().PutOffDelivery(ctx, db.PutOffDeliveryParams{
			Notice: d.Notice.ID, Channel: d.Channel, NextTry: o.NextTry, Untried: o.Untried, Reason: o.Reason,
		}))
	}
	return mapped(s.queries().EndDelivery(ctx, db.EndDeliveryParams{
		Notice: d.Notice.ID, Channel: d.Channel, Status: o.Status, Reason: o.Reason,
	}))
}

// NextDelivery is when the next delivery of a channel falls due, or may be taken
// over from whoever claimed it; the zero time if none is pending.
func (s *Store) NextDelivery(ctx context.Context, channel aid.Channel) (time.Time, error) {
	at, err := s.queries().NextDelivery(ctx, channel)
	if errors.Is(err, pgx.ErrNoRows) {
		return time.Time{}, nil
	}
	return at, mapped(err)
}

// DueChannels gives the channels by which notices are to be sent now.
func (s *Store) DueChannels(ctx context.Context) ([]aid.Channel, error) {
	channels, err := s.queries().DueChannels(ctx)
	return channels, mapped(err)
}
