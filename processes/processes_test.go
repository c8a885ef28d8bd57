package processes_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/activities/memory"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/embedded/embeddedtest"
	"github.com/linli/linli/processes"
	"github.com/linli/linli/workflows"
	"github.com/linli/linli/workflows/contract"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

const (
	shard    = aid.Cell(7)
	patience = 30 * time.Second
)

// place is a namespace of a real Temporal with help requests in memory. Workers
// run when a test starts them.
type place struct {
	*processes.Processes
	t      *testing.T
	client client.Client
	store  *memory.Store
	years  *memory.Rollouts
	policy aid.SearchPolicy

	mu   sync.Mutex
	asks []contract.AskForRound
}

// facts are what the processes read.
type facts struct {
	*memory.Store
	*memory.Rollouts
}

func newPlace(t *testing.T) *place {
	t.Helper()
	address, namespace := embeddedtest.Namespace(t)
	c, err := processes.Dial(address, namespace, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(c.Close)
	store, years := &memory.Store{Now: time.Now}, &memory.Rollouts{}
	return &place{
		Processes: processes.New(c, facts{store, years}, func(aid.Cell) aid.Cell { return shard }, time.Second),
		t:         t, client: c, store: store, years: years, policy: aid.DefaultSearchPolicy(),
	}
}

// work runs a worker for the processes of requests until the test ends.
func (p *place) work() {
	p.t.Helper()
	w := worker.New(p.client, contract.QueueProcesses, worker.Options{})
	workflows.Register(w)
	(&activities.Requests{Store: p.store, Policy: p.policy}).Register(w)
	(&activities.Rounds{Asker: asker{p}}).RegisterAsking(w)
	require.NoError(p.t, w.Start())
	p.t.Cleanup(w.Stop)
}

// asker takes down the wishes for rounds.
type asker struct{ *place }

func (a asker) AskForRound(_ context.Context, shard aid.Cell, urgent bool) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asks = append(a.asks, contract.AskForRound{Shard: shard, Urgent: urgent})
	return nil
}

// open writes a request down, as the use case does, and leaves the rest to the
// relay.
func (p *place) open(id aid.RequestID, people int) {
	p.t.Helper()
	now := time.Now()
	r, err := aid.OpenRequest(id, aid.Need{
		Beneficiary: "b-1", Location: aid.Point{Lat: 45.75, Lng: 126.65}, Category: "company",
		Roles: []aid.RequestRole{{Name: "companion", People: people}}, Urgency: aid.Urgent,
		Window: aid.Window{StartsAt: now.Add(time.Hour), EndsAt: now.Add(2 * time.Hour)},
	}, "caseworker", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, now)
	require.NoError(p.t, err)
	p.store.Add(r, shard)
}

func (p *place) start(id aid.RequestID) {
	p.t.Helper()
	payload, err := json.Marshal(contract.HelpRequestInput{Request: id, Shard: shard, Urgency: aid.Urgent})
	require.NoError(p.t, err)
	require.NoError(p.t, p.Deliver(p.t.Context(), contract.OutboxStartRequest, string(id), payload))
}

// changed delivers the outbox row that says that a request changed.
func (p *place) changed(id aid.RequestID) {
	p.t.Helper()
	require.NoError(p.t, p.Deliver(p.t.Context(), contract.OutboxRequestChanged, string(id), []byte("{}")))
}

// offer asks volunteers; the id of an offer tells to whom it was made.
func (p *place) offer(id aid.RequestID, volunteers ...aid.VolunteerID) {
	p.t.Helper()
	var picks []aid.Pick
	for _, v := range volunteers {
		picks = append(picks, aid.Pick{Offer: aid.OfferID("o-" + v), Volunteer: v})
	}
	made, _, err := p.store.MakeOffers(p.t.Context(), "round-1", id, picks, p.policy)
	require.NoError(p.t, err)
	require.Len(p.t, made, len(volunteers))
}

