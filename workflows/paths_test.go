package workflows

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// detailOf is the kind and reason that an error carries over the wire.
func detailOf(t *testing.T, err error) contract.ErrorDetail {
	t.Helper()
	app, ok := errors.AsType[*temporal.ApplicationError](err)
	require.True(t, ok, "%v", err)
	var d contract.ErrorDetail
	require.NoError(t, app.Details(&d))
	require.Equal(t, app.Type(), string(d.Kind))
	return d
}

func TestOneVolunteerAcceptsAndHelps(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.volunteers("v1", "v2")
	var answer *reply
	s.after(time.Minute, func() {
		require.Equal(t, aid.RequestOffered, s.request().Status)
		require.Len(t, s.request().Offers, 1, "a routine seat asks one person")
		answer = s.accept("v1")
	})
	s.after(2*time.Minute, func() { require.Equal(t, aid.RequestPaired, s.request().Status) })
	s.after(48*time.Hour-time.Second, func() { require.Equal(t, aid.RequestPaired, s.request().Status) })
	s.after(48*time.Hour+2*time.Second, func() { require.Equal(t, aid.RequestInService, s.request().Status) })
	s.run()
	require.NoError(t, s.env.GetWorkflowError())
	require.True(t, answer.accepted)
	require.NoError(t, answer.err)
	require.Equal(t, aid.RequestPaired, answer.outcome.State.Status)
	require.Equal(t, "p-"+string(s.offer("v1")), string(answer.outcome.Pairing))
	require.Equal(t, aid.RequestCompleted, s.request().Status)
	require.Equal(t, []bool{false}, s.asked, "one opening, one round")
	require.WithinDuration(t, epoch.Add(50*time.Hour), s.request().EndedAt, 2*time.Second)
}

func TestACrewForms(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.need.Roles[0].People, s.need.MinPeople = 3, 2
	s.volunteers("v1", "v2", "v3")
	s.after(time.Minute, func() { s.accept("v1") })
	s.after(2*time.Minute, func() {
		require.Equal(t, aid.RequestOffered, s.request().Status, "one of two is no crew")
		s.accept("v2")
	})
	s.after(3*time.Minute, func() {
		require.Equal(t, aid.RequestPaired, s.request().Status)
		s.accept("v3")
	})
	s.run()
	require.NoError(t, s.env.GetWorkflowError())
	require.Equal(t, aid.RequestCompleted, s.request().Status)
	for _, p := range s.request().Pairings {
		require.Equal(t, aid.PairingCompleted, p.Status)
	}
	require.Equal(t, 1, s.roundsAsked())
}

func TestWhoDeclinesOrStaysSilentIsFollowedByTheNext(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.volunteers("v1", "v2", "v3")
	s.after(time.Minute, func() { s.decline("v1") })
	s.after(2*time.Minute, func() { require.Equal(t, aid.RequestOffered, s.request().Status); s.offer("v2") })
	// v2 stays silent for the 24 hours that a routine offer waits.
	s.after(24*time.Hour+3*time.Minute, func() { s.accept("v3") })
	s.run()
	require.NoError(t, s.env.GetWorkflowError())
	require.Equal(t, aid.RequestCompleted, s.request().Status)
	statuses := map[aid.VolunteerID]aid.OfferStatus{}
	for _, o := range s.request().Offers {
		statuses[o.Volunteer] = o.Status
	}
	require.Equal(t, map[aid.VolunteerID]aid.OfferStatus{"v1": aid.OfferDeclined, "v2": aid.OfferExpired, "v3": aid.OfferAccepted}, statuses)
	require.Equal(t, 3, s.roundsAsked(), "as many as vacancies opened")
}

func TestUrgentSeatsAskSeveralAtOnce(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.need.Urgency = aid.Urgent
	s.volunteers("v1", "v2", "v3", "v4")
	var late *reply
	s.after(time.Minute, func() {
		require.Equal(t, 3, s.request().Pending())
		s.accept("v2")
	})
	s.after(2*time.Minute, func() { late = s.accept("v1") })
	s.run()
	require.Equal(t, []bool{true}, s.asked)
	require.Equal(t, aid.ReasonSeatTaken, detailOf(t, late.err).Reason)
	require.Equal(t, aid.RequestCompleted, s.request().Status)
}

