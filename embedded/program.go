package embedded

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// ProgramVariable names a program to start as the Temporal server, which takes
// the flags of the program that comes with Linli.
const ProgramVariable = "LINLI_DEVSERVER"

// program is what is started as the Temporal server.
type program struct {
	path          string
	serverVersion string
	isCommand     bool // Temporal's own command rather than ours
}

// store is where one start of a program keeps workflows.
type store struct {
	kind      storeKind
	arguments []string
}

// resolveProgram finds the program that a directory with this state is to be
// served by.
func resolveProgram(ctx context.Context, state *temporalState, opts TemporalOptions) (program, error) {
	if path := os.Getenv(ProgramVariable); path != "" {
		found, err := inspectProgram(ctx, path, false)
		if err != nil {
			return program{}, fmt.Errorf("%s: %w", ProgramVariable, err)
		}
		return found, nil
	}
	if state.Store != storePostgres || opts.InMemory { // the command cannot read Postgres
		found, err := commandOnPath(ctx)
		if err == nil {
			return found, nil
		}
		if !errors.Is(err, exec.ErrNotFound) {
			logger(opts.Log).Warn("the temporal command on the PATH does not work and is passed over", "error", err)
		}
	}
	return builtProgram(ctx, opts)
}

func commandOnPath(ctx context.Context) (program, error) {
	path, err := exec.LookPath("temporal")
	if err != nil {
		return program{}, err
	}
	return inspectProgram(ctx, path, true)
}

var serverVersionPattern = regexp.MustCompile(`\(Server ([0-9][^,)]*)`)

// inspectProgram runs a program to see that it works and learn its version.
func inspectProgram(ctx context.Context, path string, isCommand bool) (program, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	output, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return program{}, fmt.Errorf("asking %s for its version: %w", path, err)
	}
	match := serverVersionPattern.FindSubmatch(output)
	if match == nil {
		return program{}, fmt.Errorf("%s does not tell which server it holds: %q", path, output)
	}
	return program{path: path, serverVersion: string(match[1]), isCommand: isCommand}, nil
}

// chooseStore says where p keeps the workflows of a directory. It refuses to
// leave behind those that the directory has already.
func chooseStore(p program, home string, state *temporalState, opts TemporalOptions) (store, error) {
	switch {
	case opts.InMemory:
		return store{kind: storeMemory}, nil
	case state.Store == storePostgres && opts.Postgres == nil:
		return store{}, errors.New("the workflows of this directory are stored in its Postgres, which has to be started first")
	case state.Store == storeFile && p.serverVersion != state.ServerVersion:
		return store{}, fmt.Errorf("the workflows of this directory were stored by version %s of the Temporal server, "+
			"but %s holds version %s, and a store in a file does not move between versions: "+
			"put a temporal command of the earlier version on the PATH, or start in a new directory",
			state.ServerVersion, p.path, p.serverVersion)
	case state.Store == storeFile, p.isCommand, opts.Postgres == nil:
		file := filepath.Join(home, "temporal-"+p.serverVersion+".db")
		return store{kind: storeFile, arguments: []string{
			"--db-filename", file, "--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=normal",
		}}, nil
	default:
		return store{kind: storePostgres, arguments: []string{
			"--postgres-host", opts.Postgres.SocketDir(),
			"--postgres-port", strconv.Itoa(opts.Postgres.Port()),
			"--postgres-user", opts.Postgres.User(),
		}}, nil
	}
}

// commandTuning is what our own program sets by itself, in its server.go, and
// the temporal command has to be told.
var commandTuning = []string{
	"history.transferProcessorMaxPollRPS=200",
	"history.timerProcessorMaxPollRPS=100",
	"history.visibilityProcessorMaxPollRPS=100",
	"matching.numTaskqueueReadPartitions=1",
	"matching.numTaskqueueWritePartitions=1",
	"frontend.rps=10000",
	"frontend.namespaceRPS=10000",
	"frontend.enableServerVersionCheck=false",
}

// arguments are understood by both kinds of program.
func (p program) arguments(port int, st store, opts TemporalOptions) []string {
	args := []string{
		"server", "start-dev", "--ip", loopback, "--port", strconv.Itoa(port),
		"--namespace", opts.Namespace, "--headless", "--log-level", "warn", "--log-format", "json",
	}
	args = append(args, st.arguments...)
	for _, name := range slices.Sorted(maps.Keys(opts.SearchAttributes)) {
		args = append(args, "--search-attribute", name+"="+opts.SearchAttributes[name])
	}
	if !p.isCommand {
		return append(args, "--stop-with-stdin")
	}
	for _, setting := range commandTuning {
		args = append(args, "--dynamic-config-value", setting)
	}
	return args
}
