package index

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

// TestSpotsTellWhatHomesDo holds distances and reaches by spots against the exact
// ones: about awkward places, and where rounding or reach is a near thing.
func TestSpotsTellWhatHomesDo(t *testing.T) {
	t.Parallel()
	sure := 0
	rapid.Check(t, func(t *rapid.T) {
		centre := rapid.SampledFrom(centres).Draw(t, "centre")
		home, place := drawPoint(t, centre, "home"), drawPoint(t, centre, "place")
		metres := home.Distance(place)
		reach := max(0.001, metres+rapid.SampledFrom([]float64{-1000, -1, -0.02, -0.004, 0, 0.004, 0.02, 1, 1000}).Draw(t, "further"))
		at, asked := newSpot(home, reach), newSpot(place, 0)
		away := at.away(&asked)
		require.Equal(t, away, asked.away(&at))
		if rounded, isSure := wholeMetres(away); isSure {
			require.EqualValues(t, math.Round(metres), rounded)
			sure++
		} else {
			short := math.Abs(metres-math.Floor(metres)-0.5) < 3*blur
			require.True(t, short || metres > 99_000, "%v is beyond doubt", metres)
		}
		if at.surelyWithin(away) {
			require.LessOrEqual(t, metres, reach)
		} else {
			require.Greater(t, metres, reach*(1-1e-5)-6*blur, "%v of %v is beyond doubt", metres, reach)
		}
		if away > float64(at.reach) {
			require.Greater(t, metres, reach)
		}
		require.LessOrEqual(t, away, costBound(int64(math.Round(metres))+1))
		require.LessOrEqual(t, math.Sqrt(away)*unit, limitOf(int64(math.Round(metres))).cost)
	})
	require.Positive(t, sure)
}

// TestTheSpotsOfTheWholeEarth: nobody is out of the widest reach, and boxes keep
// no farther off than whom they hold.
func TestTheSpotsOfTheWholeEarth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) spot {
			return newSpot(aid.Point{
				Lat: rapid.SampledFrom([]float64{-90, -45.3, 0, 61, 90}).Draw(t, label+".lat"),
				Lng: rapid.SampledFrom([]float64{-180, -90, -0.1, 0, 90, 126.6, 180}).Draw(t, label+".lng"),
			}, 2.1e7)
		}
		a, b, c := draw("a"), draw("b"), draw("c")
		require.LessOrEqual(t, a.away(&b), everywhere)
		require.LessOrEqual(t, a.away(&b), float64(a.reach))
		around, other := noBox(), noBox()
		around.include(&b)
		around.include(&c)
		require.LessOrEqual(t, around.away(&a), min(a.away(&b), a.away(&c)))
		require.Zero(t, around.away(&b))
		other.include(&a)
		require.Equal(t, around.away(&a), around.apart(&other))
	})
}
