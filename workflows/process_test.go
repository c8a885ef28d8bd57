package workflows_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/activities/memory"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/live"
	"github.com/linli/linli/workflows"
	"github.com/linli/linli/workflows/contract"
)

// noon is when every test begins. The window of the request is from one day to
// two hours later.
var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

var place = aid.Point{Lat: 45.75, Lng: 126.65}

const (
	begins = 24 * time.Hour
	ends   = 26 * time.Hour
	shard  = aid.Cell(7)
)

// process is one help request with its process in the time-skipping
// environment, over the real activities and the real aggregate. Whom to ask the
// test says itself by offer, or leaves to the real engine among neighbours.
type process struct {
	*testsuite.TestWorkflowEnvironment
	t      *testing.T
	store  *memory.Store
	policy aid.SearchPolicy
	in     contract.HelpRequestInput
	onAsk  func() error // runs inside the activity that asks for a round
	match  bool         // rounds run as soon as they are asked for

	mu    sync.Mutex
	asks  []contract.AskForRound
	calls map[string]int // of the store
	fail  func(call string, when memory.When) error
}

// newProcess opens a request for that many people, of whom at least least must
// come.
func newProcess(t *testing.T, people, least int, urgency aid.Urgency) *process {
	t.Helper()
	r, err := aid.OpenRequest("r-1", aid.Need{
		Beneficiary: "b-1", Location: place, Category: "company",
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
	p.policy.Stay = map[aid.Urgency]time.Duration{} // everybody is asked at once, until a test says otherwise
	p.SetStartTime(at)
	p.SetTestTimeout(30 * time.Second)
	store.Now = p.Now
	store.Changed = func(aid.RequestID) { p.SignalWorkflow(contract.SignalRequestChanged, nil) }
	store.Fault = p.fault
	(&activities.Requests{Store: store, Policy: p.policy}).Register(p)
	(&activities.Rounds{Asker: p}).RegisterAsking(p)
	workflows.Register(p)
	return p
}

// fault counts the calls of the store and lets a test fail them.
func (p *process) fault(call string, when memory.When) error {
	p.mu.Lock()
	if when == memory.Before {
		p.calls[call]++
	}
	fail := p.fail
	p.mu.Unlock()
	if fail != nil {
		return fail(call, when)
	}
	return nil
}

// breaks has the calls of the store fail as fail says from now on; nil mends it.
// It gives what was said before.
func (p *process) breaks(fail func(call string, when memory.When) error) (before func(string, memory.When) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before, p.fail = p.fail, fail
	return before
}

// with fails every call with an error.
func with(err error) func(string, memory.When) error {
	return func(string, memory.When) error { return err }
}

// neighbours are people next door, the first ones nearest, whom rounds ask from
// now on.
func (p *process) neighbours(ids ...aid.VolunteerID) {
	p.match = true
	for i, id := range ids {
		p.store.AddVolunteer(aid.Volunteer{
			ID: id, Home: aid.Point{Lat: place.Lat + float64(i+1)*0.001, Lng: place.Lng}, Capacity: 1, MaxDistance: 5000, Active: true,
		})
	}
}

// AskForRound takes down the wishes for rounds.
func (p *process) AskForRound(ctx context.Context, shard aid.Cell, urgent bool) error {
	p.mu.Lock()
	p.asks = append(p.asks, contract.AskForRound{Shard: shard, Urgent: urgent})
	id := aid.RoundID(fmt.Sprintf("round-%d", len(p.asks)))
	p.mu.Unlock()
	if p.onAsk != nil {
		if err := p.onAsk(); err != nil {
			return err
		}
	}
	if !p.match {
		return nil
	}
	index := live.New(p.store, p.policy.Limits, slog.New(slog.DiscardHandler))
	index.Now = p.store.Now
	rounds := &activities.Rounds{Store: p.store, Matcher: index, Policy: p.policy}
	_, err := rounds.RunRound(ctx, contract.RunRound{Shard: shard, Round: id})
	return err
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
	p.ExecuteWorkflow(contract.WorkflowHelpRequest, p.in)
	require.True(p.t, p.IsWorkflowCompleted())
	require.NoError(p.t, p.store.Check())
}

// request is where the request stands.
func (p *process) request() *aid.HelpRequest {
	p.t.Helper()
	broken := p.breaks(nil)
	defer func() { p.breaks(broken) }()
	found, err := p.store.Request(context.Background(), p.in.Request)
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

// offered is the last offer made to a volunteer, or one that was never made.
func (p *process) offered(v aid.VolunteerID) aid.OfferID {
	for _, o := range slices.Backward(p.request().Offers) {
		if o.Volunteer == v {
			return o.ID
		}
	}
	return offerTo(v)
}

func offerTo(v aid.VolunteerID) aid.OfferID     { return aid.OfferID("o-" + v) }
func pairingOf(v aid.VolunteerID) aid.PairingID { return aid.PairingID("p-" + v) }

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
