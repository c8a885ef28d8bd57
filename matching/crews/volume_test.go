package crews

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/flow"
)

func newSearch(t require.TestingT, rt *testing.T, in *instance) *search {
	p, l := newBound(t, rt, in)
	s := &search{plan: p, bound: l, ray: newRay(len(in.capacity)), limit: 1 << 40, modest: 1 << 40}
	for crew := range party(len(s.crews)) {
		s.all = append(s.all, crew)
	}
	return s
}

// What the volume algorithm sums in a region is what the bound sums everywhere,
// as prices from the floor up matter to nobody outside.
func TestRegionHasTheValueOfTheBound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawInstance(rt, 5)
		s := newSearch(rt, t, in)
		if len(s.crews) == 0 {
			return
		}
		for r := range in.requests {
			require.NoError(rt, s.net.Extend(int32(r), flow.MaxTotal)) // a region knows what is listed
		}
		g, err := newSurveyor(s).around(party(rapid.IntRange(0, len(s.crews)-1).Draw(rt, "seed")), stages[1].extent)
		require.NoError(rt, err)
		v := newVolume(g)
		before, price := s.bound.value, make([]int64, len(g.volunteers))
		if len(price) == 0 {
			return
		}
		next := make([]float64, len(price))
		for i := range price {
			price[i] = rapid.Int64Range(int64(g.floor[i]), 9_000).Draw(rt, "price")
			next[i] = float64(price[i])
		}
		require.NoError(rt, s.bound.touch(g.volunteers))
		require.NoError(rt, s.bound.set(g.volunteers, price))
		require.InDelta(rt, float64(s.bound.value-before), v.evaluate(next)-v.best, 1e-6)
	})
}

// Three crews of two want any two of three people: the linear program serves
// each by half, so its bound is 30 − 1.5 × 16 = 36 at a price of 8 each.
func TestVolumeFindsTheBoundOfTheLinearProgram(t *testing.T) {
	t.Parallel()
	in := ones(3)
	for range 3 {
		in.with(2, 2, 10, flow.Arc{Volunteer: 0, Cost: 2}, flow.Arc{Volunteer: 1, Cost: 2}, flow.Arc{Volunteer: 2, Cost: 2})
	}
	s := newSearch(t, t, in)
	g, err := newSurveyor(s).around(0, stages[1].extent)
	require.NoError(t, err)
	require.Len(t, g.crews, 3, "the others compete for the same people")
	clear(g.price)
	v := newVolume(g)
	v.run(100, surePace)
	const all = 3 * 20 // what nobody anywhere would cost
	require.InDelta(t, 36, all+v.best, 0.5)
	served := v.meanServed[0] + v.meanServed[1] + v.meanServed[2]
	require.InDelta(t, 1.5, served, 0.3)
}
