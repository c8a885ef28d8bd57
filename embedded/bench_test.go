package embedded

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func reachableDir(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	require.NoError(b, os.Chmod(filepath.Dir(dir), 0o755))
	return dir
}

func BenchmarkPostgresFirstStart(b *testing.B) {
	for b.Loop() {
		pg, err := StartPostgres(b.Context(), PostgresOptions{Dir: reachableDir(b)})
		require.NoError(b, err)
		b.StopTimer()
		require.NoError(b, pg.Stop(b.Context()))
		b.StartTimer()
	}
}

func BenchmarkPostgresRestart(b *testing.B) {
	opts := PostgresOptions{Dir: reachableDir(b)}
	pg, err := StartPostgres(b.Context(), opts)
	require.NoError(b, err)
	for b.Loop() {
		require.NoError(b, pg.Stop(b.Context()))
		pg, err = StartPostgres(b.Context(), opts)
		require.NoError(b, err)
	}
	require.NoError(b, pg.Stop(b.Context()))
}

func BenchmarkTemporalStart(b *testing.B) {
	_, err := builtProgram(b.Context(), TemporalOptions{}) // not to be measured
	require.NoError(b, err)
	dir := reachableDir(b)
	pg, err := StartPostgres(b.Context(), PostgresOptions{Dir: dir})
	require.NoError(b, err)
	defer pg.Stop(context.Background()) //nolint:errcheck // the benchmark is over
	for name, opts := range map[string]TemporalOptions{
		"memory": {Dir: b.TempDir(), InMemory: true},
		"file":   {Dir: b.TempDir()},
		// The first of these makes the schema, which costs another second.
		"postgres": {Dir: dir, Postgres: pg},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				temporal, err := StartTemporal(b.Context(), opts)
				require.NoError(b, err)
				b.StopTimer()
				b.ReportMetric(residentMB(b, temporal.process.Load().cmd.Process.Pid), "MB")
				require.NoError(b, temporal.Stop(b.Context()))
				b.StartTimer()
			}
		})
	}
}

func BenchmarkTemporalStop(b *testing.B) {
	opts := TemporalOptions{Dir: b.TempDir(), InMemory: true}
	for b.Loop() {
		b.StopTimer()
		temporal, err := StartTemporal(b.Context(), opts)
		require.NoError(b, err)
		b.StartTimer()
		require.NoError(b, temporal.Stop(b.Context()))
	}
}

// residentMB is the memory of a process as Linux counts it, 0 elsewhere.
func residentMB(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kilobytes, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	require.NoError(b, err)
	return kilobytes / 1024
}