func TestAWithdrawalOpensTheSeatAgain(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]time.Duration{"while paired": time.Hour, "while in service": 49 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stage(t)
			s.volunteers("v1", "v2")
			s.after(time.Minute, func() { s.accept("v1") })
			s.after(at, func() {
				s.send(contract.UpdateWithdrawPairing, "w", contract.WithdrawPairing{
					Request: "r1", Pairing: aid.PairingID("p-" + s.offer("v1")), Actor: "v1", Reason: "unwell",
				})
			})
			s.after(at+time.Minute, func() {
				require.Equal(t, aid.RequestOffered, s.request().Status)
				s.accept("v2")
			})
			s.run()
			require.NoError(t, s.env.GetWorkflowError())
			require.Equal(t, aid.RequestCompleted, s.request().Status)
			require.Equal(t, 2, s.roundsAsked())
		})
	}
}

func TestCancellingInEachState(t *testing.T) {
	t.Parallel()
	for status, at := range map[aid.RequestStatus]time.Duration{
		aid.RequestOpen: 0, aid.RequestOffered: time.Minute, aid.RequestPaired: time.Hour, aid.RequestInService: 49 * time.Hour,
	} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			s := stage(t)
			s.volunteers("v1")
			s.closed = status == aid.RequestOpen
			if at > time.Minute {
				s.after(time.Minute, func() { s.accept("v1") })
			}
			var answer *reply
			s.after(at+time.Minute, func() {
				require.Equal(t, status, s.request().Status)
				answer = s.cancel("c")
			})
			s.run()
			require.NoError(t, s.env.GetWorkflowError())
			require.NoError(t, answer.err)
			require.Equal(t, aid.RequestCancelled, answer.outcome.State.Status)
			require.Equal(t, aid.RequestCancelled, s.request().Status)
			require.WithinDuration(t, answer.at, s.env.Now(), time.Second, "the process ends with the request")
		})
	}
}

func TestClosingAsDone(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.volunteers("v1")
	end := contract.EndRequest{Request: "r1", Actor: "caseworker"}
	var early, done *reply
	s.after(time.Minute, func() { early = s.send(contract.UpdateCloseRequest, "x1", end) })
	s.after(2*time.Minute, func() { s.accept("v1") })
	s.after(3*time.Minute, func() { done = s.send(contract.UpdateCloseRequest, "x2", end) })
	s.run()
	require.Equal(t, aid.ReasonWrongTime, detailOf(t, early.err).Reason)
	require.NoError(t, done.err)
	require.Equal(t, aid.RequestCompleted, s.request().Status)
}

func TestTheWindowEndsWithoutHelp(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.closed = true // rounds are asked for, but nobody runs them
	s.run()
	require.NoError(t, s.env.GetWorkflowError())
	require.Equal(t, aid.RequestUnfilled, s.request().Status)
	require.Equal(t, 1, s.roundsAsked())
	require.WithinDuration(t, epoch.Add(50*time.Hour), s.env.Now(), 2*time.Second)
}

func TestNobodyToAskEndsTheRequestAtOnce(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.run()
	require.NoError(t, s.env.GetWorkflowError())
	require.Equal(t, aid.RequestUnfilled, s.request().Status)
	require.WithinDuration(t, epoch, s.env.Now(), time.Minute)
}

// TestWhatComesAfterTheEndIsRefused keeps the process alive past the end of the
// request by an answer that Postgres is too busy to take.
func TestWhatComesAfterTheEndIsRefused(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.volunteers("v1")
	var first, stuck, late, again *reply
	s.after(time.Minute, func() {
		var calls atomic.Int64 // a step that was given up may still be under way
		s.breaks(func(call string, after bool) error {
			if call == "Change" && !after {
				calls.Add(1)
			}
			if call == "Change" && calls.Load() > 1 {
				return aid.Errorf(aid.Unavailable, "busy")
			}
			return nil
		})
		first, stuck = s.cancel("c1"), s.accept("v1")
	})
	s.after(5*time.Minute, func() { late, again = s.decline("v1"), s.cancel("c2") })
	s.after(10*time.Minute, func() { s.breaks(nil) })
	s.run()
	require.NoError(t, s.env.GetWorkflowError())
	require.NoError(t, first.err)
	require.Equal(t, contract.ErrorDetail{Kind: aid.Conflict, Reason: aid.ReasonRequestEnded, Message: "the help request is cancelled"}, detailOf(t, stuck.err))
	require.False(t, late.accepted, "what the validator refuses leaves no trace")
	require.Equal(t, aid.ReasonRequestEnded, detailOf(t, late.rejected).Reason)
	require.True(t, again.accepted, "cancelling again is no error")
	require.NoError(t, again.err)
}

