package crews

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/flow"
)

// The prices of a plan say in advance which crews cannot pay: whatever hopeful
// rules out would indeed not have made the plan cheaper.
func TestHopelessCrewsNeverPay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawInstance(rt, 6)
		s := newSearch(rt, t, in)
		require.NoError(rt, s.dive())
		require.NoError(rt, s.settle(s.all))
		for _, crew := range s.all {
			before, fate := s.cost(), s.fates[crew]
			s.mark()
			hopeful, err := s.hopeful(crew)
			require.NoError(rt, err)
			ok := true
			if fate == closed {
				ok, err = s.admit(crew)
			} else {
				err = s.dismiss(crew)
			}
			require.NoError(rt, err)
			if ok && s.cost() < before {
				require.True(rt, hopeful)
			}
			require.NoError(rt, s.restore())
			require.Equal(rt, before, s.cost(), "taken back")
		}
	})
}

// A crew of two is worth less than one of three. When the large one takes a
// person from the small one, the small one is torn and leaves.
func TestCrewThatLostPeopleIsDecidedAnew(t *testing.T) {
	t.Parallel()
	in := ones(3).
		with(2, 2, 10, flow.Arc{Volunteer: 0, Cost: 1}, flow.Arc{Volunteer: 1, Cost: 1}).
		with(3, 3, 15, flow.Arc{Volunteer: 0, Cost: 20}, flow.Arc{Volunteer: 1, Cost: 9}, flow.Arc{Volunteer: 2, Cost: 9})
	s := newSearch(t, t, in)
	for _, crew := range s.all {
		ok, err := s.admit(crew)
		require.NoError(t, err)
		require.True(t, ok)
	}
	require.True(t, s.torn(0))
	require.NoError(t, s.dive())
	require.Equal(t, []fate{closed, kept}, s.fates)
	require.Equal(t, int64(20+38), s.cost())
}

// Both crews are complete in turn, but only one at a time: the polish finds that
// the one that is out is worth more.
func TestPolishTurnsACrew(t *testing.T) {
	t.Parallel()
	in := ones(2).
		with(2, 2, 10, flow.Arc{Volunteer: 0, Cost: 1}, flow.Arc{Volunteer: 1, Cost: 1}).
		with(2, 2, 40, flow.Arc{Volunteer: 0, Cost: 1}, flow.Arc{Volunteer: 1, Cost: 1})
	s := newSearch(t, t, in)
	require.NoError(t, s.dismiss(1))
	_, err := s.admit(0)
	require.NoError(t, err)
	require.Equal(t, int64(82), s.cost())
	require.NoError(t, s.polish(s.all))
	require.Equal(t, int64(22), s.cost())
	require.Equal(t, []fate{closed, kept}, s.fates)
}

// A plan that a trial made worse comes back as it was.
func TestRemakeIsTakenBackUnlessCheaper(t *testing.T) {
	t.Parallel()
	in := scarce(100, 1)
	s := newSearch(t, t, in)
	require.NoError(t, s.dive())
	require.NoError(t, s.settle(s.all))
	cost, fates := s.cost(), append([]fate{}, s.fates...)
	g, err := newSurveyor(s).around(0, stages[1].extent)
	require.NoError(t, err)
	level := map[party]float64{} // nobody is in: everything is shut out
	cheaper, err := s.remake(g, level, 0.4)
	require.NoError(t, err)
	require.Equal(t, s.cost() < cost, cheaper)
	if !cheaper {
		require.Equal(t, fates, s.fates)
	}
	require.LessOrEqual(t, s.cost(), cost)
	for _, crew := range s.all {
		require.False(t, s.torn(crew))
	}
}

// What little a good plan could still gain is not worth the effort that a poor
// one may take.
func TestALowerLimitHoldsOnceTheGapIsGood(t *testing.T) {
	t.Parallel()
	s := newSearch(t, t, scarce(100, 1))
	require.NoError(t, s.dive())
	s.modest = 0
	s.proven = s.cost() - s.bound.value - s.cost()/500
	require.False(t, s.spent(), "a poor plan may take more")
	s.proven += s.cost() / 1000
	require.True(t, s.spent())
	s.modest = s.limit
	require.False(t, s.spent())
	s.limit, s.proven = 0, 0
	require.True(t, s.spent())
}

// The gaps that the package is to reach, on instances of its benchmark.
func TestGapIsSmall(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		in   *instance
		most float64
	}{
		{"surge", surge(2_000, 1), 0.001},
		{"busy", busy(2_000, 1), 0.001},
		{"scarce", scarce(200, 1), 0.005},
		{"scarce", scarce(200, 2), 0.005},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			res := solve(t.Context(), t, c.in)
			require.Positive(t, res.Effort, "a minimum binds")
			require.Positive(t, res.Closed+res.Reopened)
			cost := c.in.requireFeasible(t, res)
			require.LessOrEqual(t, float64(cost-res.Bound), c.most*float64(cost))
		})
	}
}
