package app

import (
	"context"
	"slices"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/matching/grid"
)

// DisclosureLog writes who is told where a beneficiary lives. Release writes it
// and reads the records in the same transaction; it leaves out those releases
// whose pairing is not confirmed any more, or its volunteer barred. What it does not give must not be told.
type DisclosureLog interface {
	Release(ctx context.Context, d []aid.Disclosure) ([]aid.Released, error)
	Disclosures(ctx context.Context, id aid.BeneficiaryID, p aid.Page) (aid.PageOf[aid.Disclosure], error)
}

// records tells the caller of beneficiaries whom they may see, in their order.
func records(ctx context.Context, log DisclosureLog, by Caller, all []aid.Beneficiary) ([]aid.Beneficiary, error) {
	wanted := make([]aid.Disclosure, len(all))
	for i, b := range all {
		wanted[i] = aid.Disclosure{Beneficiary: b.ID, To: by.ID, What: aid.DisclosedRecord, Ground: aid.GroundArea}
	}
	released, err := log.Release(ctx, wanted)
	if err == nil && len(released) < len(wanted) {
		err = aid.Errorf(aid.Internal, "a beneficiary's record is gone")
	}
	out := make([]aid.Beneficiary, len(released))
	for i, r := range released {
		out[i] = r.Record
	}
	return out, err
}

// tellRequests notes that the caller is told where help requests of their areas
// are, before they are.
func tellRequests(ctx context.Context, log DisclosureLog, by Caller, all ...*aid.HelpRequest) error {
	wanted := make([]aid.Disclosure, len(all))
	for i, r := range all {
		wanted[i] = aid.Disclosure{Beneficiary: r.Beneficiary, To: by.ID, What: aid.DisclosedRequest, Ground: aid.GroundArea, Request: r.ID}
	}
	_, err := log.Release(ctx, wanted)
	return err
}

// Disclosures lists who was told of a beneficiary of the caller's areas, newest
// first.
func (u *Beneficiaries) Disclosures(ctx context.Context, by Caller, id aid.BeneficiaryID, p aid.Page) (aid.PageOf[aid.Disclosure], error) {
	if _, err := u.allowed(ctx, by, policy.ReadDisclosures, id); err != nil {
		return aid.PageOf[aid.Disclosure]{}, err
	}
	return u.Log.Disclosures(ctx, id, p)
}

// quarterOf is where a request is as far as somebody may know to whom the place
// is not released: the middle of a cell of several neighbourhoods.
func quarterOf(r *aid.HelpRequest) (aid.Point, error) {
	cell, err := grid.QuarterOf(r.Cell)
	if err != nil {
		return aid.Point{}, err
	}
	return grid.Centre(cell)
}

// release adds what they may know to the cards of pairings that may show it. Of a
// pairing that has ended since its request was read nothing is told.
func (u *Pairings) release(ctx context.Context, by Caller, cards []PairingCard) error {
	ground := aid.GroundArea
	if by.Role == aid.RoleVolunteer {
		ground = aid.GroundPairing
	}
	var wanted []aid.Disclosure
	for _, c := range cards {
		if c.Service != nil {
			wanted = append(wanted, aid.Disclosure{
				Beneficiary: c.Beneficiary, To: by.ID, What: aid.DisclosedService, Ground: ground, Request: c.Request, Pairing: c.ID,
			})
		}
	}
	released, err := u.Log.Release(ctx, wanted)
	if err != nil {
		return err
	}
	for i, c := range cards {
		at := slices.IndexFunc(released, func(r aid.Released) bool { return r.Pairing == c.ID })
		if c.Service == nil || at < 0 {
			cards[i].Service = nil
			continue
		}
		b := released[at].Record
		c.Service.Name, c.Service.Phone, c.Service.Address = b.Name, b.Phone, b.Address
	}
	return nil
}
