package index

import (
	"math"
	"slices"
	"time"
	"unique"

	"github.com/linli/linli/aid"
)

// Volunteer is what the index knows of a volunteer.
type Volunteer struct {
	ID           aid.VolunteerID
	Home         aid.Point
	Skills       []aid.Skill
	Courses      []aid.CourseHeld
	Availability aid.Availability
	Capacity     int          // tasks at one time
	MaxDistance  float64      // metres from home
	Bound        []aid.Window // of the tasks that take up capacity now: pending offers and holding pairings; kept to the microsecond
	Visits       []aid.Window // further time that is taken, and takes up no capacity: visits of standing pairings

	Quiet      aid.QuietHours // of every day, in the zone of Availability
	RestsUntil time.Time      // before which they are asked for nothing; [aid.Indefinitely] until told of again
	Parked     []Parked

	Vetting aid.Vetting
}

// Of takes what the index needs to know of a candidate, given the limits of those
// who say nothing else. It says nothing of whether the volunteer is active: an
// inactive one does not belong here.
func Of(c aid.Candidate, defaults aid.OfferLimits) Volunteer {
	v := Volunteer{
		ID: c.ID, Home: c.Home, Skills: c.Skills, Courses: c.Courses,
		Availability: c.Availability, Capacity: c.Capacity, MaxDistance: float64(c.MaxDistance), Bound: c.Bound, Visits: c.Visits,
		Quiet: c.Budget.Own.Over(defaults).Quiet, RestsUntil: c.Budget.RestsUntil(defaults),
		Vetting: c.Vetting,
	}
	for _, p := range c.Budget.Parks {
		if p.Category != "" {
			v.Parked = append(v.Parked, Parked{p.Category, float64(p.Within)})
		}
	}
	return v
}

// What a leaf has room for, of one volunteer: skills and courses each, and
// windows they are bound in, far above any capacity.
const (
	maxListed = math.MaxUint8
	maxBound  = 1000
	maxParked = 100
)

// Validate refuses with [aid.Invalid] what cannot be placed in an index.
func (v *Volunteer) Validate() error {
	var c aid.Check
	c.That(v.ID != "" && len(v.ID) <= aid.MaxIDLength, "id", "has %d bytes, must have 1 to %d", len(v.ID), aid.MaxIDLength)
	c.Within("home", v.Home.Validate())
	c.That(v.Capacity >= 0 && v.Capacity <= math.MaxInt32, "capacity", "is %d, must not be negative", v.Capacity)
	c.That(v.MaxDistance > 0 && !math.IsInf(v.MaxDistance, 0), "max_distance", "must be a number of metres above 0")
	c.That(len(v.Skills) <= maxListed, "skills", "has %d entries, at most %d are kept", len(v.Skills), maxListed)
	c.That(len(v.Courses) <= maxListed, "courses", "has %d entries, at most %d are kept", len(v.Courses), maxListed)
	times := len(v.Bound) + len(v.Visits)
	c.That(times <= maxBound, "bound", "has %d entries, at most %d are kept", times, maxBound)
	c.That(len(v.Parked) <= maxParked, "parked", "has %d entries, at most %d are kept", len(v.Parked), maxParked)
	for i, p := range v.Parked {
		c.That(p.sound(), "parked", "entry %d is no category with a distance", i)
	}
	return c.Err("volunteer")
}

// record is a volunteer with everything interned: the form in which they go in
// and out of leaves, loads and snapshots.
type record struct {
	id     string
	home   aid.Point
	reach  float64  // metres
	free   int32    // capacity not taken up
	skills []word   // ascending, each once
	held   []course // ascending by word, each once
	when   *pattern // nil: always
	bound  []span
	pause  pause

	vetting vetting
}

// free is the capacity that is left.
func (v *Volunteer) free() int32 { return int32(max(0, v.Capacity-len(v.Bound))) }

// course is a course held until a day.
type course struct {
	word  word
	until day // the last on which it holds; latest when it never lapses
}

// heldUntil counts the last day of a course held.
func heldUntil(d aid.Date) day {
	if d.IsZero() {
		return latest
	}
	return dayCount(d)
}

// span is a window in microseconds of Unix time, widened to whole ones.
type span struct{ from, to int64 }

func spanOf(w aid.Window) span {
	return span{w.StartsAt.UnixMicro(), w.EndsAt.Add(time.Microsecond - 1).UnixMicro()}
}

// overlaps tells whether the spans share an instant.
func (s span) overlaps(o span) bool { return s.from < o.to && o.from < s.to }

// fill writes the volunteer, who must be valid, into r, over whatever it held.
// The terms are not counted as used yet.
func (v *Volunteer) fill(r *record, t *terms) error {
	r.id, r.home, r.reach, r.free = string(v.ID), v.Home, v.MaxDistance, v.free()
	r.skills, r.held, r.bound = r.skills[:0], r.held[:0], r.bound[:0]
	for _, s := range v.Skills {
		at, err := t.skills.intern(s)
		if err != nil {
			t.skills.sweep()
			return err
		}
		r.skills = append(r.skills, at)
	}
	slices.Sort(r.skills)
	r.skills = slices.Compact(r.skills)
	for _, h := range v.Courses {
		at, err := t.courses.intern(h.Course)
		if err != nil {
			t.skills.sweep()
			t.courses.sweep()
			return err
		}
		r.hold(course{at, heldUntil(h.Until)})
	}
	for _, b := range v.Bound {
		r.bound = append(r.bound, spanOf(b))
	}
	for _, b := range v.Visits {
		r.bound = append(r.bound, spanOf(b))
	}
	r.when = t.patterns.intern(&v.Availability, v.Quiet)
	var put []parked
	for _, p := range v.Parked {
		put = append(put, parked{unique.Make(p.Category), p.Within})
	}
	r.pause = pause{microsOf(v.RestsUntil), parking(put)}
	r.vetting = vettingOf(v.Vetting)
	return nil
}

// hold adds a course; of one held twice the later end counts.
func (r *record) hold(c course) {
	at, found := slices.BinarySearchFunc(r.held, c, func(a, b course) int { return int(a.word) - int(b.word) })
	if found {
		r.held[at].until = max(r.held[at].until, c.until)
		return
	}
	r.held = slices.Insert(r.held, at, c)
}
