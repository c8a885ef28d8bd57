package index

import (
	"math"
	"math/bits"
	"slices"
	"time"
	"unique"

	"github.com/linli/linli/aid"
)

// Parked is a category of needs that a volunteer has put off beyond a distance.
type Parked struct {
	Category string
	Within   float64 // metres from home, rounded, nearer than which they may be asked; 0: nowhere
}

// sound tells whether it can be kept.
func (p Parked) sound() bool {
	return p.Category != "" && len(p.Category) <= aid.MaxIDLength && p.Within >= 0 // false for NaN
}

// parked is the same with its category interned, since there are few.
type parked struct {
	category unique.Handle[string]
	within   float64
}

// pause is what keeps a volunteer from being asked although they could come.
type pause struct {
	until  int64     // microseconds of Unix time before which they rest; 0: they do not
	parked *[]parked // nil for none; it never changes
}

func (p pause) none() bool { return p == pause{} }

// parks are the categories put off.
func (p pause) parks() []parked {
	if p.parked == nil {
		return nil
	}
	return *p.parked
}

// parking is how a pause keeps categories.
func parking(all []parked) *[]parked {
	if len(all) == 0 {
		return nil
	}
	return &all
}

// sound tells whether a pause that was read is one that could have been written.
func (p pause) sound() bool {
	for _, k := range p.parks() {
		if !(Parked{k.category.Value(), k.within}).sound() {
			return false
		}
	}
	return len(p.parks()) <= maxParked
}

// forever is a rest that ends when the volunteer is told of again.
const forever = math.MaxInt64

// microsOf rounds up, so that nobody is let back in before their time.
func microsOf(t time.Time) int64 {
	switch {
	case t.IsZero():
		return 0
	case !t.Before(aid.Indefinitely):
		return forever
	}
	return t.Add(time.Microsecond - 1).UnixMicro()
}

// restsUntil is when a volunteer who rests may be asked again, as far as is known
// now: zero where they rest until offers that wait are answered.
func (s *search) restsUntil(l *leaf, slot int) time.Time {
	until := s.now
	if p := l.pauses.at(slot); p != nil && s.micros < p.until {
		if p.until == forever {
			return time.Time{}
		}
		until = time.UnixMicro(p.until)
	}
	if when := l.when[slot]; when != nil {
		if end, quiet := aid.DailyHours(when.quiet).Until(aid.InZone(until, when.Zone)); quiet {
			until = end
		}
	}
	return until.UTC()
}

// pauses are the pauses of a leaf. There are few: a leaf in which nobody has one
// has no pauses, and the others keep one for each slot that has.
type pauses struct {
	who uint64
	of  []pause // in the order of the slots
}

// at gives the pause of a slot; nil if it has none.
func (p *pauses) at(slot int) *pause {
	if p == nil || p.who>>slot&1 == 0 {
		return nil
	}
	return &p.of[p.before(slot)]
}

// before is how many slots below have a pause.
func (p *pauses) before(slot int) int { return bits.OnesCount64(p.who & (1<<slot - 1)) }

// with gives the pauses with one more; the slot has none yet.
func (p *pauses) with(slot int, one pause) *pauses {
	if one.none() {
		return p
	}
	if p == nil {
		return &pauses{1 << slot, []pause{one}}
	}
	at := p.before(slot)
	return &pauses{p.who | 1<<slot, slices.Concat(p.of[:at], []pause{one}, p.of[at:])}
}

// without gives the pauses without a slot, the later ones moved down by one.
func (p *pauses) without(slot int) *pauses {
	if p == nil {
		return nil
	}
	c := *p
	if c.who>>slot&1 == 1 {
		at := c.before(slot)
		c.of = slices.Concat(c.of[:at], c.of[at+1:])
	}
	below := uint64(1)<<slot - 1
	c.who = c.who&below | c.who>>1&^below
	if c.who == 0 {
		return nil
	}
	return &c
}
