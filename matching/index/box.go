package index

import (
	"math"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/grid"
)

// scale is the radius of the Earth in the units of spots, boxes and chords: one
// is 3 mm.
const scale = math.MaxInt32

// unit is that length in metres.
const unit = aid.EarthRadius / scale

// blur is by how many metres the distance between two spots may differ from that
// between their homes: half a unit along each axis at both ends, √3 units in all,
// which is 5.2 mm.
const blur = 0.006

// spot is where a volunteer is and how far they go, as a search scans it.
type spot struct {
	x, y, z int32   // home on the sphere
	reach   float32 // square of the chord that the volunteer goes, erring upward
}

func newSpot(home aid.Point, metres float64) spot {
	at := grid.VecOf(home)
	on := func(axis float64) int32 { return int32(math.Round(axis * scale)) }
	return spot{on(at.X), on(at.Y), on(at.Z), float32(squared(grid.Chord(metres)*scale) * (1 + 1e-6))}
}

// away is the square of the chord between the two homes.
func (s *spot) away(o *spot) float64 {
	dx, dy, dz := float64(int64(s.x)-int64(o.x)), float64(int64(s.y)-int64(o.y)), float64(int64(s.z)-int64(o.z))
	return dx*dx + dy*dy + dz*dz
}

// squared is the square of a chord between spots whose homes are a chord apart,
// erring upward.
func squared(chord float64) float64 { return (chord + blur/unit) * (chord + blur/unit) }

// costBound is such a bound on everybody who costs less than limit: rounding
// moves a distance by half a metre at most, and an arc is longer than its chord.
func costBound(limit int64) float64 {
	return min(squared((float64(limit)+1)/unit), everywhere)
}

// everywhere is the square of a chord that rules nobody out.
const everywhere = 4.1 * scale * scale

// surelyWithin tells of a spot that is away from a place by that squared chord
// whether the place is in reach whatever the rounding was. Where it is false,
// only the exact distance can tell.
func (s *spot) surelyWithin(away float64) bool {
	const sure = 3 * blur / unit
	return away+2*sure*math.Sqrt(away)+sure*sure < float64(s.reach)*(1-3e-6)
}

// wholeMetres gives the great-circle distance of homes whose spots are a squared
// chord apart, in metres, halves rounded up. It is not sure of distances above
// 100 km, and where the blur leaves two answers.
func wholeMetres(away float64) (metres int64, sure bool) {
	const farthest = 100_000 / unit
	if away > farthest*farthest {
		return 0, false
	}
	// 2·asin(c/2) by its series, good to a thousandth of a millimetre up to there.
	c := math.Sqrt(away) / scale
	arc := aid.EarthRadius * c * (1 + c*c*(1./24+c*c*(3./640)))
	low, high := int64(arc+0.5-blur), int64(arc+0.5+blur)
	return low, low == high
}

// box bounds homes on the sphere along the three axes. It knows of no pole, no
// antimeridian and no border of a cell.
type box struct{ lo, hi [3]int32 }

func noBox() box {
	return box{
		[3]int32{math.MaxInt32, math.MaxInt32, math.MaxInt32},
		[3]int32{math.MinInt32, math.MinInt32, math.MinInt32},
	}
}

func (b *box) include(s *spot) {
	b.union(&box{[3]int32{s.x, s.y, s.z}, [3]int32{s.x, s.y, s.z}})
}

func (b *box) union(o *box) {
	for i := range 3 {
		b.lo[i], b.hi[i] = min(b.lo[i], o.lo[i]), max(b.hi[i], o.hi[i])
	}
}

// away is the square of a chord that everything in the box is at least away
// from s. It is never more than [spot.away] of a spot inside.
func (b *box) away(s *spot) float64 {
	dx := gap(b.lo[0], s.x, s.x, b.hi[0])
	dy := gap(b.lo[1], s.y, s.y, b.hi[1])
	dz := gap(b.lo[2], s.z, s.z, b.hi[2])
	return dx*dx + dy*dy + dz*dz
}

// apart is the square of a chord that everything in the one box is at least
// away from everything in the other.
func (b *box) apart(o *box) float64 {
	var sum float64
	for i := range 3 {
		d := gap(b.lo[i], o.hi[i], o.lo[i], b.hi[i])
		sum += d * d
	}
	return sum
}

// gap is how far the lower end of one stretch lies above the upper end of the
// other, whichever way round they are apart; 0 if they are not.
func gap(lo, otherHi, otherLo, hi int32) float64 {
	return float64(max(int64(lo)-int64(otherHi), int64(otherLo)-int64(hi), 0))
}
