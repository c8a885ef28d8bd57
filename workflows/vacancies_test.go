package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// TestAFurtherVacancyIsAskedForAtOnce: a seat for which there is nobody keeps
// rounds wanted all the time, and yet each further vacancy asks for one.
func TestAFurtherVacancyIsAskedForAtOnce(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*process){
		"declined": func(p *process) { p.at(time.Minute, func() { p.decline("v-1") }) },
		"silent":   func(*process) {},
		"withdrawn": func(p *process) {
			p.at(time.Minute, func() { p.accept("v-1") })
			p.at(2*time.Minute, func() { p.withdraw("v-1") })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProcess(t, 2, 1, aid.Soon)
			p.neighbours("v-1")
			open(p)
			p.run()
			require.NoError(t, p.GetWorkflowError())
			require.Equal(t, aid.RequestUnfilled, p.request().Status)
			require.Equal(t, 2, p.rounds())
			require.Less(t, p.Now().Sub(noon), 5*time.Hour, "the second round found that nobody is left")
		})
	}
}

// TestARoundThatCouldNotBeAskedForIsAskedForAgain with whatever wakes the
// process next.
func TestARoundThatCouldNotBeAskedForIsAskedForAgain(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Routine)
	p.neighbours("v-1")
	p.onAsk = func() error {
		if p.rounds() == 1 {
			return aid.Errorf(aid.Conflict, "a fault")
		}
		return nil
	}
	p.at(time.Minute, func() {
		require.Empty(t, p.request().Offers)
		p.SignalWorkflow(contract.SignalRequestChanged, nil)
	})
	p.at(2*time.Minute, func() { p.accept("v-1") })
	p.run()
	require.NoError(t, p.GetWorkflowError())
	require.Equal(t, aid.RequestCompleted, p.request().Status)
}

func TestARequestThatEndsWhileARoundIsAskedForEndsItsProcess(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Routine)
	p.onAsk = func() error { <-p.cancel().done; return nil }
	p.run()
	require.NoError(t, p.GetWorkflowError())
	require.Equal(t, aid.RequestCancelled, p.request().Status)
	require.WithinDuration(t, noon, p.Now(), time.Minute, "it does not wait for the window to end")
}

// One seat is open and one offer pending all the while, so that the request never
// wants no round and its status stays.
func TestAnOfferThatExpiresBesideAnOpenSeatIsAVacancy(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 3, 3, aid.Soon)
	p.at(time.Minute, func() { p.offer("v-1") })
	p.at(2*time.Hour, func() { p.offer("v-2") })
	p.at(4*time.Hour, func() { require.Equal(t, 1, p.rounds()) })
	p.at(4*time.Hour+2*time.Minute, func() { require.Equal(t, 2, p.rounds()); p.cancel() })
	p.run()
	require.Equal(t, 4*time.Hour+time.Minute, p.when(aid.EventOfferExpired))
}

// What opens a vacancy without this process, such as an operator's hand, it
// learns by the signal.
func TestAVacancyThatASignalTellsOfIsAskedFor(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Routine)
	p.at(time.Minute, func() { p.offer("v-1") })
	p.at(time.Hour, func() {
		require.Equal(t, 1, p.rounds())
		_, err := p.store.Change(t.Context(), p.in.Request, func(r *aid.HelpRequest, now time.Time) error {
			return r.Decline(offerTo("v-1"), "v-1", aid.Refusal{Reason: "busy"}, "coordinator", now)
		})
		require.NoError(t, err)
		p.SignalWorkflow(contract.SignalRequestChanged, nil)
	})
	p.at(time.Hour+time.Minute, func() { require.Equal(t, 2, p.rounds()); p.cancel() })
	p.run()
}

// Others are being asked all the same, so that the request wants a round all the
// while: an offer that is taken back is a vacancy of its own.
func TestAnOfferThatIsTakenBackIsAVacancy(t *testing.T) {
	t.Parallel()
	barred := aid.Vetted{} // of whom it has become known that they are not active
	for name, takeBack := range map[string]func(*aid.HelpRequest, time.Time) error{
		"excluded": func(r *aid.HelpRequest, now time.Time) error { return r.Exclude("v-1", "coordinator", now) },
		"kept apart": func(r *aid.HelpRequest, now time.Time) error {
			r.KeepApart(aid.Separation{Volunteer: "v-1"}, now)
			return nil
		},
		"struck off": func(r *aid.HelpRequest, now time.Time) error { r.Reconsider("v-1", barred, now); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProcess(t, 1, 1, aid.Urgent)
			p.at(time.Minute, func() { p.offer("v-1", "v-2") })
			p.at(2*time.Minute, func() {
				require.Equal(t, 1, p.rounds())
				_, err := p.store.Change(t.Context(), p.in.Request, takeBack)
				require.NoError(t, err)
				require.Equal(t, 1, p.request().Pending())
				p.SignalWorkflow(contract.SignalRequestChanged, nil)
			})
			p.at(3*time.Minute, func() { require.Equal(t, 2, p.rounds()); p.cancel() })
			p.run()
		})
	}
}

// The process looks only after the offer was taken back, and the round that made it may
// have ended meanwhile.
func TestAnOfferThatIsMadeAndTakenBackBetweenTwoLooksIsAVacancy(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Urgent)
	p.at(time.Minute, func() {
		require.Equal(t, 1, p.rounds())
		p.offer("v-1")
		_, err := p.store.Change(t.Context(), p.in.Request, func(r *aid.HelpRequest, now time.Time) error {
			return r.Exclude("v-1", "coordinator", now)
		})
		require.NoError(t, err)
		p.SignalWorkflow(contract.SignalRequestChanged, nil)
	})
	p.at(2*time.Minute, func() { require.Equal(t, 2, p.rounds()); p.cancel() })
	p.run()
}

// A request of which something is heard all the time has its clocks run out all
// the same.
func TestADeadlineComesAlsoWhileSignalsDo(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Soon)
	p.at(time.Minute, func() { p.offer("v-1") })
	const deadline = 4*time.Hour + time.Minute
	for beat := -time.Minute; beat < time.Minute; beat += time.Second / 2 {
		p.at(deadline+beat, func() { p.SignalWorkflow(contract.SignalRequestChanged, nil) })
	}
	p.at(deadline+2*time.Minute, func() { p.cancel() })
	p.run()
	require.NoError(t, p.GetWorkflowError())
	require.Less(t, p.when(aid.EventOfferExpired), deadline+time.Second)
}
