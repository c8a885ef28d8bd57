package peers

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// shell runs a script with the instance's path as $1.
func shell(t *testing.T, limit time.Duration, script string, env ...string) (Answer, error) {
	t.Helper()
	return Run(t.Context(), limit, "FILE", env, "/bin/sh", "-c", script, "sh")
}

func TestAnswersAreTaken(t *testing.T) {
	t.Parallel()
	a, err := shell(t, time.Minute, `test "$1" = FILE && echo "{\"status\": \"optimal\", \"objective\": $N, \"cpu_seconds\": 0.5, \"peak_kb\": 9, \"version\": \"v1\"}"`, "N=42")
	require.NoError(t, err)
	require.Equal(t, Answer{Status: Optimal, Objective: 42, CPUSeconds: 0.5, PeakKB: 9, Version: "v1"}, a)

	a, err = shell(t, 6500*time.Millisecond, `test "$(ulimit -t)" = 7 && echo '{"status": "out of range"}'`)
	require.NoError(t, err)
	require.Equal(t, OutOfRange, a.Status)
}

func TestProgramsThatFailSayWhy(t *testing.T) {
	t.Parallel()
	for says, script := range map[string]string{
		"exit status 3: the end":     `echo first >&2; echo "the end" >&2; exit 3`,
		`its answer "no JSON"`:       `echo no JSON`,
		`unknown status "splendid"`:  `echo '{"status": "splendid"}'`,
		"without time or memory":     `echo '{"status": "optimal", "objective": 1}'`,
		"unexpected end of JSON":     `true`,
		"signal: killed":             `kill -9 $$`,
		`unknown status ""`:          `echo '{}'`,
		"cannot unmarshal string in": `echo '{"status": "optimal", "objective": "1"}'`,
	} {
		_, err := shell(t, time.Minute, script)
		require.ErrorContains(t, err, says)
	}
}

// TestALimitKills whoever computes without end, and whoever waits without end
// with a child that holds the pipe open.
func TestALimitKills(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		limit  time.Duration
		script string
	}{
		"busy": {time.Second, `while :; do :; done`},
		"idle": {10 * time.Millisecond, `sleep 3600`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := shell(t, c.limit, c.script)
			require.NoError(t, err)
			require.Equal(t, Answer{Status: LimitReached}, a)
		})
	}
}

func TestTheCallersEndIsNoLimit(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Run(ctx, time.Minute, "FILE", nil, "/bin/sh", "-c", "sleep 3600")
	require.ErrorIs(t, err, context.Canceled)
}

func TestAMissingPeerNamesItsPackages(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]Peer{
		"no compiler":    {Name: "x", packages: "g++ liblemon-dev", source: "lemon.cpp", compile: []string{"no-such-compiler"}},
		"no library":     {Name: "x", packages: "g++ liblemon-dev", source: "lemon.cpp", compile: []string{"/bin/sh", "-c", "echo 'lemon.cpp:17: fatal error: lemon/config.h: No such file' >&2; exit 1"}},
		"no interpreter": {Name: "x", packages: "python3-scipy", source: "scipy_matching.py", run: []string{"no-such-python"}},
		"no module":      {Name: "x", packages: "python3-scipy", source: "scipy_matching.py", run: []string{"/bin/sh", "-c", "echo 'ModuleNotFoundError: No module' >&2; exit 1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := p.Prepare(t.Context(), t.TempDir())
			var missing *MissingError
			require.ErrorAs(t, err, &missing)
			require.Contains(t, err.Error(), "apt-get install "+p.packages)
			if strings.HasPrefix(name, "no lib") {
				require.Contains(t, missing.Reason, "lemon/config.h")
			}
		})
	}
}

// TestACompiledPeerIsKept: the compiler here writes its own arguments.
func TestACompiledPeerIsKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	calls := filepath.Join(dir, "calls")
	p := Peer{source: "lemon.cpp", compile: []string{"/bin/sh", "-c", `echo "$@" >> ` + calls + `; touch "$2"`, "cc"}, args: []string{"method"}}
	first, err := p.Prepare(t.Context(), dir)
	require.NoError(t, err)
	again, err := p.Prepare(t.Context(), dir)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, "method", first[1])
	require.FileExists(t, first[0])
	text, err := os.ReadFile(calls)
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(text), "\n"), "compiled once")

	p.compile[2] += " # other flags"
	other, err := p.Prepare(t.Context(), dir)
	require.NoError(t, err)
	require.NotEqual(t, first, other, "other flags, another program")
}

func TestPeersAreDistinct(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range All() {
		require.False(t, seen[p.Name])
		seen[p.Name] = true
		require.NotEmpty(t, p.packages)
		_, err := sources.ReadFile("src/" + p.source)
		require.NoError(t, err)
	}
}
