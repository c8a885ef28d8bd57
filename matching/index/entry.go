package index

import (
	"math"
	"slices"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/grid"
)

// entry is a volunteer as a search scans it: 40 bytes, next to its neighbours.
type entry struct {
	x, y, z float32 // home on the unit sphere, good to 0.4 m
	reach   float32 // square of the chord that the volunteer goes, rounded up
	skills  uint64  // see skillSet
	person  *record
	number  int32 // in a view, 0 in the index
	count   uint8 // skills
}

// margin is added to the chords that groups and entries are skipped by: 2 m,
// three times what rounding both ends to single precision can amount to.
const margin = 2 / aid.EarthRadius

// squared is a bound on squared chords in single precision that errs upward.
func squared(chord float64) float32 {
	return float32((chord + margin) * (chord + margin) * (1 + 1e-6))
}

func (e *entry) summary() summary {
	return summary{grid.Cap{Centre: grid.VecOf(e.person.home)}, e.person.chord(), e.skills}
}

// chord is how far the volunteer goes, with the margin.
func (r *record) chord() float64 { return grid.Chord(r.reach) + margin }

// newEntry checks a volunteer and makes its entry.
func (w words) newEntry(v Volunteer) (entry, error) {
	var c aid.Check
	c.That(v.ID != "", "id", "is missing")
	c.Within("home", v.Home.Validate())
	c.That(v.Capacity >= 0 && v.Capacity <= math.MaxInt32, "capacity", "is %d, must not be negative", v.Capacity)
	c.That(v.MaxDistance > 0 && !math.IsInf(v.MaxDistance, 0), "max_distance", "must be a number of metres above 0")
	c.That(len(v.Skills) <= math.MaxUint8, "skills", "has %d entries, at most %d are kept", len(v.Skills), math.MaxUint8)
	c.That(v.Cell == 0 || grid.Valid(v.Cell, grid.Home), "cell", "%x is not a home cell", uint64(v.Cell))
	c.That(w.room(len(v.Skills), len(v.Courses)), "skills", "the catalogue is full")
	if err := c.Err("volunteer"); err != nil {
		return entry{}, err
	}
	block, err := grid.CellOf(v.Home, grid.Block)
	if err != nil {
		return entry{}, err
	}
	if v.Cell == 0 {
		if v.Cell, err = grid.CellOf(v.Home, grid.Home); err != nil {
			return entry{}, err
		}
	}
	set := w.intern(v.Skills)
	p := &record{
		id: v.ID, home: v.Home, block: block, cell: v.Cell, reach: v.MaxDistance, rare: set.rare,
		bound: slices.Clone(v.Bound), free: int32(max(0, v.Capacity-len(v.Bound))),
	}
	for _, h := range v.Courses {
		p.courses = append(p.courses, course{internOne(w.courses, h.Course), dayNumber(h.Until)})
	}
	if !isAlways(v.Availability) {
		p.availability = &v.Availability
	}
	at := grid.VecOf(v.Home)
	return entry{
		x: float32(at.X), y: float32(at.Y), z: float32(at.Z), reach: squared(grid.Chord(v.MaxDistance)),
		skills: set.bits, count: uint8(set.count), person: p,
	}, nil
}
