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

// A round after another: one request and one volunteer in a hundred have gone,
// and as many others have come. The time is from the first change to the proof;
// reverse lists are there from the round before.
func BenchmarkChurn(b *testing.B) {
	for _, kind := range []crowd{calm, busy, surge} {
		b.Run(fmt.Sprintf("m_%s_100000", kind), func(b *testing.B) {
			p := newPlane(100_000, kind, 1).nearest(candidates)
			s, err := flow.New(p, flow.Options{})
			if err != nil {
				b.Fatal(err)
			}
			away := func(round, n int) func(i int) bool {
				return func(i int) bool { return i%100 == round%100 && i < n }
			}
			move := func(round int, gone bool) {
				if err := churn(b, s, p, away(round, len(p.Requests)), away(round, len(p.Capacity)), gone); err != nil {
					b.Fatal(err)
				}
			}
			move(0, true)
			if err := s.Solve(b.Context()); err != nil {
				b.Fatal(err)
			}
			move(1, true)
			round := 1
			var spent []time.Duration
			for b.Loop() {
				before := processTime()
				move(round-1, false)
				move(round+1, true)
				if _, err := s.ProveChanges(); err != nil {
					b.Fatal(err)
				}
				spent = append(spent, processTime()-before)
				round++
			}
			slices.Sort(spent)
			b.ReportMetric(float64(spent[len(spent)/2].Microseconds())/1000, "cpu-ms")
		})
	}
}

// churn makes those who are away go, or come back.
func churn(b *testing.B, s *flow.Solver, p *flow.Problem, request, volunteer func(i int) bool, gone bool) error {
	b.Helper()
	for v, k := range p.Capacity {
		if gone {
			k = 0
		}
		if volunteer(v) {
			if err := s.SetCapacity(b.Context(), int32(v), k); err != nil {
				return err
			}
		}
	}
	for r, q := range p.Requests {
		if gone {
			q = flow.Request{}
		}
		if request(r) {
			if err := s.SetRequest(b.Context(), int32(r), q); err != nil {
				return err
			}
		}
	}
	return nil
}
