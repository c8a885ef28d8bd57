package app

import (
	"context"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/training/rolloutfile"
)

// AreaChangeStore changes the tree of areas. Area gives the successor of one that was
// merged, and [aid.NotFound] for an unknown id. MergeArea and SplitArea give a change that
// was made already under its id as it was made.
type AreaChangeStore interface {
	AreaReader
	AreaChanges(ctx context.Context, p aid.Page) (aid.PageOf[aid.AreaChange], error)
	MergeArea(ctx context.Context, c aid.AreaChange, restate func(s rollout.Source, into aid.Area) (rollout.Source, bool, error)) (aid.AreaChange, error)
	SplitArea(ctx context.Context, c aid.AreaChange, s aid.AreaSplit, restate func(s rollout.Source, moved []aid.Organisation) (rollout.Source, bool, error)) (aid.AreaChange, error)
}

// AreaChanges are the use cases of merging and splitting areas.
type AreaChanges struct {
	Store AreaChangeStore
	Now   func() time.Time
}

// Merge makes an area part of another, also in the past. It is for those who answer for
// the whole tree that holds both.
func (u *AreaChanges) Merge(ctx context.Context, by Caller, area, into aid.AreaID, reason string) (aid.AreaChange, error) {
	if err := policy.Role(by.Role, policy.MergeAreas); err != nil {
		return aid.AreaChange{}, err
	}
	var c aid.Check
	c.Within("", aid.CheckChangeReason(reason))
	c.That(aid.ValidID(into), "into_id", "must be the id of an area")
	if err := c.Err("merge"); err != nil {
		return aid.AreaChange{}, err
	}
	a, err := u.Store.Area(ctx, area)
	if err != nil {
		return aid.AreaChange{}, hidden(err, "area")
	}
	b, err := u.Store.Area(ctx, into)
	if aid.KindOf(err) == aid.NotFound {
		c.That(false, "into_id", "%q is not the id of an area", into)
		err = c.Err("merge")
	}
	if err != nil {
		return aid.AreaChange{}, err
	}
	for _, path := range []aid.AreaPath{a.Path, b.Path} {
		if err := policy.Allow(by.Account, policy.MergeAreas, policy.Resource{Area: path}); err != nil {
			return aid.AreaChange{}, err
		}
	}
	change := aid.AreaChange{
		ID: aid.AreaChangeID(by.id("area change")), Kind: aid.AreaMerged, Area: area, Into: into, Reason: reason, By: by.ID, At: u.Now(),
	}
	return u.Store.MergeArea(ctx, change, func(s rollout.Source, into aid.Area) (rollout.Source, bool, error) {
		return rolloutfile.Merge(s, area, into)
	})
}

// List lists the changes of the tree, the newest first.
func (u *AreaChanges) List(ctx context.Context, by Caller, p aid.Page) (aid.PageOf[aid.AreaChange], error) {
	if err := policy.Allow(by.Account, policy.ListAreaChanges, policy.Resource{}); err != nil {
		return aid.PageOf[aid.AreaChange]{}, err
	}
	return u.Store.AreaChanges(ctx, p)
}
