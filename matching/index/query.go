package index

import (
	"cmp"
	"math"
	"slices"
	"time"
	"unique"

	"github.com/linli/linli/aid"
)

// Query is a need that one person could meet.
type Query struct {
	Place   aid.Point
	Skills  []aid.Skill
	Courses []aid.CourseID
	Window  aid.Window   // zero: any time, courses as of no day
	Also    []aid.Window // further windows in which the person must be free as well
	Asked   []aid.VolunteerID
	Apart   []aid.VolunteerID // kept apart from somebody there
	Within  float64           // metres from the place, beyond which nobody is asked; 0 is as far as each goes
	Risk    aid.Risk          // what the risk class asks on the days of the windows
	Zone    string            // by whose clocks the windows have their days; empty is [aid.DefaultZone]

	Category string    // of the need
	Now      time.Time // when they would be asked; zero: whoever rests or has parked the category counts too
}

// Same tells whether two queries ask for the same in the same words, whenever they
// do.
func (q *Query) Same(o *Query) bool {
	return q.Place == o.Place && q.Risk == o.Risk && q.Zone == o.Zone && slices.Equal(q.Skills, o.Skills) && slices.Equal(q.Courses, o.Courses) &&
		sameWindow(q.Window, o.Window) && slices.Equal(q.Asked, o.Asked) &&
		slices.Equal(q.Apart, o.Apart) && slices.EqualFunc(q.Also, o.Also, sameWindow) && q.Category == o.Category && q.Within == o.Within
}

func sameWindow(a, b aid.Window) bool {
	return a.StartsAt.Equal(b.StartsAt) && a.EndsAt.Equal(b.EndsAt)
}

// search is a query made ready: interned, and with its place as a vector.
type search struct {
	place aid.Point
	spot  spot    // of the place, its reach that of the ring
	ring  float64 // metres from the place, beyond which nobody is asked

	skills      []word // each once
	courses     []word
	nobodyHas   bool // a skill that nobody has
	nobodyHolds bool // a course that nobody holds
	skillBits   uint64
	courseBits  uint64

	day     day // on which courses must hold; 0: none
	window  aid.Window
	anyTime bool
	span    span
	also    []aid.Window
	spans   []span            // of also
	asked   []aid.VolunteerID // ascending
	apart   []aid.VolunteerID // ascending

	vetted bool // there is a day on which vetting can be judged
	vet    vet

	category unique.Handle[string]
	now      time.Time
	micros   int64 // now
}

// prepare makes q ready, over whatever s held. It fails with [aid.Invalid] when
// the place is none.
func (s *search) prepare(v *vocabulary, q *Query) error {
	if err := q.Place.Validate(); err != nil {
		return err
	}
	s.place, s.ring = q.Place, math.Inf(1)
	if q.Within > 0 {
		s.ring = q.Within
	}
	s.spot = newSpot(s.place, s.ring)
	s.skills, s.skillBits, s.nobodyHas = v.skills.find(s.skills[:0], q.Skills)
	s.courses, s.courseBits, s.nobodyHolds = v.courses.find(s.courses[:0], q.Courses)
	s.day = 0
	s.window, s.anyTime, s.span = q.Window, q.Window == aid.Window{}, spanOf(q.Window)
	s.also, s.spans = append(s.also[:0], q.Also...), s.spans[:0]
	for _, w := range q.Also {
		s.spans = append(s.spans, spanOf(w))
	}
	s.asked = append(s.asked[:0], q.Asked...)
	slices.Sort(s.asked)
	s.apart = append(s.apart[:0], q.Apart...)
	slices.Sort(s.apart)
	if s.vetted = !q.Window.StartsAt.IsZero(); s.vetted {
		on := q.days()
		s.day, s.vet = dayCount(on.First), vetOf(q, on)
	}
	s.category, s.now, s.micros = unique.Make(q.Category), q.Now, q.Now.UnixMicro()
	return nil
}

// days are those on which the person comes first and last.
func (q *Query) days() aid.Days {
	return aid.DaysOf(append([]aid.Window{q.Window}, q.Also...), cmp.Or(q.Zone, aid.DefaultZone))
}

// find appends the words of the names, each once, with the union of their bits,
// and tells whether one of them is unknown.
func (l lexicon[T]) find(to []word, names []T) (found []word, bits uint64, missing bool) {
	for _, name := range names {
		w, known := l[name]
		switch {
		case !known:
			missing = true
		case !slices.Contains(to, w):
			to, bits = append(to, w), bits|w.bit()
		}
	}
	return to, bits, missing
}

// hopeless tells whether nobody can be eligible, since nobody has or holds what
// is asked.
func (s *search) hopeless() bool { return s.nobodyHas || s.nobodyHolds }
