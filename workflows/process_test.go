package workflows_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/activities/memory"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows"
	"github.com/linli/linli/workflows/contract"
)

// noon is when every test begins. The window of the request is from one day to
// two hours later.
var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

const (
	begins = 24 * time.Hour
	ends   = 26 * time.Hour
	shard  = aid.Cell(7)
)

// process is one help request with its process in the time-skipping
// environment, over the real activities and the real aggregate.
type process struct {
	*testsuite.TestWorkflowEnvironment
	t      *testing.T
	store  *memory.Store
	policy aid.SearchPolicy
	in     contract.HelpRequestInput
	onAsk  func() // runs inside the activity that asks for a round

	mu    sync.Mutex
	asks  []contract.AskForRound
	calls map[string]int // of the store
	fail  func(call string) error
}

// newProcess opens a request for that many people, of whom at least least must
// come.
func newProcess(t *testing.T, people, least int, urgency aid.Urgency) *process {
	t.Helper()
	r, err := aid.OpenRequest("r-1", aid.Need{
		Beneficiary: "b-1", Location: aid.Point{Lat: 45.75, Lng: 126.65}, Category: "company",
		Roles: []aid.RequestRole{{Name: "companion", People: people}}, MinPeople: least, Urgency: urgency,
		Window: aid.Window{StartsAt: noon.Add(begins), EndsAt: noon.Add(ends)},
	}, "caseworker", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, noon)
	require.NoError(t, err)
	store := &memory.Store{}
	store.Add(r, shard)
	in := contract.HelpRequestInput{Request: "r-1", Shard: shard, Urgency: urgency}
	return resume(t, store, in, noon)
}

// resume makes the environment of one run of the process.
func resume(t *testing.T, store *memory.Store, in contract.HelpRequestInput, at time.Time) *process {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	p := &process{
		TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment(),
		t:                       t, store: store, in: in, policy: aid.DefaultSearchPolicy(), calls: map[string]int{},
	}
	p.SetStartTime(at)
	p.SetTestTimeout(30 * time.Second)
	store.Now = p.Now
	store.Changed = func(aid.RequestID) { p.SignalWorkflow(contract.SignalRequestChanged, nil) }
	store.Fault = p.fault
	(&activities.Requests{Store: store, Policy: p.policy}).Register(p)
	(&activities.Rounds{Asker: p}).RegisterAsking(p)
	return p
}

// fault counts the calls of the store and lets a test fail them.
func (p *process) fault(call string, when memory.When) error {
	if when == memory.After {
		return nil
	}
	p.mu.Lock()
	p.calls[call]++
	fail := p.fail
	p.mu.Unlock()
	if fail != nil {
		return fail(call)
	}
	return nil
}

// AskForRound takes down the wishes for rounds.
func (p *process) AskForRound(_ context.Context, shard aid.Cell, urgent bool) error {
	p.mu.Lock()
	p.asks = append(p.asks, contract.AskForRound{Shard: shard, Urgent: urgent})
	p.mu.Unlock()
	if p.onAsk != nil {
		p.onAsk()
	}
	return nil
}

// rounds is how often a round was asked for.
func (p *process) rounds() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.asks)
}

// at does something when that much time has passed since noon.
func (p *process) at(after time.Duration, do func()) {
	p.RegisterDelayedCallback(do, noon.Add(after).Sub(p.Now()))
}

// run runs the process to its end.
func (p *process) run() {
	p.t.Helper()
	p.ExecuteWorkflow(workflows.HelpRequest, p.in)
	require.True(p.t, p.IsWorkflowCompleted())
	require.NoError(p.t, p.store.Check())
}

// request is where the request stands.
func (p *process) request() *aid.HelpRequest {
	p.t.Helper()
	var found *aid.HelpRequest
	p.mu.Lock()
	fail := p.fail
	p.fail = nil
	p.mu.Unlock()
	found, err := p.store.Request(context.Background(), p.in.Request)
	p.mu.Lock()
	p.fail = fail
	p.mu.Unlock()
	require.NoError(p.t, err)
	return found
}

