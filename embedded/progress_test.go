package embedded

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestBuildMeterCountsWhatTheCompilerTells(t *testing.T) {
	t.Parallel()
	var reports []BuildProgress
	meter := newBuildMeter(func(p BuildProgress) { reports = append(reports, p) })
	failure := errors.New("exit status 1")
	err := meter.during(func() error {
		for _, piece := range []string{
			"go: downloading go.temporal.io/server v1.32.1\n",
			"internal/byteal", "g\ngo.temporal.io/server/common\n",
			"# go.temporal.io/server/common\nserver.go:1:2: undefined: x\n",
		} {
			fmt.Fprint(meter, piece)
		}
		return failure
	})
	require.ErrorIs(t, err, failure)
	require.Equal(t, "# go.temporal.io/server/common\nserver.go:1:2: undefined: x\n", string(meter.failure()))
	got := meter.snapshot(false)
	require.Equal(t, 1, got.Downloaded)
	require.Equal(t, 2, got.Compiled)
	for _, report := range reports {
		require.False(t, report.IsDone, "what has failed is not done")
	}

	require.NoError(t, meter.during(func() error { return nil }))
	require.True(t, reports[len(reports)-1].IsDone)
}

func TestBuildProgressReadsAsALine(t *testing.T) {
	t.Parallel()
	for want, progress := range map[string]BuildProgress{
		"building the Temporal server, this once: 3s, 12 modules downloaded":               {Elapsed: 3 * time.Second, Downloaded: 12},
		"building the Temporal server, this once: 1m5s, 7 of up to 1750 packages compiled": {Elapsed: 65 * time.Second, Downloaded: 12, Compiled: 7},
		"waiting for another process that is building the Temporal server: 2s":             {Elapsed: 2 * time.Second, IsWaiting: true},
		"built the Temporal server in 3m0s":                                                {Elapsed: 3 * time.Minute, IsDone: true},
	} {
		require.Equal(t, want, progress.String())
	}
}
