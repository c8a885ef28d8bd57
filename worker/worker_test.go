package worker_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

func TestARequestFromOpeningToCompletion(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.volunteers(1)
	s.work()
	s.open("r1", 1, 4*time.Second)
	s.becomes("r1", aid.RequestOffered)
	out, err := s.accept(t.Context(), s.request("r1").Offers[0])
	require.NoError(t, err)
	require.Equal(t, aid.RequestPaired, out.State.Status)
	require.Equal(t, aid.RequestPaired, s.request("r1").Status, "the answer is true when it is given")
	s.becomes("r1", aid.RequestInService)
	s.becomes("r1", aid.RequestCompleted)
	s.ends("r1")

	rounds, err := s.store.Rounds(t.Context(), aid.Page{Limit: 10})
	require.NoError(t, err)
	// A later round may look for a stand-by and find that there is nobody else.
	first := rounds.Items[len(rounds.Items)-1]
	require.Equal(t, 1, first.Offers)
	for _, r := range rounds.Items {
		require.Equal(t, r.Objective, r.DualBound)
		require.True(t, r.ID == first.ID || r.Offers == 0, "nobody is asked twice")
	}
	require.Positive(t, s.steps.Load())
}

func TestAnUnansweredOfferIsFollowedByTheNext(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.policy.Answer = map[aid.Urgency]time.Duration{aid.Urgent: 2 * time.Second}
	s.policy.AsksPerSeat = map[aid.Urgency]int{aid.Urgent: 1}
	s.volunteers(2)
	s.work()
	s.open("r1", 1, time.Hour)
	s.until("the second is asked", func() bool { return len(s.request("r1").Offers) == 2 })
	offers := s.request("r1").Offers
	require.Equal(t, aid.OfferExpired, offers[0].Status)
	require.NotEqual(t, offers[0].Volunteer, offers[1].Volunteer)
	_, err := s.accept(t.Context(), offers[0])
	require.Equal(t, aid.ReasonOfferExpired, aid.ReasonOf(err))
	s.until("everybody was tried", func() bool { return s.request("r1").Status == aid.RequestUnfilled })
	s.ends("r1")
}

// TestOneSeatManyHands: of many who accept at once as many get a seat as there
// are, and every other hears why not.
func TestOneSeatManyHands(t *testing.T) {
	t.Parallel()
	const people, asked = 3, 40
	s := newSystem(t)
	s.policy.AsksPerSeat, s.policy.Certainty = map[aid.Urgency]int{aid.Urgent: 20}, nil
	s.volunteers(asked)
	s.work()
	s.open("r1", people, time.Hour)
	s.until("all are asked", func() bool { return s.request("r1").Pending() == asked })
	var wg sync.WaitGroup
	var mu sync.Mutex
	outcomes := map[aid.Reason]int{}
	for _, o := range s.request("r1").Offers {
		wg.Go(func() {
			_, err := s.accept(t.Context(), o)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				outcomes["seated"]++
				return
			}
			if aid.KindOf(err) != aid.Conflict {
				t.Errorf("%s: %v", aid.KindOf(err), err)
			}
			outcomes[aid.ReasonOf(err)]++
		})
	}
	wg.Wait()
	require.Equal(t, map[aid.Reason]int{"seated": people, aid.ReasonSeatTaken: asked - people}, outcomes)
	require.Equal(t, people, s.request("r1").Filled())
}

// TestWorkGoesOnWithTheNextWorker: the first is stopped between the offer and the
// answer, and the answer that nobody took counts once when it is sent again.
func TestWorkGoesOnWithTheNextWorker(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.volunteers(1)
	stop := s.work()
	s.open("r1", 1, time.Hour)
	s.becomes("r1", aid.RequestOffered)
	stop()
	offer := s.request("r1").Offers[0]
	short, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := s.accept(short, offer)
	require.Equal(t, aid.Unavailable, aid.KindOf(err), "%v", err)
	require.ErrorContains(t, err, "it may still count")
	s.work()
	for range 2 {
		out, err := s.accept(t.Context(), offer)
		require.NoError(t, err)
		require.Equal(t, aid.RequestPaired, out.State.Status)
		require.Equal(t, aid.PairingID("p-"+offer.ID), out.Pairing)
	}
	require.Len(t, s.request("r1").Pairings, 1)
}

