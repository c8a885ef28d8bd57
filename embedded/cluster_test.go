package embedded

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// stranger owns nothing.
var stranger = account{name: "stranger", uid: 4_000_000, gid: 4_000_000, isBorrowed: true}

func TestPlaceCluster(t *testing.T) {
	t.Parallel()
	root := stateDir(t)
	elsewhere := filepath.Join(root, "elsewhere")
	open, closed := filepath.Join(root, "open"), filepath.Join(root, "closed")
	require.NoError(t, os.Mkdir(open, 0o755))
	require.NoError(t, os.Mkdir(closed, 0o700))

	place := func(home string, as account) string {
		data, err := placeCluster(home, elsewhere, as)
		require.NoError(t, err)
		return data
	}
	require.Equal(t, filepath.Join(open, "data"), place(open, stranger))
	require.Equal(t, filepath.Join(closed, "data"), place(closed, account{}), "one's own account reaches what is one's own")

	data := place(closed, stranger)
	require.Contains(t, data, elsewhere)
	require.Equal(t, data, place(closed, stranger), "the place is remembered")

	moved := filepath.Join(root, "moved")
	require.NoError(t, os.Rename(closed, moved))
	require.Equal(t, data, place(moved, stranger), "it goes along with its directory")
	require.NoError(t, os.Mkdir(closed, 0o700))
	require.NotEqual(t, data, place(closed, stranger), "a new directory of the old name has its own")
}

func TestAccountCanReach(t *testing.T) {
	t.Parallel()
	root := stateDir(t)
	inner := filepath.Join(root, "outer", "inner")
	require.NoError(t, os.MkdirAll(inner, 0o755))
	for name, test := range map[string]struct {
		mode os.FileMode
		as   account
		want bool
	}{
		"others may pass":                {0o711, stranger, true},
		"others may look but not pass":   {0o744, stranger, false},
		"the group may pass":             {0o710, account{uid: stranger.uid, gid: uint32(os.Getegid()), isBorrowed: true}, true},
		"the group may not, others may":  {0o701, account{uid: stranger.uid, gid: uint32(os.Getegid()), isBorrowed: true}, false},
		"the owner may pass":             {0o700, account{uid: uint32(os.Geteuid()), gid: stranger.gid, isBorrowed: true}, true},
		"not borrowed, so not asked for": {0o700, account{uid: stranger.uid}, true},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.Chmod(filepath.Dir(inner), test.mode))
			got, err := test.as.canReach(inner)
			require.NoError(t, err)
			require.Equal(t, test.want, got)
		})
	}
}

func TestPostmasterPID(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		content string
		want    int
	}{
		"whole":    {"123\n/data\n1700000000\n", 123},
		"torn":     {"12", 12},
		"empty":    {"", 0},
		"garbage":  {"\x00\x00\x00", 0},
		"negative": {"-1\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "postmaster.pid")
			require.NoError(t, os.WriteFile(path, []byte(test.content), 0o600))
			pid, err := postmasterPID(path)
			require.NoError(t, err)
			require.Equal(t, test.want, pid)
		})
	}
	pid, err := postmasterPID(filepath.Join(t.TempDir(), "absent"))
	require.NoError(t, err)
	require.Zero(t, pid)
}
