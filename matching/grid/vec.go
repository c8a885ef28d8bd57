package grid

import (
	"math"

	"github.com/linli/linli/aid"
)

// Vec is a point of the unit sphere.
type Vec struct{ X, Y, Z float64 }

// VecOf gives the unit vector of a place.
func VecOf(p aid.Point) Vec {
	sinLat, cosLat := math.Sincos(p.Lat * math.Pi / 180)
	sinLng, cosLng := math.Sincos(p.Lng * math.Pi / 180)
	return Vec{cosLat * cosLng, cosLat * sinLng, sinLat}
}

// Chord is the straight distance between two points of the unit sphere, 0 to 2.
func (v Vec) Chord(o Vec) float64 {
	dx, dy, dz := v.X-o.X, v.Y-o.Y, v.Z-o.Z
	return math.Sqrt(dx*dx + dy*dy + dz*dz)
}

// Chord is the chord of an arc of so many metres on the Earth; arcs beyond half
// its girth count as that.
func Chord(metres float64) float64 {
	return 2 * math.Sin(min(max(metres, 0)/(2*aid.EarthRadius), math.Pi/2))
}

// Metres is the arc on the Earth that belongs to a chord, in metres.
func Metres(chord float64) float64 {
	return 2 * aid.EarthRadius * math.Asin(min(max(chord, 0)/2, 1))
}
