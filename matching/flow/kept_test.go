package flow

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is kept of many pairs is the best of them, and stays so up to the bound while
// prices rise.
func TestKeptPairsAreTheBestUpToTheBound(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		n := 1 + random.IntN(4*bestKept)
		unit := int64(1) << (54 * random.IntN(2)) // numbers that have room for a place beside them, and that have not
		p, price := pairs{first: []int{0, n}}, make([]int64, n)
		for i := range price {
			p.others, p.costs = append(p.others, int32(i)), append(p.costs, unit*random.Int64N(40))
			price[i] = unit * random.Int64N(40)
		}
		outside, less := unit*random.Int64N(120), unit*random.Int64N(20)
		odd := func(o int32) bool { return o%2 == 1 }
		for _, skip := range []func(int32) bool{nil, odd} {
			price := append([]int64(nil), price...)
			var k kept
			a := auction{scale: 1}
			a.choose(&k, &p, 0, less, price, outside, skip)
			for range 20 {
				best, second := outside, outside
				for i, o := range p.others {
					if skip == nil || !skip(o) {
						value := p.costs[i] - less + price[o]
						best, second = min(best, value), min(second, max(best, value))
					}
				}
				_, gotBest, gotSecond := k.look(price, outside, skip)
				require.Equal(t, min(best, k.bound), min(gotBest, k.bound))
				require.Equal(t, min(second, k.bound), min(gotSecond, k.bound))
				price[random.IntN(n)] += unit * random.Int64N(20)
			}
		}
	}
}

// The costs are too far apart to have room for a place beside them.
func TestPairsOfLargeNumbersAreRankedInTurn(t *testing.T) {
	t.Parallel()
	var best [bestKept]offered
	n, bound := pick(&best, []offered{{5 + 1<<62, 0}, {5, 1}}, 6+1<<62, nil)
	require.EqualValues(t, 2, n)
	require.Equal(t, []offered{{5, 1}, {5 + 1<<62, 0}}, best[:n])
	require.EqualValues(t, 6+1<<62, bound)
}
