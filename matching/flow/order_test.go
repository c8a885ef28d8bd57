package flow_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/flow"
)

// However far a row is listed, the list is the front of the row in the order of
// cost, then volunteer. Costs from 2^32 on take another way than cheaper ones.
func TestListsComeInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		base := rapid.SampledFrom([]int64{0, 1<<32 - 3, 1 << 40}).Draw(rt, "base")
		spread := rapid.SampledFrom([]int64{2, 40}).Draw(rt, "spread")
		var row []flow.Arc
		for v := range rapid.IntRange(1, 400).Draw(rt, "volunteers") {
			row = append(row, flow.Arc{Volunteer: int32(v), Cost: base + rapid.Int64Range(0, spread).Draw(rt, "cost")})
		}
		in := &instance{
			requests: []flow.Request{{Seats: 1, Penalty: 1}},
			capacity: make([]int64, len(row)),
			rows:     [][]flow.Arc{rapid.Permutation(row).Draw(rt, "row")},
		}
		s, err := flow.New(in.explicit(rt), flow.Options{})
		require.NoError(rt, err)
		want := slices.SortedFunc(slices.Values(row), func(a, b flow.Arc) int {
			return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(a.Volunteer, b.Volunteer))
		})
		for limit := base; limit <= base+spread+1; limit++ {
			require.NoError(rt, s.Extend(0, limit))
			listed, horizon := s.AppendListed([]flow.Arc{}, 0)
			require.Equal(rt, want[:len(listed)], listed)
			require.GreaterOrEqual(rt, horizon, limit)
			if len(listed) < len(want) {
				require.GreaterOrEqual(rt, want[len(listed)].Cost, horizon)
			}
		}
	})
}
