package index

import (
	"math"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/grid"
)

// spot is where a volunteer is and how far they go, as a search scans it.
type spot struct {
	x, y, z float32 // home on the unit sphere, good to 0.4 m
	reach   float32 // square of the chord that the volunteer goes, rounded up
}

func newSpot(home aid.Point, metres float64) spot {
	at := grid.VecOf(home)
	return spot{float32(at.X), float32(at.Y), float32(at.Z), squared(grid.Chord(metres))}
}

// away is the square of the chord between the two homes.
func (s *spot) away(o *spot) float32 {
	dx, dy, dz := s.x-o.x, s.y-o.y, s.z-o.z
	return dx*dx + dy*dy + dz*dz
}

// margin is added to the chords that boxes and spots are skipped by: 2 m, three
// times what rounding both ends to single precision can amount to.
const margin = 2 / aid.EarthRadius

// squared is a bound on squared chords in single precision that errs upward.
func squared(chord float64) float32 {
	return float32((chord + margin) * (chord + margin) * (1 + 1e-6))
}

// costBound is such a bound on everybody who costs less than limit: rounding
// moves a distance by half a metre at most, and an arc is longer than its chord.
func costBound(limit int64) float32 {
	return squared(min((float64(limit)+1)/aid.EarthRadius, everywhere))
}

// everywhere is a chord that rules nobody out.
const everywhere = 2.0

// surelyWithin tells of a spot that is away from a place by that squared chord
// whether the place is in reach whatever the rounding was. Where it is false,
// only the exact distance can tell.
func (s *spot) surelyWithin(away float32) bool {
	sure := float32(math.Sqrt(float64(s.reach))) - 2*margin
	return sure > 0 && away < sure*sure*(1-4e-6)
}

// box bounds homes on the unit sphere along the three axes. It knows of no pole,
// no antimeridian and no border of a cell.
type box struct{ lo, hi [3]float32 }

func noBox() box {
	const inf = math.MaxFloat32
	return box{[3]float32{inf, inf, inf}, [3]float32{-inf, -inf, -inf}}
}

func (b *box) include(s *spot) {
	b.union(&box{[3]float32{s.x, s.y, s.z}, [3]float32{s.x, s.y, s.z}})
}

func (b *box) union(o *box) {
	for i := range 3 {
		b.lo[i], b.hi[i] = min(b.lo[i], o.lo[i]), max(b.hi[i], o.hi[i])
	}
}

// away is the square of a chord that everything in the box is at least away
// from s. It is never more than [spot.away] of a spot inside, as both round
// alike.
func (b *box) away(s *spot) float32 {
	dx := max(b.lo[0]-s.x, s.x-b.hi[0], 0)
	dy := max(b.lo[1]-s.y, s.y-b.hi[1], 0)
	dz := max(b.lo[2]-s.z, s.z-b.hi[2], 0)
	return dx*dx + dy*dy + dz*dz
}

// apart is the square of a chord that everything in the one box is at least
// away from everything in the other.
func (b *box) apart(o *box) float32 {
	var sum float32
	for i := range 3 {
		d := max(b.lo[i]-o.hi[i], o.lo[i]-b.hi[i], 0)
		sum += d * d
	}
	return sum
}
