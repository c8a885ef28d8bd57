package embeddedtest_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"github.com/linli/linli/embedded/embeddedtest"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

func execute(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), sql)
	require.NoError(t, err)
}

func TestDatabasesAreMigratedOnceAndApart(t *testing.T) {
	t.Parallel()
	var migrations atomic.Int32
	migrate := func(ctx context.Context, url string) error {
		migrations.Add(1)
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		_, err = conn.Exec(ctx, "CREATE TABLE person (id int PRIMARY KEY)")
		return errors.Join(err, conn.Close(ctx))
	}
	key := rand.Text() // new to a server that outlives this test
	urls := make([]string, 8)
	t.Run("tests", func(t *testing.T) {
		for i := range urls {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				urls[i] = embeddedtest.Database(t, migrate, key)
				// The same row would collide if the database were shared.
				execute(t, urls[i], "INSERT INTO person VALUES (1)")
			})
		}
	})
	require.EqualValues(t, 1, migrations.Load())
	for _, url := range urls {
		_, err := pgx.Connect(t.Context(), url)
		require.ErrorContains(t, err, "does not exist", "the database of a test that has ended is dropped")
	}
}

func TestAFailedMigrationIsDoneAgain(t *testing.T) {
	t.Parallel()
	key := rand.Text()
	failing := &fakeTest{TB: t}
	failing.run(func() {
		embeddedtest.Database(failing, func(ctx context.Context, url string) error {
			execute(t, url, "CREATE TABLE half (id int)")
			return errors.New("out of ink")
		}, key)
	})
	require.Contains(t, failing.message, "out of ink")

	url := embeddedtest.Database(t, func(context.Context, string) error { return nil }, key)
	execute(t, url, "CREATE TABLE half (id int)") // fails if the half-made one was taken over
}

// fakeTest is a test that fails without failing the one that looks on.
type fakeTest struct {
	testing.TB
	message string
}

func (f *fakeTest) Fatal(args ...any) {
	f.message = fmt.Sprint(args...)
	runtime.Goexit()
}

func (f *fakeTest) run(body func()) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		body()
	}()
	<-ended
}

func TestNamespacesAreApart(t *testing.T) {
	t.Parallel()
	for range 2 {
		address, namespace := embeddedtest.Namespace(t)
		c, err := client.DialContext(t.Context(), client.Options{HostPort: address, Namespace: namespace})
		require.NoError(t, err)
		defer c.Close()
		// The same ID would be refused if the namespace were shared.
		_, err = c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{
			ID: "one", TaskQueue: "nobody", WorkflowExecutionErrorWhenAlreadyStarted: true,
		}, "anything")
		require.NoError(t, err)
	}
}
