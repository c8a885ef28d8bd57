package aid

import "math"

// EarthRadius is the mean radius of the sphere that distances are measured on,
// in metres (IUGG mean radius R1).
const EarthRadius = 6_371_008.8

// Cell is an H3 grid cell (网格) that stands for a neighbourhood. Which
// resolution it has is the matter of package matching/grid.
type Cell uint64

// Point is a place in WGS84 degrees.
type Point struct {
	Lat float64 `json:"lat"`
	Lng float64 `json:"lng"`
}

// Validate refuses what is not a place on Earth, and says so when latitude and
// longitude look swapped.
func (p Point) Validate() error {
	var c Check
	swapped := math.Abs(p.Lat) > 90 && math.Abs(p.Lat) <= 180 && math.Abs(p.Lng) <= 90
	switch {
	case math.IsNaN(p.Lat) || math.IsInf(p.Lat, 0):
		c.That(false, "lat", "must be a number")
	case swapped:
		c.That(false, "lat", "is %g, outside -90 to 90; latitude and longitude seem swapped", p.Lat)
	default:
		c.That(math.Abs(p.Lat) <= 90, "lat", "is %g, must lie in -90 to 90", p.Lat)
	}
	if math.IsNaN(p.Lng) || math.IsInf(p.Lng, 0) {
		c.That(false, "lng", "must be a number")
	} else {
		c.That(math.Abs(p.Lng) <= 180, "lng", "is %g, must lie in -180 to 180", p.Lng)
	}
	return c.Err("place")
}

// Distance is the great-circle distance from p to q in metres, by the haversine
// formula, which stays exact for near points.
func (p Point) Distance(q Point) float64 {
	const rad = math.Pi / 180
	lat1, lat2 := p.Lat*rad, q.Lat*rad
	s1 := math.Sin((lat2 - lat1) / 2)
	s2 := math.Sin((q.Lng - p.Lng) * rad / 2)
	h := s1*s1 + math.Cos(lat1)*math.Cos(lat2)*s2*s2
	return 2 * EarthRadius * math.Asin(math.Sqrt(math.Min(1, h)))
}
