package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// process is a service that runs as a child of this process, writing to a log
// file. It is safe for concurrent use.
type process struct {
	name string
	cmd  *exec.Cmd
	log  string
	// logStart is how long the log was when the process started.
	logStart int64

	stopping atomic.Bool
	done     chan struct{}
	err      error // set before done is closed
}

// startProcess starts cmd with its output appended to the file log. When this
// process dies, the kernel sends deathSignal to it where it can.
func startProcess(name string, cmd *exec.Cmd, log string, deathSignal syscall.Signal) (*process, error) {
	output, err := os.OpenFile(log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the log of %s: %w", name, err)
	}
	defer output.Close()
	info, err := output.Stat()
	if err != nil {
		return nil, fmt.Errorf("opening the log of %s: %w", name, err)
	}
	cmd.Stdout, cmd.Stderr = output, output
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	signalOnOwnersDeath(cmd.SysProcAttr, deathSignal)

	p := &process{name: name, cmd: cmd, log: log, logStart: info.Size(), done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		// The kernel takes the death of the thread that started the child for
		// that of its parent, so this thread has to live as long as the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		p.ended(cmd.Wait())
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("starting %s: %w", name, err)
	}
	return p, nil
}

func (p *process) ended(err error) {
	if !p.stopping.Load() {
		reason := "exit status 0"
		if err != nil {
			reason = err.Error()
		}
		p.err = fmt.Errorf("%s ended unexpectedly (%s); %s", p.name, reason, p.lastLines())
	}
	close(p.done)
}

// failure is why the process ended without being asked to; nil for one that
// was asked, or still runs.
func (p *process) failure() error {
	select {
	case <-p.done:
		return p.err
	default:
		return nil
	}
}

// lastLines quotes the end of what the process has written to its log.
func (p *process) lastLines() string { return lastLines(p.log, p.logStart) }

// stop sends the signals one after the other, each when the one before has not
// ended the process within patience, and last of all SIGKILL.
func (p *process) stop(ctx context.Context, patience time.Duration, signals ...syscall.Signal) error {
	p.stopping.Store(true)
	for _, signal := range signals {
		if err := p.cmd.Process.Signal(signal); errors.Is(err, os.ErrProcessDone) {
			<-p.done
			return nil
		}
		select {
		case <-p.done:
			return nil
		case <-ctx.Done():
		case <-time.After(patience):
		}
	}
	// The group includes whatever the service has started itself.
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	<-p.done
	return fmt.Errorf("%s did not stop when asked and was killed; %s", p.name, p.lastLines())
}

// endOrphan stops a process that an earlier owner has left behind. It is ours
// only if its command line contains mark: the number may belong to somebody
// else by now, or to a dead process that nobody has waited for.
func endOrphan(ctx context.Context, pid int, mark string, signals ...syscall.Signal) error {
	isOurs := func() bool { return pid > 1 && strings.Contains(commandLine(pid), mark) }
	for _, signal := range append(signals, syscall.SIGKILL) {
		if !isOurs() {
			return nil
		}
		if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("stopping process %d, left behind by an earlier run: %w", pid, err)
		}
		gone := func() bool { return !isOurs() }
		if err := poll(ctx, orphanPatience, gone); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return fmt.Errorf("process %d, left behind by an earlier run, does not stop", pid)
}

// orphanPatience is how long a process that was left behind gets to finish.
const orphanPatience = 10 * time.Second

const pollInterval = 20 * time.Millisecond

var errPatience = errors.New("it took too long")

// poll waits until condition holds, ctx ends or patience is used up.
func poll(ctx context.Context, patience time.Duration, condition func() bool) error {
	deadline := time.After(patience)
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for !condition() {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-deadline:
			return errPatience
		case <-tick.C:
		}
	}
	return nil
}
