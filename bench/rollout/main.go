// Command rollout measures the rollout planner by size: a prefecture, a province
// and four provinces side by side, all made from the shipped rollout. Each size is
// planned in a process of its own, so that its peak of resident memory and its
// processor time are its alone; package verify checks every plan, off the clock.
//
//	go run ./bench/rollout -out bench/results/rollout.json
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"time"

	"github.com/linli/linli/training/planner"
	"github.com/linli/linli/training/rolloutfile"
	"github.com/linli/linli/training/verify"
)

type options struct {
	file, out, one string
	runs           int
}

func main() {
	var o options
	flag.StringVar(&o.file, "file", "training/rollouts/heilongjiang.yaml", "the rollout of the province")
	flag.StringVar(&o.out, "out", "", "also write the results as JSON to this file")
	flag.StringVar(&o.one, "one", "", "measure one size in this process")
	flag.IntVar(&o.runs, "runs", 3, "runs of each size; the one of median processor time is kept")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "rollout:", err)
		os.Exit(1)
	}
}

// result is one size.
type result struct {
	Size         string  `json:"size"`
	Areas        int     `json:"areas"`
	People       int     `json:"person_times"`
	Cohorts      int     `json:"cohorts"`
	Shortfalls   int     `json:"shortfalls"`
	Objective    int64   `json:"objective"`
	DualBound    int64   `json:"dual_bound"`
	PriceBound   int64   `json:"price_bound"`
	Gap          float64 `json:"gap"`
	CPUSeconds   float64 `json:"cpu_seconds"`
	Seconds      float64 `json:"seconds"`
	CheckSeconds float64 `json:"check_cpu_seconds"`
	PeakMB       float64 `json:"peak_mb"` // resident, until the plan is made
}

// record is a whole measurement.
type record struct {
	Date    string `json:"date"`
	Command string `json:"command"`
	Machine struct {
		Cores  int    `json:"cores"`
		System string `json:"system"`
		Go     string `json:"go"`
	} `json:"machine"`
	Rollout []result `json:"rollout"`
}

func run(ctx context.Context, o options) error {
	if o.one != "" {
		r, err := measure(ctx, o)
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	var all record
	all.Date, all.Command = time.Now().UTC().Format(time.DateOnly), strings.Join(append([]string{"go run ./bench/rollout"}, os.Args[1:]...), " ")
	all.Machine.Cores, all.Machine.System, all.Machine.Go = runtime.NumCPU(), runtime.GOOS+"/"+runtime.GOARCH, runtime.Version()
	fmt.Println("| size | areas | person-times | cohorts | planning, CPU s | check, CPU s | peak MB | gap |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	for _, size := range sizes {
		r, err := median(ctx, o, size.name)
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %d | %d | %d | %.1f | %.1f | %.0f | %.4f %% |\n", r.Size, r.Areas, r.People, r.Cohorts, r.CPUSeconds, r.CheckSeconds, r.PeakMB, 100*r.Gap)
		all.Rollout = append(all.Rollout, r)
	}
	if o.out == "" {
		return nil
	}
	text, err := json.MarshalIndent(&all, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(o.out, append(text, '\n'), 0o644)
}

// measure plans one size in this process.
func measure(ctx context.Context, o options) (result, error) {
	f, err := rolloutfile.Read(o.file)
	if err != nil {
		return result{}, err
	}
	r := resized(&f.Rollout, o.one)
	began, cpu := time.Now(), usage()
	p, err := planner.Plan(ctx, r)
	if err != nil {
		return result{}, err
	}
	planned := usage()
	took := time.Since(began)
	v, err := verify.Plan(r, p)
	if err != nil {
		return result{}, err
	}
	p.Weaken(v.PriceBound)
	report := r.Report(p, v.Costs)
	return result{
		Size: o.one, Areas: len(r.Areas), People: report.People, Cohorts: report.Cohorts, Shortfalls: len(report.Shortfalls),
		Objective: report.Objective, DualBound: report.DualBound, PriceBound: report.PriceBound, Gap: report.Gap,
		CPUSeconds: (planned.cpu - cpu.cpu).Seconds(), Seconds: took.Seconds(),
		CheckSeconds: (usage().cpu - planned.cpu).Seconds(), PeakMB: planned.peakMB,
	}, nil
}

// median runs one size several times.
func median(ctx context.Context, o options, size string) (result, error) {
	self, err := os.Executable()
	if err != nil {
		return result{}, err
	}
	var results []result
	for range o.runs {
		c := exec.CommandContext(ctx, self, "-one", size, "-file", o.file)
		c.Stderr = os.Stderr
		out, err := c.Output()
		if err != nil {
			return result{}, fmt.Errorf("%s: %w", size, err)
		}
		var r result
		if err := json.Unmarshal(out, &r); err != nil {
			return result{}, err
		}
		results = append(results, r)
	}
	return middle(results), nil
}
