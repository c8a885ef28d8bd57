package training

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// sums adds up people, each of whom did y of x.
func sums(people ...[2]float64) (s Sums) {
	for _, p := range people {
		y, x := p[0], p[1]
		s.People++
		s.Y, s.X, s.YY, s.XY, s.XX = s.Y+y, s.X+x, s.YY+y*y, s.XY+x*y, s.XX+x*x
	}
	return s
}

// crowd is n people, k of whom said yes to their only offer.
func crowd(k, n int) Sums {
	people := make([][2]float64, n)
	for i := range people {
		people[i] = [2]float64{0, 1}
		if i < k {
			people[i][0] = 1
		}
	}
	return sums(people...)
}

// The figures are those of Newcombe (1998): intervals of 56/70 and 48/80, and of their
// difference by his method 10. The variance of a sample is larger by n/(n-1) than that
// of a share, so that they agree to two places.
func TestAComparisonOfSharesIsThatOfTheBooks(t *testing.T) {
	t.Parallel()
	c := Compare(Acceptance, crowd(56, 70), crowd(48, 80))
	require.InDelta(t, 0.8, c.Trained.Value, 1e-12)
	require.InDelta(t, 0.6920, c.Trained.Low, 2e-3)
	require.InDelta(t, 0.8769, c.Trained.High, 2e-3)
	require.InDelta(t, 0.2, c.Difference, 1e-12)
	require.InDelta(t, 0.0524, c.Low, 2e-3)
	require.InDelta(t, 0.3339, c.High, 2e-3)
	require.Equal(t, Higher, c.Claim)
	require.Empty(t, c.TooFew)
	require.Equal(t, Lower, Compare(Acceptance, crowd(48, 80), crowd(56, 70)).Claim)
	require.Equal(t, NoClaim, Compare(Acceptance, crowd(56, 80), crowd(50, 80)).Claim, "the interval holds zero")
}

func TestSmallCountsAllowNoClaimAndTheSmallestAreNotShown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trained, untrained int
		shown              bool
		tooFew             []Group
	}{
		"enough":          {ClaimPeople, ClaimPeople, true, nil},
		"few trained":     {ClaimPeople - 1, ClaimPeople, true, []Group{Trained}},
		"few untrained":   {ClaimPeople, ClaimPeople - 1, true, []Group{NotYetTrained}},
		"hardly anybody":  {ShownPeople, ShownPeople, true, []Group{Trained, NotYetTrained}},
		"a few":           {ShownPeople - 1, ClaimPeople, false, []Group{Trained}},
		"nobody":          {0, 0, false, []Group{Trained, NotYetTrained}},
		"one and the lot": {ClaimPeople, 1, false, []Group{NotYetTrained}},
	} {
		got := Compare(Acceptance, crowd(c.trained, c.trained), crowd(0, c.untrained))
		require.Equal(t, c.tooFew, got.TooFew, name)
		require.Equal(t, len(c.tooFew) == 0, got.Claim == Higher, name)
		require.Equal(t, c.shown, got.Low != 0, name)
		for people, s := range map[int]Sample{c.trained: got.Trained, c.untrained: got.Untrained} {
			if people < ShownPeople {
				require.Equal(t, Sample{Withheld: true}, s, name)
			}
		}
	}
}

// Many people whom one has seen for a moment have done nothing yet, all alike; that says
// nothing of what they do in a month.
func TestManyPeopleOfAMomentAllowNoClaim(t *testing.T) {
	t.Parallel()
	crowd := func(months float64) (s Sums) {
		people := make([][2]float64, ClaimPeople)
		for i := range people {
			people[i] = [2]float64{float64(i%2) * months, months}
		}
		return sums(people...)
	}
	idle := func(months float64) Sums {
		people := make([][2]float64, ClaimPeople)
		for i := range people {
			people[i] = [2]float64{0, months}
		}
		return sums(people...)
	}
	got := Compare(Service, crowd(1), idle(0.001))
	require.Equal(t, NoClaim, got.Claim)
	require.Equal(t, []Group{NotYetTrained}, got.TooFew)
	require.Equal(t, []Group{Trained}, Compare(Service, idle(0.001), crowd(1)).TooFew)
	got = Compare(Service, crowd(1), idle(1))
	require.Equal(t, NoClaim, got.Claim, "an interval without width is none")
	require.Equal(t, []Group{NotYetTrained}, got.TooFew)
	someone := idle(1)
	someone.Y, someone.YY, someone.XY = 1, 1, 1
	require.Equal(t, Higher, Compare(Service, crowd(1), someone).Claim)
}

// Ten answers of one person are hardly more than one: their interval is that of the
// people, not of the answers.
func TestAnswersOfOnePersonAreAlike(t *testing.T) {
	t.Parallel()
	var alike, apart [][2]float64
	for i := range 60 {
		alike = append(alike, [2]float64{float64(10 * (i % 2)), 10}) // always or never
		apart = append(apart, [2]float64{5, 10})
	}
	a, b := Compare(Acceptance, sums(alike...), crowd(30, 60)), Compare(Acceptance, sums(apart...), crowd(30, 60))
	once := Compare(Acceptance, crowd(30, 60), crowd(30, 60))
	require.InDelta(t, once.Trained.High, a.Trained.High, 1e-9)
	require.Less(t, b.Trained.High, 0.55, "600 answers")
	all := Compare(Acceptance, sums(slicesOf(60, [2]float64{10, 10})...), crowd(30, 60))
	require.InDelta(t, 60/(60+z95*z95), all.Trained.Low, 1e-9, "where all accept, people count")
}

func slicesOf(n int, p [2]float64) [][2]float64 {
	out := make([][2]float64, n)
	for i := range out {
		out[i] = p
	}
	return out
}

// Hours are compared by the month: who is there half as long with half the hours is no
// other.
func TestHoursAreARateOfMonths(t *testing.T) {
	t.Parallel()
	var long, short [][2]float64
	for i := range 100 {
		h := float64(i % 5)
		long, short = append(long, [2]float64{2 * h, 2}), append(short, [2]float64{h, 1})
	}
	c := Compare(Service, sums(long...), sums(short...))
	require.InDelta(t, 2, c.Trained.Value, 1e-12)
	require.InDelta(t, 2-z95*math.Sqrt(2*100.0/99/100), c.Trained.Low, 1e-9)
	require.Zero(t, c.Difference)
	require.Equal(t, NoClaim, c.Claim)
}

func TestIntervalsHoldTheirValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func() Sums {
			n := rapid.IntRange(ShownPeople, 200).Draw(t, "people")
			all := make([][2]float64, n)
			for i := range all {
				x := rapid.IntRange(1, 8).Draw(t, "offers")
				all[i] = [2]float64{float64(rapid.IntRange(0, x).Draw(t, "accepted")), float64(x)}
			}
			return sums(all...)
		}
		for _, m := range Measures {
			a, b := draw(), draw()
			c, back := Compare(m, a, b), Compare(m, b, a)
			for _, s := range []Sample{c.Trained, c.Untrained} {
				require.LessOrEqual(t, s.Low, s.Value+1e-9)
				require.GreaterOrEqual(t, s.High, s.Value-1e-9)
				require.GreaterOrEqual(t, s.Low, 0.0)
			}
			require.InDelta(t, c.Low, -back.High, 1e-9)
			require.Equal(t, c.Claim == Higher, back.Claim == Lower)
		}
	})
}
