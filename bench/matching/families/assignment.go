package families

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"github.com/linli/linli/bench/matching/instance"
	"github.com/linli/linli/matching/bmatch"
)

// assignments are the families of the first DIMACS challenge as A. V. Goldberg
// and R. Kennedy, An efficient cost scaling algorithm for the assignment
// problem, Mathematical Programming 71, 1995, describe them, with n nodes on
// each side. One more arc a row, drawn so that together they form a perfect
// matching, makes every instance feasible.
func assignments() []Family {
	const hundredMillion = 100_000_000
	sparse := func(cost func(r *rand.Rand) int64) func(n int, r *rand.Rand) *instance.Instance {
		return func(n int, r *rand.Rand) *instance.Instance {
			degree := 2 * (bits.Len(uint(2*n)) - 1) // 2 log₂ of the nodes
			return perfect(n, degree, r, func(_, _ int) int64 { return cost(r) })
		}
	}
	var out []Family
	for _, f := range []struct {
		name, about string
		sizes       []int
		produce     func(n int, r *rand.Rand) *instance.Instance
	}{
		{"asn_high_cost", "2 log₂ 2n random arcs a node, costs 0–10⁸", []int{1_024, 4_096, 16_384}, sparse(func(r *rand.Rand) int64 { return r.Int64N(hundredMillion + 1) })},
		{"asn_low_cost", "2 log₂ 2n random arcs a node, costs 0–100", []int{1_024, 4_096, 16_384}, sparse(func(r *rand.Rand) int64 { return r.Int64N(101) })},
		{"asn_two_cost", "2 log₂ 2n random arcs a node, costs 100 or 10⁸", []int{1_024, 4_096, 16_384}, sparse(func(r *rand.Rand) int64 { return []int64{100, hundredMillion}[r.IntN(2)] })},
		{"asn_fixed_cost", "2n ÷ 16 random arcs a node, cost 100·x·y", []int{512, 1_024, 2_048}, fixedCost},
		{"asn_geometric", "complete, distances in a square of side 10⁶", []int{256, 512, 1_024}, geometric},
		{"asn_dense", "complete, costs 0–10⁷", []int{256, 512, 1_024}, func(n int, r *rand.Rand) *instance.Instance {
			return perfect(n, n, r, func(_, _ int) int64 { return r.Int64N(10_000_001) })
		}},
	} {
		out = append(out, Family{
			Name: f.name, Suite: DIMACS, About: f.about, Sizes: f.sizes,
			make: func(_ context.Context, _ *Store, n int, r *rand.Rand) (*instance.Instance, error) {
				in := f.produce(n, r)
				if worst := slices.Max(in.Cost); worst > bmatch.MaxTotal/int64(2*n+1) {
					return nil, fmt.Errorf("a cost of %d is out of the solver's range with %d mandatory seats", worst, n)
				}
				return in, nil
			},
		})
	}
	return out
}

// perfect joins each left node to so many right ones and to one of a hidden
// perfect matching; each left node has to be matched.
func perfect(n, degree int, r *rand.Rand, cost func(left, right int) int64) *instance.Instance {
	in := &instance.Instance{Capacity: ones(n)}
	hidden := r.Perm(n)
	for left := range n {
		var row []bmatch.Arc
		isThere := false
		for _, right := range distinct(r, n, degree) {
			isThere = isThere || right == hidden[left]
			row = append(row, bmatch.Arc{Volunteer: int32(right), Cost: cost(left, right)})
		}
		if !isThere {
			row = append(row, bmatch.Arc{Volunteer: int32(hidden[left]), Cost: cost(left, hidden[left])})
		}
		in.Append(bmatch.Request{Seats: 1, Penalty: bmatch.Mandatory}, row)
	}
	return in
}

// fixedCost numbers the left nodes 1 to n and the right ones n+1 to 2n.
func fixedCost(n int, r *rand.Rand) *instance.Instance {
	return perfect(n, max(1, 2*n/16), r, func(left, right int) int64 { return 100 * int64(left+1) * int64(n+right+1) })
}

func geometric(n int, r *rand.Rand) *instance.Instance {
	const side = 1_000_000
	draw := func() []point {
		out := make([]point, n)
		for i := range out {
			out[i] = point{float64(r.IntN(side + 1)), float64(r.IntN(side + 1))}
		}
		return out
	}
	red, blue := draw(), draw()
	return perfect(n, n, r, func(left, right int) int64 {
		return int64(math.Hypot(red[left].x-blue[right].x, red[left].y-blue[right].y))
	})
}
