package flow_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/matching/flow"
)

// An auction leaves next to nothing to searches, whichever side bids: its prices
// are exact once they are rounded, and what nobody holds is free of charge.
func TestAnAuctionLeavesNothingToSearches(t *testing.T) {
	t.Parallel()
	const penalty = 1000
	for _, size := range []struct{ requests, volunteers int }{{150, 90}, {90, 150}, {120, 120}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(1, 2))
			payoff, rate := draw(random, size.requests), draw(random, size.volunteers)
			first, volunteers, costs := []int{0}, []int32{}, []int64{}
			requests := make([]flow.Request, size.requests)
			for r := range requests {
				requests[r] = flow.Request{Seats: 1, Penalty: penalty}
				for v := range size.volunteers {
					if random.IntN(3) == 0 {
						volunteers = append(volunteers, int32(v))
						costs = append(costs, penalty-payoff[r]*rate[v])
					}
				}
				first = append(first, len(costs))
			}
			capacity := make([]int64, size.volunteers)
			for v := range capacity {
				capacity[v] = 1
			}
			solve := func(effort int, impatient bool) *flow.Solver {
				rows, err := flow.NewRows(first, volunteers, costs)
				require.NoError(t, err)
				s, err := flow.New(&flow.Problem{Requests: requests, Capacity: capacity, Source: rows}, flow.Options{})
				require.NoError(t, err)
				s.Tune(effort, impatient)
				require.NoError(t, s.Solve(t.Context()))
				return s
			}
			bySearches, byAuction := solve(1<<20, false), solve(0, true)
			require.Equal(t, bySearches.Cost(), byAuction.Cost())
			require.Less(t, byAuction.Stats().Pops*10, bySearches.Stats().Pops)
		})
	}
}

// draw gives so many numbers from 1 to 30.
func draw(random *rand.Rand, n int) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = 1 + random.Int64N(30)
	}
	return out
}
