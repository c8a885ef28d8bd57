package crews

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/linli/linli/matching/flow"
)

// calm has twenty times the people that anybody needs.
func calm(requests int, seed uint64) *instance {
	return province{
		requests: requests, volunteers: requests * 266 / 10, people: crowd, minimum: allOrNobody, seed: seed,
		place: func(*rand.Rand, int) (int, int) { return 0, 1 },
	}.make()
}

// BenchmarkSolve prints the gap in parts per million, and the time and searches
// against those of the relaxed optimum alone.
func BenchmarkSolve(b *testing.B) {
	for _, c := range []struct {
		name string
		make func(requests int, seed uint64) *instance
		size int
	}{
		{"calm", calm, 10_000},
		{"busy", busy, 10_000},
		{"surge", surge, 10_000},
		{"busy", busy, 100_000},
		{"surge", surge, 100_000},
		{"scarce", scarce, 400},
	} {
		b.Run(fmt.Sprintf("%s/%d", c.name, c.size), func(b *testing.B) {
			in := c.make(c.size, 1)
			p := in.explicit()
			b.Run("relaxed", func(b *testing.B) {
				for b.Loop() {
					optimum(b.Context(), b, p)
				}
			})
			b.Run("crews", func(b *testing.B) {
				var res *Outcome
				for b.Loop() {
					var err error
					if res, err = Solve(b.Context(), p, in.groups, Options{}); err != nil {
						b.Fatal(err)
					}
				}
				cost := in.cost(res.Solver)
				b.ReportMetric(1e6*float64(cost-res.Bound)/float64(cost), "gap-ppm")
				b.ReportMetric(float64(res.Effort), "effort")
				b.ReportMetric(float64(res.Closed), "closed")
			})
		})
	}
}

func (in *instance) cost(net *flow.Solver) (sum int64) {
	var people []flow.Arc
	for r, asked := range in.requests {
		people = net.AppendAssigned(people[:0], int32(r))
		for _, a := range people {
			sum += a.Cost
		}
		sum += (asked.Seats - int64(len(people))) * asked.Penalty
	}
	return sum
}
