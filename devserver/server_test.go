package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// programVariable makes the test binary the program itself.
const programVariable = "LINLI_DEVSERVER_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(programVariable) != "" {
		main()
	}
	_ = os.Setenv(programVariable, "1") // for those that the tests start
	os.Exit(m.Run())
}

// start runs this program the way that the SDK runs the temporal command.
func start(t *testing.T, opts testsuite.DevServerOptions) *testsuite.DevServer {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	opts.ExistingPath = self
	opts.Stdout, opts.Stderr = io.Discard, io.Discard
	opts.ClientOptions = &client.Options{Namespace: "mine", Logger: silent{}}
	server, err := testsuite.StartDevServer(t.Context(), opts)
	require.NoError(t, err)
	return server
}

// greet is a workflow that needs history, matching, timers and the frontend.
func greet(ctx workflow.Context, name string) (string, error) {
	if err := workflow.Sleep(ctx, time.Millisecond); err != nil {
		return "", err
	}
	return "hello, " + name, nil
}

func TestServesTheSDKInPlaceOfTheTemporalCommand(t *testing.T) {
	t.Parallel()
	urgency := temporal.NewSearchAttributeKeyKeyword("Urgency")
	server := start(t, testsuite.DevServerOptions{
		LogLevel: "error", LogFormat: "pretty", UIPort: "",
		SearchAttributes: temporal.NewSearchAttributes(urgency.ValueSet("")),
	})
	const queue = "greetings"
	w := worker.New(server.Client(), queue, worker.Options{})
	w.RegisterWorkflow(greet)
	require.NoError(t, w.Start())
	run, err := server.Client().ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{TaskQueue: queue}, greet, "Lin")
	require.NoError(t, err)
	var greeting string
	require.NoError(t, run.Get(t.Context(), &greeting))
	require.Equal(t, "hello, Lin", greeting)
	w.Stop()

	requireAttribute(t, server, "Urgency")
	require.NoError(t, server.Stop(), "SIGINT is answered with exit code 0")
}

func requireAttribute(t *testing.T, server *testsuite.DevServer, name string) {
	t.Helper()
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		found, err := server.Client().OperatorService().ListSearchAttributes(t.Context(),
			&operatorservice.ListSearchAttributesRequest{Namespace: "mine"})
		require.NoError(c, err)
		require.Equal(c, enumspb.INDEXED_VALUE_TYPE_KEYWORD, found.GetCustomAttributes()[name])
	}, 10*time.Second, 20*time.Millisecond)
}

func TestKeepsWorkflowsInAFile(t *testing.T) {
	t.Parallel()
	opts := testsuite.DevServerOptions{DBFilename: filepath.Join(t.TempDir(), "temporal.db")}
	// What a kill while the file was being made leaves is no obstacle.
	require.NoError(t, os.WriteFile(opts.DBFilename+".new", []byte("half"), 0o600))
	server := start(t, opts)
	_, err := server.Client().ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "kept", TaskQueue: "nobody"}, greet, "Lin")
	require.NoError(t, err)
	require.NoError(t, server.Stop())

	added := temporal.NewSearchAttributeKeyKeyword("Added")
	opts.SearchAttributes = temporal.NewSearchAttributes(added.ValueSet(""))
	server = start(t, opts)
	requireAttribute(t, server, "Added") // though the namespace was there before it
	_, err = server.Client().DescribeWorkflowExecution(t.Context(), "kept", "")
	require.NoError(t, err)
	require.NoError(t, server.Stop())
}

func TestStopsWhenStandardInputEnds(t *testing.T) {
	t.Parallel()
	in, lifeline := io.Pipe()
	ctx := whileOpen(context.Background(), in)
	require.NoError(t, ctx.Err())
	require.NoError(t, lifeline.Close())
	select {
	case <-ctx.Done():
		require.EqualError(t, context.Cause(ctx), "standard input was closed")
	case <-time.After(10 * time.Second):
		require.Fail(t, "it goes on")
	}
}

func TestFreePortsAreDifferent(t *testing.T) {
	t.Parallel()
	ports, err := freePorts(20)
	require.NoError(t, err)
	seen := map[int]bool{}
	for _, port := range ports {
		require.False(t, seen[port])
		seen[port] = true
	}
}
