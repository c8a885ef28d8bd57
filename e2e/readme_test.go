package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The README's first session does what it says, pasted as it stands, and can be
// pasted again.
func TestTheFirstSessionOfTheREADME(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"bash", "curl"} {
		_, err := exec.LookPath(program)
		require.NoError(t, err, "the session needs %s", program)
	}
	session := sessionOf(t, filepath.Join("..", "README.md"))
	s := start(t)
	dir := t.TempDir()
	require.NoError(t, os.Symlink(s.Dir, filepath.Join(dir, ".linli")))
	for range 2 {
		cmd := exec.CommandContext(t.Context(), "bash", "-e", "-c", session)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		require.Contains(t, string(out), `"status":"confirmed"`)
		require.Equal(t, 2, strings.Count(string(out), `"status":"paired"`), string(out))
		require.Contains(t, string(out), `"filled":3`)
	}
}

// sessionOf takes the pieces of shell out of the README's first session.
func sessionOf(t *testing.T, readme string) string {
	t.Helper()
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	_, section, found := strings.Cut(string(text), "\n## A first session\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	var pieces []string
	for {
		_, rest, found := strings.Cut(section, "```sh\n")
		if !found {
			break
		}
		piece, after, closed := strings.Cut(rest, "```\n")
		require.True(t, closed)
		pieces, section = append(pieces, piece), after
	}
	require.Len(t, pieces, 3, "as the README says")
	return strings.Join(pieces, "")
}
