package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

const loopback = "127.0.0.1"

// storeKind is how a directory's workflows are stored. Workflows do not move
// from one to another, so a directory keeps the kind that it began with.
type storeKind string

const (
	storeNone     storeKind = ""
	storeMemory   storeKind = "memory"
	storePostgres storeKind = "postgres"
	storeFile     storeKind = "file"
)

// temporalState is what a directory remembers from one start to the next.
type temporalState struct {
	path string

	Port          int       `json:"port"`
	Store         storeKind `json:"store"`
	ServerVersion string    `json:"server_version"`
	PID           int       `json:"pid"`
}

func loadState(home string) (*temporalState, error) {
	state := &temporalState{path: filepath.Join(home, "state.json")}
	text, err := os.ReadFile(state.path)
	if errors.Is(err, fs.ErrNotExist) {
		return state, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the state of Temporal: %w", err)
	}
	if err := json.Unmarshal(text, state); err != nil {
		return nil, fmt.Errorf("%s is damaged: %w", state.path, err)
	}
	return state, nil
}

func (s *temporalState) record(p program, st store, pid int) {
	s.Store, s.ServerVersion, s.PID = st.kind, p.serverVersion, pid
}

func (s *temporalState) save() error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if err := writeFile(s.path, append(text, '\n')); err != nil {
		return fmt.Errorf("keeping the state of Temporal: %w", err)
	}
	return nil
}

func (s *temporalState) address() string {
	return net.JoinHostPort(loopback, strconv.Itoa(s.Port))
}

// endOrphan stops the server of an owner that died. Two of them on one store
// would take each other's work.
func (s *temporalState) endOrphan(ctx context.Context) error {
	if s.PID == 0 {
		return nil
	}
	mark := "--port " + strconv.Itoa(s.Port) + " "
	return endOrphan(ctx, s.PID, mark, syscall.SIGTERM)
}

// choosePort keeps the port of last time if it is free, so that whoever was
// told the address finds it again.
func (s *temporalState) choosePort() error {
	for _, port := range []int{s.Port, 0} {
		listener, err := net.Listen("tcp", net.JoinHostPort(loopback, strconv.Itoa(port)))
		if err != nil {
			continue
		}
		s.Port = listener.Addr().(*net.TCPAddr).Port
		return listener.Close()
	}
	return errors.New("no port is free on the loopback address")
}
