package app

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
)

// TerritoryStore reads areas, organisations, match rounds and scarcity.
type TerritoryStore interface {
	AreaReader
	Areas(ctx context.Context, p aid.Page) (aid.PageOf[aid.Area], error)
	Organisations(ctx context.Context, f aid.PersonFilter, p aid.Page) (aid.PageOf[aid.Organisation], error)
	Rounds(ctx context.Context, p aid.Page) (aid.PageOf[aid.Round], error)
	Scarcity(ctx context.Context, f aid.ScarcityFilter, p aid.Page) (aid.PageOf[aid.Scarcity], error)
}

// Territory are the use cases of looking at what there is: areas,
// organisations, the catalogue, the record of match rounds, who is missed where.
type Territory struct {
	Store     TerritoryStore
	Catalogue Catalogue
}

// Areas lists the administrative tree by id. It is public knowledge.
func (u *Territory) Areas(ctx context.Context, by Caller, p aid.Page) (aid.PageOf[aid.Area], error) {
	if err := policy.Allow(by.Account, policy.ListAreas, policy.Resource{}); err != nil {
		return aid.PageOf[aid.Area]{}, err
	}
	return u.Store.Areas(ctx, p)
}

// Area gives one area of the tree; by an id that was merged, its successor. It is public
// knowledge.
func (u *Territory) Area(ctx context.Context, by Caller, id aid.AreaID) (aid.Area, error) {
	if err := policy.Allow(by.Account, policy.ReadArea, policy.Resource{}); err != nil {
		return aid.Area{}, err
	}
	a, err := u.Store.Area(ctx, id)
	return a, hidden(err, "area")
}

// Organisations lists the organisations of the caller's areas by id.
func (u *Territory) Organisations(ctx context.Context, by Caller, p aid.Page) (aid.PageOf[aid.Organisation], error) {
	if err := policy.Allow(by.Account, policy.ListOrganisations, policy.Resource{}); err != nil {
		return aid.PageOf[aid.Organisation]{}, err
	}
	return u.Store.Organisations(ctx, aid.PersonFilter{Areas: by.Areas}, p)
}

// Skills lists the skills of the catalogue.
func (u *Territory) Skills(ctx context.Context, by Caller) ([]aid.Named, error) {
	if err := policy.Allow(by.Account, policy.ListSkills, policy.Resource{}); err != nil {
		return nil, err
	}
	return u.Catalogue.Skills(ctx)
}

// RiskClasses lists the risk classes by id.
func (u *Territory) RiskClasses(ctx context.Context, by Caller) ([]aid.RiskClass, error) {
	if err := policy.Allow(by.Account, policy.ListRiskClasses, policy.Resource{}); err != nil {
		return nil, err
	}
	return u.Catalogue.RiskClasses(ctx)
}

// Categories lists the kinds of help that are known, by name, so that whoever asks for
// help calls it as others do.
func (u *Territory) Categories(ctx context.Context, by Caller) ([]aid.Category, error) {
	if err := policy.Allow(by.Account, policy.ListCategories, policy.Resource{}); err != nil {
		return nil, err
	}
	return u.Catalogue.Categories(ctx)
}

// Rounds lists the match rounds, newest first. They name no person.
func (u *Territory) Rounds(ctx context.Context, by Caller, p aid.Page) (aid.PageOf[aid.Round], error) {
	if err := policy.Allow(by.Account, policy.ListRounds, policy.Resource{}); err != nil {
		return aid.PageOf[aid.Round]{}, err
	}
	return u.Store.Rounds(ctx, p)
}

// ScarcityQuery narrows a list of scarcities; empty fields do not.
type ScarcityQuery struct {
	Area  aid.AreaID
	Skill aid.Skill
}

// Scarcity lists where in the caller's areas one more volunteer would help the
// match rounds most, the largest saving first. It names no person.
func (u *Territory) Scarcity(ctx context.Context, by Caller, q ScarcityQuery, p aid.Page) (aid.PageOf[aid.Scarcity], error) {
	if err := policy.Allow(by.Account, policy.ListScarcity, policy.Resource{}); err != nil {
		return aid.PageOf[aid.Scarcity]{}, err
	}
	return u.Store.Scarcity(ctx, aid.ScarcityFilter{Areas: by.Areas, Area: q.Area, Skill: q.Skill}, p)
}

// Self gives the caller's own account.
func (u *Territory) Self(_ context.Context, by Caller) (aid.Account, error) {
	return by.Account, policy.Allow(by.Account, policy.ReadSelf, policy.Resource{})
}