func TestMalformedMessagesAreRefused(t *testing.T) {
	t.Parallel()
	good := contract.AnswerOffer{Request: "r1", Offer: "o1", Volunteer: "v1", Answer: contract.AnswerAccept, Pairing: "p1"}
	cases := map[string]struct {
		update  string
		message any
		field   string
	}{
		"another request":           {contract.UpdateAnswerOffer, with(good, func(m *contract.AnswerOffer) { m.Request = "r2" }), "request"},
		"no offer":                  {contract.UpdateAnswerOffer, with(good, func(m *contract.AnswerOffer) { m.Offer = "" }), "offer"},
		"no volunteer":              {contract.UpdateAnswerOffer, with(good, func(m *contract.AnswerOffer) { m.Volunteer = "" }), "volunteer"},
		"neither yes nor no":        {contract.UpdateAnswerOffer, with(good, func(m *contract.AnswerOffer) { m.Answer = "perhaps" }), "answer"},
		"no pairing":                {contract.UpdateAnswerOffer, with(good, func(m *contract.AnswerOffer) { m.Pairing = "" }), "pairing"},
		"free text":                 {contract.UpdateAnswerOffer, with(good, func(m *contract.AnswerOffer) { m.Answer, m.Reason = contract.AnswerDecline, "my aunt is ill" }), "reason"},
		"withdrawal of nothing":     {contract.UpdateWithdrawPairing, contract.WithdrawPairing{Request: "r1", Reason: "busy"}, "pairing"},
		"withdrawal in free text":   {contract.UpdateWithdrawPairing, contract.WithdrawPairing{Request: "r1", Pairing: "p1", Reason: "no"}, "reason"},
		"cancellation in free text": {contract.UpdateCancelRequest, contract.EndRequest{Request: "r1", Reason: "no"}, "reason"},
		"closing with a reason":     {contract.UpdateCloseRequest, contract.EndRequest{Request: "r1", Reason: "other"}, "reason"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stage(t)
			s.volunteers("v1")
			var got *reply
			s.after(time.Minute, func() { got = s.send(c.update, "u", c.message) })
			s.run()
			require.False(t, got.accepted)
			d := detailOf(t, got.rejected)
			require.Equal(t, aid.Invalid, d.Kind)
			require.Len(t, d.Problems, 1)
			require.Equal(t, c.field, d.Problems[0].Field)
		})
	}
}

func with[T any](v T, change func(*T)) T {
	change(&v)
	return v
}

// TestPostgresIsAwayForAnHour: nothing is lost and nothing fails; the answer that
// was given meanwhile counts when it is back.
func TestPostgresIsAwayForAnHour(t *testing.T) {
	t.Parallel()
	away := map[string]error{
		"known to be away": aid.Errorf(aid.Unavailable, "the database is away"),
		"unknown error":    errors.New("broken pipe"),
	}
	for name, err := range away {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stage(t)
			s.volunteers("v1")
			var answer *reply
			s.after(time.Minute, func() { s.breaks(func(string, bool) error { return err }) })
			s.after(2*time.Minute, func() { answer = s.accept("v1"); s.env.SignalWorkflow(contract.SignalRequestChanged, nil) })
			s.after(61*time.Minute, func() { require.False(t, answer.done); s.breaks(nil) })
			s.after(63*time.Minute, func() { require.Equal(t, aid.RequestPaired, s.request().Status) })
			s.run()
			require.NoError(t, s.env.GetWorkflowError())
			require.NoError(t, answer.err)
			require.Equal(t, aid.RequestCompleted, s.request().Status)
		})
	}
}

// TestAFaultOfOursIsToldAndHoldsUpNobody: the one message that cannot be served
// fails, those after it do not.
func TestAFaultOfOursIsToldAndHoldsUpNobody(t *testing.T) {
	t.Parallel()
	faults := map[string]func() error{
		"fault": func() error { return aid.Errorf(aid.Internal, "the plan could not be proven") },
		"panic": func() error { panic("index out of range") },
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stage(t)
			s.volunteers("v1")
			var poisoned, next *reply
			s.after(time.Minute, func() {
				s.breaks(func(string, bool) error { return fault() })
				poisoned = s.decline("v1")
			})
			s.after(2*time.Minute, func() { s.breaks(nil); next = s.accept("v1") })
			s.run()
			require.NoError(t, s.env.GetWorkflowError())
			require.True(t, poisoned.done)
			require.Equal(t, aid.Internal, detailOf(t, poisoned.err).Kind)
			require.NoError(t, next.err)
			require.Equal(t, aid.RequestCompleted, s.request().Status)
		})
	}
}

