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
	readme := pageOf(t, "README.md")
	_, section, found := strings.Cut(readme, "\n## A first session\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	session := pieces(t, section)
	require.Len(t, session, 3, "as the README says")
	for _, out := range pasted(t, session, 2) {
		require.Contains(t, out, `"status":"confirmed"`)
		require.Equal(t, 2, strings.Count(out, `"status":"paired"`), out)
		require.Contains(t, out, `"filled":3`)
	}
}

// So does the session of training.
func TestTheSessionOfTraining(t *testing.T) {
	t.Parallel()
	for _, out := range pasted(t, pieces(t, pageOf(t, filepath.Join("docs", "training.md"))), 2) {
		require.Contains(t, out, `"enrolled"`)
		require.Contains(t, out, `"present":true`)
		require.Contains(t, out, `{"format":"vc+jwt","credential":"ey`)
		require.Contains(t, out, `{"people":228,"cohorts":13,"seats":270,"gap":0,"shortfalls":[]}`)
		require.Contains(t, out, `"people":204,"planned":204`)
	}
}

// pasted starts Linli and runs the pieces of a session so many times, and gives what
// they print.
func pasted(t *testing.T, session []string, times int) (printed []string) {
	t.Helper()
	for _, program := range []string{"bash", "curl", "jq"} {
		_, err := exec.LookPath(program)
		require.NoError(t, err, "the session needs %s", program)
	}
	s := start(t)
	dir := t.TempDir()
	require.NoError(t, os.Symlink(s.Dir, filepath.Join(dir, ".linli")))
	training, err := filepath.Abs(filepath.Join("..", "training"))
	require.NoError(t, err)
	require.NoError(t, os.Symlink(training, filepath.Join(dir, "training")))
	for range times {
		cmd := exec.CommandContext(t.Context(), "bash", "-e", "-c", strings.Join(session, ""))
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		printed = append(printed, string(out))
	}
	return printed
}

func pageOf(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", path))
	require.NoError(t, err)
	return string(text)
}

// pieces takes the pieces of shell out of a page.
func pieces(t *testing.T, page string) (out []string) {
	t.Helper()
	for {
		_, rest, found := strings.Cut(page, "```sh\n")
		if !found {
			return out
		}
		piece, after, closed := strings.Cut(rest, "```\n")
		require.True(t, closed)
		out, page = append(out, piece), after
	}
}
