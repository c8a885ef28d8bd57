package app

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
)

// DoNotMatchStore keeps who must not meet whom. KeepApart enters it and applies
// it at once to what is under way; it is [aid.ReasonAlreadyExists] when the id is
// taken or the two are kept apart already. DoNotMatch is [aid.NotFound] for an
// unknown id. LiftDoNotMatch twice is no error.
type DoNotMatchStore interface {
	PersonReader
	KeepApart(ctx context.Context, d aid.DoNotMatch) (aid.DoNotMatch, error)
	DoNotMatch(ctx context.Context, id aid.DoNotMatchID) (aid.DoNotMatch, error)
	DoNotMatches(ctx context.Context, f aid.DoNotMatchFilter, p aid.Page) (aid.PageOf[aid.DoNotMatch], error)
	LiftDoNotMatch(ctx context.Context, id aid.DoNotMatchID, by aid.AccountID) error
}

// DoNotMatch are the use cases of keeping people apart. They are for the
// coordinators who answer for one of the two.
type DoNotMatch struct{ Store DoNotMatchStore }

// Enter keeps two people apart from now on.
func (u *DoNotMatch) Enter(ctx context.Context, by Caller, d aid.DoNotMatch) (aid.DoNotMatch, error) {
	var none aid.DoNotMatch
	if err := policy.Role(by.Role, policy.EnterDoNotMatch); err != nil {
		return none, err
	}
	d.ID, d.EnteredBy = aid.DoNotMatchID(by.id("do-not-match")), by.ID
	if err := d.Validate(); err != nil {
		return none, err
	}
	var c aid.Check
	found := func(field string, err error) error {
		if aid.KindOf(err) == aid.NotFound {
			c.That(false, field, nobody)
			return nil
		}
		return err
	}
	v, err := u.Store.Volunteer(ctx, d.Volunteer)
	d.AreaPath, err = v.AreaPath, found("volunteer_id", err)
	if err == nil && d.Other != "" {
		v, err = u.Store.Volunteer(ctx, d.Other)
		d.OtherPath, err = v.AreaPath, found("other_volunteer_id", err)
	}
	if err == nil && d.Beneficiary != "" {
		var b aid.Beneficiary
		b, err = u.Store.Beneficiary(ctx, d.Beneficiary)
		d.OtherPath, err = b.AreaPath, found("beneficiary_id", err)
	}
	if err != nil {
		return none, err
	}
	if allowedApart(by, policy.EnterDoNotMatch, d) != nil { // whichever of the two there are
		return none, invalid("do-not-match", "volunteer_id", nobody)
	}
	if err := c.Err("do-not-match"); err != nil {
		return none, err
	}
	kept, err := u.Store.KeepApart(ctx, d)
	if by.repeats(err) {
		before, readErr := u.Store.DoNotMatch(ctx, d.ID)
		if readErr == nil && before.Separation() == d.InOrder().Separation() && before.Beneficiary == d.Beneficiary {
			return before, nil
		}
	}
	return kept, err
}

// nobody is said of who is not there, and of who is in none of the caller's areas.
const nobody = "there is nobody with this id, or they are not yours to see"

// allowedApart: it is enough to answer for one of the two, since who lives on one
// side of a border may help on the other.
func allowedApart(by Caller, action policy.Action, d aid.DoNotMatch) error {
	if policy.Allows(by.Account, action, policy.Resource{Area: d.OtherPath}) {
		return nil
	}
	return policy.Allow(by.Account, action, policy.Resource{Area: d.AreaPath})
}

// List lists what concerns people of the caller's areas, newest first.
func (u *DoNotMatch) List(ctx context.Context, by Caller, f aid.DoNotMatchFilter, p aid.Page) (aid.PageOf[aid.DoNotMatch], error) {
	if err := policy.Allow(by.Account, policy.ListDoNotMatch, policy.Resource{}); err != nil {
		return aid.PageOf[aid.DoNotMatch]{}, err
	}
	f.Areas = by.Areas
	return u.Store.DoNotMatches(ctx, f, p)
}

// Lift lets two people meet again. That they were kept apart stays known.
func (u *DoNotMatch) Lift(ctx context.Context, by Caller, id aid.DoNotMatchID) error {
	if err := policy.Role(by.Role, policy.LiftDoNotMatch); err != nil {
		return err
	}
	d, err := u.Store.DoNotMatch(ctx, id)
	if err == nil {
		err = allowedApart(by, policy.LiftDoNotMatch, d)
	}
	if err != nil {
		return hidden(err, "do-not-match")
	}
	return u.Store.LiftDoNotMatch(ctx, id, by.ID)
}