// TestTheClocksOutliveAFaultOfOurs: what no caller waits for is tried until the
// fault is mended.
func TestTheClocksOutliveAFaultOfOurs(t *testing.T) {
	t.Parallel()
	for _, kind := range []aid.Kind{aid.Internal, aid.Conflict} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s := stage(t)
			s.volunteers("v1")
			s.after(time.Minute, func() { s.accept("v1") })
			s.after(time.Hour, func() { s.breaks(func(string, bool) error { return aid.Errorf(kind, "a fault") }) })
			s.after(72*time.Hour, func() { s.breaks(nil) })
			s.run()
			require.NoError(t, s.env.GetWorkflowError())
			require.Equal(t, aid.RequestCompleted, s.request().Status)
			require.WithinDuration(t, epoch.Add(72*time.Hour), s.env.Now(), 2*time.Minute)
		})
	}
}

// TestTheDatabaseClockDecides: it runs behind, so that the process asks too
// early, and then not in a tight loop.
func TestTheDatabaseClockDecides(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.volunteers("v1")
	s.store.Now = func() time.Time { return s.env.Now().Add(-time.Minute) }
	s.after(time.Minute, func() { s.accept("v1") })
	s.run()
	require.Equal(t, aid.RequestCompleted, s.request().Status)
	require.Equal(t, epoch.Add(50*time.Hour), s.request().EndedAt.UTC().Round(2*time.Second))
	require.Equal(t, 1, s.roundsAsked())
}

func TestSignalsAndAnswersAtOnce(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.need.Roles[0].People = 3
	s.volunteers("v1", "v2", "v3", "v4")
	var answers []*reply
	s.after(time.Minute, func() {
		for range 20 {
			s.env.SignalWorkflow(contract.SignalRequestChanged, nil)
		}
		answers = append(answers, s.accept("v1"), s.decline("v2"), s.accept("v3"))
		s.env.SignalWorkflow(contract.SignalRequestChanged, nil)
	})
	s.after(2*time.Minute, func() { answers = append(answers, s.accept("v4")) })
	s.run()
	require.NoError(t, s.env.GetWorkflowError())
	for _, a := range answers {
		require.NoError(t, a.err)
	}
	require.Equal(t, aid.RequestCompleted, s.request().Status)
	require.Equal(t, 2, s.roundsAsked(), "one opening and one refusal")
}

// TestALongHistoryIsContinued: the new run goes on from what the old one knew,
// and every answer under way is given before.
func TestALongHistoryIsContinued(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.need.Roles[0].People = 2
	s.volunteers("v1")
	var answer *reply
	s.after(time.Minute, func() {
		s.breaks(func(string, bool) error { return aid.Errorf(aid.Unavailable, "away") })
		answer = s.accept("v1")
		s.env.SetContinueAsNewSuggested(true)
	})
	s.after(3*time.Minute, func() { s.breaks(nil) })
	s.run()
	continued, ok := errors.AsType[*workflow.ContinueAsNewError](s.env.GetWorkflowError())
	require.True(t, ok, "%v", s.env.GetWorkflowError())
	require.True(t, answer.done)
	require.NoError(t, answer.err)
	require.Equal(t, contract.WorkflowHelpRequest, continued.WorkflowType.Name)
	var in contract.HelpRequestInput
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(continued.Input, &in))
	require.Equal(t, contract.HelpRequestInput{Request: "r1", Shard: shard, Urgency: aid.Routine, RoundAsked: true}, in)
}

// TestAContinuedRunAsksForNoRoundTwice unless a vacancy opened.
func TestAContinuedRunAsksForNoRoundTwice(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.volunteers("v1", "v2")
	r, err := aid.OpenRequest("r1", s.need, "caseworker", aid.Area{ID: "a1", Path: "a1"}, 0, epoch)
	require.NoError(t, err)
	s.store.Add(r, shard)
	s.after(time.Minute, func() { require.Zero(t, s.roundsAsked()) })
	s.after(2*time.Minute, func() { s.cancel("c") })
	s.env.ExecuteWorkflow(contract.WorkflowHelpRequest, contract.HelpRequestInput{Request: "r1", Shard: shard, Urgency: aid.Routine, RoundAsked: true})
	require.NoError(t, s.env.GetWorkflowError())
}

