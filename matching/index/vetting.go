package index

import (
	"math"
	"math/bits"
	"slices"
	"time"

	"github.com/linli/linli/aid"
)

// day counts civil days from 1900 on, the first of which is 1; 0 is none. What
// lies beyond [latest], in 2079, is that day.
type day uint16

const latest = math.MaxUint16

var yearZero = time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)

func dayCount(d aid.Date) day {
	if d.IsZero() {
		return 0
	}
	days := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Sub(yearZero) / (24 * time.Hour)
	return day(min(max(days, 1), latest))
}

// grownBy is the day on which whoever was of age then counts as of age for ever.
// Nobody is asked for anything before it, and few have a day of their own after it.
var grownBy = dayCount(aid.Date{Year: 2026, Month: 1, Day: 1})

// vetting is an [aid.Vetting], as far as it can matter from [grownBy] on.
type vetting struct {
	checked day // of the last check
	age     age
}

// age is when somebody is of age, and until when a guardian consents.
type age struct {
	adult   day // from which on they are; 0: not known; 1: since before [grownBy]
	consent day // 0 for whom it does not matter
}

func vettingOf(v aid.Vetting) vetting {
	out := vetting{checked: dayCount(v.CheckedOn)}
	if v.BirthDate.IsZero() {
		return out
	}
	if out.age.adult = dayCount(v.BirthDate.OfAgeOn()); out.age.adult <= grownBy {
		out.age.adult = 1
		return out
	}
	out.age.consent = dayCount(v.ConsentUntil)
	return out
}

// sound tells whether a vetting that was read is one that could have been written.
func (v vetting) sound() bool {
	return v.age.adult > grownBy || v.age.adult <= 1 && v.age.consent == 0
}

// vettings are those of a leaf's slots: two bytes for each, and more for the young.
type vettings struct {
	grown   uint64 // slots that are of age
	young   uint64 // slots with an age of their own
	ages    []age  // of the young, in the order of the slots
	checked [leafSize]day
}

func (v *vettings) at(slot int) vetting {
	out := vetting{checked: v.checked[slot]}
	switch {
	case v.grown>>slot&1 == 1:
		out.age.adult = 1
	case v.young>>slot&1 == 1:
		out.age = v.ages[below(v.young, slot)]
	}
	return out
}

// below is how many slots of a set come before one.
func below(set uint64, slot int) int { return bits.OnesCount64(set & (1<<slot - 1)) }

func (v *vettings) clone() *vettings {
	if v == nil {
		return nil
	}
	c := *v
	c.ages = slices.Clone(v.ages)
	return &c
}

// without gives the vettings of n slots without one, the later ones moved down.
func (v *vettings) without(slot, n int) *vettings {
	c := v.clone()
	if c == nil {
		return nil
	}
	if c.young>>slot&1 == 1 {
		at := below(c.young, slot)
		c.ages = slices.Delete(c.ages, at, at+1)
	}
	low := uint64(1)<<slot - 1
	c.grown, c.young = c.grown&low|c.grown>>1&^low, c.young&low|c.young>>1&^low
	closeSlot(c.checked[:n], slot)
	if c.grown|c.young == 0 && c.checked == ([leafSize]day{}) {
		return nil
	}
	return c
}

// know notes what is known of the last slot of a leaf that is in no tree yet.
func (l *leaf) know(slot int, v vetting) {
	if v == (vetting{}) {
		return
	}
	if l.known == nil {
		l.known = new(vettings)
	}
	l.known.checked[slot] = v.checked
	switch v.age.adult {
	case 0:
	case 1:
		l.known.grown |= 1 << slot
	default:
		l.known.young |= 1 << slot
		l.known.ages = append(l.known.ages, v.age)
	}
}

func (l *leaf) vettingOf(slot int) vetting {
	if l.known == nil {
		return vetting{}
	}
	return l.known.at(slot)
}

// vet is what a query asks of a vetting.
type vet struct {
	checked     day // no check before it holds; 0: none is needed
	adults      bool
	first, last day // on which the person comes
}

// vetOf reads what a query asks on some days.
func vetOf(q *Query, on aid.Days) vet {
	v := vet{adults: q.Risk.BarsMinors(), first: dayCount(on.First), last: dayCount(on.Last)}
	if q.Risk.CheckMonths > 0 {
		v.checked = dayCount(aid.EarliestCheck(on.Last, q.Risk.CheckMonths))
	}
	return v
}

// vets gives the rule that a vetting fails: [aid.Vetting.Fails] over counted days.
func (s *search) vets(v vetting) Rule {
	switch adult := v.age.adult; {
	case v.checked < s.vet.checked:
		return Check
	case adult == 0 && s.vet.adults:
		return Minor
	case adult == 0 || adult <= s.vet.first:
		return ""
	case s.vet.adults || v.age.consent < min(s.vet.last, adult-1):
		return Minor
	}
	return ""
}

// bars is [search.vets] of a slot.
func (s *search) bars(l *leaf, slot int) Rule {
	if !s.vetted {
		return ""
	}
	return s.vets(l.vettingOf(slot))
}
