package live_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching"
	"github.com/linli/linli/matching/grid"
	"github.com/linli/linli/matching/live"
)

func match(t *testing.T, x *live.Index, shard aid.Cell, requests ...*aid.HelpRequest) *matching.Plan {
	t.Helper()
	plan, _, err := x.Match(t.Context(), shard, requests, everybody())
	require.NoError(t, err)
	return plan
}

func TestARoundGoesOnFromTheLastOfItsShard(t *testing.T) {
	t.Parallel()
	f := &feed{}
	f.change(volunteer("v-1", 1), volunteer("v-2", 2), volunteer("v-3", 3))
	x := live.New(f, aid.DefaultOfferLimits(), quiet())
	a, b := request(t, "a", 1), request(t, "b", 1)
	require.False(t, match(t, x, harbin, a).Warm, "the first round of a shard")
	require.False(t, match(t, x, daqing, a).Warm, "the first of another")

	moved := volunteer("v-1", 5)
	f.change(moved, volunteer("v-4", 0.5))
	plan := match(t, x, harbin, a, b)
	require.True(t, plan.Warm)
	require.Equal(t, plan.Objective, plan.DualBound)
	var ids []aid.VolunteerID
	for _, k := range plan.Picks {
		ids = append(ids, k.Volunteer)
	}
	require.ElementsMatch(t, []aid.VolunteerID{"v-4", "v-2"}, ids)
	require.Positive(t, plan.SolveSeconds)

	cold := match(t, live.New(f, aid.DefaultOfferLimits(), quiet()), harbin, a, b)
	require.False(t, cold.Warm)
	require.Equal(t, cold.Objective, plan.Objective)
	require.ElementsMatch(t, cold.Scarcity, plan.Scarcity)
}

func TestACrewIsSolvedFromNothing(t *testing.T) {
	t.Parallel()
	f := &feed{}
	f.change(volunteer("v-1", 1), volunteer("v-2", 2))
	x := live.New(f, aid.DefaultOfferLimits(), quiet())
	crew := request(t, "crew", 2)
	crew.MinPeople = 2
	for range 2 {
		plan := match(t, x, harbin, crew)
		require.False(t, plan.Warm)
		require.Len(t, plan.Picks, 2)
	}
}

// TestManyChangesMeanASolveFromNothing passes more changes than are rolled on.
func TestManyChangesMeanASolveFromNothing(t *testing.T) {
	t.Parallel()
	f := &feed{}
	f.change(volunteer("v", 1))
	x := live.New(f, aid.DefaultOfferLimits(), quiet())
	a := request(t, "a", 1)
	match(t, x, harbin, a)
	for i := range 200 {
		f.change(volunteer(aid.VolunteerID(fmt.Sprint("v-", i)), float64(i)/100))
	}
	require.False(t, match(t, x, harbin, a).Warm)
	require.True(t, match(t, x, harbin, a).Warm)
}

func TestQuestionsGoOnFromTheRoundAndRoundsFromQuestions(t *testing.T) {
	t.Parallel()
	s, x := weighed(t, 1)
	shard, err := grid.ShardOf(s.open[0].Cell)
	require.NoError(t, err)
	match(t, x, shard, s.open...)
	b := live.NewBooks(x, s, everybody(), time.Hour, time.Minute)
	_, known, err := b.ExtraCost(t.Context(), s.open[0], 0, "v-2")
	require.NoError(t, err)
	require.True(t, known)
	require.True(t, match(t, x, shard, s.open...).Warm)
}
