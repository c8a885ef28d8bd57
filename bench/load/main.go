// Command load measures the product from outside: how long an urgent help
// request waits until people are asked, how long an accept takes, and how many
// requests a minute a system carries before more callers bring no more.
//
// It starts `linli dev` on a directory of its own, imports a seeded province,
// and talks to loopback only. Its loops are bounded in count and time.
//
//	go run ./bench/load -volunteers 100000 -samples 200
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/linli/linli/e2e"
	"github.com/linli/linli/embedded/embeddedtest"
)

type options struct {
	volunteers int
	samples    int
	step       time.Duration
	callers    int
	out        string
}

func main() {
	var o options
	flag.IntVar(&o.volunteers, "volunteers", 100_000, "volunteers to import before measuring")
	flag.IntVar(&o.samples, "samples", 200, "requests opened one after the other for the latencies")
	flag.DurationVar(&o.step, "step", 20*time.Second, "time at each number of callers")
	flag.IntVar(&o.callers, "callers", 32, "most callers at one time")
	flag.StringVar(&o.out, "out", "", "also write the result as JSON to this file")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	dir, err := embeddedtest.MakeStateDir()
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary, err := e2e.Build(ctx, dir)
	if err != nil {
		return err
	}
	p := &e2e.Program{Binary: binary, Dir: filepath.Join(dir, "data"), Args: []string{"--log-level", "warn", "--requests-per-minute", "1000000"}}
	if err := p.Run(ctx); err != nil {
		return err
	}
	defer func() { _ = p.Stop() }()

	province := filepath.Join(dir, "province")
	if _, err := p.Offline(ctx, "scenario", "--volunteers", strconv.Itoa(o.volunteers), "--requests", "1000", "--seed", "1", "--out", province); err != nil {
		return err
	}
	began := time.Now()
	if _, err := p.Command(ctx, "import", "volunteers", filepath.Join(province, "V.csv"), "--area", "hlj"); err != nil {
		return err
	}
	fmt.Printf("imported %d volunteers in %.1f s\n", o.volunteers, time.Since(began).Seconds())

	c := &caller{Program: p}
	if err := c.settle(ctx, filepath.Join(province, "R.csv")); err != nil {
		return err
	}
	result := report{
		Volunteers: o.volunteers, CPUs: runtime.NumCPU(), Go: runtime.Version(), Command: os.Args[1:],
	}
	if result.Latency, err = c.latencies(ctx, o.samples); err != nil {
		return err
	}
	result.Latency.show()
	if result.Saturation, err = c.saturate(ctx, o.callers, o.step); err != nil {
		return err
	}
	if o.out == "" {
		return nil
	}
	b, err := json.MarshalIndent(result, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(o.out, append(b, '\n'), 0o644)
}
