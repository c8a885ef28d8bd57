package workflows_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/activities/memory"
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
			Request: p.in.Request, Offer: offerTo("v-1"), Volunteer: "v-1", Answer: contract.AnswerAccept, Pairing: "p-other",
		})
	})
	p.run()
	require.NoError(t, first.err)
	require.Equal(t, aid.ReasonSeatTaken, second.detail(t).Reason)
	require.NoError(t, again.err)
	require.Equal(t, pairingOf("v-1"), again.outcome.Pairing, "the same answer twice is the same pairing")
	require.Len(t, p.request().Pairings, 1)
}

// TestWhatComesAfterTheEndIsRefused keeps the process alive past the end of the
// request by an answer that the store is too busy to take.
func TestWhatComesAfterTheEndIsRefused(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Routine)
	p.neighbours("v-1")
	var first, stuck, late, again *answer
	p.at(time.Minute, func() {
		var calls atomic.Int64 // a step that was given up may still be under way
		p.breaks(func(call string, when memory.When) error {
			if call == "Change" && when == memory.Before {
				calls.Add(1)
			}
			if call == "Change" && calls.Load() > 1 {
				return aid.Errorf(aid.Unavailable, "busy")
			}
			return nil
		})
		first, stuck = p.cancel(), p.accept("v-1")
	})
	p.at(5*time.Minute, func() {
		late = p.decline("v-1")
		again = p.put(contract.UpdateCancelRequest, "again", contract.EndRequest{Request: p.in.Request, Actor: "caseworker"})
	})
	p.at(10*time.Minute, func() { p.breaks(nil) })
	p.run()
	require.NoError(t, p.GetWorkflowError())
	require.NoError(t, first.err)
	require.Equal(t, contract.ErrorDetail{Kind: aid.Conflict, Reason: aid.ReasonRequestEnded, Message: "the help request is cancelled"}, stuck.detail(t))
	require.True(t, late.rejected, "what the validator refuses leaves no trace")
	require.Equal(t, aid.ReasonRequestEnded, late.detail(t).Reason)
	require.False(t, again.rejected, "cancelling again is no error")
	require.NoError(t, again.err)
}

func TestMalformedMessagesAreRefused(t *testing.T) {
	t.Parallel()
	answers := func(change func(*contract.AnswerOffer)) contract.AnswerOffer {
		m := contract.AnswerOffer{Request: "r-1", Offer: "o-1", Volunteer: "v-1", Answer: contract.AnswerAccept, Pairing: "p-1"}
		change(&m)
		return m
	}
	for name, c := range map[string]struct {
		update  string
		message any
		field   string
	}{
		"another request":    {contract.UpdateAnswerOffer, answers(func(m *contract.AnswerOffer) { m.Request = "r-2" }), "request"},
		"no offer":           {contract.UpdateAnswerOffer, answers(func(m *contract.AnswerOffer) { m.Offer = "" }), "offer"},
		"no volunteer":       {contract.UpdateAnswerOffer, answers(func(m *contract.AnswerOffer) { m.Volunteer = "" }), "volunteer"},
		"neither yes nor no": {contract.UpdateAnswerOffer, answers(func(m *contract.AnswerOffer) { m.Answer = "perhaps" }), "answer"},
		"no pairing":         {contract.UpdateAnswerOffer, answers(func(m *contract.AnswerOffer) { m.Pairing = "" }), "pairing"},
		"free text": {contract.UpdateAnswerOffer, answers(func(m *contract.AnswerOffer) {
			m.Answer, m.Reason = contract.AnswerDecline, "my aunt is ill"
		}), "reason"},
		"withdrawal of nothing":     {contract.UpdateWithdrawPairing, contract.WithdrawPairing{Request: "r-1", Reason: "busy"}, "pairing"},
		"withdrawal in free text":   {contract.UpdateWithdrawPairing, contract.WithdrawPairing{Request: "r-1", Pairing: "p-1", Reason: "no"}, "reason"},
		"cancellation in free text": {contract.UpdateCancelRequest, contract.EndRequest{Request: "r-1", Reason: "no"}, "reason"},
		"closing with a reason":     {contract.UpdateCloseRequest, contract.EndRequest{Request: "r-1", Reason: "other"}, "reason"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProcess(t, 1, 1, aid.Routine)
			var got *answer
			p.at(time.Minute, func() { got = p.put(c.update, "malformed", c.message) })
			p.run()
			require.True(t, got.rejected)
			d := got.detail(t)
			require.Equal(t, aid.Invalid, d.Kind)
			require.Len(t, d.Problems, 1)
			require.Equal(t, c.field, d.Problems[0].Field)
		})
	}
}

func TestSignalsAndAnswersAtOnce(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 3, 1, aid.Routine)
	p.neighbours("v-1", "v-2", "v-3", "v-4")
	var answers []*answer
	p.at(time.Minute, func() {
		for range 20 {
			p.SignalWorkflow(contract.SignalRequestChanged, nil)
		}
		answers = append(answers, p.accept("v-1"), p.decline("v-2"), p.accept("v-3"))
		p.SignalWorkflow(contract.SignalRequestChanged, nil)
	})
	p.at(2*time.Minute, func() { answers = append(answers, p.accept("v-4")) })
	p.run()
	require.NoError(t, p.GetWorkflowError())
	require.Len(t, answers, 4)
	for _, a := range answers {
		require.NoError(t, a.err)
	}
	require.Equal(t, aid.RequestCompleted, p.request().Status)
	require.Equal(t, 2, p.rounds(), "one opening and one refusal")
}

// TestOneStepAtATime: two steps side by side could hand back their states in the
// wrong order.
func TestOneStepAtATime(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 3, 1, aid.Routine)
	p.neighbours("v-1", "v-2", "v-3")
	var together atomic.Bool
	p.at(time.Minute, func() {
		var inside atomic.Int32
		another := make(chan struct{}, 10)
		p.breaks(func(call string, when memory.When) error {
			switch {
			case call != "Change" && call != "Request":
				return nil // of a round
			case when == memory.After:
				inside.Add(-1)
				return nil
			}
			if inside.Add(1) > 1 {
				together.Store(true)
				another <- struct{}{}
				return nil
			}
			select {
			case <-another:
			case <-time.After(20 * time.Millisecond): // long enough for one that would not wait
			}
			return nil
		})
		p.accept("v-1")
		p.accept("v-2")
		p.decline("v-3")
		p.SignalWorkflow(contract.SignalRequestChanged, nil)
	})
	p.run()
	require.NoError(t, p.GetWorkflowError())
	require.False(t, together.Load())
	require.Equal(t, aid.RequestCompleted, p.request().Status)
}
