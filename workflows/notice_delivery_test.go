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
	"go.temporal.io/sdk/workflow"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows"
	"github.com/linli/linli/workflows/contract"
)

// sending is one channel's process with runs that go by a list of when the next
// notice falls due, since noon; zero and what is beyond the list is none.
type sending struct {
	*testsuite.TestWorkflowEnvironment
	due   []time.Duration
	fails map[int]error // runs that fail, counted from 1
	told  int           // run during which there is news

	mu   sync.Mutex
	runs []time.Duration // when they ran, since noon
	ids  []string
}

func newSending(t *testing.T, due ...time.Duration) *sending {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	s := &sending{TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment(), due: due}
	s.SetStartTime(noon)
	s.SetTestTimeout(30 * time.Second)
	s.RegisterActivityWithOptions(s.deliver, activity.RegisterOptions{Name: contract.ActivityDeliverNotices})
	return s
}

func (s *sending) deliver(_ context.Context, in contract.DeliverNotices) (contract.NoticesDelivered, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs = append(s.runs, s.Now().Sub(noon))
	s.ids = append(s.ids, in.Run)
	n := len(s.runs)
	if n == s.told {
		s.SignalWorkflow(contract.SignalNoticesDue, nil)
	}
	if err := s.fails[n]; err != nil {
		return contract.NoticesDelivered{}, err
	}
	if in.Channel != aid.ChannelEmail || n > len(s.due) || s.due[n-1] == 0 {
		return contract.NoticesDelivered{}, nil
	}
	return contract.NoticesDelivered{NextDue: noon.Add(s.due[n-1])}, nil
}

func (s *sending) news(after time.Duration) {
	s.RegisterDelayedCallback(func() { s.SignalWorkflow(contract.SignalNoticesDue, nil) }, after)
}

func (s *sending) run(t *testing.T) {
	t.Helper()
	s.ExecuteWorkflow(workflows.NoticeDelivery, contract.NoticeDeliveryInput{Channel: aid.ChannelEmail})
	require.True(t, s.IsWorkflowCompleted())
	require.NoError(t, s.GetWorkflowError())
}

func TestNoticesAreSentWhenTheyFallDue(t *testing.T) {
	t.Parallel()
	const s = time.Second
	for name, c := range map[string]struct {
		due  []time.Duration
		news []time.Duration
		runs []time.Duration
	}{
		"nothing left ends it":                    {runs: []time.Duration{0}},
		"a retry waits for its time":              {due: []time.Duration{30 * s}, runs: []time.Duration{0, 30 * s}},
		"until the morning":                       {due: []time.Duration{9 * time.Hour}, runs: []time.Duration{0, 9 * time.Hour}},
		"news are looked at once":                 {due: []time.Duration{time.Hour, time.Hour}, news: []time.Duration{5 * s}, runs: []time.Duration{0, 5 * s, time.Hour}},
		"what is overdue is not hammered":         {due: []time.Duration{-s, -s}, runs: []time.Duration{0, s, 2 * s}},
		"news before it ends are not lost":        {news: []time.Duration{0}, runs: []time.Duration{0}},
		"a wait is cut short as often as it must": {due: []time.Duration{time.Hour, time.Hour, 0}, news: []time.Duration{s, 2 * s}, runs: []time.Duration{0, s, 2 * s}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSending(t, c.due...)
			for _, after := range c.news {
				w.news(after)
			}
			w.run(t)
			require.Equal(t, c.runs, w.runs)
			seen := map[string]bool{}
			for _, id := range w.ids {
				require.False(t, seen[id], "each run has a name of its own")
				seen[id] = true
			}
		})
	}
}

// News that comes while a run looks may be about what it did not see.
func TestNewsDuringTheLastRunAreNotLost(t *testing.T) {
	t.Parallel()
	w := newSending(t)
	w.told = 1
	w.run(t)
	require.Len(t, w.runs, 2)
}

func TestARetriedRunKeepsItsName(t *testing.T) {
	t.Parallel()
	w := newSending(t)
	w.fails = map[int]error{1: temporal.NewApplicationError("the store is away", string(aid.Unavailable))}
	w.run(t)
	require.Len(t, w.ids, 2)
	require.Equal(t, w.ids[0], w.ids[1], "so that it takes up what it has claimed")
}

// A fault of ours must not end the process: the notices are still there.
func TestARunThatFailsForGoodIsTriedAgainLater(t *testing.T) {
	t.Parallel()
	w := newSending(t)
	w.fails = map[int]error{1: temporal.NewNonRetryableApplicationError("a fault", string(aid.Invalid), nil)}
	w.run(t)
	require.Equal(t, []time.Duration{0, time.Minute}, w.runs)
	require.NotEqual(t, w.ids[0], w.ids[1])
}

func TestALongHistoryIsContinuedAsNew(t *testing.T) {
	t.Parallel()
	w := newSending(t, time.Hour)
	w.RegisterDelayedCallback(func() { w.SetContinueAsNewSuggested(true) }, time.Minute)
	w.ExecuteWorkflow(workflows.NoticeDelivery, contract.NoticeDeliveryInput{Channel: aid.ChannelEmail})
	require.True(t, workflow.IsContinueAsNewError(w.GetWorkflowError()), "%v", w.GetWorkflowError())
	require.Equal(t, []time.Duration{0}, w.runs)
}
