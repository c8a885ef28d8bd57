package verify_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/planner"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/training/verify"
)

// announce fixes the cohorts of a plan that are held before a month.
func announce(r *rollout.Rollout, p *rollout.Plan, before rollout.Month) *rollout.Rollout {
	left := *r
	left.NotBefore, left.Fixed = before, nil
	for _, c := range p.Cohorts {
		if c.Lacks == 0 && c.Month < before {
			left.Fixed = append(left.Fixed, rollout.Fixed{
				Step: r.Steps[c.Step].ID, Course: r.Courses[c.Course].ID, Area: c.Area, Venue: c.Venue, Month: c.Month, Lecturers: c.Lecturers, From: c.From,
			})
		}
	}
	return &left
}

// TestWhatIsLeftIsPlannedAnew: the announced cohorts stay as they are, nothing new
// is held before the month, and the plan passes the check.
func TestWhatIsLeftIsPlannedAnew(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := draw(t)
		p, err := planner.Plan(t.Context(), r)
		require.NoError(t, err)
		before := month(2029, 11) + rollout.Month(rapid.IntRange(0, 10).Draw(t, "before"))
		left := announce(r, p, before)
		again, err := planner.Plan(t.Context(), left)
		require.NoError(t, err)
		v, err := verify.Plan(left, again)
		require.NoError(t, err)
		require.LessOrEqual(t, again.PriceBound, v.PriceBound)
		fixed := 0
		for _, c := range again.Cohorts {
			switch {
			case c.Fixed:
				fixed++
			case c.Month != 0:
				require.GreaterOrEqual(t, c.Month, before)
			}
		}
		require.Equal(t, len(left.Fixed), fixed)
		people := func(p *rollout.Plan) (sum int) {
			for i := range p.Cohorts {
				sum += p.Cohorts[i].Enrolled()
			}
			return sum
		}
		require.Equal(t, people(p), people(again), "nobody is lost")
	})
}

// TestAnnouncedCohortsMustNotMove changes one thing of an announced cohort at a time.
func TestAnnouncedCohortsMustNotMove(t *testing.T) {
	t.Parallel()
	r := small()
	first, err := planner.Plan(t.Context(), r)
	require.NoError(t, err)
	left := announce(r, first, month(2030, 4))
	require.Len(t, left.Fixed, 2)
	for name, change := range map[string]func(c *rollout.Cohort){
		"month":    func(c *rollout.Cohort) { c.Month = month(2030, 2) },
		"venue":    func(c *rollout.Cohort) { c.Venue = "z" },
		"lecturer": func(c *rollout.Cohort) { c.Lecturers = map[aid.AreaID]aid.AreaID{"x": "y", "y": "x"}[c.Lecturers] },
		"free":     func(c *rollout.Cohort) { c.Fixed = false },
	} {
		p, err := planner.Plan(t.Context(), left)
		require.NoError(t, err)
		_, err = verify.Plan(left, p)
		require.NoError(t, err)
		change(&p.Cohorts[slices.IndexFunc(p.Cohorts, func(c rollout.Cohort) bool { return c.Fixed })])
		_, err = verify.Plan(left, p)
		require.ErrorContains(t, err, "announced", name)
	}
}
