package index

import (
	"math"
	"slices"

	"github.com/linli/linli/aid"
)

// leafSize is how many volunteers a leaf has room for: as many as an integer
// has bits.
const leafSize = 64

// handle is the number of a volunteer for as long as they are in the index.
type handle uint32

// leaf is up to 64 volunteers who live near each other. Once it is in a tree it
// never changes. The fields are in the order in which a search asks for them,
// since its time is that of fetching memory: first what all have in common.
type leaf struct {
	n        int
	taken    bool            // nobody has capacity left: a tree holds the ones or the others
	hushed   bool            // somebody has, or had, quiet hours
	known    *vettings       // nil when nothing is known of anybody
	pauses   *pauses         // nil when nobody has one
	boundEnd []uint16        // end of each slot's windows in bound; nil when nobody is bound
	count    [leafSize]uint8 // of skills

	spots [leafSize]spot
	when  [leafSize]*pattern // nil: always
	bound []span

	skills  traits
	courses holdings
	people  *[leafSize]person // elsewhere, since a search asks about few of them only
	ids     string
	idEnd   [leafSize]uint16 // end of each id in ids
}

// person is the rest of what is kept of a volunteer.
type person struct {
	home   aid.Point
	reach  float64 // metres
	free   int32   // capacity not taken up
	handle handle
}

// all is the set of all slots.
func (l *leaf) all() uint64 { return math.MaxUint64 >> (leafSize - l.n) }

func (l *leaf) id(slot int) aid.VolunteerID {
	return aid.VolunteerID(l.ids[begin(l.idEnd[:], slot):l.idEnd[slot]])
}

// boundOf gives the windows that a slot is bound in.
func (l *leaf) boundOf(slot int) []span {
	if l.boundEnd == nil {
		return nil
	}
	return l.bound[begin(l.boundEnd, slot):l.boundEnd[slot]]
}

func begin(ends []uint16, slot int) uint16 {
	if slot == 0 {
		return 0
	}
	return ends[slot-1]
}

// record takes a volunteer out as they went in.
func (l *leaf) record(slot int, r *record) {
	p := &l.people[slot]
	r.id, r.home, r.reach, r.free, r.when = string(l.id(slot)), p.home, p.reach, p.free, l.when[slot]
	r.skills, r.held = r.skills[:0], r.held[:0]
	for at, who := range l.skills.who {
		if who>>slot&1 == 1 {
			r.skills = append(r.skills, l.skills.word[at])
		}
	}
	for at, who := range l.courses.who {
		if who>>slot&1 == 1 {
			r.held = append(r.held, course{l.courses.word[at], l.courses.until[l.courses.end(at, slot)]})
		}
	}
	r.bound = append(r.bound[:0], l.boundOf(slot)...)
	r.pause = pause{}
	if p := l.pauses.at(slot); p != nil {
		r.pause = *p
	}
	r.vetting = l.vettingOf(slot)
}

// summary bounds what a search could find in the leaf.
func (l *leaf) summary(least key) summary {
	s := summary{box: noBox(), least: least, count: int32(l.n), skills: l.skills.own, courses: l.courses.own}
	for i := range l.n {
		s.box.include(&l.spots[i])
		s.reach = max(s.reach, l.spots[i].reach)
	}
	return s
}

// with gives a copy with one more volunteer. There must be room.
func (l *leaf) with(r *record, h handle) *leaf {
	c := *l
	c.skills, c.courses, c.people = l.skills.clone(), l.courses.clone(), new(*l.people)
	c.bound, c.boundEnd = slices.Clone(l.bound), slices.Clone(l.boundEnd)
	c.known = l.known.clone()
	c.put(r, h)
	c.ids += r.id
	return &c
}

// put adds a volunteer, but for the text of the id.
func (l *leaf) put(r *record, h handle) {
	i := l.n
	l.n++
	l.taken = r.free == 0
	l.count[i], l.spots[i] = uint8(len(r.skills)), newSpot(r.home, r.reach)
	l.when[i], l.people[i] = r.when, person{r.home, r.reach, r.free, h}
	l.idEnd[i] = begin(l.idEnd[:], i) + uint16(len(r.id))
	l.pauses = l.pauses.with(i, r.pause)
	l.know(i, r.vetting)
	l.hushed = l.hushed || r.when != nil && !r.when.quiet.Empty()
	for _, w := range r.skills {
		l.skills.give(i, w)
	}
	for _, c := range r.held {
		l.courses.give(i, c)
	}
	if len(r.bound) > 0 && l.boundEnd == nil {
		l.boundEnd = make([]uint16, i, leafSize)
	}
	if l.boundEnd != nil {
		l.bound = append(l.bound, r.bound...)
		l.boundEnd = append(l.boundEnd, uint16(len(l.bound)))
	}
}

// without gives a copy that lacks a slot; later slots move down by one.
func (l *leaf) without(slot int) *leaf {
	c := *l
	c.skills, c.courses, c.people = l.skills.clone(), l.courses.clone(), new(*l.people)
	c.skills.close(slot)
	c.courses.close(slot)
	closeSlot(c.spots[:l.n], slot)
	closeSlot(c.when[:l.n], slot)
	closeSlot(c.people[:l.n], slot)
	closeSlot(c.count[:l.n], slot)
	c.ids = l.ids[:begin(l.idEnd[:], slot)] + l.ids[l.idEnd[slot]:]
	closeEnds(c.idEnd[:l.n], slot)
	c.pauses = l.pauses.without(slot)
	c.known = l.known.without(slot, l.n)
	if l.boundEnd != nil {
		c.bound = slices.Concat(l.bound[:begin(l.boundEnd, slot)], l.bound[l.boundEnd[slot]:])
		c.boundEnd = closeEnds(slices.Clone(l.boundEnd), slot)
		if len(c.bound) == 0 {
			c.bound, c.boundEnd = nil, nil
		}
	}
	c.n--
	return &c
}

func closeSlot[T any](all []T, slot int) {
	copy(all[slot:], all[slot+1:])
	clear(all[len(all)-1:])
}

// closeEnds takes a stretch out of a list of ends.
func closeEnds(ends []uint16, slot int) []uint16 {
	gone := ends[slot] - begin(ends, slot)
	for i := slot + 1; i < len(ends); i++ {
		ends[i-1] = ends[i] - gone
	}
	ends[len(ends)-1] = 0
	return ends[:len(ends)-1]
}

// leafBuilder fills new leaves, over and over in the same memory.
type leafBuilder struct {
	leaf   leaf // but for ids; its people are those below
	people [leafSize]person
	ids    []byte
}

func (b *leafBuilder) add(r *record, h handle) {
	b.leaf.people = &b.people
	b.leaf.put(r, h)
	b.ids = append(b.ids, r.id...)
}

// done gives the leaf, in no more memory than it needs, and starts anew.
func (b *leafBuilder) done() *leaf {
	l := b.leaf
	l.people = new(b.people)
	l.ids = string(b.ids)
	l.skills, l.courses = l.skills.clone(), l.courses.clone()
	l.bound = slices.Clone(l.bound)
	b.leaf = leaf{skills: b.leaf.skills.emptied(), courses: b.leaf.courses.emptied(), bound: b.leaf.bound[:0]}
	b.people, b.ids = [leafSize]person{}, b.ids[:0]
	return &l
}