// stands requires a status once that much time has passed since noon.
func (p *process) stands(after time.Duration, want aid.RequestStatus) {
	p.at(after, func() { require.Equal(p.t, want, p.request().Status, "after %s", after) })
}

// offer asks volunteers, as a round does; the id of an offer tells to whom it
// was made.
func (p *process) offer(volunteers ...aid.VolunteerID) {
	p.t.Helper()
	var picks []aid.Pick
	for _, v := range volunteers {
		picks = append(picks, aid.Pick{Offer: offerTo(v), Volunteer: v})
	}
	made, refused, err := p.store.MakeOffers(context.Background(), "round-1", p.in.Request, picks, p.policy)
	require.NoError(p.t, err)
	require.Empty(p.t, refused)
	require.Len(p.t, made, len(volunteers))
}

func offerTo(v aid.VolunteerID) aid.OfferID     { return aid.OfferID("o-" + v) }
func pairingOf(v aid.VolunteerID) aid.PairingID { return aid.PairingID("p-" + v) }

// answer is what the caller of an update gets to hear.
type answer struct {
	outcome  contract.Outcome
	err      error
	rejected bool // before it entered the history
	done     chan struct{}
}

// kind and reason are what the error says, as a caller reads it.
func (a *answer) detail(t *testing.T) contract.ErrorDetail {
	t.Helper()
	app, ok := errors.AsType[*temporal.ApplicationError](a.err)
	require.True(t, ok, "%v", a.err)
	var d contract.ErrorDetail
	require.NoError(t, app.Details(&d))
	require.Equal(t, string(d.Kind), app.Type())
	return d
}

// put puts an update to the process; its answer is filled in once it is there.
func (p *process) put(name, id string, message any) *answer {
	a := &answer{done: make(chan struct{})}
	p.UpdateWorkflow(name, id, &testsuite.TestUpdateCallback{
		OnAccept: func() {},
		OnReject: func(err error) { a.err, a.rejected = err, true; close(a.done) },
		OnComplete: func(out any, err error) {
			a.err = err
			if err == nil {
				a.outcome = out.(contract.Outcome)
			}
			close(a.done)
		},
	}, message)
	return a
}

func (p *process) accept(v aid.VolunteerID) *answer {
	return p.put(contract.UpdateAnswerOffer, fmt.Sprintf("accept-%s", v), contract.AnswerOffer{
		Request: p.in.Request, Offer: offerTo(v), Volunteer: v, Actor: aid.VolunteerAccount(v),
		Answer: contract.AnswerAccept, Pairing: pairingOf(v),
	})
}

func (p *process) decline(v aid.VolunteerID) *answer {
	return p.put(contract.UpdateAnswerOffer, fmt.Sprintf("decline-%s", v), contract.AnswerOffer{
		Request: p.in.Request, Offer: offerTo(v), Volunteer: v, Actor: aid.VolunteerAccount(v),
		Answer: contract.AnswerDecline, Reason: "busy",
	})
}

func (p *process) cancel() *answer {
	return p.put(contract.UpdateCancelRequest, "cancel", contract.EndRequest{
		Request: p.in.Request, Actor: "caseworker", Reason: "no_longer_needed",
	})
}

// happened lists what happened to the request, in order.
func (p *process) happened() []aid.EventKind {
	var kinds []aid.EventKind
	for _, e := range p.store.Events() {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// when gives the time since noon at which something happened last.
func (p *process) when(kind aid.EventKind) time.Duration {
	p.t.Helper()
	events := p.store.Events()
	for _, e := range slices.Backward(events) {
		if e.Kind == kind {
			return e.At.Sub(noon)
		}
	}
	require.Fail(p.t, "did not happen", "%s in %v", kind, p.happened())
	return 0
}
