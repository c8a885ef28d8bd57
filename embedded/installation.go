package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// BinariesVariable names the directory of the Postgres programs to use, in
// place of a search.
const BinariesVariable = "LINLI_POSTGRES_BIN"

// oldestMajor is the oldest PostgreSQL that the migrations are written for.
const oldestMajor = 14

// ErrNoPostgres says that no usable PostgreSQL is installed. The error that
// wraps it tells how to get one.
var ErrNoPostgres = errors.New("no PostgreSQL server programs were found")

const howToInstall = `install them,
  Debian, Ubuntu:  apt-get install postgresql
  macOS:           brew install postgresql@17
  Fedora:          dnf install postgresql-server postgresql-contrib
or set ` + BinariesVariable + ` to the directory that holds postgres and initdb, or use a server that runs already`

// installation is one directory of server programs.
type installation struct {
	bin   string
	major int
}

func (i installation) program(name string) string { return filepath.Join(i.bin, name) }

// FindPostgres returns the directory of the server programs that a new cluster
// is made with. The error wraps ErrNoPostgres if there are none.
func FindPostgres(ctx context.Context) (string, error) {
	found, err := findInstallations(ctx, whereInstalled)
	if err != nil {
		return "", err
	}
	return found[0].bin, nil
}

// whereInstalled are the places where packages put the programs, as patterns.
var whereInstalled = []string{
	"/usr/lib/postgresql/*/bin", // Debian, Ubuntu
	"/usr/pgsql-*/bin",          // PostgreSQL's own packages for Fedora, RHEL
	"/usr/bin",                  // Fedora
	"/opt/homebrew/opt/postgresql@*/bin",
	"/usr/local/opt/postgresql@*/bin",
	"/opt/homebrew/opt/postgresql/bin",
	"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
	"/usr/local/pgsql/bin", // built from source
}

// findInstallations returns what is installed, the newest first.
func findInstallations(ctx context.Context, patterns []string) ([]installation, error) {
	if dir := os.Getenv(BinariesVariable); dir != "" {
		found, err := inspect(ctx, dir)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", BinariesVariable, err)
		}
		return []installation{found}, nil
	}
	var found []installation
	tooOld := 0
	for _, dir := range candidates(patterns) {
		candidate, err := inspect(ctx, dir)
		switch {
		case err != nil: // not an installation, look on
		case candidate.major < oldestMajor:
			tooOld = max(tooOld, candidate.major)
		default:
			found = append(found, candidate)
		}
	}
	switch {
	case len(found) > 0:
	case ctx.Err() != nil: // the search was cut short, so it says nothing
		return nil, context.Cause(ctx)
	case tooOld > 0:
		return nil, fmt.Errorf("%w of version %d or newer, only of version %d: %s", ErrNoPostgres, oldestMajor, tooOld, howToInstall)
	default:
		return nil, fmt.Errorf("%w: %s", ErrNoPostgres, howToInstall)
	}
	slices.SortStableFunc(found, func(a, b installation) int { return cmp.Compare(b.major, a.major) })
	return found, nil
}

// candidates lists directories without repetition, those on the PATH first.
func candidates(patterns []string) []string {
	var dirs []string
	add := func(dir string) {
		if resolved, err := filepath.EvalSymlinks(dir); err == nil && !slices.Contains(dirs, resolved) {
			dirs = append(dirs, resolved)
		}
	}
	for _, name := range []string{"postgres", "initdb"} {
		if path, err := exec.LookPath(name); err == nil {
			// A link on the PATH leads to where its sisters are.
			if resolved, err := filepath.EvalSymlinks(path); err == nil {
				add(filepath.Dir(resolved))
			}
		}
	}
	for _, pattern := range patterns {
		matches, _ := filepath.Glob(pattern) // fails only for a malformed pattern
		for _, dir := range matches {
			add(dir)
		}
	}
	return dirs
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// inspect tells whether dir holds the programs needed, and of which version.
func inspect(ctx context.Context, dir string) (installation, error) {
	found := installation{bin: dir}
	if _, err := os.Stat(found.program("initdb")); err != nil {
		return installation{}, err
	}
	output, err := exec.CommandContext(ctx, found.program("postgres"), "--version").Output()
	if err != nil {
		return installation{}, fmt.Errorf("asking %s for its version: %w", found.program("postgres"), err)
	}
	match := versionPattern.FindSubmatch(output)
	if match == nil {
		return installation{}, fmt.Errorf("%s calls itself %q", found.program("postgres"), strings.TrimSpace(string(output)))
	}
	found.major, err = strconv.Atoi(string(match[1]))
	return found, err
}

// forCluster picks the installation for a cluster of that major version, or
// the newest for one that is yet to be made (0).
func forCluster(installed []installation, major int, data string) (installation, error) {
	if major == 0 {
		return installed[0], nil
	}
	i := slices.IndexFunc(installed, func(one installation) bool { return one.major == major })
	if i < 0 {
		return installation{}, fmt.Errorf("%s was made by PostgreSQL %d, which is no longer found, and PostgreSQL %d cannot read it: "+
			"install version %d again, or set the directory aside to start afresh", data, major, installed[0].major, major)
	}
	return installed[i], nil
}
