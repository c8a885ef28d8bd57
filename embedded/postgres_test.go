package embedded

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestPostgresKeepsItsDataOverARestart(t *testing.T) {
	t.Parallel()
	opts := PostgresOptions{Dir: stateDir(t)}
	pg := startPostgres(t, opts)
	require.Equal(t, "on", query[string](t, pg, "SHOW synchronous_commit"))
	require.Equal(t, "on", query[string](t, pg, "SHOW fsync"))
	require.Equal(t, "on", query[string](t, pg, "SHOW data_checksums"))
	require.Empty(t, query[string](t, pg, "SHOW listen_addresses"), "it must not listen on a network")
	execute(t, pg, "CREATE TABLE kept AS SELECT 42 AS n")
	require.NoError(t, pg.CreateDatabase(t.Context(), "once"))
	require.NoError(t, pg.CreateDatabase(t.Context(), "once"), "creating it again is no error")

	require.NoError(t, pg.Stop(t.Context()))
	requireDone(t, pg.Done())
	require.NoError(t, pg.Err(), "an end that was asked for is no error")
	require.NoError(t, pg.Stop(t.Context()), "stopping twice is no error")

	again := startPostgres(t, opts)
	require.Equal(t, 42, query[int](t, again, "SELECT n FROM kept"))
	require.Equal(t, 1, query[int](t, again, "SELECT count(*)::int FROM pg_database WHERE datname = 'once'"))
}

func TestPostgresRecoversFromItsOwnDeath(t *testing.T) {
	t.Parallel()
	opts := PostgresOptions{Dir: stateDir(t)}
	pg := startPostgres(t, opts)
	execute(t, pg, "CREATE TABLE kept AS SELECT 42 AS n")

	require.NoError(t, pg.process.Load().cmd.Process.Kill())
	requireDone(t, pg.Done())
	require.ErrorContains(t, pg.Err(), "PostgreSQL ended unexpectedly (signal: killed)")
	require.ErrorContains(t, pg.Err(), "ready to accept connections", "the log is quoted")
	require.NoError(t, pg.Stop(t.Context()), "stopping what has ended gives the directory up")

	again := startPostgres(t, opts)
	require.Equal(t, 42, query[int](t, again, "SELECT n FROM kept"))
}

// A server that was killed comes back where it was, however often.
func TestPostgresIsStartedAnew(t *testing.T) {
	t.Parallel()
	pg := startPostgres(t, PostgresOptions{Dir: stateDir(t)})
	execute(t, pg, "CREATE TABLE kept AS SELECT 42 AS n")
	url, cluster := pg.URL("postgres"), filepath.Join(pg.DataDir(), "PG_VERSION")
	for range 2 {
		require.NoError(t, pg.process.Load().cmd.Process.Kill())
		requireDone(t, pg.Done())
		require.NoError(t, os.Rename(cluster, cluster+".away"))
		require.ErrorContains(t, pg.Restart(t.Context()), "ended unexpectedly (exit status 1)", "the cluster is damaged")
		require.NoError(t, os.Rename(cluster+".away", cluster))
		require.NoError(t, pg.Restart(t.Context()))
		require.NoError(t, pg.Err())
		require.Equal(t, url, pg.URL("postgres"))
		require.Equal(t, 42, query[int](t, pg, "SELECT n FROM kept"))
	}
	require.NoError(t, pg.Stop(t.Context()))
	requireDone(t, pg.Done())
}

func TestPostgresIgnoresStalePID(t *testing.T) {
	t.Parallel()
	for name, pid := range map[string]int{
		"foreign": os.Getpid(),
		"dead":    1 << 22, // above the greatest number there is
		"none":    0,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := PostgresOptions{Dir: stateDir(t), NoSync: true}
			pg := startPostgres(t, opts)
			pidFile := filepath.Join(pg.DataDir(), "postmaster.pid")
			content, err := os.ReadFile(pidFile)
			require.NoError(t, err)
			require.NoError(t, pg.Stop(t.Context()))

			_, rest, _ := strings.Cut(string(content), "\n")
			stale := strconv.Itoa(pid) + "\n" + rest
			require.NoError(t, os.WriteFile(pidFile, []byte(stale), 0o600))
			socketLock := filepath.Join(pg.SocketDir(), socketName()+".lock")
			require.NoError(t, os.WriteFile(socketLock, []byte(stale), 0o600))

			startPostgres(t, opts)
		})
	}
}

func TestPostgresStopsAnOrphanOfTheSameDirectory(t *testing.T) {
	t.Parallel()
	opts := PostgresOptions{Dir: stateDir(t)}
	orphan := startPostgres(t, opts)
	// The owner gives the directory up and leaves its server running, as one
	// does that is killed where the kernel does not tell its children.
	require.NoError(t, orphan.lock.Unlock())

	pg := startPostgres(t, opts)
	requireDone(t, orphan.Done())
	require.Equal(t, 1, query[int](t, pg, "SELECT 1"))
}

func TestPostgresHasOneOwner(t *testing.T) {
	t.Parallel()
	opts := PostgresOptions{Dir: stateDir(t), NoSync: true}
	startPostgres(t, opts)

	_, err := StartPostgres(t.Context(), opts)
	var locked *LockedError
	require.ErrorAs(t, err, &locked)
	require.Equal(t, strconv.Itoa(os.Getpid()), locked.PID)
	require.ErrorContains(t, err, "in use by process "+strconv.Itoa(os.Getpid()))
}

