package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	stopPatience = 5 * time.Second

	duplicateDatabase = "42P04" // duplicate_database
)

// PostgresOptions say where a private Postgres lives.
type PostgresOptions struct {
	// Dir is the directory that the service keeps its state under, in postgres/.
	// It is created when absent and may be shared with StartTemporal.
	Dir string
	// NoSync gives up durability for speed. For tests only.
	NoSync bool
	// Log tells of what is out of the ordinary; nil is slog.Default.
	Log *slog.Logger
}

// A Postgres is a private server that this process owns. It is safe for
// concurrent use.
type Postgres struct {
	process       atomic.Pointer[process] // the latest
	launching     launching
	lock          *DirLock
	data          string
	socketDir     string
	releaseSocket func()
}

// StartPostgres starts the server of a directory and returns when it accepts
// connections. The cluster is made at the first start, and recovered after a
// crash. ctx bounds the start only.
//
// Without server programs the error wraps ErrNoPostgres; while another process
// owns the directory it is a *LockedError. Any other failure of Postgres itself
// quotes the end of its log.
func StartPostgres(ctx context.Context, opts PostgresOptions) (_ *Postgres, err error) {
	home, err := filepath.Abs(filepath.Join(opts.Dir, "postgres"))
	if err != nil {
		return nil, fmt.Errorf("finding the directory of Postgres: %w", err)
	}
	installed, err := findInstallations(ctx, whereInstalled)
	if err != nil {
		return nil, err
	}
	lock, err := Lock(home)
	if err != nil {
		return nil, err
	}
	pg := &Postgres{lock: lock, releaseSocket: func() {}}
	defer func() {
		if err != nil {
			pg.release()
		}
	}()

	as, err := chooseAccount()
	if err != nil {
		return nil, err
	}
	program, err := pg.prepare(ctx, home, as, installed, opts)
	if err != nil {
		return nil, err
	}
	log := filepath.Join(home, "postgres.log")
	if err := rotate(log); err != nil {
		return nil, fmt.Errorf("rotating the log of Postgres: %w", err)
	}
	pg.launching = launching{program, as, log, opts.NoSync}
	if err := pg.launch(ctx); err != nil {
		return nil, err
	}
	return pg, nil
}

// Restart starts a server anew that has ended by itself, under the same URL, and
// returns when it accepts connections. It may be called again after it failed,
// by one caller, who is also the one who calls Stop.
func (pg *Postgres) Restart(ctx context.Context) error {
	if err := recoverCluster(ctx, pg.data, pg.socketDir); err != nil {
		return fmt.Errorf("recovering the cluster: %w", err)
	}
	return pg.launch(ctx)
}

// URL is the connection string of a database, for pgx and libpq alike.
func (pg *Postgres) URL(database string) string {
	query := url.Values{"host": {pg.socketDir}, "port": {strconv.Itoa(socketPort)}, "sslmode": {"disable"}}
	target := url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + database, RawQuery: query.Encode()}
	return target.String()
}

// SocketDir is the directory of the server's unix socket.
func (pg *Postgres) SocketDir() string { return pg.socketDir }

// Port is the number in the name of the socket.
func (pg *Postgres) Port() int { return socketPort }

// User is the role that owns everything in the server. It has no password.
func (pg *Postgres) User() string { return superuser }

// LogFile is where the server writes its log.
func (pg *Postgres) LogFile() string { return pg.launching.log }

// DataDir is where the cluster is, which is not always under the Dir that was
// asked for.
func (pg *Postgres) DataDir() string { return pg.data }

// Done is closed when the server has ended, whether asked to or not. After a
// Restart it is another channel.
func (pg *Postgres) Done() <-chan struct{} { return pg.process.Load().done }

// Err tells why the server ended: nil if by Stop, or while it runs.
func (pg *Postgres) Err() error { return pg.process.Load().failure() }

// CreateDatabase creates a database unless it exists.
func (pg *Postgres) CreateDatabase(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, pg.URL(superuser))
	if err != nil {
		return fmt.Errorf("connecting to create the database %s: %w", name, err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	if failure := (*pgconn.PgError)(nil); errors.As(err, &failure) && failure.Code == duplicateDatabase {
		return nil
	}
	if err != nil {
		return fmt.Errorf("creating the database %s: %w", name, err)
	}
	return nil
}

// Stop ends the server's sessions, writes a checkpoint and gives the directory
// up. When ctx ends first the server is killed, which loses nothing that was
// committed. It may be called more than once.
func (pg *Postgres) Stop(ctx context.Context) error {
	err := pg.process.Load().stop(ctx, stopPatience, syscall.SIGINT, syscall.SIGQUIT)
	pg.release()
	return err
}

func (pg *Postgres) release() {
	pg.releaseSocket()
	_ = pg.lock.Unlock() // it fails only when done before
}

func logger(given *slog.Logger) *slog.Logger {
	if given == nil {
		return slog.Default()
	}
	return given
}
