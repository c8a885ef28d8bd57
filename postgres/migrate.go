package postgres

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/linli/linli/aid"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migration is one step of the schema.
type Migration struct {
	Version   int64
	File      string
	AppliedAt time.Time // zero while it is not applied
}

// Migrate brings the schema of the database at url up to date. Several may run
// at once: one does the work while the others wait.
func Migrate(ctx context.Context, url string) error {
	return withMigrator(ctx, url, func(m *goose.Provider, pool *sql.DB) error {
		if _, err := m.Up(ctx); err != nil {
			return err
		}
		_, err := pool.ExecContext(ctx, forgetForeignTransactions)
		return err
	})
}

// forgetForeignTransactions resets marks that another server wrote, as after a
// restore from a dump: transactions are numbered anew there, and rows that seem
// to come from the future would hold up the stream of events.
const forgetForeignTransactions = `
	UPDATE events SET written_in = '0' WHERE written_in >= pg_snapshot_xmax(pg_current_snapshot());
	UPDATE volunteers SET changed_in = pg_current_xact_id() WHERE changed_in >= pg_snapshot_xmax(pg_current_snapshot());`

// MigrationStatus tells which steps are applied to the database at url, without
// changing it.
func MigrationStatus(ctx context.Context, url string) ([]Migration, error) {
	var out []Migration
	err := withMigrator(ctx, url, func(m *goose.Provider, _ *sql.DB) error {
		steps, err := m.Status(ctx)
		for _, step := range steps {
			out = append(out, Migration{Version: step.Source.Version, File: step.Source.Path, AppliedAt: step.AppliedAt})
		}
		return err
	})
	return out, err
}

// MigrationsDigest changes whenever the schema does.
func MigrationsDigest() string {
	sum := sha256.New()
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		panic(err) // the pattern is constant
	}
	for _, name := range files {
		text, err := migrations.ReadFile(name)
		if err != nil {
			panic(err) // the file is in the program
		}
		sum.Write(text)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func withMigrator(ctx context.Context, url string, do func(*goose.Provider, *sql.DB) error) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return malformedURL()
	}
	pool := stdlib.OpenDB(*config)
	defer pool.Close() //nolint:errcheck // nothing is left to be written
	if err := pool.PingContext(ctx); err != nil {
		return mapped(err)
	}
	steps, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return mapped(err)
	}
	m, err := goose.NewProvider(goose.DialectPostgres, pool, steps, goose.WithSessionLocker(oneMigrator{}))
	if err != nil {
		return mapped(err)
	}
	if err := do(m, pool); err != nil {
		if known := mapped(err); aid.KindOf(known) != aid.Internal {
			return known
		}
		return caused(aid.Internal, "", err, "the schema could not be brought up to date: %v", err)
	}
	return nil
}

// oneMigrator holds an advisory lock for as long as a migration's session. It
// waits in the server, where goose's own locker would ask every few seconds.
type oneMigrator struct{}

const migratorLock = 0x6c696e6c69 // "linli"

func (oneMigrator) SessionLock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(migratorLock))
	return err
}

func (oneMigrator) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", int64(migratorLock))
	return err
}
