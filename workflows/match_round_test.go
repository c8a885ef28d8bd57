package workflows_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows"
	"github.com/linli/linli/workflows/contract"
)

const interval = 10 * time.Second

// matching is one shard's process with rounds that go by a list: the first
// result, the second, and from then on nothing is open.
type matching struct {
	*testsuite.TestWorkflowEnvironment
	t       *testing.T
	results []contract.RoundResult
	during  func(round int) error // inside the round, counted from 1

	mu     sync.Mutex
	rounds []time.Duration // since noon
	ids    []aid.RoundID
}

func newMatching(t *testing.T, results ...contract.RoundResult) *matching {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	m := &matching{TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment(), t: t, results: results}
	m.SetStartTime(noon)
	m.SetTestTimeout(30 * time.Second)
	m.RegisterActivityWithOptions(m.round, activity.RegisterOptions{Name: contract.ActivityRunRound})
	return m
}

func (m *matching) round(_ context.Context, in contract.RunRound) (contract.RoundResult, error) {
	m.mu.Lock()
	m.rounds = append(m.rounds, m.Now().Sub(noon))
	m.ids = append(m.ids, in.Round)
	n := len(m.rounds)
	m.mu.Unlock()
	if in.Shard != shard {
		return contract.RoundResult{}, temporal.NewNonRetryableApplicationError("another shard", "test", nil)
	}
	if m.during != nil {
		if err := m.during(n); err != nil {
			return contract.RoundResult{}, err
		}
	}
	if n > len(m.results) {
		return contract.RoundResult{}, nil
	}
	return m.results[n-1], nil
}

// want has somebody wish for a round that long after noon.
func (m *matching) want(after time.Duration, urgent bool) {
	m.RegisterDelayedCallback(func() {
		m.SignalWorkflow(contract.SignalRoundWanted, contract.RoundWanted{Urgent: urgent})
	}, after)
}

func (m *matching) run(in contract.MatchRoundInput) error {
	m.t.Helper()
	in.Shard, in.Interval = shard, interval
	m.ExecuteWorkflow(workflows.MatchRound, in)
	require.True(m.t, m.IsWorkflowCompleted())
	return m.GetWorkflowError()
}

func open(offers, stillOpen int) contract.RoundResult {
	return contract.RoundResult{Offers: offers, StillOpen: stillOpen}
}

func TestRounds(t *testing.T) {
	t.Parallel()
	const s = time.Second
	for name, c := range map[string]struct {
		routine, urgent []time.Duration // when wishes come
		results         []contract.RoundResult
		rounds          []time.Duration // when rounds run
	}{
		"one wish waits for others":                  {routine: []time.Duration{0}, rounds: []time.Duration{10 * s}},
		"many wishes are one round":                  {routine: []time.Duration{0, 0, 2 * s, 9 * s}, rounds: []time.Duration{10 * s}},
		"a later wish does not put off the earlier":  {routine: []time.Duration{0, 5 * s}, rounds: []time.Duration{10 * s}},
		"urgent begins at once":                      {urgent: []time.Duration{0}, rounds: []time.Duration{0}},
		"urgent cuts the batch short, and serves it": {routine: []time.Duration{0}, urgent: []time.Duration{3 * s}, rounds: []time.Duration{3 * s}},
		"open seats are sought again": {
			routine: []time.Duration{0}, results: []contract.RoundResult{open(2, 1), open(1, 1), open(1, 0)},
			rounds: []time.Duration{10 * s, 20 * s, 30 * s},
		},
		"rounds that ask nobody become rarer": {
			routine: []time.Duration{0}, results: []contract.RoundResult{open(0, 1), open(0, 1), open(0, 1), open(0, 1), open(0, 1)},
			rounds: []time.Duration{10 * s, 30 * s, 70 * s, 150 * s, 230 * s, 310 * s},
		},
		"an offer makes them as frequent as before": {
			routine: []time.Duration{0}, results: []contract.RoundResult{open(0, 1), open(0, 1), open(1, 1)},
			rounds: []time.Duration{10 * s, 30 * s, 70 * s, 80 * s},
		},
		"a wish makes them as frequent as before": {
			routine: []time.Duration{0, 75 * s}, results: []contract.RoundResult{open(0, 1), open(0, 1), open(0, 1)},
			rounds: []time.Duration{10 * s, 30 * s, 70 * s, 85 * s},
		},
		"urgent does so at once": {
			routine: []time.Duration{0}, urgent: []time.Duration{75 * s},
			results: []contract.RoundResult{open(0, 1), open(0, 1), open(0, 1), open(0, 1)},
			rounds:  []time.Duration{10 * s, 30 * s, 70 * s, 75 * s, 95 * s},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMatching(t, c.results...)
			for _, at := range c.routine {
				m.want(at, false)
			}
			for _, at := range c.urgent {
				m.want(at, true)
			}
			require.NoError(t, m.run(contract.MatchRoundInput{}))
			require.Equal(t, c.rounds, m.rounds)
		})
	}
}

