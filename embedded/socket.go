package embedded

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// socketPort is only part of the socket's name: nothing listens on a port.
const socketPort = 5432

func socketName() string { return ".s.PGSQL." + strconv.Itoa(socketPort) }

// makeSocketDir returns a private directory for the socket: beside the data,
// or, if the path would be longer than the kernel takes, one that release
// removes.
func makeSocketDir(data string, as account) (dir string, release func(), err error) {
	dir = filepath.Join(filepath.Dir(data), "run")
	if socketFits(dir) {
		return dir, func() {}, as.own(dir)
	}
	for _, parent := range []string{os.TempDir(), "/tmp"} {
		dir, err = os.MkdirTemp(parent, "linli-")
		if err != nil {
			continue
		}
		release = func() { _ = os.RemoveAll(dir) }
		if reachable, reachErr := as.canReach(parent); socketFits(dir) && reachable && reachErr == nil {
			return dir, release, as.own(dir)
		}
		release()
	}
	return "", nil, fmt.Errorf("no directory for the socket of Postgres is short enough (%d bytes): set TMPDIR to a shorter one", longestSocketPath)
}

func socketFits(dir string) bool {
	return len(filepath.Join(dir, socketName())) <= longestSocketPath
}
