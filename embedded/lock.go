package embedded

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const lockName = "lock"

// A DirLock is the ownership of a directory. It ends with Unlock or with the
// process.
type DirLock struct{ file *os.File }

// LockedError says that another process owns a directory.
type LockedError struct {
	Dir string
	PID string // of the owner, empty if it has not written it yet
}

func (e *LockedError) Error() string {
	owner := "another process"
	if e.PID != "" {
		owner = "process " + e.PID
	}
	return fmt.Sprintf("%s is in use by %s: stop that one first, or choose another directory", e.Dir, owner)
}

// Lock makes the caller the owner of dir, which is created when absent. If
// there is an owner already, in this process or another, the error is a
// *LockedError.
func Lock(dir string) (*DirLock, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("creating the directory to own: %w", err)
	}
	path := filepath.Join(dir, lockName)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|syscall.O_CLOEXEC, 0o644)
	if err != nil {
		return nil, fmt.Errorf("opening the lock: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer file.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("locking %s: %w", path, err)
		}
		pid, _ := io.ReadAll(io.LimitReader(file, 20))
		return nil, &LockedError{Dir: dir, PID: strings.TrimSpace(string(pid))}
	}
	// The owner is named for whoever comes second; the lock holds without.
	if err := file.Truncate(0); err == nil {
		_, _ = fmt.Fprintln(file, os.Getpid())
	}
	return &DirLock{file: file}, nil
}

// Unlock gives the directory up. The file stays: removing it would let two
// processes lock two files of one name.
func (l *DirLock) Unlock() error { return l.file.Close() }