func (p *place) accept(ctx context.Context, id aid.RequestID, v aid.VolunteerID) (contract.Outcome, error) {
	return p.AnswerOffer(ctx, "o-"+string(v)+"/accept", contract.AnswerOffer{
		Request: id, Offer: aid.OfferID("o-" + v), Volunteer: v, Actor: aid.VolunteerAccount(v),
		Answer: contract.AnswerAccept, Pairing: aid.PairingID("p-o-" + v),
	})
}

func (p *place) cancel(id aid.RequestID, key string) (contract.Outcome, error) {
	return p.CancelRequest(p.t.Context(), key, contract.EndRequest{Request: id, Actor: "caseworker", Reason: "mistake"})
}

// ended waits until the process of a request is over and requires that it ended
// well.
func (p *place) ended(id aid.RequestID) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	require.NoError(p.t, p.client.GetWorkflow(ctx, contract.HelpRequestWorkflowID(id), "").Get(ctx, nil))
}

// events counts the events of a kind in the history of a workflow's last run.
func (p *place) events(id string, kind enums.EventType) int {
	p.t.Helper()
	n := 0
	history := p.client.GetWorkflowHistory(p.t.Context(), id, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for history.HasNext() {
		event, err := history.Next()
		require.NoError(p.t, err)
		if event.GetEventType() == kind {
			n++
		}
	}
	return n
}

// lastRun is the id of the last run of a request's process.
func (p *place) lastRun(id aid.RequestID) string {
	p.t.Helper()
	d, err := p.client.DescribeWorkflowExecution(p.t.Context(), contract.HelpRequestWorkflowID(id), "")
	require.NoError(p.t, err)
	return d.GetWorkflowExecutionInfo().GetExecution().GetRunId()
}

func (p *place) running(id aid.RequestID) bool {
	p.t.Helper()
	running, err := p.IsRunning(p.t.Context(), id)
	require.NoError(p.t, err)
	return running
}

func TestAnUpdateIsAnsweredAtOnce(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.work()
	p.open("r-1", 1)
	p.start("r-1")
	p.offer("r-1", "v-1", "v-2")
	p.changed("r-1")

	out, err := p.accept(t.Context(), "r-1", "v-1")
	require.NoError(t, err)
	require.Equal(t, aid.RequestPaired, out.State.Status)
	require.Equal(t, aid.PairingID("p-o-v-1"), out.Pairing)
	again, err := p.accept(t.Context(), "r-1", "v-1")
	require.NoError(t, err)
	require.Equal(t, out, again)
	require.Equal(t, 1, p.events(contract.HelpRequestWorkflowID("r-1"), enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED), "one id is one message")

	_, err = p.accept(t.Context(), "r-1", "v-2")
	require.Equal(t, aid.ReasonSeatTaken, aid.ReasonOf(err))
	_, err = p.AnswerOffer(t.Context(), "bad", contract.AnswerOffer{Request: "r-1", Offer: "o-1", Volunteer: "v-1", Answer: "maybe"})
	require.Equal(t, aid.Invalid, aid.KindOf(err))

	out, err = p.WithdrawPairing(t.Context(), "w-1", contract.WithdrawPairing{Request: "r-1", Pairing: "p-o-v-1", Reason: "busy"})
	require.NoError(t, err)
	require.Equal(t, aid.RequestOpen, out.State.Status)
	_, err = p.CloseRequest(t.Context(), "close", contract.EndRequest{Request: "r-1", Actor: "caseworker"})
	require.Equal(t, aid.ReasonWrongTime, aid.ReasonOf(err))
	out, err = p.cancel("r-1", "cancel")
	require.NoError(t, err)
	require.Equal(t, aid.RequestCancelled, out.State.Status)
	p.ended("r-1")
	require.NoError(t, p.store.Check())
}

func TestARowMayBeDeliveredTwice(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.work()
	p.open("r-1", 1)
	p.start("r-1")
	p.start("r-1")
	var relays sync.WaitGroup
	for range 4 {
		relays.Go(func() { p.start("r-1"); p.changed("r-1") })
	}
	relays.Wait()
	require.Equal(t, 1, p.events(contract.HelpRequestWorkflowID("r-1"), enums.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED))
	_, err := p.cancel("r-1", "cancel")
	require.NoError(t, err)
	p.ended("r-1")

	run := p.lastRun("r-1")
	p.start("r-1")
	p.changed("r-1")
	require.Equal(t, run, p.lastRun("r-1"), "what has ended is not started again")
}

func TestNewsOfARequestWithoutAProcessStartsIt(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.open("r-1", 1)
	require.False(t, p.running("r-1"))
	p.changed("r-1")
	require.True(t, p.running("r-1"))

	p.changed("r-2") // which nobody wrote down: nothing to do
	require.False(t, p.running("r-2"))
}

func TestAnAnswerMayComeBeforeTheRelay(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.work()
	p.open("r-1", 1)
	p.offer("r-1", "v-1")
	out, err := p.accept(t.Context(), "r-1", "v-1")
	require.NoError(t, err)
	require.Equal(t, aid.RequestPaired, out.State.Status)
	p.start("r-1")
	require.True(t, p.running("r-1"))
	require.Equal(t, 1, p.events(contract.HelpRequestWorkflowID("r-1"), enums.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED))
}

func TestAnAnswerAfterTheEnd(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.work()
	p.open("r-1", 2)
	p.start("r-1")
	p.offer("r-1", "v-1", "v-2")
	paired, err := p.accept(t.Context(), "r-1", "v-1")
	require.NoError(t, err)
	_, err = p.cancel("r-1", "cancel")
	require.NoError(t, err)
	p.ended("r-1")

	_, err = p.accept(t.Context(), "r-1", "v-2")
	require.Equal(t, aid.Conflict, aid.KindOf(err))
	require.Equal(t, aid.ReasonRequestEnded, aid.ReasonOf(err))
	_, err = p.CloseRequest(t.Context(), "close", contract.EndRequest{Request: "r-1", Actor: "caseworker"})
	require.Equal(t, aid.ReasonRequestEnded, aid.ReasonOf(err))
	_, err = p.WithdrawPairing(t.Context(), "w", contract.WithdrawPairing{Request: "r-1", Pairing: "p-o-v-1", Reason: "busy"})
	require.Equal(t, aid.ReasonPairingEnded, aid.ReasonOf(err))

	again, err := p.cancel("r-1", "another key")
	require.NoError(t, err, "to ask again for what is done is no error")
	require.Equal(t, aid.RequestCancelled, again.State.Status)
	once, err := p.AnswerOffer(t.Context(), "another key", contract.AnswerOffer{
		Request: "r-1", Offer: "o-v-1", Volunteer: "v-1", Answer: contract.AnswerAccept, Pairing: "p-other",
	})
	require.NoError(t, err)
	require.Equal(t, paired.Pairing, once.Pairing)
	require.False(t, p.running("r-1"))
}

func TestAnAnswerToNothing(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	_, err := p.accept(t.Context(), "r-9", "v-1")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	require.False(t, p.running("r-9"))
}

// Temporal takes ten updates of one workflow at a time and turns others away.
func TestACrowdIsServed(t *testing.T) {
	t.Parallel()
	const people, seats = 40, 10
	p := newPlace(t)
	p.work()
	p.policy.AsksPerSeat, p.policy.Certainty = map[aid.Urgency]int{aid.Urgent: people / seats}, nil
	p.open("r-1", seats)
	p.start("r-1")
	var volunteers []aid.VolunteerID
	for i := range people {
		volunteers = append(volunteers, aid.VolunteerID(fmt.Sprintf("v-%d", i)))
	}
	p.offer("r-1", volunteers...)
	answers := make(chan error, people)
	for _, v := range volunteers {
		go func() {
			_, err := p.accept(t.Context(), "r-1", v)
			answers <- err
		}()
	}
	seated := 0
	for range people {
		if err := <-answers; err == nil {
			seated++
		} else {
			require.Equal(t, aid.ReasonSeatTaken, aid.ReasonOf(err), "%v", err)
		}
	}
	require.Equal(t, seats, seated)
	require.NoError(t, p.store.Check())
}

func TestRunningListsTheProcesses(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.work()
	want := map[aid.RequestID]bool{}
	for _, id := range []aid.RequestID{"r-1", "r-2", "r-3"} {
		p.open(id, 1)
		p.start(id)
		want[id] = true
	}
	require.NoError(t, p.AskForRound(t.Context(), shard, false)) // another kind of process
	_, err := p.cancel("r-2", "cancel")
	require.NoError(t, err)
	p.ended("r-2")
	delete(want, "r-2")
	require.True(t, p.running("r-1"))
	require.False(t, p.running("r-2"))
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		got, err := p.Running(t.Context())
		require.NoError(c, err)
		require.Equal(c, want, got)
	}, patience, 50*time.Millisecond)
}

