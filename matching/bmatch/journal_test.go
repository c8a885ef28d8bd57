package bmatch

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Seats placed while the journal records leave no trace once they are undone.
func TestUndoTakesEverythingBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p := &Problem{}
		for range 6 {
			p.Capacity = append(p.Capacity, rapid.Int64Range(0, 2).Draw(rt, "capacity"))
		}
		rows := make([][]Arc, 6)
		for r := range rows {
			p.Requests = append(p.Requests, Request{1, rapid.Int64Range(1, 99).Draw(rt, "penalty")})
			for v := range p.Capacity {
				rows[r] = append(rows[r], Arc{int32(v), rapid.Int64Range(0, 99).Draw(rt, "cost")})
			}
		}
		p.Source = NewArcs(rows)
		n := newNetwork(p, MaxTotal-1)
		require.NoError(rt, n.placeAll(t.Context(), nil, nil))
		plan, cost, owners := n.result(), n.cost, slices.Clone(n.owners)
		free := capacities(n)

		n.journal.recording = true
		for r := range rows {
			n.begin()
			n.start(int32(r), 0)
			n.offerOpen(int32(r), 0)
			require.NoError(rt, n.search(t.Context()))
			n.reprice()
			n.augment()
			n.seat(int32(r))
		}
		n.undo()
		require.Equal(rt, plan, n.result())
		require.Equal(rt, cost, n.cost)
		require.Equal(rt, owners, n.owners)
		require.Equal(rt, free, capacities(n))
	})
}

func capacities(n *network) (free []int32) {
	for _, v := range n.volunteers {
		free = append(free, v.free, v.owners)
	}
	return free
}