func TestPostgresRedoesAnUnfinishedCluster(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	// What a kill in the middle of initdb leaves.
	unfinished := filepath.Join(dir, "postgres", "data.new")
	require.NoError(t, os.MkdirAll(filepath.Join(unfinished, "base"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(unfinished, "PG_VERSION"), []byte("15\n"), 0o600))

	pg := startPostgres(t, PostgresOptions{Dir: dir, NoSync: true})
	require.Equal(t, 1, query[int](t, pg, "SELECT 1"))
	require.NoDirExists(t, unfinished)
}

func TestPostgresRefusesADirectoryOfOtherThings(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	data := filepath.Join(dir, "postgres", "data")
	require.NoError(t, os.MkdirAll(data, 0o755))
	precious := filepath.Join(data, "letter.txt")
	require.NoError(t, os.WriteFile(precious, []byte("dear"), 0o600))

	_, err := StartPostgres(t.Context(), PostgresOptions{Dir: dir})
	require.ErrorContains(t, err, "neither empty nor a PostgreSQL cluster")
	require.FileExists(t, precious)
}

func TestPostgresNamesTheVersionThatAClusterNeeds(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	data := filepath.Join(dir, "postgres", "data")
	require.NoError(t, os.MkdirAll(data, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte("9\n"), 0o600))

	_, err := StartPostgres(t.Context(), PostgresOptions{Dir: dir})
	require.ErrorContains(t, err, "made by PostgreSQL 9")
	require.ErrorContains(t, err, "install version 9 again")
}

func TestPostgresQuotesItsLogWhenItCannotStart(t *testing.T) {
	t.Parallel()
	opts := PostgresOptions{Dir: stateDir(t), NoSync: true}
	pg := startPostgres(t, opts)
	require.NoError(t, pg.Stop(t.Context()))
	settings := filepath.Join(pg.DataDir(), "postgresql.conf")
	require.NoError(t, os.WriteFile(settings, []byte("no_such_setting = 1\n"), 0o600))

	_, err := StartPostgres(t.Context(), opts)
	require.ErrorContains(t, err, "PostgreSQL ended unexpectedly (exit status 1)")
	require.ErrorContains(t, err, "no_such_setting")

	require.NoError(t, os.WriteFile(settings, nil, 0o600))
	startPostgres(t, opts) // the failure has not kept the directory
}

func TestPostgresInADirectoryTooDeepForASocket(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(stateDir(t), strings.Repeat("deep", 20), strings.Repeat("deeper", 10))
	pg := startPostgres(t, PostgresOptions{Dir: dir, NoSync: true})
	require.Equal(t, 1, query[int](t, pg, "SELECT 1"))
	require.NotContains(t, pg.SocketDir(), "deep")

	require.NoError(t, pg.Stop(t.Context()))
	require.NoDirExists(t, pg.SocketDir(), "the directory of the socket is taken away")
}

func TestPostgresWhereItsAccountCannotReach(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root lends Postgres an account that reaches less than itself")
	}
	opts := PostgresOptions{Dir: stateDir(t)}
	require.NoError(t, os.Chmod(opts.Dir, 0o700))
	pg := startPostgres(t, opts)
	t.Cleanup(func() { _ = os.RemoveAll(filepath.Dir(pg.DataDir())) })
	require.True(t, strings.HasPrefix(pg.DataDir(), systemElsewhere), pg.DataDir())
	execute(t, pg, "CREATE TABLE kept AS SELECT 42 AS n")
	require.NoError(t, pg.Stop(t.Context()))

	again := startPostgres(t, opts)
	require.Equal(t, pg.DataDir(), again.DataDir())
	require.Equal(t, 42, query[int](t, again, "SELECT n FROM kept"))
}

func TestPostgresKeepsRowsOutOfItsLog(t *testing.T) {
	t.Parallel()
	pg := startPostgres(t, PostgresOptions{Dir: stateDir(t), NoSync: true})
	execute(t, pg, "CREATE TABLE person (phone text PRIMARY KEY CHECK (phone <> '0451-000'))")
	conn, err := pgx.Connect(t.Context(), pg.URL("postgres"))
	require.NoError(t, err)
	defer conn.Close(t.Context())
	for _, statement := range []string{
		"INSERT INTO person VALUES ('0451-123'), ('0451-123')",
		"INSERT INTO person VALUES ('0451-000')",
	} {
		_, err := conn.Exec(t.Context(), statement)
		require.Error(t, err)
	}
	log, err := os.ReadFile(pg.LogFile())
	require.NoError(t, err)
	require.Contains(t, string(log), "duplicate key value violates unique constraint")
	require.NotContains(t, string(log), "0451")
}

func TestPostgresIsKilledWhenThereIsNoTimeToStop(t *testing.T) {
	t.Parallel()
	opts := PostgresOptions{Dir: stateDir(t)}
	pg := startPostgres(t, opts)
	execute(t, pg, "CREATE TABLE kept AS SELECT 42 AS n")
	require.NoError(t, pg.process.Load().cmd.Process.Signal(syscall.SIGSTOP))

	expired, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorContains(t, pg.Stop(expired), "was killed")

	again := startPostgres(t, opts)
	require.Equal(t, 42, query[int](t, again, "SELECT n FROM kept"))
}
