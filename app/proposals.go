package app

import (
	"context"
	"math"
	"slices"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/matching/grid"
	"github.com/linli/linli/training"
)

// Proposed is somebody whom a cohort may be proposed to, as their viewer may know
// them.
type Proposed struct {
	training.Proposal
	Name string // as [Member] has it
	Away int64  // the distance, rounded up to whole hundreds of metres
}

// How far people are looked for: steps of neighbourhoods, about 0.9 km each, taken
// one after the other until enough are found. Nobody beyond a disk lives nearer than
// surely for each step.
var proposalSteps = []int{2, 5, 12, 25, 45}

const surely = 600 // metres

// Proposals lists people of the caller's areas for whom a cohort is: those first who
// need the course most, and of these who lives nearest, within about 40 km.
func (u *Cohorts) Proposals(ctx context.Context, by Caller, id training.CohortID, limit int) ([]Proposed, error) {
	c, err := u.read(ctx, by, policy.ListProposals, id)
	if err != nil {
		return nil, err
	}
	f := c.Proposing()
	f.Areas, f.Limit = by.Areas, limit
	if f.Cells, err = grid.Disk(c.Cell, proposalSteps[len(proposalSteps)-1]); err != nil {
		return nil, err
	}
	lapsing, err := u.Store.LapsingNear(ctx, f)
	if err != nil {
		return nil, err
	}
	found, err := u.located(ctx, by, c.Location, lapsing)
	if err != nil || len(found) >= limit {
		return ranked(found, limit), err
	}
	f.Limit = limit - len(found)
	for _, k := range proposalSteps {
		if f.Cells, err = grid.Disk(c.Cell, k); err != nil {
			return nil, err
		}
		untrained, err := u.Store.UntrainedNear(ctx, f)
		if err != nil {
			return nil, err
		}
		near, err := u.located(ctx, by, c.Location, untrained)
		if err != nil {
			return nil, err
		}
		farthest := 0.0
		for _, p := range near {
			farthest = max(farthest, p.Distance)
		}
		if enough := len(near) == f.Limit && farthest <= float64(k*surely); enough || k == proposalSteps[len(proposalSteps)-1] {
			found = append(found, near...)
			break
		}
	}
	return ranked(found, limit), nil
}

// located adds names and distances.
func (u *Cohorts) located(ctx context.Context, by Caller, at aid.Point, all []training.Proposal) ([]Proposed, error) {
	ids := make([]aid.VolunteerID, len(all))
	for i, p := range all {
		ids[i] = p.Volunteer
	}
	people, err := u.Store.VolunteersByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[aid.VolunteerID]aid.Volunteer, len(people))
	for _, v := range people {
		byID[v.ID] = v
	}
	out := make([]Proposed, len(all))
	for i, p := range all {
		v := byID[p.Volunteer]
		p.Distance = at.Distance(v.Home)
		out[i] = Proposed{Proposal: p, Name: masked(v.Name), Away: coarse(int64(math.Ceil(p.Distance)))}
		if policy.Allows(by.Account, policy.ReadVolunteerName, policy.Resource{Area: v.AreaPath, Volunteer: v.ID}) {
			out[i].Name = v.Name
		}
	}
	return out, nil
}

// ranked puts people in order, and keeps the first of them.
func ranked(all []Proposed, limit int) []Proposed {
	slices.SortFunc(all, func(a, b Proposed) int { return training.Pressing(a.Proposal, b.Proposal) })
	return all[:min(limit, len(all))]
}
