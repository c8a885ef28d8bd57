package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

func TestOneVolunteerAcceptsAndHelps(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Routine)
	p.neighbours("v-1", "v-2")
	var accepted *answer
	p.at(time.Minute, func() {
		require.Equal(t, aid.RequestOffered, p.request().Status)
		require.Len(t, p.request().Offers, 1, "a routine seat asks one person")
		accepted = p.accept("v-1")
	})
	p.stands(2*time.Minute, aid.RequestPaired)
	p.stands(begins-time.Second, aid.RequestPaired)
	p.stands(begins+2*time.Second, aid.RequestInService)
	p.run()
	require.NoError(t, p.GetWorkflowError())
	require.NoError(t, accepted.err)
	require.Equal(t, aid.RequestPaired, accepted.outcome.State.Status)
	require.Equal(t, pairingOf("v-1"), accepted.outcome.Pairing)
	require.Equal(t, aid.RequestCompleted, p.request().Status)
	require.Equal(t, []contract.AskForRound{{Shard: shard}}, p.asks, "one opening, one round")
	require.InDelta(t, ends, p.when(aid.EventRequestCompleted), float64(2*time.Second))
}

func TestACrewForms(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 3, 2, aid.Routine)
	p.neighbours("v-1", "v-2", "v-3")
	p.at(time.Minute, func() { p.accept("v-1") })
	p.at(2*time.Minute, func() {
		require.Equal(t, aid.RequestOffered, p.request().Status, "one of two is no crew")
		p.accept("v-2")
	})
	p.at(3*time.Minute, func() {
		require.Equal(t, aid.RequestPaired, p.request().Status)
		p.accept("v-3")
	})
	p.run()
	require.NoError(t, p.GetWorkflowError())
	require.Equal(t, aid.RequestCompleted, p.request().Status)
	for _, pairing := range p.request().Pairings {
		require.Equal(t, aid.PairingCompleted, pairing.Status)
	}
	require.Equal(t, 1, p.rounds())
}

func TestACrewThatIsNotCompleteInTimeIsReleased(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 3, 2, aid.Soon)
	p.at(time.Minute, func() { p.offer("v-1"); p.accept("v-1") })
	p.run()
	require.NoError(t, p.GetWorkflowError())
	require.Equal(t, aid.RequestUnfilled, p.request().Status)
	require.Equal(t, aid.PairingCancelled, p.request().Pairings[0].Status)
	require.WithinDuration(t, noon.Add(begins-4*time.Hour), p.Now(), 2*time.Second, "four hours before the window, not at its end")
}

func TestWhoDeclinesOrStaysSilentIsFollowedByTheNext(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Soon)
	p.neighbours("v-1", "v-2", "v-3")
	p.at(time.Minute, func() { p.decline("v-1") })
	p.stands(2*time.Minute, aid.RequestOffered)
	// v-2 stays silent for the four hours that the offer waits.
	p.at(4*time.Hour+3*time.Minute, func() { p.accept("v-3") })
	p.run()
	require.NoError(t, p.GetWorkflowError())
	require.Equal(t, aid.RequestCompleted, p.request().Status)
	statuses := map[aid.VolunteerID]aid.OfferStatus{}
	for _, o := range p.request().Offers {
		statuses[o.Volunteer] = o.Status
	}
	require.Equal(t, map[aid.VolunteerID]aid.OfferStatus{"v-1": aid.OfferDeclined, "v-2": aid.OfferExpired, "v-3": aid.OfferAccepted}, statuses)
	require.Equal(t, 3, p.rounds(), "as many as vacancies opened")
}

func TestUrgentSeatsAskSeveralAtOnce(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Urgent)
	p.neighbours("v-1", "v-2", "v-3", "v-4", "v-5", "v-6")
	var late *answer
	p.at(time.Minute, func() {
		require.Equal(t, 5, p.request().Pending(), "of whom one says yes with a chance of more than 19 in 20")
		p.accept("v-2")
	})
	p.at(2*time.Minute, func() { late = p.accept("v-1") })
	p.run()
	require.Equal(t, []contract.AskForRound{{Shard: shard, Urgent: true}}, p.asks)
	require.Equal(t, aid.ReasonSeatTaken, late.detail(t).Reason)
	require.Equal(t, aid.RequestCompleted, p.request().Status)
}

func TestAWithdrawalOpensTheSeatAgain(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]time.Duration{"while paired": time.Hour, "while in service": begins + time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProcess(t, 1, 1, aid.Routine)
			p.neighbours("v-1", "v-2")
			p.at(time.Minute, func() { p.accept("v-1") })
			p.at(at, func() { p.withdraw("v-1") })
			p.at(at+time.Minute, func() {
				require.Equal(t, aid.RequestOffered, p.request().Status)
				p.accept("v-2")
			})
			p.run()
			require.NoError(t, p.GetWorkflowError())
			require.Equal(t, aid.RequestCompleted, p.request().Status)
			require.Equal(t, 2, p.rounds())
		})
	}
}

