package postgres

import (
	"cmp"
	"context"
	"crypto/subtle"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// Contact gives how an account wants to be told: by default in the first of
// [aid.Languages] and by no channel.
func (s *Store) Contact(ctx context.Context, account aid.AccountID) (aid.Contact, error) {
	found, err := contactsOf(ctx, s.queries(), []aid.AccountID{account})
	if err != nil {
		return aid.Contact{}, mapped(err)
	}
	contact, ok := found[account]
	if !ok {
		return aid.Contact{}, aid.Errorf(aid.NotFound, "there is no such account")
	}
	return contact, nil
}

func contactsOf(ctx context.Context, q *db.Queries, accounts []aid.AccountID) (map[aid.AccountID]aid.Contact, error) {
	rows, err := q.ContactRows(ctx, texts(accounts))
	if err != nil {
		return nil, err
	}
	out := make(map[aid.AccountID]aid.Contact, len(rows))
	for _, row := range rows {
		c := aid.Contact{
			Account: row.ID, Language: cmp.Or(aid.Language(row.Language), aid.Languages[0]), Zone: cmp.Or(row.Zone, aid.DefaultZone),
			Quiet: aid.DailyHours{From: int(row.QuietFrom), To: int(row.QuietTo)}, Email: row.Email, EmailUnverified: row.EmailUnverified,
			Webhook: aid.Webhook{URL: row.Webhook, Secret: row.WebhookSecret, OldSecret: row.WebhookOldSecret},
		}
		for _, channel := range row.Channels {
			c.Channels = append(c.Channels, aid.Channel(channel))
		}
		out[c.Account] = c
	}
	return out, addPush(ctx, q, accounts, out)
}

// PutContact keeps what an account has chosen: language, channels and quiet
// hours, in place of what was kept. Addresses have ways of their own, and the
// zone is a volunteer's own.
func (s *Store) PutContact(ctx context.Context, c aid.Contact) error {
	return mapped(s.queries().PutContact(ctx, db.PutContactParams{
		Account: c.Account, Language: c.Language, Channels: texts(c.Channels), QuietFrom: int32(c.Quiet.From), QuietTo: int32(c.Quiet.To),
	}))
}

const (
	codePause = time.Minute // between two codes
	codeTries = 5           // wrong codes, after which a new one is needed
)

// PutEmailCode keeps the hash of the code that is mailed to an address, which
// counts for a life from now, in place of any before. It gives [aid.Conflict]
// with [aid.ReasonCodeSent] when the one before was sent less than a minute ago.
func (s *Store) PutEmailCode(ctx context.Context, account aid.AccountID, email string, hash [32]byte, life time.Duration) error {
	n, err := s.queries().PutEmailCode(ctx, db.PutEmailCodeParams{
		Account: account, Email: email, Hash: hash[:], LifeSeconds: life.Seconds(), PauseSeconds: codePause.Seconds(),
	})
	if err == nil && n == 0 {
		return aid.Because(aid.Conflict, aid.ReasonCodeSent, "a code was mailed a moment ago; wait a minute before asking for another")
	}
	return mapped(err)
}

// VerifyEmail takes the address as the account's own if the code is the one that
// was mailed there. A wrong code is [aid.Invalid], and so is any code once five
// were wrong or the code's life is over.
func (s *Store) VerifyEmail(ctx context.Context, account aid.AccountID, hash [32]byte) error {
	var wrong error // the try is to be counted all the same
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		row, err := q.TryEmailCode(ctx, db.TryEmailCodeParams{Account: account, Tries: codeTries})
		if err != nil {
			return orNotFound(err, "code")
		}
		if subtle.ConstantTimeCompare(row.Hash, hash[:]) == 0 {
			wrong = wrongCode()
			return nil
		}
		wrong = nil
		if err := q.KeepEmail(ctx, db.KeepEmailParams{Account: account, Email: row.Email}); err != nil {
			return err
		}
		return q.DropEmailCode(ctx, account)
	})
	if aid.KindOf(err) == aid.NotFound {
		return wrongCode()
	}
	return cmp.Or(err, wrong)
}

func wrongCode() error {
	var c aid.Check
	c.That(false, "code", "is not the one that was mailed, or counts no more; ask for a new one")
	return c.Err("code")
}

// DropEmail forgets an account's address, and with it the channel.
func (s *Store) DropEmail(ctx context.Context, account aid.AccountID) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		var b batch
		_ = b.queries().DropEmail(ctx, account)
		_ = b.queries().DropChannel(ctx, db.DropChannelParams{Account: account, Channel: string(aid.ChannelEmail)})
		_ = b.queries().DropEmailCode(ctx, account)
		return b.send(ctx, tx)
	})
}

// oldSecretLife is how long messages are signed with the secret before too, so
// that a receiver can take up the new one in its own time.
const oldSecretLife = 24 * time.Hour

// PutWebhook keeps where a program is told of an account's notices, and the
// secret that messages are signed with from now on.
func (s *Store) PutWebhook(ctx context.Context, account aid.AccountID, url, secret string) error {
	return mapped(s.queries().PutWebhook(ctx, db.PutWebhookParams{
		Account: account, URL: url, Secret: secret, OldLifeSeconds: oldSecretLife.Seconds(),
	}))
}

// DropWebhook forgets an account's webhook, and with it the channel.
func (s *Store) DropWebhook(ctx context.Context, account aid.AccountID) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		var b batch
		_ = b.queries().DropWebhook(ctx, account)
		_ = b.queries().DropChannel(ctx, db.DropChannelParams{Account: account, Channel: string(aid.ChannelWebhook)})
		return b.send(ctx, tx)
	})
}
