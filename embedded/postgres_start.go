package embedded

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// startPatience covers the replay of the log after a crash under load.
	startPatience = 2 * time.Minute

	// retryPatience is how long the processes of a postmaster that was killed
	// may take to notice and let go of its memory.
	retryPatience = 10 * time.Second
)

// prepare leaves a cluster that can be started, and a place for its socket.
func (pg *Postgres) prepare(ctx context.Context, home string, as account, installed []installation, opts PostgresOptions) (installation, error) {
	data, err := placeCluster(home, systemElsewhere, as)
	if err != nil {
		return installation{}, err
	}
	pg.data = data
	if !strings.HasPrefix(data, home) {
		logger(opts.Log).Info("the data of Postgres lies elsewhere, since its account cannot reach the directory",
			"data", data, "directory", home, "account", as.name)
	}
	major, err := clusterMajor(data)
	if err != nil {
		return installation{}, err
	}
	program, err := forCluster(installed, major, data)
	if err != nil {
		return installation{}, err
	}
	if major == 0 {
		if err := createCluster(ctx, program, as, data, opts.NoSync); err != nil {
			return installation{}, err
		}
	}
	pg.socketDir, pg.releaseSocket, err = makeSocketDir(data, as)
	if err != nil {
		return installation{}, err
	}
	if err := recoverCluster(ctx, data, pg.socketDir); err != nil {
		return installation{}, fmt.Errorf("recovering the cluster: %w", err)
	}
	return program, nil
}

// launching is what one start of the server takes from the one before.
type launching struct {
	program installation
	as      account
	log     string
	noSync  bool
}

// launch starts the server, and again while the one before still holds its
// memory.
func (pg *Postgres) launch(ctx context.Context) error {
	deadline := time.Now().Add(retryPatience)
	for {
		err := pg.launchOnce(ctx)
		if err == nil || !isMemoryInUse(err) || time.Now().After(deadline) {
			return err
		}
	}
}

// launchOnce starts the server and waits until it answers or ends.
func (pg *Postgres) launchOnce(ctx context.Context) error {
	l := pg.launching
	cmd := exec.Command(l.program.program("postgres"), pg.arguments(l.noSync)...)
	cmd.SysProcAttr, cmd.Env, cmd.Dir = l.as.attributes(), environment(), "/"
	// SIGINT is the fast shutdown: it ends sessions and writes a checkpoint.
	process, err := startProcess("PostgreSQL", cmd, l.log, syscall.SIGINT)
	if err != nil {
		return err
	}
	pg.process.Store(process)
	err = poll(ctx, startPatience, func() bool { return process.failure() != nil || pg.answers(ctx) })
	if failure := process.failure(); failure != nil {
		return failure
	}
	if err != nil {
		return errors.Join(
			fmt.Errorf("PostgreSQL did not come up: %w; %s", err, process.lastLines()),
			process.stop(context.WithoutCancel(ctx), stopPatience, syscall.SIGINT, syscall.SIGQUIT))
	}
	return nil
}

func (pg *Postgres) arguments(noSync bool) []string {
	settings := []string{
		"listen_addresses=",
		"unix_socket_directories=" + pg.socketDir,
		"unix_socket_permissions=0700",
		"port=" + strconv.Itoa(socketPort),
		"max_connections=200",
		"timezone=UTC",
		"log_timezone=UTC",
		"log_line_prefix=%m [%p] ",
		"jit=off", // short queries are over before they are compiled
		"logging_collector=off",
		// The details of an error quote the row that it is about, and the
		// statement its values: people's phones and addresses.
		"log_error_verbosity=terse",
		"log_min_error_statement=panic",
		// Temporal believes what was committed, so it has to be on the disk.
		"synchronous_commit=on",
	}
	if noSync {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	args := []string{"-D", pg.data}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return args
}

func (pg *Postgres) answers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, pg.URL(superuser))
	if err != nil {
		return false
	}
	return conn.Close(ctx) == nil
}

// isMemoryInUse recognises the start that came too soon after the postmaster
// before was killed.
func isMemoryInUse(err error) bool {
	return strings.Contains(err.Error(), "pre-existing shared memory block")
}
