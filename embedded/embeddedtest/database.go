package embeddedtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Database returns the URL of a database that the test has to itself, already
// migrated, and drops it when the test ends.
//
// migrate is given an empty database once for each key and server; the test's
// is a copy of that, which takes a tenth of the time. The key has to change
// with what migrate does: a digest of the migrations is best. migrate has to
// close its connections.
func Database(t testing.TB, migrate func(ctx context.Context, url string) error, key string) string {
	t.Helper()
	server := PostgresURL(t)
	ctx := context.Background() // t.Context has ended when the database is dropped
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatalf("connecting to the Postgres of the tests: %v", err)
	}
	defer conn.Close(ctx)
	template, err := makeTemplate(ctx, conn, server, migrate, key)
	if err != nil {
		t.Fatal(err)
	}
	name := "linli_test_" + randomName()
	if err := clone(ctx, conn, template, name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := drop(ctx, server, name); err != nil {
			t.Error(err)
		}
	})
	return databaseURL(t, server, name)
}

// makeTemplate returns the name of the migrated database of key, and makes it
// if it is not there. Of the test binaries that share the server one makes it
// while the others wait.
func makeTemplate(ctx context.Context, conn *pgx.Conn, server string, migrate func(context.Context, string) error, key string) (string, error) {
	digest := sha256.Sum256([]byte(key))
	template := "linli_template_" + hex.EncodeToString(digest[:8])
	lock := int64(binary.BigEndian.Uint64(digest[:8]))
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", lock); err != nil {
		return "", fmt.Errorf("locking the template database: %w", err)
	}
	defer conn.Exec(ctx, "SELECT pg_advisory_unlock($1)", lock) //nolint:errcheck // ends with the connection anyway

	var exists bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", template).Scan(&exists); err != nil {
		return "", fmt.Errorf("looking for the template database: %w", err)
	}
	if exists {
		return template, nil
	}
	// Under another name until it is complete, since migrate may fail half-way.
	unfinished := template + "_new"
	for _, statement := range []string{"DROP DATABASE IF EXISTS " + unfinished, "CREATE DATABASE " + unfinished} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return "", fmt.Errorf("making the template database: %w", err)
		}
	}
	target, err := withDatabase(server, unfinished)
	if err != nil {
		return "", err
	}
	if err := migrate(ctx, target); err != nil {
		return "", fmt.Errorf("migrating the template database: %w", err)
	}
	if _, err := conn.Exec(ctx, "ALTER DATABASE "+unfinished+" RENAME TO "+template); err != nil {
		return "", fmt.Errorf("completing the template database: %w", err)
	}
	return template, nil
}

// oldestWithStrategy is the server_version_num of the first PostgreSQL that can
// be told how to copy, and the last before copying files stopped being the way.
const oldestWithStrategy = 150000

func clone(ctx context.Context, conn *pgx.Conn, template, name string) error {
	var version int
	if err := conn.QueryRow(ctx, "SELECT current_setting('server_version_num')::int").Scan(&version); err != nil {
		return fmt.Errorf("asking Postgres for its version: %w", err)
	}
	statement := "CREATE DATABASE " + name + " TEMPLATE " + template
	if version >= oldestWithStrategy {
		// Copying files beats writing every page to the log, unless it has to
		// be synchronised.
		statement += " STRATEGY file_copy"
	}
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("making the database of the test: %w", err)
	}
	return nil
}

func drop(ctx context.Context, server, name string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("connecting to drop the database of the test: %w", err)
	}
	defer conn.Close(ctx)
	// A pool that the test has left open must not keep it.
	if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("dropping the database of the test: %w", err)
	}
	return nil
}

func databaseURL(t testing.TB, server, name string) string {
	t.Helper()
	target, err := withDatabase(server, name)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func withDatabase(server, name string) (string, error) {
	target, err := url.Parse(server)
	if err != nil || !strings.HasPrefix(target.Scheme, "postgres") {
		return "", fmt.Errorf("%s is not a URL of the form postgres://user@host/database", PostgresVariable)
	}
	target.Path = "/" + name
	return target.String(), nil
}

func randomName() string { return strings.ToLower(rand.Text()[:16]) }