func TestAWishDuringARoundIsServedByTheNext(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		urgent bool
		rounds []time.Duration
	}{
		"routine": {false, []time.Duration{interval, 2 * interval}},
		"urgent":  {true, []time.Duration{interval, interval}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMatching(t)
			m.want(0, false)
			m.during = func(round int) error {
				if round == 1 {
					m.SignalWorkflow(contract.SignalRoundWanted, contract.RoundWanted{Urgent: c.urgent})
				}
				return nil
			}
			require.NoError(t, m.run(contract.MatchRoundInput{}))
			require.Equal(t, c.rounds, m.rounds)
		})
	}
}

func TestNothingWantedIsNoRound(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	require.NoError(t, m.run(contract.MatchRoundInput{}))
	require.Empty(t, m.rounds)
}

func TestEachRoundHasAnIDThatItsRepeatsShare(t *testing.T) {
	t.Parallel()
	m := newMatching(t, open(1, 1), open(1, 1))
	m.want(0, true)
	m.during = func(round int) error {
		if round == 1 {
			return activities.Failure(aid.Errorf(aid.Unavailable, "the worker was stopped"))
		}
		return nil
	}
	require.NoError(t, m.run(contract.MatchRoundInput{}))
	require.Len(t, m.ids, 3)
	require.Equal(t, m.ids[0], m.ids[1], "the same round, tried again")
	require.NotEqual(t, m.ids[1], m.ids[2])
	for _, id := range m.ids {
		require.True(t, aid.ValidID(id), "%s", id)
	}
}

func TestARoundThatCannotSucceedDoesNotEndTheSearch(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	m.want(0, false)
	m.during = func(round int) error {
		if round <= 2 {
			return activities.Failure(aid.Errorf(aid.Invalid, "a plan that makes no sense"))
		}
		return nil
	}
	require.NoError(t, m.run(contract.MatchRoundInput{}))
	require.Equal(t, []time.Duration{interval, 3 * interval, 7 * interval}, m.rounds)
}

func TestALongSearchIsContinuedInANewRun(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		during contract.RoundWanted
		result contract.RoundResult
		wished bool
		want   contract.MatchRoundInput
		again  time.Duration // when the next run runs its first round
	}{
		"with seats open": {
			result: open(1, 1), want: contract.MatchRoundInput{Shard: shard, Interval: interval, Owed: true}, again: interval,
		},
		"with nobody to ask": {
			result: open(0, 1), want: contract.MatchRoundInput{Shard: shard, Interval: interval, Owed: true, Idle: 1}, again: 2 * interval,
		},
		"with a wish": {
			wished: true, want: contract.MatchRoundInput{Shard: shard, Interval: interval, Owed: true}, again: interval,
		},
		"with an urgent wish": {
			wished: true, during: contract.RoundWanted{Urgent: true},
			want: contract.MatchRoundInput{Shard: shard, Interval: interval, Owed: true, Urgent: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMatching(t, c.result)
			m.want(0, true)
			m.during = func(int) error {
				m.SetContinueAsNewSuggested(true)
				if c.wished {
					m.SignalWorkflow(contract.SignalRoundWanted, c.during)
				}
				return nil
			}
			in := next[contract.MatchRoundInput](t, m.run(contract.MatchRoundInput{}))
			require.Equal(t, c.want, in)

			n := newMatching(t)
			require.NoError(t, n.run(in))
			require.Equal(t, []time.Duration{c.again}, n.rounds)
		})
	}
}

func TestASearchThatIsOverIsNotContinued(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	m.want(0, true)
	m.during = func(int) error { m.SetContinueAsNewSuggested(true); return nil }
	require.NoError(t, m.run(contract.MatchRoundInput{}))
}

// TestRoundsAreASecondApartAtLeast even where no interval is given.
func TestRoundsAreASecondApartAtLeast(t *testing.T) {
	t.Parallel()
	m := newMatching(t, open(1, 2), open(1, 1), open(1, 0))
	m.ExecuteWorkflow(workflows.MatchRound, contract.MatchRoundInput{Shard: shard, Owed: true})
	require.NoError(t, m.GetWorkflowError())
	require.Equal(t, []time.Duration{time.Second, 2 * time.Second, 3 * time.Second}, m.rounds)
}
