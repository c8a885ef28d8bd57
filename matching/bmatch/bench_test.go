package bmatch_test

import (
	"fmt"
	"testing"

	"github.com/linli/linli/matching/bmatch"
)

// The time includes listing: the source computes every cost anew. Near indices
// are not near places here, which is the worst case for memory.
func BenchmarkSolve(b *testing.B) {
	for _, c := range []struct {
		name     string
		crowd    crowd
		requests int
		crews    bool
	}{
		{"calm", calm, 1_000, false},
		{"calm", calm, 10_000, false},
		{"calm", calm, 100_000, false},
		{"surge", surge, 1_000, false},
		{"surge", surge, 10_000, false},
		{"crews", surge, 10_000, true},
	} {
		b.Run(fmt.Sprintf("%s/%d", c.name, c.requests), func(b *testing.B) {
			pl, problem := newPlane(c.requests, c.crowd, 1)
			if c.crews {
				pl.reach = 600
				scarceCrews(problem, 0)
			}
			b.ReportAllocs()
			var res *bmatch.Result
			for b.Loop() {
				var err error
				if res, err = bmatch.Solve(b.Context(), problem, bmatch.Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(res.Stats.Pops)/float64(res.Stats.Searches), "pops/search")
			b.ReportMetric(float64(res.Stats.Listed)/float64(c.requests), "pairs/request")
			b.ReportMetric(100*res.Gap(), "gap%")
		})
	}
}

func BenchmarkGreedy(b *testing.B) {
	_, problem := newPlane(10_000, calm, 1)
	for b.Loop() {
		if _, err := bmatch.Greedy(b.Context(), problem, bmatch.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
