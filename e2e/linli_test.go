package e2e

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/embedded/embeddedtest"
)

// binary is the program under test, built once for all tests.
var binary string

// atOnce is how many systems run side by side, whatever the number of cores:
// they wait far more than they compute.
const atOnce = "4"

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", atOnce); err != nil {
		panic(err)
	}
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "linli-e2e-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		if binary, err = Build(context.Background(), dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return m.Run()
	}())
}

// system is one running program as a test sees it.
type system struct {
	*Program
	t     *testing.T
	rooms *atomic.Int32 // villages made so far
}

// start runs `linli dev` on a new directory and waits until it serves.
func start(t *testing.T, args ...string) *system {
	t.Helper()
	return startWith(t, nil, args...)
}

// startWith is start with further environment.
func startWith(t *testing.T, env []string, args ...string) *system {
	t.Helper()
	dir, err := embeddedtest.MakeStateDir()
	require.NoError(t, err)
	s := &system{&Program{Binary: binary, Dir: filepath.Join(dir, "data"), Args: args, Env: env}, t, new(atomic.Int32)}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(s.LogTail())
		}
		_ = os.RemoveAll(dir)
	})
	s.run()
	return s
}

// run starts the program again. The very first start builds Temporal, which
// takes minutes.
func (s *system) run() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 15*time.Minute)
	defer cancel()
	require.NoError(s.t, s.Run(ctx))
}

// with is the same system seen by a subtest.
func (s *system) with(t *testing.T) *system { return &system{s.Program, t, s.rooms} }

// do sends a request and requires a status.
func (s *system) do(status int, token, method, path string, body any) Object {
	s.t.Helper()
	a, err := s.Call(s.t.Context(), token, method, path, body)
	require.NoError(s.t, err)
	require.Equal(s.t, status, a.Status, "%s %s: %v", method, path, a.Body)
	return a.Body
}

// await polls until ok or a deadline.
func (s *system) await(what string, ok func() bool) {
	s.t.Helper()
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	deadline := time.After(45 * time.Second)
	for !ok() {
		select {
		case <-poll.C:
		case <-deadline:
			require.FailNow(s.t, "in vain awaited: "+what)
		}
	}
}
