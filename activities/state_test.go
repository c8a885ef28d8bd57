package activities

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/testsuite"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// TestTheNextDeadlineIsTheFirst also where the time to answer was shortened since
// the first offer was made.
func TestTheNextDeadlineIsTheFirst(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	r, err := aid.OpenRequest("r-1", aid.Need{
		Beneficiary: "b-1", Category: "company", Urgency: aid.Routine,
		Roles:  []aid.RequestRole{{Name: "companion", People: 3}},
		Window: aid.Window{StartsAt: now.Add(48 * time.Hour), EndsAt: now.Add(50 * time.Hour)},
	}, "c-1", aid.Area{}, 1, now)
	require.NoError(t, err)
	policy := aid.DefaultSearchPolicy()
	policy.Stay = nil
	require.Equal(t, contract.RequestState{
		Status: aid.RequestOpen, WantsRound: true, StartsAt: r.Window.StartsAt, EndsAt: r.Window.EndsAt,
	}, stateOf(r, policy, aid.StandingPolicy{}))
	for i, answer := range []time.Duration{24 * time.Hour, 4 * time.Hour, 12 * time.Hour} {
		policy.Answer[aid.Routine] = answer
		volunteer := aid.VolunteerID([]string{"v-1", "v-2", "v-3"}[i])
		require.Len(t, r.MakeOffers("round-1", []aid.Pick{{Offer: aid.OfferID("o-" + volunteer), Volunteer: volunteer}}, policy, now), 1)
	}
	require.Equal(t, contract.RequestState{
		Status: aid.RequestOffered, Pending: 3, NextDeadline: now.Add(4 * time.Hour), StartsAt: r.Window.StartsAt, EndsAt: r.Window.EndsAt,
	}, stateOf(r, policy, aid.StandingPolicy{}))
}

func TestTheProcessLearnsByWhenACrewMustStand(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	r, err := aid.OpenRequest("r-1", aid.Need{
		Beneficiary: "b-1", Category: "company", Urgency: aid.Soon, MinPeople: 2,
		Roles:  []aid.RequestRole{{Name: "companion", People: 3}},
		Window: aid.Window{StartsAt: now.Add(48 * time.Hour), EndsAt: now.Add(50 * time.Hour)},
	}, "c-1", aid.Area{}, 1, now)
	require.NoError(t, err)
	state := stateOf(r, aid.DefaultSearchPolicy(), aid.DefaultStandingPolicy())
	require.Equal(t, now.Add(44*time.Hour), state.QuorumBy)
	require.Equal(t, now.Add(time.Hour), state.WidensAt, "and when the search reaches farther")
}

func TestARoundShowsThatItsWorkerLives(t *testing.T) {
	t.Parallel()
	env := (&testsuite.WorkflowTestSuite{}).NewTestActivityEnvironment()
	heard := make(chan struct{})
	env.SetOnActivityHeartbeatListener(func(*activity.Info, converter.EncodedValues) {
		select {
		case heard <- struct{}{}:
		default:
		}
	})
	env.RegisterActivityWithOptions(func(ctx context.Context) error {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		go heartbeat(ctx, time.Millisecond)
		select {
		case <-heard:
			return nil
		case <-time.After(10 * time.Second):
			return context.DeadlineExceeded
		}
	}, activity.RegisterOptions{Name: "long"})
	_, err := env.ExecuteActivity("long")
	require.NoError(t, err)
}
