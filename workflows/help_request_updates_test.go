package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

func TestTheDatabaseJudgesUnknownOffers(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Routine)
	var unknown *answer
	p.at(time.Minute, func() { unknown = p.accept("v-9") })
	p.at(2*time.Minute, func() { p.cancel() })
	p.run()
	require.False(t, unknown.rejected)
	require.Equal(t, aid.NotFound, unknown.detail(t).Kind)
	require.NoError(t, p.GetWorkflowError(), "an answer that counts for nothing harms nobody")
}

func TestTheLastSeatGoesToOne(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Urgent)
	var first, second, again *answer
	p.at(time.Minute, func() { p.offer("v-1", "v-2") })
	p.at(2*time.Minute, func() { first, second = p.accept("v-1"), p.accept("v-2") })
	p.at(3*time.Minute, func() {
		again = p.put(contract.UpdateAnswerOffer, "again", contract.AnswerOffer{
			Request: "r-1", Offer: offerTo("v-1"), Volunteer: "v-1", Answer: contract.AnswerAccept, Pairing: "p-other",
		})
	})
	p.run()
	require.NoError(t, first.err)
	require.Equal(t, aid.ReasonSeatTaken, second.detail(t).Reason)
	require.NoError(t, again.err)
	require.Equal(t, pairingOf("v-1"), again.outcome.Pairing, "the same answer twice is the same pairing")
	require.Len(t, p.request().Pairings, 1)
}

func TestARequestThatEndsWhileARoundIsAskedForEndsItsProcess(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Routine)
	p.onAsk = func() { <-p.cancel().done }
	p.run()
	require.NoError(t, p.GetWorkflowError())
	require.Equal(t, aid.RequestCancelled, p.request().Status)
	require.WithinDuration(t, noon, p.Now(), time.Minute, "it does not wait for the window to end")
}

func TestTheStoreMayBeAwayForAnHour(t *testing.T) {
	t.Parallel()
	away := func(p *process, from, until time.Duration) {
		p.fail = func(string) error {
			if since := p.Now().Sub(noon); since >= from && since < until {
				return aid.Errorf(aid.Unavailable, "the database is away")
			}
			return nil
		}
	}
	t.Run("from the start", func(t *testing.T) {
		t.Parallel()
		p := newProcess(t, 1, 1, aid.Routine)
		away(p, 0, time.Hour)
		p.at(time.Hour-time.Second, func() { require.Zero(t, p.rounds()) })
		p.at(time.Hour+time.Minute, func() { require.Equal(t, 1, p.rounds()); p.cancel() })
		p.run()
		require.NoError(t, p.GetWorkflowError())
		require.Less(t, p.calls["Request"], 200, "it is asked about every half minute")
	})
	t.Run("while somebody answers", func(t *testing.T) {
		t.Parallel()
		p := newProcess(t, 1, 1, aid.Routine)
		var accepted *answer
		p.at(time.Minute, func() { p.offer("v-1") })
		away(p, time.Hour, 2*time.Hour)
		p.at(time.Hour, func() { accepted = p.accept("v-1") })
		p.stands(2*time.Hour+time.Minute, aid.RequestPaired)
		p.run()
		require.NoError(t, accepted.err)
		require.Equal(t, aid.RequestCompleted, p.request().Status)
	})
	t.Run("when the window ends", func(t *testing.T) {
		t.Parallel()
		p := newProcess(t, 1, 1, aid.Routine)
		p.at(time.Minute, func() { p.offer("v-1") })
		p.at(time.Hour, func() { p.accept("v-1") })
		away(p, begins-time.Minute, ends+time.Hour)
		p.run()
		require.NoError(t, p.GetWorkflowError())
		require.Equal(t, aid.RequestCompleted, p.request().Status, "the help was given even so")
	})
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
		_, err := p.store.Change(t.Context(), "r-1", func(r *aid.HelpRequest, now time.Time) error {
			return r.Decline(offerTo("v-1"), "v-1", "busy", "coordinator", now)
		})
		require.NoError(t, err)
		p.SignalWorkflow(contract.SignalRequestChanged, nil)
	})
	p.at(time.Hour+time.Minute, func() { require.Equal(t, 2, p.rounds()); p.cancel() })
	p.run()
}
