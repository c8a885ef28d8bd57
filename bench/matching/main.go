// Command matching measures the solver against its peers: on the same instances,
// in the same run, each solver in a process of its own.
//
//	go run ./bench/matching -suites provinces -sizes 1000,10000
//
// It prints tables, and exits with 1 when any two optima differ by a unit or a
// plan of ours is not proven. See bench/README.md for what is in the times.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/linli/linli/bench/matching/families"
	"github.com/linli/linli/bench/matching/peers"
	"github.com/linli/linli/bench/matching/report"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "matching:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 2 && args[0] == solveOne {
		return solve(ctx, args[1], args[2], os.Stdout)
	}
	o, err := parse(args)
	if err != nil {
		return err
	}
	if o.list {
		show(families.All(o.data))
		return nil
	}
	results := &report.Results{
		Date: time.Now().UTC().Format(time.DateOnly), Command: o.command,
		Machine: report.ThisMachine(), Versions: map[string]string{}, Missing: map[string]string{},
	}
	if len(o.again) > 0 {
		if results, err = report.Join(o.again[0], o.again[1:]...); err != nil {
			return err
		}
	} else if err := measure(ctx, o, results); err != nil {
		return err
	}
	return publish(o, results)
}

// publish shows results and says what is wrong with them.
func publish(o options, results *report.Results) error {
	if err := results.Markdown(os.Stdout); err != nil {
		return err
	}
	if o.out != "" {
		if err := results.Save(o.out); err != nil {
			return err
		}
	}
	if o.plot != "" {
		if err := os.WriteFile(o.plot, report.Plot(results), 0o644); err != nil {
			return err
		}
	}
	var wrong []string
	for i := range results.Solves {
		wrong = append(wrong, results.Solves[i].Disagreements()...)
	}
	if len(wrong) > 0 {
		return fmt.Errorf("the optima are not the same:\n%s", strings.Join(wrong, "\n"))
	}
	return nil
}

func show(all []families.Family) {
	for _, f := range all {
		fmt.Printf("%-22s %-12s %v\n%35s %s\n", f.Name, f.Suite, f.Sizes, "", f.About)
	}
	for _, p := range peers.All() {
		fmt.Printf("%-22s %-12s %s\n", p.Name, "peer", p.About)
	}
}

// options are what the flags say.
type options struct {
	suites, names, solvers []string
	again                  []string
	sizes                  []int
	runs                   int
	limit, enough          time.Duration
	seed                   uint64
	cache, data            string
	out, plot              string
	command                string // what was asked for, without the places of files
	list                   bool
	cores                  int
}

func parse(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("matching", flag.ExitOnError)
	f.Usage = func() {
		fmt.Fprint(f.Output(), usage)
		f.PrintDefaults()
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	suites := f.String("suites", "provinces,churn,crews,adversarial,dimacs,public", "suites to run")
	names := f.String("families", "", "families to run, by name; default all of the suites")
	sizes := f.String("sizes", "", "numbers of requests; default each family's own")
	solvers := f.String("solvers", "", "solvers to run; default all")
	f.IntVar(&o.runs, "runs", 5, "runs of each solver on each instance; the median counts")
	f.DurationVar(&o.limit, "limit", time.Minute, "processor time, building included, after which a solver is killed")
	f.DurationVar(&o.enough, "enough", 20*time.Second, "no further run of a solver that has used as much on an instance")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the instances")
	f.StringVar(&o.cache, "cache", filepath.Join(cache, "linli-bench"), "directory in which instances and compiled peers are kept")
	f.StringVar(&o.data, "data", "", "directory of the public data sets; without it they are left out")
	f.StringVar(&o.out, "out", "", "write the results as JSON to this file")
	f.StringVar(&o.plot, "plot", "", "draw time against size as SVG into this file")
	again := f.String("again", "", "measure nothing, show the results of these files together")
	f.IntVar(&o.cores, "cores", 1, "2 measures ours on two cores as well")
	f.BoolVar(&o.list, "list", false, "list families and peers")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	o.command = "go run ./bench/matching"
	f.Visit(func(set *flag.Flag) {
		if !slices.Contains([]string{"cache", "data", "out", "plot"}, set.Name) {
			o.command += " -" + set.Name + " " + set.Value.String()
		}
	})
	o.suites, o.names, o.solvers, o.again = words(*suites), words(*names), words(*solvers), words(*again)
	for _, w := range words(*sizes) {
		var n int
		if _, err := fmt.Sscanf(w, "%d", &n); err != nil || n < 1 {
			return o, fmt.Errorf("-sizes: %q is no number of requests", w)
		}
		o.sizes = append(o.sizes, n)
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("%q is not understood; see -help", f.Arg(0))
	}
	return o, nil
}

const usage = `Measures Linli's solver against its peers.

  go run ./bench/matching -list                          families and peers
  go run ./bench/matching -families m_busy -sizes 10000  one instance
  go run ./bench/matching -solvers linli,network-simplex
  go run ./bench/matching -out bench/results/matching.json -plot docs/images/matching.svg

The index has a program of its own: go run ./bench/matching/nearest.

Instances of 100,000 requests take minutes to make, once. Peers that are not
installed are named with the package to install, and the rest goes on.

`

func words(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}
