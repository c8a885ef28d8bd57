package processes_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/worker"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/activities/memory"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/workflows"
	"github.com/linli/linli/workflows/contract"
)

// village trains somebody of an organisation in the months of a year.
func village(name string, year int) rollout.Source {
	return rollout.Source{Text: fmt.Sprintf(`name: %[1]s
costs: {lecturer_km: 1, traveller_km: 1, empty_seat: 1, late_month: 50}
lecturer_km: 10
cohorts_per_lecturer: 2
road_percent: 100
areas: [{id: north, tier: county, lat: 45, lng: 126, venue_cohorts: 2, lecturers: 1}]
audience: [{area: north, tier: community, tree: regional, organisations: 3}]
courses: [{id: one}]
steps:
  - {id: s, run_by: county, roles: [lead], organisations: [{tier: community, tree: regional}], courses: [one],
     start: %[2]d-01, deadline: %[2]d-12, least_size: 1, most_size: 6, travel_km: 0}
`, name, year)}
}

// campaign is a place with a rollout in years to come, for which a worker works.
func campaign(t *testing.T) *place {
	t.Helper()
	p := newPlace(t)
	p.years.Kept = rollout.Kept{ID: "p-1", Status: rollout.Planning, Version: 1, Source: village("first", time.Now().Year()+2)}
	p.years.Amendments = map[string]memory.Amendment{}
	w := worker.New(p.client, contract.QueueProcesses, worker.Options{})
	workflows.Register(w)
	(&activities.Rollouts{Store: p.years, Cell: func(aid.Point) (aid.Cell, error) { return 7, nil }}).Register(w)
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
	return p
}

// plans waits until so many plans are made.
func (p *place) plans(n int) {
	p.t.Helper()
	require.Eventually(p.t, func() bool { return len(p.years.Plans()) >= n }, patience, 20*time.Millisecond)
}

func TestARolloutIsStartedOnceAndAmended(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	for range 2 {
		require.NoError(t, p.Deliver(t.Context(), contract.OutboxStartRollout, "rollout/p-1", []byte(`{"rollout":"p-1"}`)))
	}
	p.plans(1)
	running, err := p.IsRolloutRunning(t.Context(), "p-1")
	require.NoError(t, err)
	require.True(t, running)
	require.Eventually(t, func() bool {
		all, err := p.RunningRollouts(t.Context())
		require.NoError(t, err)
		return all["p-1"]
	}, patience, 50*time.Millisecond)

	p.years.Amendments["a-1"] = memory.Amendment{Source: village("second", time.Now().Year()+2), Base: 1}
	for range 2 { // a repeat is the same message
		amended, err := p.AmendRollout(t.Context(), "a-1", contract.AmendRollout{Rollout: "p-1", Amendment: "a-1"})
		require.NoError(t, err)
		require.Equal(t, 2, amended.Version)
	}
	p.plans(2)
	p.years.Amendments["a-2"] = memory.Amendment{Source: village("third", time.Now().Year()+2), Base: 1}
	_, err = p.AmendRollout(t.Context(), "a-2", contract.AmendRollout{Rollout: "p-1", Amendment: "a-2"})
	require.Equal(t, aid.ReasonChangedMeanwhile, aid.ReasonOf(err))
}

// The process was lost: whoever amends brings it back, and it plans under the next
// number.
func TestALostRolloutIsAmendedAllTheSame(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	require.NoError(t, p.BringBackRollout(t.Context(), "p-1"))
	p.plans(1)
	require.NoError(t, p.client.TerminateWorkflow(t.Context(), contract.RolloutWorkflowID("p-1"), "", "by mistake"))

	p.years.Amendments["a-1"] = memory.Amendment{Source: village("second", time.Now().Year()+2), Base: 1}
	amended, err := p.AmendRollout(t.Context(), "a-1", contract.AmendRollout{Rollout: "p-1", Amendment: "a-1"})
	require.NoError(t, err)
	require.Equal(t, 2, amended.Version)
	p.plans(2)
	last := p.years.Plans()[len(p.years.Plans())-1]
	require.Equal(t, 2, last.Version)
	require.GreaterOrEqual(t, last.No, 2)
}

func TestARolloutThatHasEndedIsLeftAlone(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	p.years.Kept.Status = rollout.Ended
	require.NoError(t, p.BringBackRollout(t.Context(), "p-1"))
	require.NoError(t, p.BringBackRollout(t.Context(), "p-none"))
	running, err := p.IsRolloutRunning(t.Context(), "p-1")
	require.NoError(t, err)
	require.False(t, running)
	_, err = p.AmendRollout(t.Context(), "a-1", contract.AmendRollout{Rollout: "p-1", Amendment: "a-1"})
	require.Equal(t, aid.ReasonSettled, aid.ReasonOf(err))
}
