package mcf_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/training/mcf"
)

type arc struct {
	from, to       int32
	capacity, cost int64
}

type instance struct {
	supply []int64
	arcs   []arc
}

func (in *instance) network() *mcf.Network {
	n := &mcf.Network{}
	for _, b := range in.supply {
		n.AddNode(b)
	}
	for _, a := range in.arcs {
		n.AddArc(a.from, a.to, a.capacity, a.cost)
	}
	return n
}

func draw(t *rapid.T) instance {
	nodes := rapid.IntRange(1, 7).Draw(t, "nodes")
	in := instance{supply: make([]int64, nodes)}
	for range rapid.IntRange(0, 5).Draw(t, "units") {
		in.supply[rapid.IntRange(0, nodes-1).Draw(t, "from")]++
		in.supply[rapid.IntRange(0, nodes-1).Draw(t, "to")]--
	}
	for range rapid.IntRange(0, 16).Draw(t, "arcs") {
		in.arcs = append(in.arcs, arc{
			rapid.Int32Range(0, int32(nodes-1)).Draw(t, "i"), rapid.Int32Range(0, int32(nodes-1)).Draw(t, "j"),
			rapid.Int64Range(0, 3).Draw(t, "capacity"), rapid.Int64Range(-9, 20).Draw(t, "cost"),
		})
	}
	return in
}

// feasible sends units along any ways with room, which is possible if a flow is.
func (in *instance) feasible() bool {
	flow := make([]int64, len(in.arcs))
	left := append([]int64(nil), in.supply...)
	for i := range left {
		for left[i] > 0 {
			if !in.augment(flow, left, int32(i)) {
				return false
			}
			left[i]--
		}
	}
	return true
}

func (in *instance) augment(flow, left []int64, from int32) bool {
	seen := make([]bool, len(left))
	var visit func(u int32) bool
	visit = func(u int32) bool {
		if seen[u] {
			return false
		}
		if seen[u] = true; left[u] < 0 {
			left[u]++
			return true
		}
		for i, a := range in.arcs {
			if a.from == u && flow[i] < a.capacity {
				if flow[i]++; visit(a.to) {
					return true
				}
				flow[i]--
			}
			if a.to == u && flow[i] > 0 {
				if flow[i]--; visit(a.from) {
					return true
				}
				flow[i]++
			}
		}
		return false
	}
	return visit(from)
}

// TestFlowsAreOfLeastCost looks at the flow and at the conditions of its
// optimum, which together are a proof.
func TestFlowsAreOfLeastCost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := draw(t)
		n := in.network()
		err := n.Solve(context.Background())
		if !in.feasible() {
			require.ErrorIs(t, err, mcf.ErrInfeasible)
			return
		}
		require.NoError(t, err)
		require.Equal(t, len(in.arcs), n.Arcs())
		left := append([]int64(nil), in.supply...)
		var cost int64
		for i, a := range in.arcs {
			x := n.Flow(int32(i))
			require.True(t, x >= 0 && x <= a.capacity)
			left[a.from] -= x
			left[a.to] += x
			cost += x * a.cost
			reduced := a.cost + n.Potential(a.from) - n.Potential(a.to)
			require.True(t, x == a.capacity || reduced >= 0, "arc %d has room at %d", i, reduced)
			require.True(t, x == 0 || reduced <= 0, "arc %d is used at %d", i, reduced)
		}
		require.Equal(t, make([]int64, len(left)), left)
		require.Equal(t, cost, n.Cost())

		again := in.network()
		require.NoError(t, again.Solve(context.Background()))
		require.Equal(t, n, again, "the same every time")
		require.NoError(t, n.Solve(context.Background()))
		require.Equal(t, cost, n.Cost())
	})
}

func TestSuppliesCanChange(t *testing.T) {
	t.Parallel()
	n := &mcf.Network{}
	a, b := n.AddNode(2), n.AddNode(-2)
	n.AddArc(a, b, 1, 3)
	n.AddArc(a, b, mcf.Unbounded, 5)
	require.NoError(t, n.Solve(t.Context()))
	require.EqualValues(t, 8, n.Cost())
	n.SetSupply(a, 4)
	n.SetSupply(b, -4)
	require.NoError(t, n.Solve(t.Context()))
	require.EqualValues(t, 18, n.Cost())
	n.SetCapacity(0, 2)
	require.NoError(t, n.Solve(t.Context()))
	require.EqualValues(t, 16, n.Cost())
}

func TestWhatIsOutOfRangeIsRefused(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]instance{
		"unbalanced":        {supply: []int64{1, 0}},
		"too dear":          {supply: []int64{1, -1}, arcs: []arc{{0, 1, 1, 1 << 59}}},
		"too many":          {supply: []int64{1 << 40, -1 << 40}, arcs: []arc{{0, 1, 1, 1 << 30}}},
		"negative capacity": {supply: []int64{0}, arcs: []arc{{0, 0, -1, 1}}},
		"endless gain":      {supply: []int64{0, 0}, arcs: []arc{{0, 1, mcf.Unbounded, -1}, {1, 0, mcf.Unbounded, 0}}},
	} {
		err := in.network().Solve(t.Context())
		require.Error(t, err, name)
		require.NotErrorIs(t, err, mcf.ErrInfeasible, name)
	}
}

func TestSolvingEndsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	in := instance{supply: []int64{1, -1}, arcs: []arc{{0, 1, 1, 1}}}
	require.ErrorIs(t, in.network().Solve(ctx), context.Canceled)
}
