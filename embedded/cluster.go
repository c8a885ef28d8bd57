package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	// superuser is the role that owns everything in the private cluster.
	superuser = "postgres"

	locationName = "location"

	// systemElsewhere holds the clusters that Postgres could not reach where they
	// belong.
	systemElsewhere = "/var/lib/linli-dev"
)

// placeCluster returns where the cluster of home is or is to be. That is
// home/data, unless the account cannot get there, as it cannot into the home
// directory of root: then it is in a directory under elsewhere, which home/location
// names.
func placeCluster(home, elsewhere string, as account) (string, error) {
	pointer := filepath.Join(home, locationName)
	switch recorded, err := os.ReadFile(pointer); {
	case err == nil:
		return strings.TrimSpace(string(recorded)), nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("reading where the cluster is: %w", err)
	}
	reachable, err := as.canReach(home)
	if err != nil {
		return "", fmt.Errorf("finding out whether %s can reach %s: %w", as.name, home, err)
	}
	if reachable {
		return filepath.Join(home, "data"), nil
	}
	if err := os.MkdirAll(elsewhere, 0o711); err != nil {
		return "", fmt.Errorf("the account %s cannot reach %s, and a place that it can reach cannot be made: %w", as.name, home, err)
	}
	// The name is new each time, so that a directory that was moved keeps its
	// cluster and one that was made afresh does not find that of its namesake.
	dir, err := os.MkdirTemp(elsewhere, "")
	if err != nil {
		return "", fmt.Errorf("making a place for the cluster: %w", err)
	}
	if err := errors.Join(os.Chmod(dir, 0o711), writeFile(pointer, []byte(filepath.Join(dir, "data")+"\n"))); err != nil {
		return "", fmt.Errorf("recording where the cluster is: %w", err)
	}
	return filepath.Join(dir, "data"), nil
}

// clusterMajor returns the major version that made the cluster, 0 if there is
// none yet.
func clusterMajor(data string) (int, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("reading the version of the cluster: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("%s does not hold a PostgreSQL cluster: %w", data, err)
	}
	return major, nil
}

// createCluster makes the cluster beside its place and moves it there when it
// is complete. Whatever an interrupted attempt has left is thrown away.
func createCluster(ctx context.Context, with installation, as account, data string, noSync bool) error {
	if entries, err := os.ReadDir(data); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s is neither empty nor a PostgreSQL cluster: set it aside", data)
	}
	unfinished := data + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return fmt.Errorf("removing a half-made cluster: %w", err)
	}
	if err := as.own(unfinished); err != nil {
		return fmt.Errorf("making the directory of the cluster: %w", err)
	}
	args := []string{
		"--pgdata", unfinished, "--username", superuser, "--encoding", "UTF8", "--no-locale",
		// Whoever gets into the private socket directory is trusted; nobody
		// comes over the network.
		"--auth-local", "trust", "--auth-host", "reject",
	}
	if noSync {
		args = append(args, "--no-sync")
	} else {
		args = append(args, "--data-checksums")
	}
	cmd := exec.CommandContext(ctx, with.program("initdb"), args...)
	cmd.SysProcAttr, cmd.Env, cmd.Dir = as.attributes(), environment(), "/"
	cmd.SysProcAttr.Setpgid = true
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb failed: %w\n%s", err, bytes.TrimSpace(output))
	}
	if err := os.Remove(data); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("replacing the empty %s: %w", data, err)
	}
	return os.Rename(unfinished, data)
}

// writeFile replaces a file as a whole, so that a crash leaves the old or the
// new content.
func writeFile(path string, content []byte) error {
	unfinished := path + ".new"
	if err := os.WriteFile(unfinished, content, 0o644); err != nil {
		return err
	}
	return os.Rename(unfinished, path)
}
