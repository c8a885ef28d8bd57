package crews

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/flow"
)

// Work in regions looks at the parties of a region alone, and yet the bound stays
// the sum over all parties.
func TestRegionsLeaveTheBoundExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawInstance(rt, 7)
		s := newSearch(rt, t, in)
		s.improveAll(rt)
		require.Equal(rt, in.dualOf(s.bound.parties, s.bound.price, true), s.bound.value)
		require.NoError(rt, s.branches())
		require.Equal(rt, in.dualOf(s.bound.parties, s.bound.price, true), s.bound.value)
	})
	for _, in := range []*instance{scarce(150, 3), busy(600, 2)} {
		s := newSearch(t, t, in)
		s.improveAll(t)
		require.NoError(t, s.branches())
		var sum int64
		for at := range party(s.count()) {
			share, err := s.bound.share(at, s.minimum(at), s.bound.at)
			require.NoError(t, err)
			sum += share
		}
		for v, price := range s.bound.price {
			sum -= in.capacity[v] * price
		}
		require.Equal(t, sum, s.bound.value)
	}
}

// improveAll takes all steps before the branches.
func (s *search) improveAll(t require.TestingT) {
	require.NoError(t, s.dive())
	require.NoError(t, s.settle(s.all))
	require.NoError(t, s.polish(s.all))
	require.NoError(t, s.improve())
}

// Two crews want the same two people. The third would take one of them at a price
// of 3 or less, the one with other people in plenty not even for nothing.
func TestRegionEndsWhereNobodyWantsItsPeople(t *testing.T) {
	t.Parallel()
	in := ones(4).
		with(2, 2, 40, flow.Arc{Volunteer: 0, Cost: 1}, flow.Arc{Volunteer: 1, Cost: 1}).
		with(2, 2, 30, flow.Arc{Volunteer: 0, Cost: 1}, flow.Arc{Volunteer: 1, Cost: 1}).
		with(1, 1, 50, flow.Arc{Volunteer: 1, Cost: 2}, flow.Arc{Volunteer: 2, Cost: 5}).
		with(1, 1, 50, flow.Arc{Volunteer: 0, Cost: 9}, flow.Arc{Volunteer: 3, Cost: 4})
	s := newSearch(t, t, in)
	for r := range in.requests {
		require.NoError(t, s.net.Extend(int32(r), flow.MaxTotal))
	}
	require.NoError(t, s.bound.touch([]int32{0, 1}))
	require.NoError(t, s.bound.set([]int32{0, 1}, []int64{29, 29}))
	sv := newSurveyor(s)
	g, err := sv.around(0, extent{pairs: 100, part: 1})
	require.NoError(t, err)
	require.Equal(t, []party{0, 1}, g.crews)
	require.Equal(t, []party{0, 1}, g.parties)
	require.Equal(t, []int32{0, 1}, g.volunteers)
	require.Equal(t, []float64{0, 3}, g.floor)

	g, err = sv.around(0, extent{pairs: 100, part: 1, sunk: []int32{1}})
	require.NoError(t, err)
	require.Len(t, g.parties, 3, "the third would take one of them for nothing")
	require.Equal(t, []float64{0, 0}, g.floor[:2])
}

// A region that counts on somebody outside more often than they can serve takes
// them in.
func TestRegionGrowsByPeopleOfWhomItTakesTooMany(t *testing.T) {
	t.Parallel()
	in := ones(3)
	for range 3 {
		in.with(2, 2, 10, flow.Arc{Volunteer: 0, Cost: 2}, flow.Arc{Volunteer: 1, Cost: 2}, flow.Arc{Volunteer: 2, Cost: 3})
	}
	s := newSearch(t, t, in)
	require.NoError(t, s.bound.touch([]int32{0, 1, 2}))
	require.NoError(t, s.bound.set([]int32{0, 1, 2}, []int64{0, 0, 0}))
	sv := newSurveyor(s)
	most := extent{pairs: 1, part: 1}
	g, err := sv.around(0, most)
	require.NoError(t, err)
	require.Len(t, g.volunteers, 2, "whom they want for nothing")
	price := []float64{9, 9}
	stuck := &leaf{fates: make([]fate, len(g.parties)), price: price, use: []float64{1, 1}}
	require.True(t, sv.grow(&most, g, stuck))
	require.Equal(t, []int32{0, 1, 2}, most.also)
	g, err = sv.around(0, most)
	require.NoError(t, err)
	require.Len(t, g.volunteers, 3)
}

func TestFloorsAreNeverRoundedDown(t *testing.T) {
	t.Parallel()
	for _, x := range []int64{0, 1, 1 << 53, 1<<53 + 1, 1<<59 + 1, flow.MaxTotal - 1} {
		require.GreaterOrEqual(t, int64(roundedUp(x)), x)
		require.LessOrEqual(t, int64(roundedUp(x))-x, int64(128))
	}
}
