// Package embeddedtest gives tests a Postgres and a Temporal: those that the
// environment names, or private ones that live as long as the test binary.
//
// A package that uses it has a TestMain that ends what was started:
//
//	func TestMain(m *testing.M) { embeddedtest.Main(m) }
//
// Tests share the servers and nothing in them: each has a database, and if it
// asks for one a namespace, of its own. The private servers forgo durability.
// The testservices command starts one of each for the tests of many packages.
package embeddedtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/linli/linli/embedded"
)

const (
	// PostgresVariable holds the URL of a Postgres in which the role may create
	// databases.
	PostgresVariable = "LINLI_TEST_POSTGRES_URL"
	// TemporalVariable holds the host and port of a Temporal server.
	TemporalVariable = "LINLI_TEST_TEMPORAL_ADDRESS"

	stopPatience = 20 * time.Second
)

// services are those of this test binary.
type services struct {
	hasMain bool

	mu       sync.Mutex
	dir      string
	postgres *embedded.Postgres
	temporal *embedded.Temporal
}

var shared services

// Main runs the tests of a package, ends the services that they have started,
// and exits.
func Main(m *testing.M) {
	shared.hasMain = true
	code := m.Run()
	if err := shared.stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

func (s *services) stop() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
	defer cancel()
	var errs []error
	if s.temporal != nil {
		errs = append(errs, s.temporal.Stop(ctx))
	}
	if s.postgres != nil {
		errs = append(errs, s.postgres.Stop(ctx))
	}
	if s.dir != "" {
		errs = append(errs, os.RemoveAll(s.dir))
	}
	return errors.Join(errs...)
}

// stateDir makes the directory of the private services. The caller holds mu.
func (s *services) stateDir(t testing.TB) string {
	t.Helper()
	if !s.hasMain {
		t.Fatal("the package starts services and needs: func TestMain(m *testing.M) { embeddedtest.Main(m) }")
	}
	if s.dir == "" {
		dir, err := MakeStateDir()
		if err != nil {
			t.Fatal(err)
		}
		s.dir = dir
	}
	return s.dir
}

// MakeStateDir makes a temporary directory for services, which the account
// that Postgres runs as under root can reach.
func MakeStateDir() (string, error) {
	dir, err := os.MkdirTemp("", "linli-test-")
	if err != nil {
		return "", fmt.Errorf("making a directory for the services of tests: %w", err)
	}
	return dir, os.Chmod(dir, 0o711)
}

// PostgresURL returns the URL of the shared server's maintenance database.
// Tests take a Database of their own instead, unless they are about servers.
func PostgresURL(t testing.TB) string {
	t.Helper()
	if given := os.Getenv(PostgresVariable); given != "" {
		return given
	}
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.postgres == nil {
		started, err := embedded.StartPostgres(context.Background(), embedded.PostgresOptions{Dir: shared.stateDir(t), NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		shared.postgres = started
	}
	return shared.postgres.URL("postgres")
}

// Temporal returns the address of the shared server and the namespace that all
// tests share. A test takes a task queue and workflow IDs of its own there.
func Temporal(t testing.TB) (address, namespace string) {
	t.Helper()
	if given := os.Getenv(TemporalVariable); given != "" {
		return given, embedded.DefaultNamespace
	}
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.temporal == nil {
		opts := embedded.TemporalOptions{Dir: filepath.Clean(shared.stateDir(t)), InMemory: true, Progress: printProgress()}
		started, err := embedded.StartTemporal(context.Background(), opts)
		if err != nil {
			t.Fatal(err)
		}
		shared.temporal = started
	}
	return shared.temporal.Address(), shared.temporal.Namespace()
}

// Namespace returns the address of the shared server and a namespace that the
// test has to itself.
func Namespace(t testing.TB) (address, namespace string) {
	t.Helper()
	address, _ = Temporal(t)
	namespace = "test-" + randomName()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := embedded.CreateNamespace(ctx, address, namespace); err != nil {
		t.Fatalf("creating the namespace of the test: %v", err)
	}
	return address, namespace
}

// printProgress tells the terminal about a build every few seconds: go test
// shows it at the end or with -v, so it is for whoever looks there.
func printProgress() func(embedded.BuildProgress) {
	const interval = 15 * time.Second
	last := time.Now()
	return func(progress embedded.BuildProgress) {
		if progress.IsDone || time.Since(last) >= interval {
			last = time.Now()
			fmt.Fprintln(os.Stderr, progress)
		}
	}
}
