package app

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
)

// TerritoryStore reads areas, organisations and match rounds.
type TerritoryStore interface {
	Areas(ctx context.Context, p aid.Page) (aid.PageOf[aid.Area], error)
	Organisations(ctx context.Context, f aid.PersonFilter, p aid.Page) (aid.PageOf[aid.Organisation], error)
	Rounds(ctx context.Context, p aid.Page) (aid.PageOf[aid.Round], error)
}

// Territory are the use cases of looking at what there is: areas,
// organisations, the catalogue, the record of match rounds.
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

// Courses lists the courses of the catalogue.
func (u *Territory) Courses(ctx context.Context, by Caller) ([]aid.Named, error) {
	if err := policy.Allow(by.Account, policy.ListCourses, policy.Resource{}); err != nil {
		return nil, err
	}
	return u.Catalogue.Courses(ctx)
}

// Rounds lists the match rounds, newest first. They name no person.
func (u *Territory) Rounds(ctx context.Context, by Caller, p aid.Page) (aid.PageOf[aid.Round], error) {
	if err := policy.Allow(by.Account, policy.ListRounds, policy.Resource{}); err != nil {
		return aid.PageOf[aid.Round]{}, err
	}
	return u.Store.Rounds(ctx, p)
}

// Self gives the caller's own account.
func (u *Territory) Self(_ context.Context, by Caller) (aid.Account, error) {
	return by.Account, policy.Allow(by.Account, policy.ReadSelf, policy.Resource{})
}
