package aid_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

func TestPointValidate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		point aid.Point
		want  []string
	}{
		"Harbin":              {aid.Point{Lat: 45.80, Lng: 126.53}, nil},
		"corners":             {aid.Point{Lat: -90, Lng: 180}, nil},
		"latitude too great":  {aid.Point{Lat: 90.0001, Lng: 181}, []string{"lat", "lng"}},
		"longitude too great": {aid.Point{Lat: 1, Lng: -180.5}, []string{"lng"}},
		"no numbers":          {aid.Point{Lat: math.NaN(), Lng: math.Inf(1)}, []string{"lat", "lng"}},
		"infinite latitude":   {aid.Point{Lat: math.Inf(-1)}, []string{"lat"}},
		"swapped":             {aid.Point{Lat: 126.53, Lng: 45.80}, []string{"lat"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, fields(t, test.point.Validate()))
		})
	}
}

func TestSwappedCoordinatesAreNamed(t *testing.T) {
	t.Parallel()
	require.ErrorContains(t, aid.Point{Lat: 126.53, Lng: 45.80}.Validate(), "seem swapped")
	err := aid.Point{Lat: 126.53, Lng: 126.53}.Validate()
	require.Error(t, err)
	require.NotContains(t, err.Error(), "swapped", "swapping would not mend it")
}

// TestDistanceAgainstKnownArcs uses arcs whose length on a sphere follows from
// its radius alone, and one that was computed apart from this code by the
// spherical law of cosines in 50 digits.
func TestDistanceAgainstKnownArcs(t *testing.T) {
	t.Parallel()
	quarter := math.Pi / 2 * aid.EarthRadius
	for name, test := range map[string]struct {
		from, to aid.Point
		metres   float64
	}{
		"nowhere":                  {aid.Point{Lat: 45.8, Lng: 126.5}, aid.Point{Lat: 45.8, Lng: 126.5}, 0},
		"equator to pole":          {aid.Point{}, aid.Point{Lat: 90, Lng: 77}, quarter},
		"quarter of the equator":   {aid.Point{Lng: -45}, aid.Point{Lng: 45}, quarter},
		"pole to pole":             {aid.Point{Lat: 90}, aid.Point{Lat: -90}, 2 * quarter},
		"antipodes":                {aid.Point{Lat: 30, Lng: 20}, aid.Point{Lat: -30, Lng: -160}, 2 * quarter},
		"over the date line":       {aid.Point{Lng: 179.5}, aid.Point{Lng: -179.5}, quarter / 90},
		"one degree of a meridian": {aid.Point{Lat: 45}, aid.Point{Lat: 46}, quarter / 90},
		"Harbin to Qiqihar":        {aid.Point{Lat: 45.8038, Lng: 126.5350}, aid.Point{Lat: 47.3543, Lng: 123.9182}, 264_029.035597},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.InDelta(t, test.metres, test.from.Distance(test.to), 0.001)
		})
	}
}

func TestDistanceIsAMetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := point(t, "a"), point(t, "b"), point(t, "c")
		require.GreaterOrEqual(t, a.Distance(b), 0.0)
		require.InDelta(t, a.Distance(b), b.Distance(a), 1e-6)
		require.LessOrEqual(t, a.Distance(b), math.Pi*aid.EarthRadius+1e-6)
		// Near antipodes the haversine is good to about half a metre only.
		require.LessOrEqual(t, a.Distance(c), a.Distance(b)+b.Distance(c)+1)
	})
}

func point(t *rapid.T, name string) aid.Point {
	return aid.Point{
		Lat: rapid.Float64Range(-90, 90).Draw(t, name+".lat"),
		Lng: rapid.Float64Range(-180, 180).Draw(t, name+".lng"),
	}
}
