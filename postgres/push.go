package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// PutPushSubscription keeps a browser in which an account has allowed notices. Of
// more than [aid.MaxPush] the newest are kept.
func (s *Store) PutPushSubscription(ctx context.Context, account aid.AccountID, p aid.PushSubscription) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		var b batch
		_ = b.queries().PutPushSubscription(ctx, db.PutPushSubscriptionParams{Endpoint: p.Endpoint, Account: account, P256dh: p.P256dh, Auth: p.Auth})
		_ = b.queries().DropOldPushSubscriptions(ctx, db.DropOldPushSubscriptionsParams{Account: account, Kept: aid.MaxPush})
		return b.send(ctx, tx)
	})
}

// DropPushSubscription forgets a browser that is gone.
func (s *Store) DropPushSubscription(ctx context.Context, endpoint string) error {
	return mapped(s.queries().DropPushSubscription(ctx, endpoint))
}

// addPush adds to contacts the browsers that they have allowed.
func addPush(ctx context.Context, q *db.Queries, accounts []aid.AccountID, contacts map[aid.AccountID]aid.Contact) error {
	rows, err := q.PushSubscriptionsOf(ctx, texts(accounts))
	if err != nil {
		return err
	}
	for _, row := range rows {
		c := contacts[row.AccountID]
		c.Push = append(c.Push, aid.PushSubscription{Endpoint: row.Endpoint, P256dh: row.P256dh, Auth: row.Auth})
		contacts[row.AccountID] = c
	}
	return nil
}
