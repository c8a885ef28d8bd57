package peers

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed src
var sources embed.FS

// MissingError says that a peer cannot run here, and what to install.
type MissingError struct {
	Peer     string
	Packages string // of Debian
	Reason   string
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("%s is missing (%s): apt-get install %s", e.Peer, e.Reason, e.Packages)
}

// Peer is a solver that ours is measured against.
type Peer struct {
	Name     string
	About    string
	OneToOne bool // it solves instances of one seat and capacity 1 only

	packages string
	source   string
	compile  []string // compiler and flags; none for a script
	run      []string // interpreter before the program, when it is a script
	args     []string // after the program
}

// All gives the peers in the order in which tables show them.
func All() []Peer {
	lemon := Peer{packages: "g++ liblemon-dev", source: "lemon.cpp", compile: []string{"g++", "-O2", "-std=c++17", "-w"}}
	simplex, scaling := lemon, lemon
	simplex.Name, simplex.About, simplex.args = "network-simplex", "LEMON NetworkSimplex", []string{"network-simplex"}
	scaling.Name, scaling.About, scaling.args = "cost-scaling", "LEMON CostScaling", []string{"cost-scaling"}
	return []Peer{
		simplex, scaling,
		{
			Name: "scipy", About: "SciPy min_weight_full_bipartite_matching", OneToOne: true,
			packages: "python3-scipy", source: "scipy_matching.py", run: []string{"/usr/bin/python3"},
		},
	}
}

// Prepare makes the peer's program in dir, unless it is there from an earlier
// run, and gives the command that runs it. The error is a [*MissingError] when
// its libraries or the compiler are not installed.
func (p Peer) Prepare(ctx context.Context, dir string) ([]string, error) {
	text, err := sources.ReadFile("src/" + p.source)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(slices.Concat(text, []byte(strings.Join(p.compile, " "))))
	base := filepath.Join(dir, strings.TrimSuffix(p.source, filepath.Ext(p.source))+"-"+hex.EncodeToString(hash[:6]))
	source := base + filepath.Ext(p.source)
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(source, text, 0o644)); err != nil {
		return nil, err
	}
	if len(p.compile) == 0 {
		return p.script(ctx, source)
	}
	if _, err := os.Stat(base); err == nil {
		return append([]string{base}, p.args...), nil
	}
	args := slices.Concat(p.compile[1:], []string{"-o", base + ".new", source})
	if out, err := exec.CommandContext(ctx, p.compile[0], args...).CombinedOutput(); err != nil {
		return nil, p.missing(ctx, err, out)
	}
	return append([]string{base}, p.args...), os.Rename(base+".new", base)
}

// script tries a script without arguments of its own: it has to find its
// libraries.
func (p Peer) script(ctx context.Context, source string) ([]string, error) {
	check := exec.CommandContext(ctx, p.run[0], append(p.run[1:], source, "--version")...)
	if out, err := check.CombinedOutput(); err != nil {
		return nil, p.missing(ctx, err, out)
	}
	return slices.Concat(p.run, []string{source}, p.args), nil
}

func (p Peer) missing(ctx context.Context, err error, out []byte) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	reason := err.Error()
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "rror") { // "error:" of compilers, "ModuleNotFoundError" of Python
			reason = strings.TrimSpace(line)
			break
		}
	}
	return &MissingError{p.Name, p.packages, reason}
}