func TestAProcessWithoutARequestEnds(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.env.ExecuteWorkflow(contract.WorkflowHelpRequest, contract.HelpRequestInput{Request: "r9", Shard: shard, Urgency: aid.Routine})
	require.True(t, s.env.IsWorkflowCompleted())
	require.NoError(t, s.env.GetWorkflowError())
}

// TestAFurtherVacancyIsAskedForAtOnce: a seat for which there is nobody keeps
// rounds wanted all the time, and yet each further vacancy asks for one.
func TestAFurtherVacancyIsAskedForAtOnce(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(s *scene){
		"declined": func(s *scene) { s.after(time.Minute, func() { s.decline("v1") }) },
		"silent":   func(*scene) {},
		"withdrawn": func(s *scene) {
			s.after(time.Minute, func() { s.accept("v1") })
			s.after(2*time.Minute, func() {
				s.send(contract.UpdateWithdrawPairing, "w", contract.WithdrawPairing{
					Request: "r1", Pairing: aid.PairingID("p-" + s.offer("v1")), Actor: "v1", Reason: "unwell",
				})
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stage(t)
			s.need.Roles[0].People = 2
			s.volunteers("v1")
			open(s)
			s.run()
			require.NoError(t, s.env.GetWorkflowError())
			require.Equal(t, aid.RequestUnfilled, s.request().Status)
			require.Equal(t, 2, s.roundsAsked())
			require.Less(t, s.env.Now().Sub(epoch), 25*time.Hour, "the second round found that nobody is left")
		})
	}
}

// TestARoundThatCouldNotBeAskedForIsAskedForAgain with whatever wakes the
// process next.
func TestARoundThatCouldNotBeAskedForIsAskedForAgain(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.volunteers("v1")
	s.refuse = aid.Errorf(aid.Conflict, "a fault")
	s.after(time.Minute, func() {
		require.Empty(t, s.request().Offers)
		s.mu.Lock()
		s.refuse = nil
		s.mu.Unlock()
		s.env.SignalWorkflow(contract.SignalRequestChanged, nil)
	})
	s.after(2*time.Minute, func() { s.accept("v1") })
	s.run()
	require.NoError(t, s.env.GetWorkflowError())
	require.Equal(t, aid.RequestCompleted, s.request().Status)
}

// TestOneStepAtATime: two steps side by side could hand back their states in the
// wrong order.
func TestOneStepAtATime(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.need.Roles[0].People = 3
	s.volunteers("v1", "v2", "v3")
	var together atomic.Bool
	s.after(time.Minute, func() {
		var inside atomic.Int32
		another := make(chan struct{}, 10)
		s.breaks(func(call string, after bool) error {
			switch {
			case call != "Change" && call != "Request":
				return nil // of a round
			case after:
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
		s.accept("v1")
		s.accept("v2")
		s.decline("v3")
		s.env.SignalWorkflow(contract.SignalRequestChanged, nil)
	})
	s.run()
	require.NoError(t, s.env.GetWorkflowError())
	require.False(t, together.Load())
	require.Equal(t, aid.RequestCompleted, s.request().Status)
}

// TestRoundsAreASecondApartAtLeast even where no interval is given.
func TestRoundsAreASecondApartAtLeast(t *testing.T) {
	t.Parallel()
	env := (&testsuite.WorkflowTestSuite{}).NewTestWorkflowEnvironment()
	var began []time.Time
	env.RegisterActivityWithOptions(func(context.Context, contract.RunRound) (contract.RoundResult, error) {
		began = append(began, env.Now())
		return contract.RoundResult{Offers: 1, StillOpen: 3 - len(began)}, nil
	}, activity.RegisterOptions{Name: contract.ActivityRunRound})
	env.ExecuteWorkflow(MatchRound, contract.MatchRoundInput{Shard: shard, Owed: true})
	require.NoError(t, env.GetWorkflowError())
	require.Len(t, began, 3)
	for i := 1; i < len(began); i++ {
		require.GreaterOrEqual(t, began[i].Sub(began[i-1]), time.Second)
	}
}
