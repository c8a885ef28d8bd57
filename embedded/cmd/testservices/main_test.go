package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/embedded/embeddedtest"
)

// mainVariable makes the test binary the command itself.
const mainVariable = "LINLI_TESTSERVICES_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(mainVariable) != "" {
		main()
	}
	os.Exit(m.Run())
}

// testservices is the command with services of its own, whatever the tests run
// under.
func testservices(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), mainVariable+"=1", "TMPDIR="+t.TempDir(),
		embeddedtest.PostgresVariable+"=", embeddedtest.TemporalVariable+"=")
	require.NoError(t, os.Chmod(filepath.Dir(t.TempDir()), 0o755))
	return cmd
}

func requireCode(t *testing.T, want int, err error) {
	t.Helper()
	failure := (*exec.ExitError)(nil)
	require.ErrorAs(t, err, &failure)
	require.Equal(t, want, failure.ExitCode())
}

func TestCommandFindsBothServicesAndItsExitCodeIsKept(t *testing.T) {
	t.Parallel()
	script := fmt.Sprintf(`echo "$%s"; echo "$%s"; exit 7`, embeddedtest.PostgresVariable, embeddedtest.TemporalVariable)
	output, err := testservices(t, "--", "sh", "-c", script).Output()
	requireCode(t, 7, err)
	lines := strings.Split(string(output), "\n")
	require.Regexp(t, `^postgres://postgres@/postgres\?host=`, lines[0])
	require.Regexp(t, `^127\.0\.0\.1:\d+$`, lines[1])
}

func TestSignalsArePassedOnAndEverythingEnds(t *testing.T) {
	t.Parallel()
	cmd := testservices(t, "sh", "-c", `trap 'echo caught; exit 3' TERM; echo ready; while :; do sleep 0.1; done`)
	output, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(output)
	require.True(t, lines.Scan())
	require.Equal(t, "ready", lines.Text())

	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.True(t, lines.Scan())
	require.Equal(t, "caught", lines.Text())
	requireCode(t, 3, cmd.Wait())
	for _, entry := range cmd.Env {
		if dir, found := strings.CutPrefix(entry, "TMPDIR="); found {
			left, err := filepath.Glob(filepath.Join(dir, "linli-*"))
			require.NoError(t, err)
			require.Empty(t, left, "its files are removed")
		}
	}
}

func TestCommandThatIsKilledCountsAsFailed(t *testing.T) {
	t.Parallel()
	_, err := testservices(t, "sh", "-c", "kill -9 $$").Output()
	requireCode(t, 128+9, err)
}

func TestServicesThatTheEnvironmentNamesAreNotStarted(t *testing.T) {
	t.Parallel()
	cmd := testservices(t, "sh", "-c", "echo $"+embeddedtest.PostgresVariable)
	cmd.Env = append(cmd.Env, embeddedtest.PostgresVariable+"=postgres://given", embeddedtest.TemporalVariable+"=given:7233", "LINLI_POSTGRES_BIN=/nowhere")
	output, err := cmd.Output()
	require.NoError(t, err)
	require.Equal(t, "postgres://given\n", string(output))
}

func TestBadUsage(t *testing.T) {
	t.Parallel()
	requireCode(t, exitUsage, testservices(t).Run())
	requireCode(t, exitFailed, testservices(t, "no-such-command-anywhere").Run())
}
