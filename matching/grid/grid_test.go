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

// stepsFrom counts steps by breadth-first search over touching cells: the
// definition of a ring.
func stepsFrom(t require.TestingT, origin aid.Cell, most int) []map[aid.Cell]bool {
	rings := []map[aid.Cell]bool{{origin: true}}
	seen := map[aid.Cell]bool{origin: true}
	for k := 1; k <= most; k++ {
		next := map[aid.Cell]bool{}
		for c := range rings[k-1] {
			near, err := Disk(c, 1)
			require.NoError(t, err)
			for _, n := range near {
				if !seen[n] {
					seen[n], next[n] = true, true
				}
			}
		}
		rings = append(rings, next)
	}
	return rings
}

func TestRingsAreThoseOfTheDefinition(t *testing.T) {
	t.Parallel()
	var walker Rings
	for _, res := range []Resolution{Shard, Block, Home} {
		for _, p := range awkward(t, res) {
			origin, err := CellOf(p, res)
			require.NoError(t, err)
			for k, want := range stepsFrom(t, origin, 6) {
				ring, err := walker.At(origin, k)
				require.NoError(t, err)
				require.Len(t, ring, len(want), "ring %d of %x at %v", k, origin, p)
				for i, c := range ring {
					require.True(t, want[c.Cell])
					require.True(t, i == 0 || ring[i-1].Cell < c.Cell, "ascending order")
				}
			}
		}
	}
}

func TestRingsRunOutWhereTheEarthEnds(t *testing.T) {
	t.Parallel()
	var walker Rings
	origin, err := CellOf(aid.Point{Lat: 90}, 0)
	require.NoError(t, err)
	cells := 0
	for k := range 12 {
		ring, err := walker.At(origin, k)
		require.NoError(t, err)
		cells += len(ring)
	}
	require.Equal(t, 122, cells)
	last, err := walker.At(origin, 40)
	require.NoError(t, err)
	require.Empty(t, last)
	require.InDelta(t, 2, last.Beyond(Vec{Z: 1}), 0)
}

// TestNothingInALaterRingIsNearerThanTheBound draws a point and another at any
// bearing and distance, finds the other's ring, and holds the bound of every
// ring up to it against the true distance.
func TestNothingInALaterRingIsNearerThanTheBound(t *testing.T) {
	t.Parallel()
	var walker Rings
	starts := awkward(t, Block)
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(starts).Draw(t, "start")
		p = along(p, rapid.Float64Range(0, 360).Draw(t, "bearing0"), rapid.Float64Range(0, 30_000).Draw(t, "metres0"))
		q := along(p, rapid.Float64Range(0, 360).Draw(t, "bearing"), rapid.Float64Range(0, 120_000).Draw(t, "metres"))
		origin, err := CellOf(p, Block)
		require.NoError(t, err)
		target, err := CellOf(q, Block)
		require.NoError(t, err)
		v, d := VecOf(p), p.Distance(q)
		for k := 0; ; k++ {
			require.Less(t, k, 40, "the target lies in no ring")
			ring, err := walker.At(origin, k)
			require.NoError(t, err)
			require.LessOrEqual(t, Metres(ring.Beyond(v)), d+0.01, "ring %d", k)
			for _, c := range ring {
				if c.Cell == target {
					require.LessOrEqual(t, Metres(c.Cap.Beyond(v)), d+0.01)
					return
				}
			}
		}
	})
}

// TestTheBoundGrows guards that a search stops: three rings of blocks must let
// it rule out at least 20 km, pentagon or not.
func TestTheBoundGrows(t *testing.T) {
	t.Parallel()
	var walker Rings
	for _, p := range awkward(t, Block) {
		origin, err := CellOf(p, Block)
		require.NoError(t, err)
		ring, err := walker.At(origin, 4)
		require.NoError(t, err)
		require.Greater(t, Metres(ring.Beyond(VecOf(p))), 20_000.0, "from %v", p)
	}
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
	halo, err := Disk(shard, 1)
	require.NoError(t, err)
	require.Len(t, halo, 7)
	require.Contains(t, halo, shard)

	_, err = CellOf(aid.Point{Lat: 126.64, Lng: 45.75}, Home)
	require.ErrorContains(t, err, "swapped")
	_, err = CellOf(aid.Point{Lat: math.NaN()}, Home)
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	_, err = ShardOf(7)
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	_, err = Centre(7)
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	_, err = CapOf(7)
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	_, err = Disk(7, 1)
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	_, err = new(Rings).At(7, 1)
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
