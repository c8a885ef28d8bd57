package workflows_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/linli/linli/embedded/embeddedtest"
	"github.com/linli/linli/workflows"
	"github.com/linli/linli/workflows/contract"
)

// record has the histories recorded anew, on a real server; -run chooses one as
// /record/name. That is for released commits: whatever the code under test has
// recorded itself, it can replay.
//
// Those that continue as new are recorded on a server that was started with
//
//	--dynamic-config-value limit.historyCount.suggestContinueAsNew=40
//
// and is named by LINLI_TEST_TEMPORAL_ADDRESS, else they are thousands of events long.
var record = flag.Bool("record", false, "record the histories anew")

func TestMain(m *testing.M) { embeddedtest.Main(m) }

const histories = "testdata/histories"

// TestOpenProcessesGoOnAfterAnUpgrade replays what the workflows did, as a worker
// does that takes over open ones.
func TestOpenProcessesGoOnAfterAnUpgrade(t *testing.T) {
	t.Parallel()
	if *record {
		recordHistories(t)
	}
	files, err := filepath.Glob(filepath.Join(histories, "*.json"))
	require.NoError(t, err)
	for name := range plays {
		require.Contains(t, files, fileOf(name), "run with -record after adding a play")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			replayer := worker.NewWorkflowReplayer()
			workflows.Register(replayer)
			require.NoError(t, replayer.ReplayWorkflowHistoryFromJSONFile(log.NewStructuredLogger(slog.New(slog.DiscardHandler)), file))
		})
	}
}

// TestAReplayNoticesWhatAWorkflowDoesOtherwise alters the workflows in ways that
// open processes would not survive.
func TestAReplayNoticesWhatAWorkflowDoesOtherwise(t *testing.T) {
	t.Parallel()
	type definition func(workflow.Context) error
	for name, c := range map[string]struct {
		alter   func(definition) definition
		concern string // histories that have this are no longer replayed
	}{
		"a timer more": {func(d definition) definition {
			return func(ctx workflow.Context) error { return errors.Join(workflow.Sleep(ctx, time.Second), d(ctx)) }
		}, `"EVENT_TYPE_WORKFLOW_TASK_COMPLETED"`},
		"never continued as new": {func(d definition) definition {
			return func(ctx workflow.Context) error {
				err := d(ctx)
				if workflow.IsContinueAsNewError(err) {
					return nil
				}
				return err
			}
		}, `"EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW"`},
		"always continued as new": {func(d definition) definition {
			return func(ctx workflow.Context) error {
				if err := d(ctx); err != nil {
					return err
				}
				return workflow.NewContinueAsNewError(ctx, contract.WorkflowHelpRequest, contract.HelpRequestInput{})
			}
		}, `"EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			replayer := worker.NewWorkflowReplayer()
			replayer.RegisterWorkflowWithOptions(func(ctx workflow.Context, in contract.HelpRequestInput) error {
				return c.alter(func(ctx workflow.Context) error { return workflows.HelpRequest(ctx, in) })(ctx)
			}, workflow.RegisterOptions{Name: contract.WorkflowHelpRequest})
			replayer.RegisterWorkflowWithOptions(func(ctx workflow.Context, in contract.MatchRoundInput) error {
				return c.alter(func(ctx workflow.Context) error { return workflows.MatchRound(ctx, in) })(ctx)
			}, workflow.RegisterOptions{Name: contract.WorkflowMatchRound})
			replayer.RegisterWorkflowWithOptions(func(ctx workflow.Context, in contract.NoticeDeliveryInput) error {
				return c.alter(func(ctx workflow.Context) error { return workflows.NoticeDelivery(ctx, in) })(ctx)
			}, workflow.RegisterOptions{Name: contract.WorkflowNoticeDelivery})
			replayer.RegisterWorkflowWithOptions(func(ctx workflow.Context, in contract.StandingInput) error {
				return c.alter(func(ctx workflow.Context) error { return workflows.StandingPairing(ctx, in) })(ctx)
			}, workflow.RegisterOptions{Name: contract.WorkflowStandingPairing})
			replayer.RegisterWorkflowWithOptions(func(ctx workflow.Context, in contract.RolloutInput) error {
				return c.alter(func(ctx workflow.Context) error { return workflows.Rollout(ctx, in) })(ctx)
			}, workflow.RegisterOptions{Name: contract.WorkflowRollout})
			replayer.RegisterWorkflowWithOptions(func(ctx workflow.Context, in contract.CohortInput) error {
				return c.alter(func(ctx workflow.Context) error { return workflows.Cohort(ctx, in) })(ctx)
			}, workflow.RegisterOptions{Name: contract.WorkflowCohort})
			files, err := filepath.Glob(filepath.Join(histories, "*.json"))
			require.NoError(t, err)
			concerned := map[string]bool{}
			for _, file := range files {
				text, err := os.ReadFile(file)
				require.NoError(t, err)
				if !strings.Contains(string(text), c.concern) {
					continue
				}
				concerned[workflowOf(t, file)] = true
				require.Error(t, replayer.ReplayWorkflowHistoryFromJSONFile(log.NewStructuredLogger(slog.New(slog.DiscardHandler)), file), file)
			}
			require.Len(t, concerned, 6, "every workflow has such a history")
		})
	}
}

// workflowOf is the type of workflow that a history is of.
func workflowOf(t *testing.T, file string) string {
	t.Helper()
	text, err := os.Open(file)
	require.NoError(t, err)
	defer text.Close() //nolint:errcheck // only read
	history, err := client.HistoryFromJSON(text, client.HistoryJSONOptions{})
	require.NoError(t, err)
	return history.Events[0].GetWorkflowExecutionStartedEventAttributes().GetWorkflowType().GetName()
}

// TestHistoriesHoldNothingPersonal reads what went to the server of a request
// whose personal parts are words that would be found.
func TestHistoriesHoldNothingPersonal(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(histories, "*.json"))
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var history any
		require.NoError(t, json.Unmarshal(text, &history))
		payloads := payloadsIn(t, history)
		require.Regexp(t, `"shard"|"channel"|"request"|"rollout"|"cohort"`, payloads, "the payloads were found")
		for _, personal := range []string{privateNotes, "45.75", "b-1", "location", "phone"} {
			require.NotContains(t, payloads, personal, file)
		}
	}
}

// payloadsIn gives the decoded payloads anywhere in a history.
func payloadsIn(t *testing.T, node any) string {
	t.Helper()
	var out strings.Builder
	switch node := node.(type) {
	case []any:
		for _, child := range node {
			out.WriteString(payloadsIn(t, child))
		}
	case map[string]any:
		for key, child := range node {
			data, isText := child.(string)
			if key != "data" || !isText {
				out.WriteString(payloadsIn(t, child))
				continue
			}
			text, err := base64.StdEncoding.DecodeString(data)
			require.NoError(t, err)
			out.Write(text)
		}
	}
	return out.String()
}
