package index

import (
	"cmp"
	"math"
	"slices"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/grid"
)

// Scanner finds the volunteers of a view by their latitude alone. It knows
// nothing of cells, rings and summaries, and so can check what those found. It
// is safe for concurrent use.
type Scanner struct {
	lats    []float64 // ascending
	entries []entry   // in the same order, copied so that a scan runs straight through memory
}

// Scanner sorts the volunteers of the view by latitude.
func (v *View) Scanner() *Scanner {
	type at struct {
		lat   float64
		entry *entry
	}
	order := make([]at, 0, len(v.people))
	for _, b := range v.store.blocks {
		for _, k := range b.buckets {
			for i := range k.entries {
				e := &k.entries[i]
				order = append(order, at{e.person.home.Lat, e})
			}
		}
	}
	slices.SortFunc(order, func(a, b at) int {
		return cmp.Or(cmp.Compare(a.lat, b.lat), cmp.Compare(a.entry.number, b.entry.number))
	})
	s := &Scanner{make([]float64, len(order)), make([]entry, len(order))}
	for i, o := range order {
		s.lats[i], s.entries[i] = o.lat, *o.entry
	}
	return s
}

// Below visits what [Search.Below] visits, found by another way: those within a
// band of latitude as wide as the limit allows.
func (s *Scanner) Below(q Search, limit int64, visit func(number int32, cost aid.Cost)) {
	const degree = aid.EarthRadius * math.Pi / 180
	chord := costBound(limit)
	// A metre beyond the bound, against rounding; a chord's arc spans at least
	// the difference in latitude.
	band := (grid.Metres(chord) + 1) / degree
	from, _ := slices.BinarySearch(s.lats, q.s.place.Lat-band)
	most := squared(chord)
	for i := from; i < len(s.lats) && s.lats[i] <= q.s.place.Lat+band; i++ {
		e := &s.entries[i]
		if q.s.want.bits&^e.skills != 0 {
			continue
		}
		dx, dy, dz := q.s.x-e.x, q.s.y-e.y, q.s.z-e.z
		if dx*dx+dy*dy+dz*dz > min(most, e.reach) {
			continue
		}
		if rule, metres := q.s.fails(e); rule == "" {
			if cost := q.s.cost(e, metres); cost.Total() < limit {
				visit(e.number, cost)
			}
		}
	}
}
