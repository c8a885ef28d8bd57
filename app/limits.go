package app

import (
	"context"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
)

// LimitStore keeps how much volunteers let themselves be asked. ChangeLimits has
// fn change what one chose, with nobody else changing it meanwhile; fn may run
// more than once. All are [aid.NotFound] for an unknown id.
type LimitStore interface {
	Volunteer(ctx context.Context, id aid.VolunteerID) (aid.Volunteer, error)
	Budget(ctx context.Context, id aid.VolunteerID) (aid.Budget, error)
	ChangeLimits(ctx context.Context, id aid.VolunteerID, fn func(*aid.OwnLimits) error) (aid.OwnLimits, error)
	LiftPark(ctx context.Context, v aid.VolunteerID, park aid.ParkID) error
}

// Limits are the use cases of how much a volunteer is asked.
type Limits struct {
	Store    LimitStore
	Defaults aid.OfferLimits // of volunteers who say nothing else
	Now      func() time.Time
}

// LimitsCard is how much a volunteer is asked, and where that stands.
type LimitsCard struct {
	aid.OfferLimits
	Own        aid.OwnLimits // what they chose themselves
	Zone       string        // of the quiet hours
	Waiting    int           // offers that wait for an answer
	ThisWeek   int           // offers made in the last seven days
	RestsUntil time.Time     // before which they are asked for nothing, quiet hours aside; zero when they may be asked
}

// LimitsChange holds what is to change; nil stays as it is. What Defaults names
// goes back to the default.
type LimitsChange struct {
	aid.OwnLimits
	Defaults []LimitName
}

// LimitName names one of the limits.
type LimitName string

// The limits that can go back to the default.
const (
	LimitPending  LimitName = "pending"
	LimitWeekly   LimitName = "weekly"
	LimitQuiet    LimitName = "quiet"
	LimitCoolDown LimitName = "cool_down"
)

// Get reads the limits of a volunteer: one's own, or as a coordinator those of
// one's areas.
func (u *Limits) Get(ctx context.Context, by Caller, id aid.VolunteerID) (LimitsCard, error) {
	v, err := u.allowed(ctx, by, policy.ReadLimits, id)
	if err != nil {
		return LimitsCard{}, err
	}
	return u.card(ctx, v)
}

// Change changes them, with the same right.
func (u *Limits) Change(ctx context.Context, by Caller, id aid.VolunteerID, ch LimitsChange) (LimitsCard, error) {
	v, err := u.allowed(ctx, by, policy.UpdateLimits, id)
	if err != nil {
		return LimitsCard{}, err
	}
	if _, err := u.Store.ChangeLimits(ctx, id, func(own *aid.OwnLimits) error {
		ch.apply(own)
		return own.Over(u.Defaults).Validate()
	}); err != nil {
		return LimitsCard{}, hidden(err, "volunteer")
	}
	return u.card(ctx, v)
}

func (u *Limits) card(ctx context.Context, v aid.Volunteer) (LimitsCard, error) {
	b, err := u.Store.Budget(ctx, v.ID)
	if err != nil {
		return LimitsCard{}, hidden(err, "volunteer")
	}
	card := LimitsCard{
		OfferLimits: b.Own.Over(u.Defaults), Own: b.Own, Zone: v.Availability.Zone, Waiting: b.Pending,
		ThisWeek: b.MadeSince(u.Now().Add(-aid.Week)),
	}
	if until := b.RestsUntil(u.Defaults); until.After(u.Now()) {
		card.RestsUntil = until
	}
	return card, nil
}

// allowed finds a volunteer whose limits the caller may take an action on.
func (u *Limits) allowed(ctx context.Context, by Caller, action policy.Action, id aid.VolunteerID) (aid.Volunteer, error) {
	if err := policy.Role(by.Role, action); err != nil {
		return aid.Volunteer{}, err
	}
	v, err := u.Store.Volunteer(ctx, id)
	if err == nil {
		err = policy.Allow(by.Account, action, policy.Resource{Area: v.AreaPath, Volunteer: id})
	}
	return v, hidden(err, "volunteer")
}

func (ch LimitsChange) apply(own *aid.OwnLimits) {
	change(&own.Pending, ch.Pending, slices.Contains(ch.Defaults, LimitPending))
	change(&own.Weekly, ch.Weekly, slices.Contains(ch.Defaults, LimitWeekly))
	change(&own.Quiet, ch.Quiet, slices.Contains(ch.Defaults, LimitQuiet))
	change(&own.CoolDown, ch.CoolDown, slices.Contains(ch.Defaults, LimitCoolDown))
}

// change puts a value in place of another, or none.
func change[T any](own **T, to *T, none bool) {
	switch {
	case none:
		*own = nil
	case to != nil:
		*own = to
	}
}
