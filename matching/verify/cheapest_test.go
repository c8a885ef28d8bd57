package verify

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The cheapest volunteers of a list that grows are the cheapest of all.
func TestTheCheapestAreFoundInGrowingLists(t *testing.T) {
	t.Parallel()
	far := reaches[len(reaches)-1]
	rapid.Check(t, func(t *rapid.T) {
		costs := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 2*reaches[0]), rapid.Int64Range(0, 2*far), rapid.Just[int64](math.MaxInt64-1)), 0, 20).Draw(t, "costs")
		prices := rapid.SliceOfN(rapid.SampledFrom([]int64{0, 0, 1, reaches[0], far}), len(costs), len(costs)).Draw(t, "prices")
		asked := Request{Seats: rapid.Int64Range(0, 5).Draw(t, "seats"), Penalty: rapid.Int64Range(0, 3*far).Draw(t, "penalty")}
		limit := rapid.SampledFrom([]int64{asked.Penalty, math.MaxInt64}).Draw(t, "limit")
		in := Instance{Requests: []Request{asked}, Below: func(_ int32, limit int64, visit func(int32, int64)) {
			for v, c := range costs {
				if c < limit {
					visit(int32(v), c)
				}
			}
		}}
		var want []int64
		for v, c := range costs {
			if p := prices[v]; c < limit && c <= math.MaxInt64-p {
				want = append(want, c+p-asked.Penalty)
			}
		}
		slices.Sort(want)
		want = want[:min(len(want), int(asked.Seats))]
		got := in.appendCheapest([]int64{-7}, 0, limit, func(v int32) int64 { return prices[v] })
		require.Equal(t, append([]int64{-7}, want...), got)
	})
}
