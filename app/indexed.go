package app

import (
	"context"
	"math"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching"
	"github.com/linli/linli/matching/index"
)

// VolunteerIndex is what an index in memory answers.
type VolunteerIndex interface {
	Len() int
	Candidates(q index.Query, k int) ([]index.Match, error)
	Reasons(q index.Query, taken func(aid.VolunteerID) bool) (index.Tally, error)
	Explain(q index.Query, id aid.VolunteerID) (index.Verdict, error)
	Almost(q index.Query) ([]index.Miss, error)
}

// Weigher says by how much the plan of all open requests around would get dearer
// if a volunteer, who fails no rule, were chosen for a role. known is false when
// it cannot tell.
type Weigher interface {
	ExtraCost(ctx context.Context, r *aid.HelpRequest, role int, v aid.VolunteerID) (extra int64, known bool, err error)
}

// Indexed is the [Matcher] over an index in memory.
type Indexed struct {
	Index   VolunteerIndex
	Weigher Weigher
	Loaded  func() bool // whether the index has been filled once
	Now     func() time.Time
}

// Candidates ranks, for each role, the volunteers who fail no rule.
func (m Indexed) Candidates(ctx context.Context, r *aid.HelpRequest, limit int) ([]Shortlist, error) {
	out := make([]Shortlist, 0, len(r.Roles))
	for i := range r.Roles {
		if err := m.ready(ctx); err != nil {
			return nil, err
		}
		q := m.queryOf(r, i)
		found, err := m.Index.Candidates(q, limit)
		if err != nil {
			return nil, err
		}
		tally, err := m.Index.Reasons(q, nil)
		if err != nil {
			return nil, err
		}
		list := Shortlist{Role: i, Reasons: tally.Reasons}
		for _, f := range found {
			list.Candidates = append(list.Candidates, Candidate{Role: i, Volunteer: f.Volunteer, Cost: f.Cost})
		}
		misses, err := m.Index.Almost(q)
		if err != nil {
			return nil, err
		}
		for _, n := range misses {
			list.Almost = append(list.Almost, Miss{n.Volunteer, string(n.Fails), int64(math.Ceil(n.Distance))})
		}
		out = append(out, list)
	}
	return out, nil
}

// WhyNot judges one volunteer for each role.
func (m Indexed) WhyNot(ctx context.Context, r *aid.HelpRequest, v aid.VolunteerID) ([]Verdict, error) {
	if err := m.ready(ctx); err != nil {
		return nil, err
	}
	out := make([]Verdict, len(r.Roles))
	for i := range r.Roles {
		found, err := m.Index.Explain(m.queryOf(r, i), v)
		if err != nil {
			return nil, err
		}
		out[i] = Verdict{Role: i, Fails: string(found.Fails), Cost: found.Cost, Distance: found.Distance, Until: found.Until}
		if found.Fails != "" {
			continue
		}
		extra, known, err := m.Weigher.ExtraCost(ctx, r, i, v)
		if err != nil {
			return nil, err
		}
		if known {
			out[i].Extra = &extra
		}
	}
	return out, nil
}

func (m Indexed) ready(ctx context.Context) error {
	if !m.Loaded() {
		return aid.Errorf(aid.Unavailable, "the volunteers are still being loaded")
	}
	return ctx.Err()
}

// queryOf is the need of one role now, however far its search reaches.
func (m Indexed) queryOf(r *aid.HelpRequest, role int) index.Query {
	return matching.QueryOf(r, role, aid.SearchPolicy{}, m.Now())
}
