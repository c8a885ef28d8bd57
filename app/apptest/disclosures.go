package apptest

import (
	"context"
	"slices"

	"github.com/linli/linli/aid"
)

// Release notes who is told of whom, as far as there is a ground.
func (w *World) Release(ctx context.Context, wanted []aid.Disclosure) ([]aid.Released, error) {
	leave, err := w.enter(ctx, "Release")
	if err != nil {
		return nil, err
	}
	defer leave()
	var out []aid.Released
	for _, d := range wanted {
		if d.Ground == aid.GroundPairing && !w.confirmed(d) {
			continue
		}
		d.Seq, d.At = int64(len(w.disclosures)+1), w.now
		w.disclosures = append(w.disclosures, d)
		out = append(out, aid.Released{Disclosure: d, Record: w.beneficiaries[d.Beneficiary]})
	}
	return out, nil
}

func (w *World) confirmed(d aid.Disclosure) bool {
	return slices.ContainsFunc(w.requests[d.Request].Pairings, func(p aid.Pairing) bool {
		return p.ID == d.Pairing && p.Status == aid.PairingConfirmed
	})
}

// Disclosures lists who was told of a beneficiary, newest first.
func (w *World) Disclosures(ctx context.Context, id aid.BeneficiaryID, p aid.Page) (aid.PageOf[aid.Disclosure], error) {
	leave, err := w.enter(ctx, "Disclosures")
	if err != nil {
		return aid.PageOf[aid.Disclosure]{}, err
	}
	defer leave()
	var all []aid.Disclosure
	for _, d := range slices.Backward(w.disclosures) {
		if d.Beneficiary == id {
			all = append(all, d)
		}
	}
	return page(all, p)
}
