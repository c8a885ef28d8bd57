package app

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/training/rolloutfile"
)

// AreaSplit is what becomes an area of its own, with what rollouts need to know of it.
type AreaSplit struct {
	aid.AreaSplit
	Seat      aid.Point
	Venue     int // cohorts that its venues hold in a month
	Lecturers int // who live there
}

// Split makes part of an area one of its own, also in the past. It is for those who
// answer for the whole tree that holds it.
func (u *AreaChanges) Split(ctx context.Context, by Caller, area aid.AreaID, s AreaSplit, reason string) (aid.AreaChange, error) {
	if err := policy.Role(by.Role, policy.SplitArea); err != nil {
		return aid.AreaChange{}, err
	}
	var c aid.Check
	c.Within("", aid.CheckChangeReason(reason))
	c.Within("", s.Validate())
	c.Within("seat", s.Seat.Validate())
	c.That(s.Venue >= 0 && s.Venue <= rollout.MaxCount, "venue_cohorts", "must lie in 0 to %d", rollout.MaxCount)
	c.That(s.Lecturers >= 0 && s.Lecturers <= rollout.MaxCount, "lecturers", "must lie in 0 to %d", rollout.MaxCount)
	if err := c.Err("split"); err != nil {
		return aid.AreaChange{}, err
	}
	a, err := u.Store.Area(ctx, area)
	if err != nil {
		return aid.AreaChange{}, hidden(err, "area")
	}
	if err := policy.Allow(by.Account, policy.SplitArea, policy.Resource{Area: a.Path}); err != nil {
		return aid.AreaChange{}, err
	}
	change := aid.AreaChange{
		ID: aid.AreaChangeID(by.id("area change")), Kind: aid.AreaSplitOff, Area: area, Into: s.New.ID, Reason: reason, By: by.ID, At: u.Now(),
	}
	part := rollout.Area{
		ID: s.New.ID, Name: s.New.NameEn, NameZh: s.New.NameZh, Lat: s.Seat.Lat, Lng: s.Seat.Lng, Venue: s.Venue, Lecturers: s.Lecturers,
	}
	return u.Store.SplitArea(ctx, change, s.AreaSplit, func(source rollout.Source, moved []aid.Organisation) (rollout.Source, bool, error) {
		kinds := map[rollout.Kind]int{}
		for _, o := range moved {
			kinds[rollout.Kind{Tier: tierOf(o), Tree: rollout.Tree(o.Tree)}]++
		}
		return rolloutfile.Split(source, area, part, s.Areas, kinds)
	})
}

// tierOf is the tier at which a rollout counts an organisation.
func tierOf(o aid.Organisation) rollout.Tier {
	switch o.Tier {
	case "association":
		return rollout.Province
	case "corps":
		if o.Tree == string(rollout.Special) {
			return rollout.Province
		}
		return rollout.Prefecture
	case "division":
		return rollout.Prefecture
	case "brigade", "detachment":
		return rollout.County
	case "central_station":
		return rollout.Township
	}
	return rollout.Community
}
