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

// Cases that look at the same pairs again do not have them listed again, but for
// those who look farther.
func TestRememberedPairsAreListedOnlyToLookFarther(t *testing.T) {
	t.Parallel()
	costs := []int64{7, 2, 9, 4}
	var asked []int64
	below := remembered(func(_ int32, limit int64, visit func(int32, int64)) {
		asked = append(asked, limit)
		for v, cost := range costs {
			if cost < limit {
				visit(int32(v), cost)
			}
		}
	})
	for _, c := range []struct {
		limit int64
		found []int32
		asked int
	}{{5, []int32{1, 3}, 1}, {4, []int32{1}, 1}, {9, []int32{0, 1, 3}, 2}, {math.MaxInt64, []int32{0, 1, 2, 3}, 3}, {5, []int32{1, 3}, 3}} {
		var found []int32
		below(0, c.limit, func(v int32, cost int64) {
			require.Equal(t, costs[v], cost)
			found = append(found, v)
		})
		require.Equal(t, c.found, found, "below %d", c.limit)
		require.Len(t, asked, c.asked, "below %d", c.limit)
	}
}
