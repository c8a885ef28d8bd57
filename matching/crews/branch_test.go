package crews

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/flow"
)

// What a fate costs a party is the least over all choices of people that the fate
// allows, or less where people would cost more than the whole crew is worth.
func TestShareOfAnAssumedFate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawInstance(rt, 5)
		_, l := newBound(rt, t, in)
		for crew := range party(len(l.crews)) {
			members, minimum := l.crews[crew].Members, l.minimum(crew)
			got, err := l.shareIf(crew, closed, l.at)
			require.NoError(rt, err)
			require.Equal(rt, l.empty[crew], got)

			got, err = l.shareIf(crew, kept, l.at)
			require.NoError(rt, err)
			least, possible := in.forced(members, minimum, l.price)
			if possible {
				require.LessOrEqual(rt, got, least)
			}
			if possible && least <= l.empty[crew] {
				require.Equal(rt, least, got)
			}

			got, err = l.shareIf(crew, undecided, l.at)
			require.NoError(rt, err)
			require.Equal(rt, in.shareOf(members, minimum, l.price), got)
		}
	})
}

// Whoever is not listed may be cheaper than whoever is listed for a crew's dearest
// seat, where that one costs more than the whole crew is worth.
func TestForcedCrewMayTakeWhoIsNotListed(t *testing.T) {
	t.Parallel()
	in := &instance{
		capacity: []int64{2, 2, 2},
		requests: []flow.Request{{Seats: 2, Penalty: 2}, {Seats: 1, Penalty: 2}},
		rows: [][]flow.Arc{
			{{Volunteer: 0, Cost: 0}, {Volunteer: 1, Cost: 8}, {Volunteer: 2, Cost: 7}},
			{{Volunteer: 2, Cost: 0}},
		},
		groups: []Group{{Members: []int32{0, 1}, MinPeople: 3}},
	}
	_, l := newBound(t, t, in)
	price := []int64{2, 0, 2}
	least, possible := in.forced([]int32{0, 1}, 3, price)
	require.True(t, possible)
	require.Equal(t, int64(12), least)
	got, err := l.shareIf(0, kept, func(v int32) int64 { return price[v] })
	require.NoError(t, err)
	require.LessOrEqual(t, got, least)
}

// A crew that must be in, but finds one person only, at a price beyond all reason.
func TestForcedCrewWithoutPeopleIsBoundedFromBelow(t *testing.T) {
	t.Parallel()
	in := ones(2).with(2, 2, 10, flow.Arc{Volunteer: 0, Cost: 1}, flow.Arc{Volunteer: 1, Cost: 100})
	_, l := newBound(t, t, in)
	got, err := l.shareIf(0, kept, l.at)
	require.NoError(t, err)
	require.Equal(t, int64(31), got, "1 for the first, 10 + 20 for the second, whatever that one costs")
	require.LessOrEqual(t, got, int64(101))
}

// People who matter to another branch keep their price for everybody outside.
func TestSharedPeopleKeepTheirPriceOutside(t *testing.T) {
	t.Parallel()
	s := newSearch(t, t, scarce(120, 1))
	sv := newSurveyor(s)
	first, err := sv.around(0, extent{pairs: 100, part: 1})
	require.NoError(t, err)
	sv.keep(first)
	var second *region
	for _, crew := range s.all {
		if sv.taken[crew] {
			continue
		}
		second, err = sv.around(crew, extent{pairs: 100, part: 1})
		require.NoError(t, err)
		if shares(second) {
			break
		}
	}
	require.True(t, shares(second), "the instance has regions that meet")
	l := leaf{fates: make([]fate, len(second.parties)), price: make([]float64, len(second.price))}
	for i := range l.price {
		l.price[i] = second.price[i] + 5
	}
	p, err := s.prove(second, []leaf{l}, 0)
	require.NoError(t, err)
	for i, v := range second.volunteers {
		require.NotContains(t, first.volunteers, v)
		if second.shared[i] {
			require.Equal(t, s.bound.price[v], p.base[i])
		} else {
			require.Equal(t, s.bound.price[v]+5, p.base[i])
		}
	}
	for _, at := range second.parties {
		require.NotContains(t, first.parties, at)
	}
}

func shares(g *region) bool {
	for _, shared := range g.shared {
		if shared {
			return true
		}
	}
	return false
}

func TestDecideTakesTheCheaperFate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := newSearch(rt, t, drawInstance(rt, 6))
		for _, crew := range s.all {
			if !s.torn(crew) {
				continue
			}
			least := int64(math.MaxInt64)
			ok, err := s.admit(crew)
			require.NoError(rt, err)
			if ok {
				least = s.cost()
			}
			require.NoError(rt, s.dismiss(crew))
			least = min(least, s.cost())
			require.NoError(rt, s.release(crew))
			require.NoError(rt, s.decide(crew))
			require.Equal(rt, least, s.cost())
			require.False(rt, s.torn(crew))
		}
	})
}
