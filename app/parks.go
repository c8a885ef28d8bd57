package app

import (
	"context"
	"slices"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
)

// Parks lists what a volunteer has put off and not yet taken up again, oldest
// first.
func (u *Limits) Parks(ctx context.Context, by Caller, id aid.VolunteerID) ([]aid.Park, error) {
	if _, err := u.allowed(ctx, by, policy.ListParks, id); err != nil {
		return nil, err
	}
	b, err := u.Store.Budget(ctx, id)
	if err != nil {
		return nil, hidden(err, "volunteer")
	}
	now := u.Now()
	return slices.DeleteFunc(slices.Clone(b.Parks), func(p aid.Park) bool { return !p.InForce(now) }), nil
}

// Lift ends one of them, so that the volunteer is asked again.
func (u *Limits) Lift(ctx context.Context, by Caller, id aid.VolunteerID, park aid.ParkID) error {
	if _, err := u.allowed(ctx, by, policy.LiftPark, id); err != nil {
		return err
	}
	return u.Store.LiftPark(ctx, id, park)
}
