package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// lockRetryInterval is how often a build of another process is asked after.
const lockRetryInterval = 200 * time.Millisecond

// builtProgram returns the program that comes with Linli from the user's cache,
// building it first if this version of it is not there.
func builtProgram(ctx context.Context, opts TemporalOptions) (program, error) {
	source, err := findSource()
	if err != nil {
		return program{}, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return program{}, fmt.Errorf("finding the cache directory for the Temporal server (set XDG_CACHE_HOME): %w", err)
	}
	return programIn(ctx, filepath.Join(cache, "linli"), source, opts.Progress)
}

// programIn returns the program that is built from source and kept in cache.
// Processes that need it at the same time build it once.
func programIn(ctx context.Context, cache string, source serverSource, report func(BuildProgress)) (program, error) {
	target := filepath.Join(cache, source.cacheName())
	if found, err := inspectProgram(ctx, target, false); err == nil {
		return found, nil
	}
	meter := newBuildMeter(report)
	lock, err := lockForBuild(ctx, target+".build", meter)
	if err != nil {
		return program{}, err
	}
	defer lock.Unlock() //nolint:errcheck // fails only when done before
	// Another process may have built it while this one waited.
	if found, err := inspectProgram(ctx, target, false); err == nil {
		return found, nil
	}
	if err := build(ctx, source, target, meter); err != nil {
		return program{}, err
	}
	removeOld(cache, target)
	return inspectProgram(ctx, target, false)
}

// removeOld deletes the programs of versions that were built long ago: each
// takes 150 MB. One that is still wanted is built again.
func removeOld(cache, current string) {
	const long = 14 * 24 * time.Hour
	programs, _ := filepath.Glob(filepath.Join(cache, cachePrefix+"*")) // fails only for a malformed pattern
	for _, path := range programs {
		info, err := os.Lstat(path)
		if err == nil && info.Mode().IsRegular() && path != current && time.Since(info.ModTime()) > long {
			_ = os.Remove(path) // the next build tries again
		}
	}
}

func lockForBuild(ctx context.Context, dir string, meter *buildMeter) (*DirLock, error) {
	for {
		lock, err := Lock(dir)
		if held := (*LockedError)(nil); !errors.As(err, &held) {
			return lock, err
		}
		meter.waiting()
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(lockRetryInterval):
		}
	}
}

// build compiles the program beside its place and moves it there when it is
// complete.
func build(ctx context.Context, source serverSource, target string, meter *buildMeter) error {
	compiler, err := exec.LookPath("go")
	if err != nil {
		return errors.New("the Temporal server has to be built, but there is no go command: install Go, " +
			"or the temporal command (https://docs.temporal.io/cli), or give the address of a server")
	}
	unfinished := target + ".new"
	cmd := exec.CommandContext(ctx, compiler, "build", "-v", "-buildvcs=false",
		"-ldflags=-s -w", // a quarter smaller, and quicker to link
		"-o", unfinished, ".")
	cmd.Dir = source.dir
	// A workspace that leaves this module out would refuse to build it.
	cmd.Env = append(os.Environ(), "GOWORK=off")
	// The compilers that go has started are to end with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = time.Second
	cmd.Stderr = meter
	if err := meter.during(cmd.Run); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("the build of the Temporal server was interrupted: %w", context.Cause(ctx))
		}
		return fmt.Errorf("building the Temporal server in %s: %w\n%s", source.dir, err, bytes.TrimSpace(meter.failure()))
	}
	return os.Rename(unfinished, target)
}
