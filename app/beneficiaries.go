package app

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/matching/grid"
)

// BeneficiaryStore keeps beneficiaries. AddBeneficiary is
// [aid.ReasonAlreadyExists] when the id is taken.
type BeneficiaryStore interface {
	Beneficiaries(ctx context.Context, f aid.PersonFilter, p aid.Page) (aid.PageOf[aid.Beneficiary], error)
	Beneficiary(ctx context.Context, id aid.BeneficiaryID) (aid.Beneficiary, error)
	AddBeneficiary(ctx context.Context, b aid.Beneficiary) error
}

// Beneficiaries are the use cases around the records of people in need.
type Beneficiaries struct {
	Store BeneficiaryStore
	Areas AreaReader
	Log   DisclosureLog
}

// List lists the beneficiaries of the caller's areas by id.
func (u *Beneficiaries) List(ctx context.Context, by Caller, p aid.Page) (aid.PageOf[aid.Beneficiary], error) {
	if err := policy.Allow(by.Account, policy.ListBeneficiaries, policy.Resource{}); err != nil {
		return aid.PageOf[aid.Beneficiary]{}, err
	}
	page, err := u.Store.Beneficiaries(ctx, aid.PersonFilter{Areas: by.Areas}, p)
	if err == nil {
		page.Items, err = records(ctx, u.Log, by, page.Items)
	}
	if err != nil {
		return aid.PageOf[aid.Beneficiary]{}, err
	}
	return page, nil
}

// Get reads one beneficiary of the caller's areas.
func (u *Beneficiaries) Get(ctx context.Context, by Caller, id aid.BeneficiaryID) (aid.Beneficiary, error) {
	b, err := u.allowed(ctx, by, policy.ReadBeneficiary, id)
	if err != nil {
		return aid.Beneficiary{}, err
	}
	told, err := records(ctx, u.Log, by, []aid.Beneficiary{b})
	if err != nil {
		return aid.Beneficiary{}, err
	}
	return told[0], nil
}

func (u *Beneficiaries) allowed(ctx context.Context, by Caller, action policy.Action, id aid.BeneficiaryID) (aid.Beneficiary, error) {
	if err := policy.Role(by.Role, action); err != nil {
		return aid.Beneficiary{}, err
	}
	b, err := u.Store.Beneficiary(ctx, id)
	if err == nil {
		err = policy.Allow(by.Account, action, policy.Resource{Area: b.AreaPath})
	}
	if err != nil {
		return aid.Beneficiary{}, hidden(err, "beneficiary")
	}
	return b, nil
}

// Add registers a beneficiary. An empty id is made up.
func (u *Beneficiaries) Add(ctx context.Context, by Caller, b aid.Beneficiary) (aid.Beneficiary, error) {
	var none aid.Beneficiary
	if err := policy.Role(by.Role, policy.AddBeneficiary); err != nil {
		return none, err
	}
	if b.ID == "" {
		b.ID = aid.BeneficiaryID(by.id("beneficiary"))
	}
	var c aid.Check
	area, err := areaFor(ctx, u.Areas, &c, by, policy.AddBeneficiary, b.Area)
	if err != nil {
		return none, err
	}
	b.AreaPath = area.Path
	c.Within("", b.Validate())
	if err := c.Err("beneficiary"); err != nil {
		return none, err
	}
	if b.Cell, err = grid.CellOf(b.Home, grid.Home); err != nil {
		return none, err
	}
	err = u.Store.AddBeneficiary(ctx, b)
	if err != nil && !by.repeats(err) {
		return none, err
	}
	kept, readErr := u.Store.Beneficiary(ctx, b.ID)
	if readErr != nil {
		return none, readErr
	}
	if b.Since = kept.Since; err != nil && kept != b {
		return none, err // another one has this id
	}
	return kept, nil
}
