package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// AccountOfToken gives the account that a token's SHA-256 stands for. It gives
// [aid.Unknown] when there is no such token, or it is revoked, has expired by
// now, or belongs to an account that is closed.
func (s *Store) AccountOfToken(ctx context.Context, hash [32]byte, now time.Time) (aid.Account, error) {
	row, err := s.queries().AccountOfToken(ctx, db.AccountOfTokenParams{Hash: hash[:], Now: now})
	if err != nil {
		err = orNotFound(err, "token")
		if aid.KindOf(err) == aid.NotFound {
			err = aid.Errorf(aid.Unknown, "the token is not valid; sign in again")
		}
		return aid.Account{}, err
	}
	account := aid.Account{ID: row.ID, Role: row.Role, Name: row.Name, Volunteer: aid.VolunteerID(row.VolunteerID)}
	for _, path := range row.Areas {
		account.Areas = append(account.Areas, aid.AreaPath(path))
	}
	return account, nil
}

// AddAccount adds an account that may act in the areas; the account's own Areas
// are not read. It gives [aid.Conflict] with [aid.ReasonAlreadyExists] when the
// id, or an account of the volunteer, is there already.
func (s *Store) AddAccount(ctx context.Context, account aid.Account, areas []aid.AreaID) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		var b batch
		_ = b.queries().InsertAccount(ctx, db.InsertAccountParams{
			ID: account.ID, Role: account.Role, Name: account.Name, VolunteerID: zeronull.Text(account.Volunteer),
		})
		for _, area := range areas {
			_ = b.queries().InsertAccountArea(ctx, db.InsertAccountAreaParams{AccountID: account.ID, AreaID: area})
		}
		return b.send(ctx, tx)
	})
}

// AddToken lets the bearer of the token with this SHA-256 act as the account,
// until expires unless that is zero. Only the hash is kept.
func (s *Store) AddToken(ctx context.Context, account aid.AccountID, hash [32]byte, label string, expires time.Time) error {
	return mapped(s.queries().InsertToken(ctx, db.InsertTokenParams{
		Hash: hash[:], AccountID: account, Label: label, ExpiresAt: zeronull.Timestamptz(expires),
	}))
}

// RevokeToken ends a token; ending it again is no error.
func (s *Store) RevokeToken(ctx context.Context, hash [32]byte) error {
	n, err := s.queries().RevokeToken(ctx, hash[:])
	if err == nil && n == 0 {
		return aid.Errorf(aid.NotFound, "there is no such token")
	}
	return mapped(err)
}
