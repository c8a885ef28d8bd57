// Testservices runs a command, such as the tests of many packages, with a
// Postgres and a Temporal that it starts before and stops after:
//
//	go run ./embedded/cmd/testservices -- go test ./...
//
// The command finds them by the environment variables of package embeddedtest;
// what these name already is not started. The exit code is the command's.
// SIGINT and SIGTERM are passed on to the command, which decides when to end.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/linli/linli/embedded"
	"github.com/linli/linli/embedded/embeddedtest"
)

const (
	exitFailed = 1
	exitUsage  = 2
	// exitSignalled is what a shell adds the signal's number to.
	exitSignalled = 128

	stopPatience = 20 * time.Second
)

func main() {
	args := os.Args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 || args[0] == "--help" || args[0] == "-h" {
		fmt.Fprintln(os.Stderr, "usage: testservices [--] COMMAND [ARGUMENT...]")
		os.Exit(exitUsage)
	}
	code, err := run(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testservices:", err)
		code = max(code, exitFailed)
	}
	os.Exit(code)
}

func run(args []string) (code int, err error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)

	dir, err := embeddedtest.MakeStateDir()
	if err != nil {
		return 0, err
	}
	var services services
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
		defer cancel()
		err = errors.Join(err, services.stop(ctx), os.RemoveAll(dir))
	}()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	started := make(chan error, 1)
	go func() { started <- services.start(ctx, dir) }()
	select {
	case err := <-started:
		if err != nil {
			return 0, err
		}
	case received := <-signals:
		cancel()
		<-started //nolint:errcheck // it ends because of the signal
		return exitSignalled + int(received.(syscall.Signal)), nil
	}
	return runCommand(args, services.environment(), signals)
}

// services are those that the environment does not name already.
type services struct {
	postgres *embedded.Postgres
	temporal *embedded.Temporal
}

func (s *services) start(ctx context.Context, dir string) (err error) {
	if os.Getenv(embeddedtest.PostgresVariable) == "" {
		s.postgres, err = embedded.StartPostgres(ctx, embedded.PostgresOptions{Dir: dir, NoSync: true})
		if err != nil {
			return err
		}
	}
	if os.Getenv(embeddedtest.TemporalVariable) == "" {
		s.temporal, err = embedded.StartTemporal(ctx, embedded.TemporalOptions{Dir: dir, InMemory: true, Progress: showProgress()})
	}
	return err
}

func (s *services) environment() []string {
	env := os.Environ()
	if s.postgres != nil {
		env = append(env, embeddedtest.PostgresVariable+"="+s.postgres.URL(s.postgres.User()))
	}
	if s.temporal != nil {
		env = append(env, embeddedtest.TemporalVariable+"="+s.temporal.Address())
	}
	return env
}

func (s *services) stop(ctx context.Context) error {
	var errs []error
	if s.temporal != nil {
		errs = append(errs, s.temporal.Err(), s.temporal.Stop(ctx))
	}
	if s.postgres != nil {
		errs = append(errs, s.postgres.Err(), s.postgres.Stop(ctx))
	}
	return errors.Join(errs...)
}

// runCommand returns the command's exit code.
func runCommand(args, env []string, signals <-chan os.Signal) (int, error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case received := <-signals:
			_ = cmd.Process.Signal(received) // it may have ended just now
		case err := <-ended:
			return exitCode(err)
		}
	}
}

func exitCode(err error) (int, error) {
	failure := (*exec.ExitError)(nil)
	if !errors.As(err, &failure) {
		return 0, err
	}
	if status, ok := failure.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exitSignalled + int(status.Signal()), nil
	}
	return failure.ExitCode(), nil
}

// showProgress prints a line of a build every few seconds.
func showProgress() func(embedded.BuildProgress) {
	const interval = 5 * time.Second
	last := time.Now()
	return func(progress embedded.BuildProgress) {
		if progress.IsDone || time.Since(last) >= interval {
			last = time.Now()
			fmt.Fprintln(os.Stderr, progress)
		}
	}
}
