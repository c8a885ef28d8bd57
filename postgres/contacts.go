package postgres

import (
	"cmp"
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// Contact gives how an account wants to be told: by default in the first of
// [aid.Languages].
func (s *Store) Contact(ctx context.Context, account aid.AccountID) (aid.Contact, error) {
	row, err := s.queries().ContactRow(ctx, account)
	if err != nil {
		return aid.Contact{}, orNotFound(err, "account")
	}
	return aid.Contact{
		Account: row.ID, Language: cmp.Or(aid.Language(row.Language), aid.Languages[0]), Zone: cmp.Or(row.Zone, aid.DefaultZone),
	}, nil
}

// PutContact keeps how an account wants to be told, in place of what was kept.
// The zone is not kept: it is a volunteer's own.
func (s *Store) PutContact(ctx context.Context, c aid.Contact) error {
	return mapped(s.queries().PutContact(ctx, db.PutContactParams{Account: c.Account, Language: c.Language}))
}
