package verify_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/planner"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/training/verify"
)

// scarce has six people in each of three counties. Those of x and z can only
// meet at y, where the three make two cohorts; no lecturer is there, and one
// place, in the second month, which is late.
func scarce() *rollout.Rollout {
	r := small()
	r.Costs.LateMonth = 100
	r.Areas, r.Audience, r.Distances = nil, nil, []rollout.Distance{{From: "x", To: "z", Km: 40}}
	for i, id := range []aid.AreaID{"x", "y", "z"} {
		r.Areas = append(r.Areas, rollout.Area{ID: id, Tier: rollout.County, Lat: 46 + float64(i)/10, Lng: 126})
		r.Audience = append(r.Audience, rollout.Audience{Area: id, Tier: rollout.Community, Tree: rollout.Regional, Organisations: 6})
	}
	r.Areas[1].Venue = 1
	r.Blackouts = []rollout.Blackout{{Areas: []aid.AreaID{"x", "y", "z"}, Months: []int{1}}}
	r.Steps[0].Target, r.Steps[0].Deadline = month(2030, 1), month(2030, 2)
	return r
}

// TestLacksAreTrue: a cohort that lacks both a place and a lecturer in an open
// month is said to lack these, however dear that month, and not to have no month
// or too few people.
func TestLacksAreTrue(t *testing.T) {
	t.Parallel()
	both := rollout.NoVenue | rollout.NoLecturer
	for name, c := range map[string]struct {
		change func(*rollout.Rollout)
		want   []rollout.Lack
	}{
		"one place for two cohorts": {func(*rollout.Rollout) {}, []rollout.Lack{rollout.NoLecturer, both}},
		"one rest, no place": {func(r *rollout.Rollout) {
			r.Areas, r.Audience, r.Distances = r.Areas[:1], r.Audience[:1], nil
			r.Blackouts[0].Areas = r.Blackouts[0].Areas[:1]
		}, []rollout.Lack{both}},
		"one whole cohort, no place": {func(r *rollout.Rollout) {
			r.Audience = r.Audience[:1]
			r.Audience[0].Organisations, r.Areas[1].Venue = 10, 0
		}, []rollout.Lack{both}},
		"every month closed": {func(r *rollout.Rollout) {
			r.Blackouts[0].Months = []int{1, 2}
		}, []rollout.Lack{rollout.NoMonth, rollout.NoMonth}},
		"too few": {func(r *rollout.Rollout) {
			r.Audience = r.Audience[:1]
			r.Audience[0].Organisations = 3
		}, []rollout.Lack{rollout.TooFew}},
	} {
		r := scarce()
		c.change(r)
		p, err := planner.Plan(t.Context(), r)
		require.NoError(t, err, name)
		_, err = verify.Plan(r, p)
		require.NoError(t, err, name)
		var lacks []rollout.Lack
		for i := range p.Cohorts {
			lacks = append(lacks, p.Cohorts[i].Lacks)
		}
		require.ElementsMatch(t, c.want, lacks, name)
	}
}

// TestNoMonthHasToBeTrue: the check refuses it where a month is open.
func TestNoMonthHasToBeTrue(t *testing.T) {
	t.Parallel()
	r := scarce()
	p, err := planner.Plan(t.Context(), r)
	require.NoError(t, err)
	p.Cohorts[0].Lacks, p.Cohorts[0].Month, p.Cohorts[0].Lecturers = rollout.NoMonth, 0, ""
	_, err = verify.Plan(r, p)
	require.ErrorContains(t, err, "has no month, but y is open in 2030-02")
}
