package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
)

// RequestsByID gives the help requests with these ids, complete and as of one
// instant, in the order of the ids; unknown ids are left out.
func (s *Store) RequestsByID(ctx context.Context, ids []aid.RequestID) ([]*aid.HelpRequest, error) {
	var found []*aid.HelpRequest
	err := s.readTx(ctx, func(tx pgx.Tx) (err error) {
		found, err = loadRequests(ctx, tx, ids)
		return err
	})
	return found, err
}

// BeneficiariesByID gives the beneficiaries with these ids by id; unknown ids are
// left out.
func (s *Store) BeneficiariesByID(ctx context.Context, ids []aid.BeneficiaryID) ([]aid.Beneficiary, error) {
	rows, err := s.queries().BeneficiaryRows(ctx, texts(ids))
	if err != nil {
		return nil, mapped(err)
	}
	out := make([]aid.Beneficiary, len(rows))
	for i, row := range rows {
		out[i] = beneficiaryOf(row)
	}
	return out, nil
}

// LiveRequests gives the ids of the help requests that have not ended.
func (s *Store) LiveRequests(ctx context.Context) ([]aid.RequestID, error) {
	ids, err := s.queries().LiveRequests(ctx)
	return ids, mapped(err)
}
