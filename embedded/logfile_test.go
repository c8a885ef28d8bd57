package embedded

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLastLines(t *testing.T) {
	t.Parallel()
	var long strings.Builder
	for i := range 5000 {
		long.WriteString("line " + strconv.Itoa(i) + "\n")
	}
	for name, test := range map[string]struct {
		content string
		since   int64
		want    string
		absent  string
	}{
		"a short one whole":       {"one\ntwo\n", 0, "one\ntwo", ""},
		"the end of a long one":   {long.String(), 0, "line 4999", "line 4980\n"},
		"not what is before":      {"old\nnew\n", 4, "ends:\nnew", "old"},
		"nothing since the start": {"old\n", 4, "it has written nothing", "old"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "log")
			require.NoError(t, os.WriteFile(path, []byte(test.content), 0o600))
			got := lastLines(path, test.since)
			require.Contains(t, got, test.want)
			if test.absent != "" {
				require.NotContains(t, got, test.absent)
			}
		})
	}
}

func TestRotate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "log")
	require.NoError(t, rotate(path), "there is nothing to rotate yet")
	require.NoError(t, os.WriteFile(path, []byte("short"), 0o600))
	require.NoError(t, rotate(path))
	require.FileExists(t, path)
	require.NoError(t, os.Truncate(path, rotatedAbove))
	require.NoError(t, rotate(path))
	require.NoFileExists(t, path)
	require.FileExists(t, path+".1")
}
