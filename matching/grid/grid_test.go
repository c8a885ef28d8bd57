package grid

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/uber/h3-go/v4"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

// awkward are the places where grids go wrong: the poles, the antimeridian, and
// the neighbourhoods of the twelve pentagons.
func awkward(t require.TestingT, res Resolution) []aid.Point {
	points := []aid.Point{
		{Lat: 90},
		{Lat: -90},
		{Lat: 89.999, Lng: 77},
		{Lat: -89.999, Lng: -101},
		{Lng: 180},
		{Lng: -180},
		{Lat: 52, Lng: 179.9999},
		{Lat: -16.5, Lng: -179.9999},
		{},
		{Lat: 45.75, Lng: 126.64},
	}
	pentagons, err := h3.Pentagons(int(res))
	require.NoError(t, err)
	require.Len(t, pentagons, 12)
	for _, c := range pentagons {
		at, err := Centre(aid.Cell(c))
		require.NoError(t, err)
		points = append(points, at, aid.Point{Lat: at.Lat + 0.01, Lng: at.Lng}, aid.Point{Lat: at.Lat, Lng: at.Lng + 0.3})
	}
	return points
}

// TestRanksKeepCellsTogether holds the order of ranks against H3's own tree: the
// ranks of one cell, at whatever resolution, are an unbroken stretch.
func TestRanksKeepCellsTogether(t *testing.T) {
	t.Parallel()
	starts := awkward(t, fine)
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(starts).Draw(t, "start")
		near := func(label string) aid.Point {
			bearing := rapid.Float64Range(0, 360).Draw(t, label+".bearing")
			metres := rapid.SampledFrom([]float64{0, 50, 500, 5_000, 500_000}).Draw(t, label+".metres")
			return along(p, bearing, metres)
		}
		res := rapid.IntRange(0, int(fine)).Draw(t, "res")
		var ranks []uint64
		var cells []h3.Cell
		for _, label := range []string{"a", "b", "c"} {
			at := near(label)
			rank, err := Rank(at)
			require.NoError(t, err)
			require.Less(t, rank, uint64(1)<<RankBits)
			cell, err := CellOf(at, fine)
			require.NoError(t, err)
			parent, err := h3.Cell(cell).Parent(res)
			require.NoError(t, err)
			ranks, cells = append(ranks, rank), append(cells, parent)
		}
		low, middle, high := 0, 1, 2
		for _, swap := range [][2]*int{{&low, &middle}, {&middle, &high}, {&low, &middle}} {
			if ranks[*swap[0]] > ranks[*swap[1]] {
				*swap[0], *swap[1] = *swap[1], *swap[0]
			}
		}
		if cells[low] == cells[high] {
			require.Equal(t, cells[low], cells[middle])
		}
		require.Equal(t, cells[0] == cells[1], ranks[0]>>(3*(int(fine)-res)) == ranks[1]>>(3*(int(fine)-res)))
	})
	_, err := Rank(aid.Point{Lat: 126.64, Lng: 45.75})
	require.ErrorContains(t, err, "swapped")
}

// TestACapHoldsItsCell draws points about the poles, the antimeridian and the
// pentagons and looks whether each lies in the cap of its cell.
func TestACapHoldsItsCell(t *testing.T) {
	t.Parallel()
	var starts []aid.Point
	for _, res := range []Resolution{Shard, Home} {
		starts = append(starts, awkward(t, res)...)
	}
	rapid.Check(t, func(t *rapid.T) {
		res := rapid.SampledFrom([]Resolution{Shard, 5, Home}).Draw(t, "res")
		p := along(rapid.SampledFrom(starts).Draw(t, "start"), rapid.Float64Range(0, 360).Draw(t, "bearing"), rapid.Float64Range(0, 200_000).Draw(t, "metres"))
		c, err := CellOf(p, res)
		require.NoError(t, err)
		cp, err := CapOf(c)
		require.NoError(t, err)
		require.Zero(t, cp.Beyond(VecOf(p)))
		q := anyPoint(t, "elsewhere")
		far := Metres(cp.Beyond(VecOf(q)))
		require.LessOrEqual(t, far, p.Distance(q)+0.01, "nothing in the cap is nearer")
	})
}

func TestChordAndMetresAreInverse(t *testing.T) {
	t.Parallel()
	for _, m := range []float64{0, 1, 530, 30_000, 500_000, 10_000_000} {
		require.InDelta(t, m, Metres(Chord(m)), 1e-6)
	}
	require.InDelta(t, 2, Chord(1e9), 0)
	rapid.Check(t, func(t *rapid.T) {
		p, q := anyPoint(t, "p"), anyPoint(t, "q")
		require.InDelta(t, p.Distance(q), Metres(VecOf(p).Chord(VecOf(q))), 0.2)
	})
}

func TestCellOf(t *testing.T) {
	t.Parallel()
	home, err := CellOf(aid.Point{Lat: 45.75, Lng: 126.64}, Home)
	require.NoError(t, err)
	require.True(t, Valid(home, Home))
	require.False(t, Valid(home, Shard))
	shard, err := ShardOf(home)
	require.NoError(t, err)
	require.True(t, Valid(shard, Shard))

	_, err = CellOf(aid.Point{Lat: 126.64, Lng: 45.75}, Home)
	require.ErrorContains(t, err, "swapped")
	_, err = CellOf(aid.Point{Lat: math.NaN()}, Home)
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	_, err = ShardOf(7)
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	_, err = CapOf(7)
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	_, err = Centre(7)
	require.Equal(t, aid.Invalid, aid.KindOf(err))
}

func anyPoint(t *rapid.T, label string) aid.Point {
	return aid.Point{
		Lat: rapid.Float64Range(-90, 90).Draw(t, label+".lat"),
		Lng: rapid.Float64Range(-180, 180).Draw(t, label+".lng"),
	}
}

// along is the point reached from p on a great circle.
func along(p aid.Point, bearing, metres float64) aid.Point {
	const rad = math.Pi / 180
	lat, b, d := p.Lat*rad, bearing*rad, metres/aid.EarthRadius
	lat2 := math.Asin(min(1, max(-1, math.Sin(lat)*math.Cos(d)+math.Cos(lat)*math.Sin(d)*math.Cos(b))))
	lng2 := p.Lng*rad + math.Atan2(math.Sin(b)*math.Sin(d)*math.Cos(lat), math.Cos(d)-math.Sin(lat)*math.Sin(lat2))
	return aid.Point{Lat: lat2 / rad, Lng: math.Remainder(lng2/rad, 360)}
}

func TestTheQuarterHoldsTheNeighbourhood(t *testing.T) {
	t.Parallel()
	p := aid.Point{Lat: 45.7605, Lng: 126.6423}
	home, err := CellOf(p, Home)
	require.NoError(t, err)
	quarter, err := QuarterOf(home)
	require.NoError(t, err)
	require.True(t, Valid(quarter, Quarter))
	centre, err := Centre(home)
	require.NoError(t, err)
	of, err := CellOf(centre, Quarter)
	require.NoError(t, err)
	require.Equal(t, of, quarter)
	for _, c := range []aid.Cell{7, quarter} {
		_, err = QuarterOf(c)
		require.Equal(t, aid.Invalid, aid.KindOf(err))
	}
}
