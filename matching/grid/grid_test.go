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

// TestTheCurvePassesFromNeighbourToNeighbour walks a block of squares anywhere on
// a face: its ranks are an unbroken stretch, each a step away from the one before.
func TestTheCurvePassesFromNeighbourToNeighbour(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		side := uint64(1) << rapid.IntRange(0, 5).Draw(t, "side")
		column := rapid.Uint64Range(0, 1<<sideBits/side-1).Draw(t, "column") * side
		row := rapid.Uint64Range(0, 1<<sideBits/side-1).Draw(t, "row") * side
		first := hilbert(column, row) &^ (side*side - 1)
		at := make([][2]uint64, side*side)
		met := map[uint64]bool{}
		for i := range side * side {
			c, r := column+i%side, row+i/side
			rank := hilbert(c, r)
			require.Less(t, rank-first, side*side)
			at[rank-first] = [2]uint64{c, r}
			met[rank] = true
		}
		require.Len(t, met, len(at), "each square has a rank of its own")
		for i := range at[1:] {
			dc, dr := int64(at[i+1][0]-at[i][0]), int64(at[i+1][1]-at[i][1])
			require.EqualValues(t, 1, dc*dc+dr*dr)
		}
	})
}

// TestRanksKeepNeighboursTogether draws points about awkward places. Those with
// one rank live within a square; no rank is out of range.
func TestRanksKeepNeighboursTogether(t *testing.T) {
	t.Parallel()
	starts := awkward(t, Home)
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(starts).Draw(t, "start")
		bearing := rapid.Float64Range(0, 360).Draw(t, "bearing")
		metres := rapid.SampledFrom([]float64{0, 5, 50, 500, 5_000, 500_000}).Draw(t, "metres")
		q := along(p, bearing, metres)
		a, b := Rank(VecOf(p)), Rank(VecOf(q))
		require.Less(t, max(a, b), uint64(1)<<RankBits)
		if metres == 0 {
			require.Equal(t, a, b)
		}
		if metres > 200 {
			require.NotEqual(t, a, b)
		}
	})
}

// TestEveryFaceHasItsRanks looks at the middles of the six faces and at the eight
// corners in which three of them meet.
func TestEveryFaceHasItsRanks(t *testing.T) {
	t.Parallel()
	faces := map[uint64]bool{}
	for _, v := range []Vec{{X: 1}, {X: -1}, {Y: 1}, {Y: -1}, {Z: 1}, {Z: -1}} {
		faces[Rank(v)>>(2*sideBits)] = true
	}
	require.Len(t, faces, 6)
	third := 1 / math.Sqrt(3)
	corners := map[uint64]bool{}
	for i := range 8 {
		sign := func(bit int) float64 { return third * float64(i>>bit&1*2-1) }
		rank := Rank(Vec{sign(0), sign(1), sign(2)})
		require.Less(t, rank, uint64(6)<<(2*sideBits))
		corners[rank] = true
	}
	require.Len(t, corners, 8)
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

// TestADiskHoldsWhoeverIsNear draws points about awkward places: whoever lives within
// 600 m for each step is in the disk, and nobody is in it twice.
func TestADiskHoldsWhoeverIsNear(t *testing.T) {
	t.Parallel()
	starts := awkward(t, Home)
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(starts).Draw(t, "start")
		k := rapid.IntRange(0, 12).Draw(t, "steps")
		q := along(p, rapid.Float64Range(0, 360).Draw(t, "bearing"), rapid.Float64Range(0, 600).Draw(t, "metres")*float64(k))
		middle, err := CellOf(p, Home)
		require.NoError(t, err)
		cells, err := Disk(middle, k)
		require.NoError(t, err)
		cell, err := CellOf(q, Home)
		require.NoError(t, err)
		require.Contains(t, cells, cell)
		seen := map[aid.Cell]bool{}
		for _, c := range cells {
			require.False(t, seen[c])
			seen[c] = true
		}
		require.LessOrEqual(t, len(cells), 3*k*(k+1)+1)
	})
	_, err := Disk(0, 1)
	require.Error(t, err)
}
