package index

import (
	"cmp"
	"math"
	"slices"

	"github.com/linli/linli/aid"
)

// Scanner finds the volunteers of a view by their latitude and longitude alone.
// It knows nothing of cells, trees and boxes, and so can check what those found.
// It is safe for concurrent use.
//
// Homes are in rows 0.01° of latitude wide, in a row by longitude. A search looks
// at the rows that its distance can reach, and in each at the stretch of
// longitudes that it can.
type Scanner struct {
	entries []entry // by row, then longitude
	rows    []int   // of each row, its first entry; then how many entries there are
	reach   float64 // metres: the farthest that anybody goes
}

// entry is a volunteer as the scanner looks at them.
type entry struct {
	lng    float64
	number int32
	row    int32
	spot   spot
	skills uint64 // bits of their words
}

const rowsPerDegree = 100

func rowOf(lat float64) int {
	return min(max(int(math.Floor((lat+90)*rowsPerDegree)), 0), 180*rowsPerDegree-1)
}

// Scanner sorts the volunteers of the view.
func (v *View) Scanner() *Scanner {
	s := &Scanner{entries: make([]entry, 0, v.Len()), rows: make([]int, 180*rowsPerDegree+1)}
	for at, l := range v.leaves {
		for i := range l.n {
			s.reach = max(s.reach, l.people[i].reach)
			row := rowOf(l.people[i].home.Lat)
			s.rows[row+1]++
			s.entries = append(s.entries, entry{
				lng: l.people[i].home.Lng, number: v.begin[at] + int32(i), row: int32(row), spot: l.spots[i],
			})
		}
		of := s.entries[v.begin[at]:]
		for j, w := range l.skills.word {
			for i := range l.n {
				of[i].skills |= l.skills.who[j] >> i & 1 * w.bit()
			}
		}
	}
	for row := range s.rows[1:] {
		s.rows[row+1] += s.rows[row]
	}
	slices.SortFunc(s.entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.lng, b.lng), cmp.Compare(a.number, b.number))
	})
	return s
}

// Below visits what [Search.Below] visits, found by another way.
func (s *Scanner) Below(q Search, limit int64, visit func(number int32, cost aid.Cost)) {
	d := newDesk()
	defer d.done()
	const radians = math.Pi / 180
	// A metre beyond what can matter, against rounding.
	arc := (min(float64(limit)+1, s.reach) + 1) / aid.EarthRadius
	lat, lng := q.s.place.Lat, q.s.place.Lng
	from, to := rowOf(lat-arc/radians), rowOf(lat+arc/radians)
	bound := costBound(limit)
	look := func(e *entry) {
		if q.s.skillBits&^e.skills != 0 || q.s.spot.away(&e.spot) > min(float64(e.spot.reach), bound) {
			return
		}
		l, slot := q.view.locate(e.number)
		if rule, metres := q.s.judge(l, slot, &d.seen); rule == "" {
			if cost := q.s.cost(l, slot, int64(math.Round(metres))); cost.Total() < limit {
				visit(e.number, cost)
			}
		}
	}
	// The circle of a small arc about a place keeps within this many degrees of
	// longitude of it, unless it goes round a pole.
	wide := 180.0
	if ratio := math.Sin(min(arc, math.Pi/2)) / math.Cos(lat*radians); ratio < 1 {
		wide = math.Asin(ratio)/radians + 1e-9
	}
	for row := from; row <= to; row++ {
		all := s.entries[s.rows[row]:s.rows[row+1]]
		for _, turn := range []float64{-360, 0, 360} { // across the antimeridian
			first, _ := slices.BinarySearchFunc(all, lng+turn-wide, func(e entry, lng float64) int { return cmp.Compare(e.lng, lng) })
			for i := first; i < len(all) && all[i].lng <= lng+turn+wide; i++ {
				look(&all[i])
			}
		}
	}
}
