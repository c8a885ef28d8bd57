package postgres

import (
	"context"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// Release writes that an account is told of beneficiaries, and reads their records
// in the same transaction. It gives the releases for which there is a ground: one
// on a pairing that is not confirmed any more, or whose volunteer may not come, see
// [aid.HelpRequest.MayCome], is left out, and nothing is written of it. Nothing may be
// told of what is not given.
func (s *Store) Release(ctx context.Context, wanted []aid.Disclosure) ([]aid.Released, error) {
	if len(wanted) == 0 {
		return nil, nil
	}
	var out []aid.Released
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		out = nil // the transaction may run again
		grounded, err := holdGrounds(ctx, tx, wanted)
		if err != nil {
			return err
		}
		// The clock is read once the grounds are locked: a release is never later
		// than the end of its pairing.
		now, err := db.New(tx).ClockNow(ctx)
		if err != nil {
			return err
		}
		var b batch
		var records []db.BeneficiaryRowsRow
		ids := make([]string, 0, len(grounded))
		for i := range grounded {
			d := &grounded[i]
			d.At = now
			ids = append(ids, string(d.Beneficiary))
			_ = b.queries().InsertDisclosure(ctx, db.InsertDisclosureParams{
				BeneficiaryID: d.Beneficiary, AccountID: d.To, What: d.What, Ground: d.Ground,
				RequestID: zeronull.Text(d.Request), PairingID: zeronull.Text(d.Pairing), At: now,
			})
		}
		collect(&b, &records, db.BeneficiaryRows, ids)
		if err := b.send(ctx, tx); err != nil {
			return err
		}
		for _, d := range grounded {
			if i := slices.IndexFunc(records, func(r db.BeneficiaryRowsRow) bool { return r.ID == d.Beneficiary }); i >= 0 {
				out = append(out, aid.Released{Disclosure: d, Record: beneficiaryOf(records[i])})
			}
		}
		return nil
	})
	return out, err
}

// holdGrounds keeps the disclosures whose ground holds, and holds it.
func holdGrounds(ctx context.Context, tx pgx.Tx, wanted []aid.Disclosure) ([]aid.Disclosure, error) {
	var pairings []string
	for _, d := range wanted {
		if d.Ground == aid.GroundPairing {
			pairings = append(pairings, string(d.Pairing))
		}
	}
	hold := map[aid.PairingID]aid.BeneficiaryID{}
	if len(pairings) > 0 {
		ids, err := db.New(tx).HoldGrounds(ctx, pairings)
		if err != nil {
			return nil, err
		}
		// Read once they are locked: who has come to be barred since the answer was begun
		// is told nothing.
		requests, err := loadRequests(ctx, tx, slices.Compact(ids))
		if err != nil {
			return nil, err
		}
		for _, r := range requests {
			for _, p := range r.Pairings {
				if p.Status == aid.PairingConfirmed && r.MayCome(p) {
					hold[p.ID] = p.Beneficiary
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(wanted), func(d aid.Disclosure) bool {
		return d.Ground == aid.GroundPairing && (hold[d.Pairing] == "" || hold[d.Pairing] != d.Beneficiary)
	}), nil
}

// Disclosures gives what was told of a beneficiary, newest first.
func (s *Store) Disclosures(ctx context.Context, id aid.BeneficiaryID, p aid.Page) (aid.PageOf[aid.Disclosure], error) {
	before, err := numberAfter(p)
	if err != nil {
		return aid.PageOf[aid.Disclosure]{}, err
	}
	rows, err := s.queries().ListDisclosures(ctx, db.ListDisclosuresParams{Beneficiary: id, Before: before, AtMost: int32(p.Limit) + 1})
	if err != nil {
		return aid.PageOf[aid.Disclosure]{}, mapped(err)
	}
	return onePage(rows, p.Limit, func(row db.Disclosure) any { return strconv.FormatInt(row.Seq, 10) }, func(row db.Disclosure) aid.Disclosure {
		return aid.Disclosure{
			Seq: row.Seq, Beneficiary: row.BeneficiaryID, To: row.AccountID, What: row.What, Ground: row.Ground,
			Request: aid.RequestID(row.RequestID), Pairing: aid.PairingID(row.PairingID), At: row.At,
		}
	}), nil
}
