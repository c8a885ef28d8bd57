//go:build unix

package flow_test

import (
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/linli/linli/matching/flow"
)

// The time is from unsorted rows to a proven plan. On a busy machine cpu-ms,
// the median of the processor time, says more than ns/op.
func BenchmarkSolve(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		for _, kind := range []crowd{calm, busy, surge} {
			for _, form := range []string{"m", "o"} {
				b.Run(fmt.Sprintf("%s_%s_%d", form, kind, n), func(b *testing.B) {
					p := newPlane(n, kind, 1).nearest(candidates)
					if form == "o" {
						oneToOne(p)
					}
					solveRepeatedly(b, p)
				})
			}
		}
	}
}

func solveRepeatedly(b *testing.B, p *flow.Problem) {
	b.Helper()
	b.ReportAllocs()
	var s *flow.Solver
	var spent []time.Duration
	for b.Loop() {
		s = nil
		b.StopTimer()
		runtime.GC()
		b.StartTimer()
		before := processTime()
		var err error
		if s, err = flow.New(p, flow.Options{}); err != nil {
			b.Fatal(err)
		}
		if err := s.Solve(b.Context()); err != nil {
			b.Fatal(err)
		}
		spent = append(spent, processTime()-before)
	}
	slices.Sort(spent)
	stats := s.Stats()
	b.ReportMetric(float64(spent[len(spent)/2].Microseconds())/1000, "cpu-ms")
	b.ReportMetric(float64(stats.Searches), "searches")
	b.ReportMetric(float64(stats.Pops), "pops")
	b.ReportMetric(float64(stats.Scanned), "scanned")
	b.ReportMetric(float64(stats.Listed), "listed")
}

func processTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
