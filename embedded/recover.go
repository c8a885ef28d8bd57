package embedded

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// recoverCluster clears what a crash has left in the way of a start: a
// postmaster that still runs, and the files by which one that does not still
// claims the cluster. The caller owns the directory, so nobody else can be
// using it.
func recoverCluster(ctx context.Context, data, socketDir string) error {
	pidFile := filepath.Join(data, "postmaster.pid")
	pid, err := postmasterPID(pidFile)
	if err != nil {
		return err
	}
	if pid != 0 {
		// SIGINT is a fast shutdown, SIGQUIT one without a checkpoint.
		if err := endOrphan(ctx, pid, data, syscall.SIGINT, syscall.SIGQUIT); err != nil {
			return err
		}
	}
	for _, stale := range []string{pidFile, filepath.Join(socketDir, socketName()+".lock")} {
		if err := os.Remove(stale); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// postmasterPID reads the first line of postmaster.pid: 0 if there is no file
// or no number in it.
func postmasterPID(path string) (int, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	if !lines.Scan() {
		return 0, lines.Err()
	}
	pid, err := strconv.Atoi(strings.TrimSpace(lines.Text()))
	if err != nil || pid < 0 {
		return 0, nil // a torn write names nobody
	}
	return pid, nil
}