func TestDeliveriesMayComeTwice(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.volunteers(1)
	s.work()
	s.open("r1", 1, time.Hour)
	s.becomes("r1", aid.RequestOffered)
	payload, err := json.Marshal(contract.HelpRequestInput{Request: "r1", Shard: shardOf(cellOf(home)), Urgency: aid.Urgent})
	require.NoError(t, err)
	deliver := func() {
		for range 5 {
			require.NoError(t, s.processes.Deliver(t.Context(), contract.OutboxStartRequest, "r1", payload))
			require.NoError(t, s.processes.Deliver(t.Context(), contract.OutboxRequestChanged, "r1", []byte("{}")))
		}
	}
	deliver()
	_, err = s.processes.CancelRequest(t.Context(), "c", contract.EndRequest{Request: "r1", Actor: "c1"})
	require.NoError(t, err)
	s.ends("r1")
	deliver()
	require.Equal(t, 1, s.runs("r1"), "an ended request's process is not begun again")
	require.Len(t, s.request("r1").Offers, 1)
}

// runs counts how often the process of a request was begun.
func (s *system) runs(id aid.RequestID) int {
	s.Helper()
	query := fmt.Sprintf("WorkflowId = '%s'", contract.HelpRequestWorkflowID(id))
	n := 0
	// The list lags behind, so that it is read until it has something to say.
	s.until("the list knows the process", func() bool {
		page, err := s.temporal.ListWorkflow(s.Context(), &workflowservice.ListWorkflowExecutionsRequest{Query: query})
		require.NoError(s, err)
		n = len(page.GetExecutions())
		return n > 0
	})
	return n
}

// TestALostProcessIsFound: whatever comes next for the request brings it back.
func TestALostProcessIsFound(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"by an answer", "by a delivery"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			s.volunteers(1)
			s.work()
			s.open("r1", 1, time.Hour)
			s.becomes("r1", aid.RequestOffered)
			require.NoError(t, s.temporal.TerminateWorkflow(t.Context(), contract.HelpRequestWorkflowID("r1"), "", "by mistake"))
			if name == "by a delivery" {
				require.NoError(t, s.processes.Deliver(t.Context(), contract.OutboxRequestChanged, "r1", []byte("{}")))
				running, err := s.processes.IsRunning(t.Context(), "r1")
				require.NoError(t, err)
				require.True(t, running)
			}
			out, err := s.accept(t.Context(), s.request("r1").Offers[0])
			require.NoError(t, err)
			require.Equal(t, aid.RequestPaired, out.State.Status)
		})
	}
}

func TestAWorkerWaitsForTemporalAndStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	w := brokenWorker(t)
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	select {
	case err := <-ended:
		require.NoError(t, err)
		require.Error(t, ctx.Err(), "it gave up before it was told to")
	case <-ctx.Done():
		require.False(t, w.Works(), "there is nothing to do yet")
		require.NoError(t, <-ended)
	}
}

func TestAWorkerSaysWhetherItWorks(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	w, stop := s.worker()
	s.until("it works", w.Works)
	stop()
	require.False(t, w.Works())
}

// TestACrewStandsOrIsReleased through the real processes: many accept its seats at
// once and exactly these are filled, and one that is not complete in time lets
// everybody go.
func TestACrewStandsOrIsReleased(t *testing.T) {
	t.Parallel()
	const people, asked = 3, 30
	s := newSystem(t)
	s.policy.AsksPerSeat, s.policy.Certainty = map[aid.Urgency]int{aid.Urgent: asked}, nil
	s.volunteers(asked)
	s.work()
	s.crew("whole", people, time.Hour)
	s.until("all are asked", func() bool { return s.request("whole").Pending() == asked })
	var all sync.WaitGroup
	var seated atomic.Int32
	for _, o := range s.request("whole").Offers {
		all.Go(func() {
			if _, err := s.accept(t.Context(), o); err == nil {
				seated.Add(1)
			} else if aid.ReasonOf(err) != aid.ReasonSeatTaken {
				t.Errorf("%s: %v", o.Volunteer, err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, people, seated.Load())
	whole := s.request("whole")
	require.Equal(t, aid.RequestPaired, whole.Status)
	for _, p := range whole.Pairings {
		require.Equal(t, whole.Pairings[0].ConfirmedAt, p.ConfirmedAt, "all at one instant")
	}

	s.crew("short", people, 6*time.Second)
	s.until("some are asked", func() bool { return s.request("short").Pending() > 0 })
	_, err := s.accept(t.Context(), s.request("short").Offers[0])
	require.NoError(t, err)
	s.becomes("short", aid.RequestUnfilled)
	short := s.request("short")
	require.Empty(t, short.Bound())
	require.True(t, short.EndedAt.Before(short.Window.StartsAt), "before its window")
	s.ends("short")
}
