package embedded

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Elsewhere the next owner stops what the one before has left.
func TestServicesEndWithTheirOwner(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	owner := startOwner(t, dir)
	postmaster, err := postmasterPID(filepath.Join(dir, "postgres", "data", "postmaster.pid"))
	require.NoError(t, err)
	state, err := loadState(filepath.Join(dir, "temporal"))
	require.NoError(t, err)
	require.Contains(t, commandLine(postmaster), "postgres")
	require.Contains(t, commandLine(state.PID), "start-dev")

	require.NoError(t, owner.Process.Kill())
	_ = owner.Wait()
	for name, pid := range map[string]int{"PostgreSQL": postmaster, "Temporal": state.PID} {
		gone := func() bool { return commandLine(pid) == "" }
		require.NoError(t, poll(t.Context(), 20*time.Second, gone), "%s goes on", name)
	}
}
