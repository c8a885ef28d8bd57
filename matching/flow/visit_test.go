package flow_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/flow"
)

// What is listed is what the rows hold below the horizon, and the view from the
// volunteers is the same pairs.
func TestListsHoldAllPairsBelowTheirHorizon(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawInstance(rt, 12)
		for _, p := range []*flow.Problem{in.explicit(rt), in.implicit()} {
			s, err := flow.New(p, flow.Options{})
			require.NoError(rt, err)
			require.NoError(rt, s.Solve(t.Context()))
			for r := range in.requests {
				limit := rapid.Int64Range(0, 6000).Draw(rt, "limit")
				require.NoError(rt, s.Extend(int32(r), limit))
				pairs, horizon := s.AppendListed(nil, int32(r))
				require.GreaterOrEqual(rt, horizon, limit)
				require.True(rt, slices.IsSortedFunc(pairs, func(a, b flow.Arc) int { return int(a.Cost - b.Cost) }))
				for _, a := range in.rows[r] {
					require.True(rt, a.Cost >= horizon || slices.Contains(pairs, a))
				}
				for _, a := range pairs {
					require.Contains(rt, in.rows[r], a)
					require.Contains(rt, s.AppendOffers(nil, a.Volunteer), flow.Offer{Request: int32(r), Cost: a.Cost})
				}
			}
			_, err = s.Prove()
			require.NoError(rt, err, "the plan is as it was")
		}
	})
}

// Noting each first price that is reported gives the prices before the change.
func TestRepricedNamesEveryPriceThatMoves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawInstance(rt, 8)
		before := map[int32]int64{}
		s, err := flow.New(in.implicit(), flow.Options{Repriced: func(v int32, price int64) {
			if _, known := before[v]; !known {
				before[v] = price
			}
		}})
		require.NoError(rt, err)
		require.NoError(rt, s.Solve(t.Context()))
		for r := range in.requests {
			prices := make([]int64, len(in.capacity))
			for v := range prices {
				prices[v] = s.VolunteerPrice(int32(v))
			}
			clear(before)
			require.NoError(rt, s.SetRequest(t.Context(), int32(r), drawRequest(rt, 5000)))
			for v, price := range prices {
				if was, moved := before[int32(v)]; moved {
					require.Equal(rt, price, was)
				} else {
					require.Equal(rt, price, s.VolunteerPrice(int32(v)))
				}
			}
		}
	})
}