func TestAWishForARoundStartsTheShardsProcessOnce(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	id := contract.MatchRoundWorkflowID(shard)
	for range 3 {
		require.NoError(t, p.AskForRound(t.Context(), shard, true))
	}
	require.Equal(t, 1, p.events(id, enums.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED))
	require.Equal(t, 3, p.events(id, enums.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED))
}

// TestACohortIsToldWhetherItsProcessRunsOrNot: the first row starts it, the others
// signal it.
func TestACohortIsToldWhetherItsProcessRunsOrNot(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	id := contract.CohortWorkflowID("k-1")
	runs := func() bool {
		runs, err := p.IsCohortRunning(t.Context(), "k-1")
		require.NoError(t, err)
		return runs
	}
	require.False(t, runs())
	for range 3 {
		require.NoError(t, p.Deliver(t.Context(), contract.OutboxCohortChanged, contract.CohortOutboxKey("k-1"), []byte("{}")))
	}
	require.True(t, runs())
	require.Equal(t, 1, p.events(id, enums.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED))
	require.Equal(t, 3, p.events(id, enums.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED))
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		got, err := p.RunningCohorts(t.Context())
		require.NoError(c, err)
		require.Equal(c, map[aid.CohortID]bool{"k-1": true}, got)
	}, patience, 50*time.Millisecond)
}

