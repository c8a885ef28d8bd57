package embedded

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/sdk/client"
)

func startTemporal(t *testing.T, opts TemporalOptions) *Temporal {
	t.Helper()
	temporal, err := StartTemporal(t.Context(), opts)
	require.NoError(t, err)
	t.Cleanup(func() { _ = temporal.Stop(context.Background()) })
	return temporal
}

func dial(t *testing.T, address, namespace string) client.Client {
	t.Helper()
	c, err := client.DialContext(t.Context(), client.Options{HostPort: address, Namespace: namespace, Logger: silent{}})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// open starts a workflow that no worker ever runs.
func open(t *testing.T, address, id string) {
	t.Helper()
	c := dial(t, address, DefaultNamespace)
	_, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: id, TaskQueue: "nobody"}, "anything")
	require.NoError(t, err)
}

func requireOpen(t *testing.T, address, id string) {
	t.Helper()
	described, err := dial(t, address, DefaultNamespace).DescribeWorkflowExecution(t.Context(), id, "")
	require.NoError(t, err)
	require.Equal(t, enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, described.WorkflowExecutionInfo.Status)
}

func TestTemporalOnPostgresSurvivesItsDeath(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	pg := startPostgres(t, PostgresOptions{Dir: dir})
	opts := TemporalOptions{Dir: dir, Postgres: pg, SearchAttributes: map[string]string{"Urgency": "Keyword"}}
	first := startTemporal(t, opts)
	open(t, first.Address(), "kept")
	require.Equal(t, 1, query[int](t, pg, "SELECT count(*)::int FROM pg_database WHERE datname = 'temporal_visibility'"))

	require.NoError(t, first.process.Load().cmd.Process.Kill())
	requireDone(t, first.Done())
	require.ErrorContains(t, first.Err(), "ended unexpectedly (signal: killed)")
	require.NoError(t, first.Stop(t.Context()))

	opts.SearchAttributes["Added"] = "Int"
	second := startTemporal(t, opts)
	require.Equal(t, first.Address(), second.Address(), "the address is kept")
	requireOpen(t, second.Address(), "kept")
	attributes, err := dial(t, second.Address(), DefaultNamespace).OperatorService().ListSearchAttributes(t.Context(),
		&operatorservice.ListSearchAttributesRequest{Namespace: DefaultNamespace})
	require.NoError(t, err)
	require.Equal(t, enumspb.INDEXED_VALUE_TYPE_KEYWORD, attributes.CustomAttributes["Urgency"])
	require.Equal(t, enumspb.INDEXED_VALUE_TYPE_INT, attributes.CustomAttributes["Added"])

	require.NoError(t, second.Stop(t.Context()))
	requireDone(t, second.Done())
	require.NoError(t, second.Err())
	require.NoError(t, second.Stop(t.Context()), "stopping twice is no error")

	_, err = StartTemporal(t.Context(), TemporalOptions{Dir: dir})
	require.ErrorContains(t, err, "stored in its Postgres")
}

// A server that was killed comes back at its address, and not elsewhere: whoever
// uses it was told this one.
func TestTemporalIsStartedAnew(t *testing.T) {
	t.Parallel()
	temporal := startTemporal(t, TemporalOptions{Dir: stateDir(t)})
	open(t, temporal.Address(), "kept")
	require.NoError(t, temporal.process.Load().cmd.Process.Kill())
	requireDone(t, temporal.Done())

	other, err := net.Listen("tcp", temporal.Address())
	require.NoError(t, err)
	require.Error(t, temporal.Restart(t.Context()), "somebody else has the port")
	require.NoError(t, other.Close())
	require.NoError(t, temporal.Restart(t.Context()))
	require.NoError(t, temporal.Err())
	requireOpen(t, temporal.Address(), "kept")
	require.NoError(t, temporal.Stop(t.Context()))
	requireDone(t, temporal.Done())
}

func TestKillingTheOwnerLosesNothing(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	owner := startOwner(t, dir)
	state, err := loadState(filepath.Join(dir, "temporal"))
	require.NoError(t, err)
	open(t, state.address(), "kept")

	_, err = StartPostgres(t.Context(), PostgresOptions{Dir: dir})
	var locked *LockedError
	require.ErrorAs(t, err, &locked, "the owner is alive")
	_, err = StartTemporal(t.Context(), TemporalOptions{Dir: dir})
	require.ErrorAs(t, err, &locked, "the owner is alive")

	require.NoError(t, owner.Process.Kill())
	_ = owner.Wait()
	pg := startPostgres(t, PostgresOptions{Dir: dir})
	temporal := startTemporal(t, TemporalOptions{Dir: dir, Postgres: pg})
	require.Equal(t, state.address(), temporal.Address())
	requireOpen(t, temporal.Address(), "kept")
	require.Empty(t, commandLine(state.PID), "the server of the dead owner is gone")
}

func TestTemporalTakesAnotherPortWhenItsOwnIsTaken(t *testing.T) {
	t.Parallel()
	opts := TemporalOptions{Dir: stateDir(t), InMemory: true}
	first := startTemporal(t, opts)
	require.NoError(t, first.Stop(t.Context()))

	squatter, err := net.Listen("tcp", first.Address())
	require.NoError(t, err)
	defer squatter.Close()
	second := startTemporal(t, opts)
	require.NotEqual(t, first.Address(), second.Address())
}

