package workflows_test

import (
	"encoding/base64"
	"encoding/json"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"github.com/linli/linli/embedded/embeddedtest"
	"github.com/linli/linli/workflows"
)

// record has the histories recorded anew, on a real server. That is for released
// commits: whatever the code under test has recorded itself, it can replay.
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
		require.Contains(t, files, filepath.Join(histories, name+".json"), "run with -record after adding a play")
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
		require.Contains(t, payloads, `"shard"`, "the payloads were found")
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
