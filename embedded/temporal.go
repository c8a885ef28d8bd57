package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// temporalStartPatience covers the first start, which makes the schema, on
	// a machine that is busy with other things.
	temporalStartPatience = time.Minute
	temporalStopPatience  = 5 * time.Second

	// startAttempts bounds how often a port is lost to somebody else between
	// being found free and being taken.
	startAttempts = 3

	// DefaultNamespace is used when none is asked for.
	DefaultNamespace = "default"
)

// TemporalOptions say which Temporal to use and where it keeps its state.
type TemporalOptions struct {
	// Address of a server that runs already. If it is set nothing is started,
	// looked for or probed.
	Address string
	// Dir is the directory that the service keeps its state under, in temporal/.
	// It is created when absent and may be shared with StartPostgres.
	Dir string
	// Namespace is created when absent; empty is DefaultNamespace.
	Namespace string
	// SearchAttributes are created when absent, from name to type: Text,
	// Keyword, Int, Double, Bool, Datetime or KeywordList.
	SearchAttributes map[string]string
	// Postgres is where the program that comes with Linli stores workflows. The
	// temporal command stores them in a file under Dir instead.
	Postgres *Postgres
	// InMemory forgets everything at the end. For tests only.
	InMemory bool
	// Progress is told from time to time how a build of the server is going,
	// always from one goroutine. Nil is silence.
	Progress func(BuildProgress)
	// Log tells of what is out of the ordinary; nil is slog.Default.
	Log *slog.Logger
}

// A Temporal is a server that this process owns, or one at a given address. It
// is safe for concurrent use.
type Temporal struct {
	address   string
	namespace string
	program   program

	home     string
	state    *temporalState
	options  TemporalOptions
	lock     *DirLock
	process  atomic.Pointer[process] // the latest; nil for a given address
	lifeline io.Closer               // the program stops when this closes
}

// StartTemporal returns when the namespace of a server can be used. Which
// server that is, is decided in this order:
//
//  1. the one at the address that was given
//  2. the program that ProgramVariable names
//  3. the temporal command, if it is on the PATH
//  4. the program that comes with Linli, built once for each of its versions
//     and kept in the user's cache directory
//
// A directory that holds workflows stays with the kind of program that wrote
// them. ctx bounds the start only. While another process owns the directory the
// error is a *LockedError; a server that does not come up has the end of its
// log quoted.
func StartTemporal(ctx context.Context, opts TemporalOptions) (_ *Temporal, err error) {
	if opts.Namespace == "" {
		opts.Namespace = DefaultNamespace
	}
	if opts.Address != "" {
		return &Temporal{address: opts.Address, namespace: opts.Namespace}, nil
	}
	home, err := filepath.Abs(filepath.Join(opts.Dir, "temporal"))
	if err != nil {
		return nil, fmt.Errorf("finding the directory of Temporal: %w", err)
	}
	lock, err := Lock(home)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = lock.Unlock()
		}
	}()
	state, err := loadState(home)
	if err != nil {
		return nil, err
	}
	if err := state.endOrphan(ctx); err != nil {
		return nil, err
	}
	program, err := resolveProgram(ctx, state, opts)
	if err != nil {
		return nil, err
	}
	t := &Temporal{namespace: opts.Namespace, program: program, home: home, state: state, options: opts, lock: lock}
	if err := rotate(t.LogFile()); err != nil {
		return nil, fmt.Errorf("rotating the log of Temporal: %w", err)
	}
	if err := t.launch(ctx); err != nil {
		return nil, err
	}
	t.address = state.address()
	return t, nil
}

// Restart starts a server anew that has ended by itself, at the same address, and
// returns when its namespace can be used. It may be called again after it
// failed, by one caller, who is also the one who calls Stop.
func (t *Temporal) Restart(ctx context.Context) error {
	store, err := chooseStore(t.program, t.home, t.state, t.options)
	if err != nil {
		return err
	}
	return t.launchOnce(ctx, store)
}

// launch starts the program on the port of last time, or on another if that
// one is taken.
func (t *Temporal) launch(ctx context.Context) error {
	store, err := chooseStore(t.program, t.home, t.state, t.options)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		if err := t.state.choosePort(); err != nil {
			return err
		}
		err := t.launchOnce(ctx, store)
		if err == nil || attempt == startAttempts || !strings.Contains(err.Error(), "address already in use") {
			return err
		}
		t.state.Port = 0
	}
}

// launchOnce starts the program and waits until its namespace can be used.
func (t *Temporal) launchOnce(ctx context.Context, store store) error {
	process, err := t.start(store)
	if err != nil {
		return err
	}
	t.state.record(t.program, store, process.cmd.Process.Pid)
	if err = t.state.save(); err == nil {
		err = t.awaitReady(ctx, process)
	}
	if err != nil {
		return errors.Join(err, t.terminate(context.WithoutCancel(ctx)))
	}
	return nil
}

func (t *Temporal) start(store store) (*process, error) {
	cmd := exec.Command(t.program.path, t.program.arguments(t.state.Port, store, t.options)...)
	cmd.Dir = t.home
	// Held open for as long as this process lives.
	lifeline, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("making a pipe to Temporal: %w", err)
	}
	process, err := startProcess("the Temporal server", cmd, t.LogFile(), syscall.SIGTERM)
	if err != nil {
		return nil, errors.Join(err, lifeline.Close())
	}
	t.process.Store(process)
	t.lifeline = lifeline
	return process, nil
}

// awaitReady returns when the namespace can be used or the server has ended.
func (t *Temporal) awaitReady(ctx context.Context, process *process) error {
	ctx, cancel := context.WithTimeout(ctx, temporalStartPatience)
	defer cancel()
	ready := make(chan error, 1)
	go func() { ready <- awaitNamespace(ctx, t.state.address(), t.namespace, t.options.SearchAttributes) }()
	select {
	case <-process.done:
		return process.failure()
	case err := <-ready:
		if err != nil {
			return fmt.Errorf("the Temporal server did not come up: %w; %s", err, process.lastLines())
		}
		return nil
	}
}

// Address is the host and port of the frontend.
func (t *Temporal) Address() string { return t.address }

// Namespace is the one that was asked for.
func (t *Temporal) Namespace() string { return t.namespace }

// Program is the path of what was started, empty for a given address.
func (t *Temporal) Program() string { return t.program.path }

// LogFile is where the server writes its log, empty for a given address.
func (t *Temporal) LogFile() string {
	if t.home == "" {
		return ""
	}
	return filepath.Join(t.home, "temporal.log")
}

// Done is closed when the server has ended, whether asked to or not; never for
// a given address. After a Restart it is another channel.
func (t *Temporal) Done() <-chan struct{} {
	if process := t.process.Load(); process != nil {
		return process.done
	}
	return nil
}

// Err tells why the server ended: nil if by Stop, while it runs, and for a
// given address.
func (t *Temporal) Err() error {
	if process := t.process.Load(); process != nil {
		return process.failure()
	}
	return nil
}

// Stop ends the server and gives the directory up. When ctx ends first the
// server is killed, which loses nothing that it had answered for. It may be
// called more than once, and does nothing for a given address.
func (t *Temporal) Stop(ctx context.Context) error {
	if t.process.Load() == nil {
		return nil
	}
	err := t.terminate(ctx)
	_ = t.lock.Unlock() // it fails only when done before
	return err
}

func (t *Temporal) terminate(ctx context.Context) error {
	err := t.process.Load().stop(ctx, temporalStopPatience, syscall.SIGTERM)
	_ = t.lifeline.Close() // Wait has closed it already
	return err
}
