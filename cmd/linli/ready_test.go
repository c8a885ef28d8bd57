package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// TestADamagedReadyFileIsSaidToBe: it was left by a crash, or is not ours.
func TestADamagedReadyFileIsSaidToBe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, writeReady(dir, ready{URL: "http://127.0.0.1:1", PostgresURL: "postgres://x"}))
	whole, err := os.ReadFile(readyPath(dir))
	require.NoError(t, err)
	for n := range len(whole) - 1 {
		require.NoError(t, os.WriteFile(readyPath(dir), whole[:n], 0o600))
		flags := SystemFlags{Data: dir}
		err := flags.resolve()
		require.ErrorContains(t, err, readyPath(dir)+" is damaged", "%d bytes", n)
		require.ErrorContains(t, err, "start 'linli dev' again")
		require.Equal(t, aid.Invalid, aid.KindOf(err))
	}
	require.NoError(t, os.WriteFile(readyPath(dir), []byte("{}"), 0o600))
	flags := SystemFlags{Data: dir}
	require.ErrorContains(t, flags.resolve(), "is damaged", "it names no database")
}
