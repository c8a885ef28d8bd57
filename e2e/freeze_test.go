package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// process is a line of the system's list of processes.
type process struct {
	pid, parent int
	name        string
}

func allProcesses(t *testing.T) []process {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ps", "-A", "-o", "pid=,ppid=,comm=").Output()
	require.NoError(t, err)
	var all []process
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) < 3 {
			continue
		}
		pid, err := strconv.Atoi(fields[0])
		require.NoError(t, err)
		parent, err := strconv.Atoi(fields[1])
		require.NoError(t, err)
		all = append(all, process{pid, parent, filepath.Base(fields[2])})
	}
	return all
}

// Names of the services that a program starts.
func isPostgres(name string) bool { return name == "postgres" }
func isTemporal(name string) bool { return name != "postgres" }

// service is the process of a service that the program runs.
func (s *system) service(is func(name string) bool) *os.Process {
	s.t.Helper()
	for _, p := range allProcesses(s.t) {
		if p.parent == s.PID() && is(p.name) {
			found, err := os.FindProcess(p.pid)
			require.NoError(s.t, err)
			return found
		}
	}
	require.FailNow(s.t, "the program runs no such service")
	return nil
}

// freeze stops a service with all its processes, which stay as they are, until
// thaw is called or the test ends.
func (s *system) freeze(is func(name string) bool) (thaw func()) {
	s.t.Helper()
	root := s.service(is).Pid
	frozen := []int{root}
	require.NoError(s.t, syscall.Kill(root, syscall.SIGSTOP)) // first, so that it starts no more
	for _, p := range allProcesses(s.t) {
		if p.parent == root && syscall.Kill(p.pid, syscall.SIGSTOP) == nil {
			frozen = append(frozen, p.pid)
		}
	}
	thaw = func() {
		for _, pid := range frozen {
			_ = syscall.Kill(pid, syscall.SIGCONT) // one that has ended meanwhile needs none
		}
		frozen = nil
	}
	s.t.Cleanup(thaw)
	return thaw
}

// kill ends a service as the kernel does that runs out of memory, and gives its
// process.
func (s *system) kill(is func(name string) bool) {
	s.t.Helper()
	require.NoError(s.t, s.service(is).Kill())
}
