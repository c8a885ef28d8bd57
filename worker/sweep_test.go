package worker_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/worker"
	"github.com/linli/linli/workflows/contract"
)

// island is facts and processes in memory. What is listed as running is not
// always what runs.
type island struct {
	mu       sync.Mutex
	live     []aid.RequestID
	standing []aid.RequestID
	rollouts []aid.RolloutID
	rolling  map[aid.RolloutID]bool // whose process runs
	brought  []aid.RolloutID
	cohorts  []aid.CohortID
	due      []aid.Cell
	listed   map[aid.RequestID]bool
	running  map[aid.RequestID]bool
	rounds   map[aid.Cell]bool
	fails    map[aid.RequestID]error
	told     []aid.RequestID
	asked    []aid.Cell
	late     []aid.Channel // with notices that are due
	sending  map[aid.Channel]bool
	woken    []aid.Channel
	listings []time.Duration // of requests, since began
	looks    []time.Duration // at shards, since began
	began    time.Time
}

func (i *island) LiveRequests(context.Context) ([]aid.RequestID, error) {
	i.listings = append(i.listings, time.Since(i.began))
	return i.live, nil
}

func (i *island) SeekingShards(context.Context) ([]aid.Cell, error) {
	i.looks = append(i.looks, time.Since(i.began))
	return i.due, nil
}

func (i *island) Running(context.Context) (map[aid.RequestID]bool, error)  { return i.listed, nil }
func (i *island) RunningRounds(context.Context) (map[aid.Cell]bool, error) { return i.rounds, nil }

func (i *island) DueChannels(context.Context) ([]aid.Channel, error) { return i.late, nil }

func (i *island) IsDeliveryRunning(_ context.Context, channel aid.Channel) (bool, error) {
	return i.sending[channel], nil
}

func (i *island) SendNotices(_ context.Context, channel aid.Channel) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.woken = append(i.woken, channel)
	return nil
}

func (i *island) IsRunning(ctx context.Context, id aid.RequestID) (bool, error) {
	return i.running[id], ctx.Err()
}

func (i *island) IsRoundRunning(_ context.Context, shard aid.Cell) (bool, error) {
	return i.rounds[shard], nil
}

func (i *island) LiveRollouts(context.Context) ([]aid.RolloutID, error) { return i.rollouts, nil }

func (i *island) RunningRollouts(context.Context) (map[aid.RolloutID]bool, error) {
	return i.rolling, nil
}

func (i *island) IsRolloutRunning(_ context.Context, id aid.RolloutID) (bool, error) {
	return i.rolling[id], nil
}

func (i *island) BringBackRollout(_ context.Context, id aid.RolloutID) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.brought = append(i.brought, id)
	return nil
}

// The processes of standing pairings run or not as those of their requests do.
func (i *island) LiveStanding(context.Context) ([]aid.RequestID, error) { return i.standing, nil }

func (i *island) RunningStanding(ctx context.Context) (map[aid.RequestID]bool, error) {
	return i.Running(ctx)
}

func (i *island) IsStandingRunning(ctx context.Context, id aid.RequestID) (bool, error) {
	return i.IsRunning(ctx, id)
}

func (i *island) TellStanding(ctx context.Context, id aid.RequestID) error { return i.Tell(ctx, id) }

// The processes of cohorts likewise.
func (i *island) LiveCohorts(context.Context) ([]aid.CohortID, error) { return i.cohorts, nil }

func (i *island) RunningCohorts(ctx context.Context) (map[aid.CohortID]bool, error) {
	all := map[aid.CohortID]bool{}
	for id, runs := range i.listed {
		all[aid.CohortID(id)] = runs
	}
	return all, nil
}

func (i *island) IsCohortRunning(ctx context.Context, id aid.CohortID) (bool, error) {
	return i.IsRunning(ctx, aid.RequestID(id))
}

func (i *island) TellCohort(ctx context.Context, id aid.CohortID) error {
	return i.Tell(ctx, aid.RequestID(id))
}

func (i *island) Tell(_ context.Context, id aid.RequestID) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.told = append(i.told, id)
	return i.fails[id]
}

