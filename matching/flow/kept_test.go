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
		pairs, price := make([]offered, n), make([]int64, n)
		for i := range pairs {
			pairs[i], price[i] = offered{random.Int64N(40), int32(i)}, random.Int64N(40)
		}
		outside := random.Int64N(120)
		odd := func(o int32) bool { return o%2 == 1 }
		for _, skip := range []func(int32) bool{nil, odd} {
			price := append([]int64(nil), price...)
			var k kept
			k.choose(pairs, make([]offered, n), price, outside, skip)
			for range 20 {
				best, second := outside, outside
				for _, p := range pairs {
					if skip == nil || !skip(p.object) {
						value := p.cost + price[p.object]
						best, second = min(best, value), min(second, max(best, value))
					}
				}
				_, gotBest, gotSecond := k.look(price, outside, skip)
				require.Equal(t, min(best, k.bound), min(gotBest, k.bound))
				require.Equal(t, min(second, k.bound), min(gotSecond, k.bound))
				price[random.IntN(n)] += random.Int64N(20)
			}
		}
	}
}
