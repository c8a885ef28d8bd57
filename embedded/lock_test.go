package embedded

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLock(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "made", "on", "demand")
	first, err := Lock(dir)
	require.NoError(t, err)

	_, err = Lock(dir)
	var locked *LockedError
	require.ErrorAs(t, err, &locked)
	require.Equal(t, LockedError{Dir: dir, PID: strconv.Itoa(os.Getpid())}, *locked)
	require.ErrorContains(t, err, "stop that one first, or choose another directory")

	require.NoError(t, first.Unlock())
	second, err := Lock(dir)
	require.NoError(t, err, "what is given up can be had again")
	require.NoError(t, second.Unlock())
}

func TestALockFileThatIsLeftBehindMeansNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, lockName), []byte("1\nsomething longer"), 0o644))
	lock, err := Lock(dir)
	require.NoError(t, err)
	content, err := os.ReadFile(filepath.Join(dir, lockName))
	require.NoError(t, err)
	require.Equal(t, strconv.Itoa(os.Getpid())+"\n", string(content))
	require.NoError(t, lock.Unlock())
}