func TestRowsThatMakeNoSenseAreKept(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for name, row := range map[string]struct{ kind, key, payload string }{
		"unknown kind": {"make_tea", "r-1", "{}"},
		"no JSON":      {contract.OutboxStartRequest, "r-1", "{"},
		"no cohort":    {contract.OutboxCohortChanged, "k-1", "{}"},
		"another key":  {contract.OutboxStartRequest, "r-1", `{"request":"r-2"}`},
		"no rollout":   {contract.OutboxStartRollout, "rollout/p-1", "{"},
	} {
		err := p.Deliver(t.Context(), row.kind, row.key, []byte(row.payload))
		require.Equal(t, aid.Internal, aid.KindOf(err), name)
		require.Error(t, err, name)
	}
}

func TestTemporalAway(t *testing.T) {
	t.Parallel()
	c, err := client.NewLazyClient(client.Options{
		HostPort: "127.0.0.1:1", Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	p := &place{
		t: t, client: c, store: &memory.Store{Now: time.Now},
		Processes: processes.New(c, facts{&memory.Store{Now: time.Now}, nil}, func(aid.Cell) aid.Cell { return shard }, time.Second),
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	for name, err := range map[string]error{
		"health":  p.Health(ctx),
		"deliver": p.Deliver(ctx, contract.OutboxRequestChanged, "r-1", nil),
		"ask":     p.AskForRound(ctx, shard, true),
		"answer":  func() error { _, err := p.accept(ctx, "r-1", "v-1"); return err }(),
		"list":    func() error { _, err := p.Running(ctx); return err }(),
		"one":     func() error { _, err := p.IsRunning(ctx, "r-1"); return err }(),
	} {
		require.Equal(t, aid.Unavailable, aid.KindOf(err), "%s: %v", name, err)
	}
}
