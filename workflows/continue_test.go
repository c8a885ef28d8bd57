package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// next gives the input of the run that takes over.
func next[In any](t *testing.T, err error) In {
	t.Helper()
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, err, &again)
	var in In
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(again.Input, &in))
	return in
}

// until runs the process up to where its history is long enough.
func (p *process) until(after time.Duration) *process {
	p.t.Helper()
	p.at(after, func() {
		p.SetContinueAsNewSuggested(true)
		p.SignalWorkflow(contract.SignalRequestChanged, nil)
	})
	p.run()
	return resume(p.t, p.store, next[contract.HelpRequestInput](p.t, p.GetWorkflowError()), p.Now())
}

func TestALongLifeIsContinuedInANewRun(t *testing.T) {
	t.Parallel()
	first := newProcess(t, 1, 1, aid.Routine)
	second := first.until(time.Minute)
	require.Equal(t, 1, first.rounds())

	second.at(2*time.Minute, func() { second.offer("v-1") })
	second.at(time.Hour, func() { second.decline("v-1") })
	third := second.until(2 * time.Hour)
	require.Equal(t, 1, second.rounds(), "for the seat that was declined; the first had been asked for")

	third.at(3*time.Hour, func() { third.offer("v-2") })
	third.at(4*time.Hour, func() { third.accept("v-2") })
	fourth := third.until(5 * time.Hour)
	require.Zero(t, third.rounds())

	fourth.run()
	require.NoError(t, fourth.GetWorkflowError())
	require.Zero(t, fourth.rounds())
	require.Equal(t, aid.RequestCompleted, fourth.request().Status)
	require.Equal(t, begins, fourth.when(aid.EventServiceBegun))
	require.Equal(t, ends, fourth.when(aid.EventRequestCompleted))
}

// An update that was taken on is answered before the run is handed over, and
// what it vacated is asked for.
func TestAnUpdateUnderWayIsAnsweredBeforeTheNextRun(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 2, 2, aid.Routine) // of which a second offer is still wanted all the time
	var declined *answer
	p.at(time.Minute, func() { p.offer("v-1") })
	p.at(time.Hour, func() {
		p.SetContinueAsNewSuggested(true)
		declined = p.decline("v-1")
		p.SignalWorkflow(contract.SignalRequestChanged, nil)
	})
	p.run()
	in := next[contract.HelpRequestInput](t, p.GetWorkflowError())
	require.NoError(t, declined.err)
	require.Equal(t, aid.RequestOpen, declined.outcome.State.Status)

	again := resume(t, p.store, in, p.Now())
	again.at(2*time.Hour, func() { again.cancel() })
	again.run()
	require.Equal(t, 2, p.rounds()+again.rounds(), "one at the opening, one for the declined seat")
}

func TestAnAnswerThatWaitsForTheStoreIsGivenBeforeTheNextRun(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 2, 1, aid.Routine)
	var accepted *answer
	p.at(time.Minute, func() { p.offer("v-1") })
	p.at(time.Hour, func() {
		p.breaks(with(unreachable))
		accepted = p.accept("v-1")
		p.SetContinueAsNewSuggested(true)
	})
	p.at(time.Hour+3*time.Minute, func() { p.breaks(nil) })
	p.run()
	in := next[contract.HelpRequestInput](t, p.GetWorkflowError())
	require.True(t, accepted.given())
	require.NoError(t, accepted.err)
	require.Equal(t, contract.HelpRequestInput{Request: "r-1", Shard: shard, Urgency: aid.Routine, RoundAsked: true}, in)
}

func TestASignalBetweenTwoRunsIsNotLost(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Routine)
	p.at(time.Minute, func() {
		p.SetContinueAsNewSuggested(true)
		p.offer("v-1") // signals
		p.SignalWorkflow(contract.SignalRequestChanged, nil)
	})
	p.run()
	again := resume(t, p.store, next[contract.HelpRequestInput](t, p.GetWorkflowError()), p.Now())
	again.run()
	require.Equal(t, 24*time.Hour+time.Minute, again.when(aid.EventOfferExpired), "the next run knows of the offer")
	require.Equal(t, 1, again.rounds(), "and that its seat fell open again")
}

// TestAnOfferThatIsTakenBackBetweenTwoRunsIsAVacancy, though others are being asked and
// the request wants a round all the while.
func TestAnOfferThatIsTakenBackBetweenTwoRunsIsAVacancy(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Urgent)
	p.at(time.Minute, func() { p.offer("v-1", "v-2") })
	again := p.until(2 * time.Minute)
	require.Equal(t, 1, p.rounds())
	_, err := again.store.Change(t.Context(), again.in.Request, func(r *aid.HelpRequest, now time.Time) error {
		return r.Exclude("v-1", "coordinator", now)
	})
	require.NoError(t, err)
	again.at(3*time.Minute, func() { again.cancel() })
	again.run()
	require.Equal(t, 1, again.rounds())
}
