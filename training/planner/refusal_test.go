package planner_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/planner"
	"github.com/linli/linli/training/rollout"
)

// plain is a rollout of one county that can be planned.
func plain() *rollout.Rollout {
	return &rollout.Rollout{
		CohortsPerLecturer: 1, RoadPercent: 100,
		Areas:    []rollout.Area{{ID: "x", Tier: rollout.County, Venue: 1, Lecturers: 1}},
		Audience: []rollout.Audience{{Area: "x", Tier: rollout.Community, Tree: rollout.Regional, Organisations: 10}},
		Courses:  []rollout.Course{{ID: "a"}, {ID: "b", After: []rollout.CourseID{"a"}}},
		Steps: []rollout.Step{{
			ID: "s", RunBy: rollout.County, Roles: []rollout.Role{rollout.Lead}, Kinds: []rollout.Kind{{Tier: rollout.Community, Tree: rollout.Regional}},
			Courses: []rollout.CourseID{"a", "b"}, Start: month(1), Deadline: month(2), LeastSize: 1, MostSize: 10,
		}},
	}
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	_, err := planner.Plan(t.Context(), plain())
	require.NoError(t, err)
	announce := func(people int) rollout.Fixed {
		return rollout.Fixed{Step: "s", Course: "a", Area: "x", Venue: "x", Lecturers: "x", Month: month(1), Enrolled: people}
	}
	for want, change := range map[string]func(*rollout.Rollout){
		"rollout: areas": func(r *rollout.Rollout) { r.Areas = nil },
		"steps[0].deadline: leaves no month for a": func(r *rollout.Rollout) { r.Steps[0].Deadline = month(1) },
		"fixed[1].venue: x has no place left":      func(r *rollout.Rollout) { r.Fixed = []rollout.Fixed{announce(5), announce(5)} },
		"fixed[0].enrolled: brings x to 10 people": func(r *rollout.Rollout) { r.Fixed = []rollout.Fixed{announce(10)}; r.Audience[0].Organisations = 9 },
		"costs are too great for the number of cohort": func(r *rollout.Rollout) {
			r.Costs = rollout.Costs{LecturerKm: rollout.MaxCost, TravellerKm: rollout.MaxCost, EmptySeat: rollout.MaxCost, LateMonth: rollout.MaxCost}
			r.LecturerKm, r.Steps[0].TravelKm, r.Steps[0].MostSize = rollout.MaxKm, rollout.MaxKm, 2
			r.Audience[0].Organisations = rollout.MaxCount
		},
		"the costs are too great": func(r *rollout.Rollout) { // beyond 64 bits
			r.Costs, r.Steps[0].TravelKm, r.Steps[0].MostSize = rollout.Costs{TravellerKm: rollout.MaxCost}, rollout.MaxKm, rollout.MaxSize
			for range 1_000 {
				r.Audience = append(r.Audience, rollout.Audience{Area: "x", Tier: rollout.Community, Tree: rollout.Regional, Organisations: rollout.MaxCount})
			}
		},
	} {
		r := plain()
		change(r)
		_, err := planner.Plan(t.Context(), r)
		require.ErrorContains(t, err, want)
		require.Equal(t, aid.Invalid, aid.KindOf(err), want)
	}
}

func TestPlanningEndsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := planner.Plan(ctx, plain())
	require.ErrorIs(t, err, context.Canceled)
}