func TestCancellingInEachState(t *testing.T) {
	t.Parallel()
	for status, at := range map[aid.RequestStatus]time.Duration{
		aid.RequestOpen: 0, aid.RequestOffered: time.Minute, aid.RequestPaired: time.Hour, aid.RequestInService: begins + time.Hour,
	} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			p := newProcess(t, 1, 1, aid.Routine)
			if status != aid.RequestOpen {
				p.neighbours("v-1")
			}
			if at > time.Minute {
				p.at(time.Minute, func() { p.accept("v-1") })
			}
			var cancelled *answer
			p.at(at+time.Minute, func() {
				require.Equal(t, status, p.request().Status)
				cancelled = p.cancel()
			})
			p.run()
			require.NoError(t, p.GetWorkflowError())
			require.NoError(t, cancelled.err)
			require.Equal(t, aid.RequestCancelled, cancelled.outcome.State.Status)
			require.Equal(t, aid.RequestCancelled, p.request().Status)
			require.WithinDuration(t, cancelled.at, p.Now(), time.Second, "the process ends with the request")
		})
	}
}

func TestClosingAsDone(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Routine)
	p.neighbours("v-1")
	end := contract.EndRequest{Request: p.in.Request, Actor: "caseworker"}
	var unpaired, early, done *answer
	p.at(time.Minute, func() { unpaired = p.put(contract.UpdateCloseRequest, "unpaired", end) })
	p.at(2*time.Minute, func() { p.accept("v-1") })
	p.at(3*time.Minute, func() { early = p.put(contract.UpdateCloseRequest, "early", end) })
	p.at(begins+time.Hour, func() { done = p.put(contract.UpdateCloseRequest, "done", end) })
	p.run()
	require.Equal(t, aid.ReasonWrongTime, unpaired.detail(t).Reason)
	require.Equal(t, aid.ReasonWrongTime, early.detail(t).Reason)
	require.NoError(t, done.err)
	require.Equal(t, aid.RequestCompleted, p.request().Status)
}

func TestTheWindowEndsWithoutHelp(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Routine) // rounds are asked for, but nobody runs them
	p.run()
	require.NoError(t, p.GetWorkflowError())
	require.Equal(t, aid.RequestUnfilled, p.request().Status)
	require.Equal(t, 1, p.rounds())
	require.WithinDuration(t, noon.Add(ends), p.Now(), 2*time.Second)
}

func TestNobodyToAskEndsTheRequestAtOnce(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Routine)
	p.neighbours()
	p.run()
	require.NoError(t, p.GetWorkflowError())
	require.Equal(t, aid.RequestUnfilled, p.request().Status)
	require.WithinDuration(t, noon, p.Now(), time.Minute)
}

// TestTheSearchReachesFartherByItsClock: what is urgent asks everybody at once, and
// coordinators when those have had their time.
func TestTheSearchReachesFartherByItsClock(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Urgent)
	p.policy.Stay[aid.Urgent] = 5 * time.Minute
	p.neighbours("near")
	p.store.AddVolunteer(aid.Volunteer{
		ID: "far", Home: aid.Point{Lat: place.Lat + 0.1, Lng: place.Lng}, Capacity: 1, MaxDistance: 20_000, Active: true,
	})
	asked := func() (who []aid.VolunteerID) {
		for _, o := range p.request().Offers {
			who = append(who, o.Volunteer)
		}
		return who
	}
	p.at(4*time.Minute, func() {
		require.ElementsMatch(t, []aid.VolunteerID{"near", "far"}, asked())
		require.Equal(t, aid.ReachNear, p.request().Reach)
	})
	p.at(6*time.Minute, func() {
		require.Equal(t, aid.ReachHelp, p.request().Reach, "there was no ring, and no wish to leave aside")
		require.Equal(t, aid.RequestOffered, p.request().Status)
	})
	p.run()
	require.NoError(t, p.GetWorkflowError())
	require.Equal(t, aid.RequestUnfilled, p.request().Status)
}

func TestAProcessWithoutARequestEnds(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Routine)
	p.ExecuteWorkflow(contract.WorkflowHelpRequest, contract.HelpRequestInput{Request: "r-9", Shard: shard, Urgency: aid.Routine})
	require.True(t, p.IsWorkflowCompleted())
	require.NoError(t, p.GetWorkflowError())
}
