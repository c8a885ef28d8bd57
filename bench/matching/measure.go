package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/linli/linli/bench/matching/families"
	"github.com/linli/linli/bench/matching/instance"
	"github.com/linli/linli/bench/matching/peers"
	"github.com/linli/linli/bench/matching/report"
)

// solver is a program ready to run.
type solver struct {
	name     string
	command  []string
	env      []string
	oneToOne bool // takes nothing else
	crews    bool // takes minima of people
	churn    bool // takes nothing but changes of an earlier instance
}

// measure runs the chosen solvers on the chosen instances.
func measure(ctx context.Context, o options, results *report.Results) error {
	store, err := families.NewStore(filepath.Join(o.cache, "instances"), o.seed)
	if err != nil {
		return err
	}
	chosen, err := o.choose(families.All(o.data))
	if err != nil {
		return err
	}
	solvers, err := o.prepare(ctx, results.Missing)
	if err != nil {
		return err
	}
	for _, f := range chosen {
		sizes := f.Sizes
		if len(o.sizes) > 0 {
			sizes = o.sizes
		}
		for _, n := range sizes {
			path, err := store.Path(ctx, f, n)
			if err != nil {
				return err
			}
			row, err := o.compare(ctx, f, path, solvers, results.Versions)
			if err != nil {
				return err
			}
			results.Solves = append(results.Solves, row)
		}
	}
	return nil
}

// choose picks families by name or by suite.
func (o options) choose(all []families.Family) ([]families.Family, error) {
	known := map[string]bool{}
	var out []families.Family
	for _, f := range all {
		known[f.Name], known[string(f.Suite)] = true, true
		if len(o.names) > 0 && slices.Contains(o.names, f.Name) || len(o.names) == 0 && slices.Contains(o.suites, string(f.Suite)) {
			out = append(out, f)
		}
	}
	known[string(families.Public)] = true // even without its files
	for _, name := range slices.Concat(o.names, o.suites) {
		if !known[name] {
			return nil, fmt.Errorf("there is no family or suite %q; -list shows them", name)
		}
	}
	return out, nil
}

// prepare makes the solvers ready. A peer that is missing is reported and left
// out.
func (o options) prepare(ctx context.Context, missing map[string]string) ([]solver, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	one := []string{"GOMAXPROCS=1"}
	all := []solver{
		{name: report.Ours, command: []string{self, solveOne, methodCold}, env: one, crews: true},
		{name: report.Warm, command: []string{self, solveOne, methodWarm}, env: one, churn: true},
		{name: report.OnePass, command: []string{self, solveOne, methodGreedy}, env: one},
	}
	if o.cores > 1 {
		all = append(all, solver{name: report.TwoCore, command: []string{self, solveOne, methodCold}, env: []string{"GOMAXPROCS=2"}})
	}
	known := map[string]bool{}
	for _, s := range all {
		known[s.name] = true
	}
	for _, p := range peers.All() {
		known[p.Name] = true
		if !o.wants(p.Name) {
			continue
		}
		command, err := p.Prepare(ctx, filepath.Join(o.cache, "peers"))
		if gone, ok := errors.AsType[*peers.MissingError](err); ok {
			fmt.Fprintln(os.Stderr, gone)
			missing[p.Name] = gone.Packages
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, solver{name: p.Name, command: command, oneToOne: p.OneToOne})
	}
	for _, name := range o.solvers {
		if !known[name] {
			return nil, fmt.Errorf("there is no solver %q; there are %v", name, slices.Sorted(maps.Keys(known)))
		}
	}
	return slices.DeleteFunc(all, func(s solver) bool { return !o.wants(s.name) }), nil
}

func (o options) wants(name string) bool {
	return len(o.solvers) == 0 || slices.Contains(o.solvers, name)
}

// Solves of milliseconds are run so many times as often, since clocks step.
const (
	short     = 50 * time.Millisecond // of all runs together
	shortRuns = 4
)

// compare runs the solvers in turn, again and again, so that a disturbance of
// the machine falls on all alike.
func (o options) compare(ctx context.Context, f families.Family, path string, solvers []solver, versions map[string]string) (report.Instance, error) {
	in, err := instance.Load(path)
	if err != nil {
		return report.Instance{}, err
	}
	row := report.Instance{
		Family: f.Name, Suite: f.Suite,
		Requests: len(in.Requests), Volunteers: len(in.Capacity), Seats: in.Seats(), Arcs: in.Arcs(),
	}
	solvers = slices.DeleteFunc(slices.Clone(solvers), func(s solver) bool {
		return s.oneToOne && !in.IsOneToOne() || !s.crews && in.HasCrews() || s.churn && f.Suite != families.Churn
	})
	in = nil
	row.Figures = make([]report.Figure, len(solvers))
	used := make([]time.Duration, len(solvers))
	for run := range o.runs * shortRuns {
		for i, s := range solvers {
			figure := &row.Figures[i]
			figure.Solver = s.name
			if used[i] >= o.enough || run >= o.runs && used[i] >= short || figure.LimitSeconds > 0 {
				continue
			}
			a, err := peers.Run(ctx, o.limit, path, s.env, s.command...)
			if err != nil {
				return row, fmt.Errorf("%s on %s of %d: %w", s.name, f.Name, row.Requests, err)
			}
			if err := record(figure, a, o.limit); err != nil {
				return row, fmt.Errorf("%s on %s of %d: %w", s.name, f.Name, row.Requests, err)
			}
			used[i] += time.Duration((a.CPUSeconds + a.BuildSeconds) * float64(time.Second))
			if a.Version != "" {
				versions[s.name] = a.Version
			}
		}
	}
	for _, figure := range row.Figures {
		cpu, _ := figure.CPU()
		fmt.Fprintf(os.Stderr, "%-18s %7d %-16s %-10s %12.6f s %8.1f MB  %d\n",
			row.Family, row.Requests, figure.Solver, figure.Status, cpu, figure.PeakMB, figure.Objective)
	}
	return row, nil
}

// record adds one run to a figure. A solver must give the same answer each time.
func record(f *report.Figure, a peers.Answer, limit time.Duration) error {
	if len(f.CPUSeconds) > 0 && a.Status != peers.LimitReached && (a.Objective != f.Objective || a.Status != f.Status) {
		return fmt.Errorf("one run gives %s %d, another %s %d", f.Status, f.Objective, a.Status, a.Objective)
	}
	if a.Status == peers.LimitReached {
		f.LimitSeconds = limit.Seconds()
		if len(f.CPUSeconds) == 0 {
			f.Status = a.Status
		}
		return nil
	}
	f.Status, f.Objective, f.Bound = a.Status, a.Objective, a.Bound
	f.CPUSeconds = append(f.CPUSeconds, a.CPUSeconds)
	if a.WallSeconds > 0 {
		f.WallSeconds = append(f.WallSeconds, a.WallSeconds)
	}
	f.BuildSeconds = a.BuildSeconds
	f.PeakMB = max(f.PeakMB, float64(a.PeakKB)*1024/1e6)
	return nil
}
