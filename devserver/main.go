// Devserver is the Temporal server that Linli runs beside itself when nobody
// has provided one: the four services of go.temporal.io/server in one process.
//
// It answers to the part of Temporal's own command line that the Go SDK's
// testsuite.StartDevServer uses,
//
//	devserver server start-dev --ip 127.0.0.1 --port 7233 --namespace default
//
// so that either program serves in place of the other. Three stores are
// offered: memory (the default), one SQLite file (--db-filename), or Postgres
// (--postgres-host), whose schema is brought up to date at every start.
//
// The program lives in a module of its own: in that of the product the server
// would add over five hundred lines to go.sum and 150 MB to the binary.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.temporal.io/server/common/headers"
	"go.temporal.io/server/common/log"
)

// Exit codes, the same as those of the linli command.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// stopTimeout bounds an orderly stop. Whatever is in flight then is recovered
// from the store at the next start, exactly as after a crash.
const stopTimeout = 4 * time.Second

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	opts, err := parseArgs(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitDone
	case err != nil:
		fmt.Fprintln(stderr, "devserver:", err)
		return exitUsage
	case opts.version:
		fmt.Fprintln(stdout, "devserver (Server "+headers.ServerVersion+")")
		return exitDone
	}

	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	if opts.stopWithStdin {
		ctx = whileOpen(ctx, stdin)
	}
	if err := serve(ctx, opts); err != nil {
		fmt.Fprintln(stderr, "devserver:", err)
		return exitFailed
	}
	return exitDone
}

// whileOpen returns a context that ends when in reaches its end. A parent that
// holds the other end of a pipe thereby takes this process with it however it
// dies, SIGKILL included, on every operating system.
func whileOpen(parent context.Context, in io.Reader) context.Context {
	ctx, cancel := context.WithCancelCause(parent)
	go func() {
		_, _ = io.Copy(io.Discard, in)
		cancel(errors.New("standard input was closed"))
	}()
	return ctx
}

// serve runs the server until ctx ends.
func serve(ctx context.Context, opts options) error {
	logger := log.NewZapLogger(log.BuildZapLogger(log.Config{Level: opts.logLevel, Format: opts.logFormat}))
	server, err := newServer(opts, logger)
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return fmt.Errorf("starting the Temporal server: %w", err)
	}
	if err := addSearchAttributes(ctx, opts); err != nil && ctx.Err() == nil {
		return errors.Join(err, stop(server.Stop))
	}
	<-ctx.Done()
	logger.Info("stopping: " + context.Cause(ctx).Error())
	return stop(server.Stop)
}

func stop(stopServer func() error) error {
	stopped := make(chan error, 1)
	go func() { stopped <- stopServer() }()
	select {
	case err := <-stopped:
		return err
	case <-time.After(stopTimeout):
		return fmt.Errorf("the Temporal server did not stop within %s", stopTimeout)
	}
}
