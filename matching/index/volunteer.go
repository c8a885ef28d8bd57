package index

import (
	"slices"

	"github.com/linli/linli/aid"
)

// Volunteer is what the index knows of a volunteer.
type Volunteer struct {
	ID           aid.VolunteerID
	Home         aid.Point
	Cell         aid.Cell // home cell; 0 has it computed from Home
	Skills       []aid.Skill
	Courses      []aid.CourseHeld
	Availability aid.Availability
	Capacity     int          // tasks at one time
	MaxDistance  float64      // metres from home
	Bound        []aid.Window // of the tasks that take up capacity now: pending offers and holding pairings
}

// Of takes what the index needs from a volunteer's record. It says nothing of
// whether the volunteer is active: an inactive one does not belong here.
func Of(v aid.Volunteer, bound []aid.Window) Volunteer {
	return Volunteer{
		ID: v.ID, Home: v.Home, Cell: v.Cell, Skills: v.Skills, Courses: v.Courses,
		Availability: v.Availability, Capacity: v.Capacity, MaxDistance: float64(v.MaxDistance), Bound: bound,
	}
}

// record is the part of a volunteer that only the last tests of a search need.
// It is never changed, only replaced, so that views may share it.
type record struct {
	id           aid.VolunteerID
	home         aid.Point
	block, cell  aid.Cell
	reach        float64  // metres
	rare         []word   // skills that have no bit of their own, ascending
	courses      []course // ascending by word
	availability *aid.Availability
	bound        []aid.Window
	free         int32 // capacity not taken up
}

type course struct {
	word  word
	until int32 // day number, noEnd when it never lapses
}

const noEnd = 1<<31 - 1

// dayNumber maps dates to integers in the same order; zero maps to no end.
func dayNumber(d aid.Date) int32 {
	if d.IsZero() {
		return noEnd
	}
	return int32(d.Year)*512 + int32(d.Month)*32 + int32(d.Day)
}

// holds tells whether every one of the courses counts on the day. A course may
// be held twice with different ends.
func (r *record) holds(want []word, day int32) bool {
	for _, w := range want {
		if !slices.ContainsFunc(r.courses, func(c course) bool { return c.word == w && c.until >= day }) {
			return false
		}
	}
	return true
}

func (r *record) hasRare(want []word) bool {
	for _, w := range want {
		if _, ok := slices.BinarySearch(r.rare, w); !ok {
			return false
		}
	}
	return true
}

// hasTime tells whether the whole window is free. The zero window is any time.
func (r *record) hasTime(w aid.Window) bool {
	if w == (aid.Window{}) {
		return true
	}
	if r.availability != nil && !r.availability.Covers(w) {
		return false
	}
	return !slices.ContainsFunc(r.bound, w.Overlaps)
}

func isAlways(a aid.Availability) bool {
	return len(a.Weekly) == 0 && len(a.Away) == 0 && a.From.IsZero() && a.Until.IsZero()
}