func (i *island) AskForRound(_ context.Context, shard aid.Cell, urgent bool) error {
	if urgent {
		return errors.New("nothing here cannot wait")
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.asked = append(i.asked, shard)
	return nil
}

func (i *island) sweep(log *slog.Logger) worker.Sweep {
	return worker.Sweep{Facts: i, Processes: i, Log: log}
}

func TestASweepBringsBackWhatIsMissing(t *testing.T) {
	t.Parallel()
	i := &island{
		live: []aid.RequestID{"runs", "new", "lost", "broken", "lost too"}, listed: map[aid.RequestID]bool{"runs": true, "ended": true},
		running: map[aid.RequestID]bool{"new": true}, // the list lags behind; who is on it is not asked for again
		fails:   map[aid.RequestID]error{"broken": errors.New("cannot be read")},
		due:     []aid.Cell{1, 2, 3}, rounds: map[aid.Cell]bool{2: true, 9: true},
	}
	n, err := i.sweep(quiet).Requests(t.Context())
	require.ErrorContains(t, err, "cannot be read")
	require.Equal(t, 2, n)
	require.ElementsMatch(t, []aid.RequestID{"lost", "broken", "lost too"}, i.told)

	i.told, i.standing = nil, []aid.RequestID{"runs", "lost"}
	n, err = i.sweep(quiet).Standing(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, []aid.RequestID{"lost"}, i.told)

	i.told, i.cohorts = nil, []aid.CohortID{"runs", "new", "lost"}
	n, err = i.sweep(quiet).Cohorts(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, []aid.RequestID{"lost"}, i.told)

	n, err = i.sweep(quiet).Rounds(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.ElementsMatch(t, []aid.Cell{1, 3}, i.asked, "the one that runs knows when to look")
}

func TestASweepBringsBackWhoSendsNotices(t *testing.T) {
	t.Parallel()
	i := &island{late: []aid.Channel{"pigeon", aid.ChannelEmail}, sending: map[aid.Channel]bool{"pigeon": true}}
	brought, err := i.sweep(quiet).Notices(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, brought)
	require.Equal(t, []aid.Channel{aid.ChannelEmail}, i.woken)
}

// TestASweepGivesUpWhileAPartIsAway: a hundred thousand requests that each wait
// for a part that is away would hold up the sweeps for hours.
func TestASweepGivesUpWhileAPartIsAway(t *testing.T) {
	t.Parallel()
	i := &island{fails: map[aid.RequestID]error{}}
	for n := range 1000 {
		id := aid.RequestID(string(rune('a'+n%26)) + string(rune('0'+n/26)))
		i.live = append(i.live, id)
		i.fails[id] = aid.Errorf(aid.Unavailable, "Temporal is away")
	}
	n, err := i.sweep(quiet).Requests(t.Context())
	require.ErrorContains(t, err, "Temporal is away")
	require.Zero(t, n)
	require.LessOrEqual(t, len(i.told), 16, "those under way at once, and few more")
}

func TestSweepsBeginAtOnceAndRepeat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var said bytes.Buffer
		i := &island{live: []aid.RequestID{"lost"}, cohorts: []aid.CohortID{"lost class"}, due: []aid.Cell{1}, began: time.Now()}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute+time.Second)
		defer cancel()
		i.sweep(slog.New(slog.NewTextHandler(&said, nil))).Run(ctx)
		require.Equal(t, []time.Duration{0, 5 * time.Minute, 10 * time.Minute}, i.listings)
		require.Len(t, i.looks, 11)
		require.Equal(t, time.Minute, i.looks[1])
		require.Len(t, i.asked, 11)
		require.Contains(t, said.String(), "of=rounds brought_back=1")
		require.Equal(t, 3, strings.Count(said.String(), "of=cohorts brought_back=1"))
	})
}

func TestALostRolloutIsBroughtBack(t *testing.T) {
	t.Parallel()
	i := &island{rollouts: []aid.RolloutID{"p-1", "p-2"}, rolling: map[aid.RolloutID]bool{"p-1": true}}
	n, err := i.sweep(quiet).Rollouts(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, []aid.RolloutID{"p-2"}, i.brought)
}

// TestATerminatedRoundComesBack: the shard's process is gone while a request
// waits for somebody to become free.
func TestATerminatedRoundComesBack(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.volunteers(1)
	s.work()
	s.open("binds", 1, time.Hour)
	s.becomes("binds", aid.RequestOffered)
	s.open("waits", 1, time.Hour)
	shard := shardOf(cellOf(home))
	s.until("a round looks in vain", func() bool {
		rounds, err := s.store.Rounds(s.Context(), aid.Page{Limit: 10})
		require.NoError(t, err)
		return slices.ContainsFunc(rounds.Items, func(r aid.Round) bool { return r.Requests == 2 })
	})
	require.NoError(t, s.temporal.TerminateWorkflow(t.Context(), contract.MatchRoundWorkflowID(shard), "", "by mistake"))
	_, err := s.processes.CancelRequest(t.Context(), "c", contract.EndRequest{Request: "binds", Actor: "c1"})
	require.NoError(t, err)

	s.until("the round is brought back", func() bool {
		n, err := s.sweep().Rounds(s.Context())
		require.NoError(t, err)
		return n == 1
	})
	s.becomes("waits", aid.RequestOffered)
}

// TestATerminatedRequestComesBack: its clocks run on without an answer or a
// delivery that would have found it.
func TestATerminatedRequestComesBack(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.policy.Answer = map[aid.Urgency]time.Duration{aid.Urgent: 5 * time.Second}
	s.volunteers(1)
	s.work()
	s.open("r1", 1, time.Hour)
	s.becomes("r1", aid.RequestOffered)
	s.until("nothing is left to deliver", func() bool {
		waiting, _, err := s.store.OutboxLag(s.Context())
		require.NoError(t, err)
		return waiting == 0
	})
	s.loses(contract.HelpRequestWorkflowID("r1"), s.sweep().Requests)
	s.until("the offer's clock runs out", func() bool { return s.request("r1").Offers[0].Status == aid.OfferExpired })
}

// loses ends a process by mistake and sweeps until that has brought it back. The list
// of those that run lags behind, and whatever is told to the process meanwhile brings
// it back as well: then it is lost once more.
func (s *system) loses(workflow string, sweep func(context.Context) (int, error)) {
	s.Helper()
	s.until("the process is brought back", func() bool {
		err := s.temporal.TerminateWorkflow(s.Context(), workflow, "", "by mistake")
		if gone := new(serviceerror.NotFound); !errors.As(err, &gone) {
			require.NoError(s, err)
		}
		n, err := sweep(s.Context())
		require.NoError(s, err)
		require.LessOrEqual(s, n, 1)
		return n == 1
	})
}