func TestTemporalStopsAnOrphanOfTheSameDirectory(t *testing.T) {
	t.Parallel()
	opts := TemporalOptions{Dir: stateDir(t), InMemory: true}
	orphan := startTemporal(t, opts)
	require.NoError(t, orphan.lock.Unlock())

	startTemporal(t, opts)
	requireDone(t, orphan.Done())
}

func TestTemporalProgramEndsWithItsLifeline(t *testing.T) {
	t.Parallel()
	temporal := startTemporal(t, TemporalOptions{Dir: stateDir(t), InMemory: true})
	require.NoError(t, temporal.lifeline.Close())
	requireDone(t, temporal.Done())
	require.ErrorContains(t, temporal.Err(), "exit status 0", "it has stopped in order")
}

func TestTemporalQuotesItsLogWhenItCannotStart(t *testing.T) {
	t.Parallel()
	_, err := StartTemporal(t.Context(), TemporalOptions{
		Dir: stateDir(t), InMemory: true, SearchAttributes: map[string]string{"Urgency": "Nonsense"},
	})
	require.ErrorContains(t, err, "ended unexpectedly (exit status 2)")
	require.ErrorContains(t, err, `type "Nonsense" is none of`)
}

func TestTemporalAtAGivenAddress(t *testing.T) {
	t.Parallel()
	temporal, err := StartTemporal(t.Context(), TemporalOptions{Address: "temporal.example:7233", Namespace: "linli"})
	require.NoError(t, err)
	require.Equal(t, "temporal.example:7233", temporal.Address())
	require.Equal(t, "linli", temporal.Namespace())
	require.Empty(t, temporal.LogFile())
	require.Nil(t, temporal.Done())
	require.NoError(t, temporal.Stop(t.Context()))
}

func TestTemporalCommandOnThePath(t *testing.T) {
	built, err := builtProgram(t.Context(), TemporalOptions{})
	require.NoError(t, err)
	bin := t.TempDir()
	require.NoError(t, os.Symlink(built.path, filepath.Join(bin, "temporal")))
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))

	opts := TemporalOptions{Dir: stateDir(t)}
	first := startTemporal(t, opts)
	require.Equal(t, filepath.Join(bin, "temporal"), first.Program())
	open(t, first.Address(), "kept")
	require.NoError(t, first.process.Load().cmd.Process.Kill())
	requireDone(t, first.Done())
	require.NoError(t, first.Stop(t.Context()))

	second := startTemporal(t, opts)
	requireOpen(t, second.Address(), "kept")
	require.NoError(t, second.Stop(t.Context()))
	require.FileExists(t, filepath.Join(opts.Dir, "temporal", "temporal-"+built.serverVersion+".db"))

	state, err := loadState(filepath.Join(opts.Dir, "temporal"))
	require.NoError(t, err)
	state.ServerVersion = "0.9.0"
	require.NoError(t, state.save())
	_, err = StartTemporal(t.Context(), opts)
	require.ErrorContains(t, err, "stored by version 0.9.0")
	require.ErrorContains(t, err, built.serverVersion)
}

func TestTemporalCommandThatDoesNotWorkIsPassedOver(t *testing.T) {
	bin := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(bin, "temporal"), []byte("#!/bin/sh\nexit 1\n"), 0o755))
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	temporal := startTemporal(t, TemporalOptions{Dir: stateDir(t), InMemory: true})
	require.NotEqual(t, filepath.Join(bin, "temporal"), temporal.Program())
}

func TestCreateNamespaceIsUsableAtOnce(t *testing.T) {
	t.Parallel()
	temporal := startTemporal(t, TemporalOptions{Dir: stateDir(t), InMemory: true})
	var all sync.WaitGroup
	for _, name := range strings.Fields("one two three four") {
		all.Go(func() {
			if !assertNoError(t, CreateNamespace(t.Context(), temporal.Address(), name)) {
				return
			}
			c, err := client.Dial(client.Options{HostPort: temporal.Address(), Namespace: name, Logger: silent{}})
			if !assertNoError(t, err) {
				return
			}
			defer c.Close()
			_, err = c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{TaskQueue: "nobody"}, "anything")
			assertNoError(t, err)
		})
	}
	all.Wait()
	require.NoError(t, CreateNamespace(t.Context(), temporal.Address(), "one"), "creating it again is no error")
}

func assertNoError(t *testing.T, err error) bool {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
	return err == nil
}

func TestTemporalIsKilledWhenThereIsNoTimeToStop(t *testing.T) {
	t.Parallel()
	temporal := startTemporal(t, TemporalOptions{Dir: stateDir(t), InMemory: true})
	require.NoError(t, temporal.process.Load().cmd.Process.Signal(syscall.SIGSTOP))
	expired, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorContains(t, temporal.Stop(expired), "was killed")
	requireDone(t, temporal.Done())
}

// The temporal command is told by flags what our own program has built in.
func TestCommandTuningIsThatOfOurProgram(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile(filepath.Join("..", "devserver", "server.go"))
	require.NoError(t, err)
	text := strings.Join(strings.Fields(string(source)), " ")
	for _, setting := range commandTuning {
		key, value, _ := strings.Cut(setting, "=")
		require.Contains(t, text, `MakeKey("`+key+`"): `+value+",")
	}
}
