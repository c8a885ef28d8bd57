package index

import (
	"math"
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

// vetting is an [aid.Vetting] in six bytes: when the last check was made, from
// when on the volunteer is of age, and until when a guardian consents.
type vetting [3]day

const (
	checkedOn = iota
	adultFrom
	consentTo
)

func vettingOf(v aid.Vetting) vetting {
	out := vetting{checkedOn: dayCount(v.CheckedOn), consentTo: dayCount(v.ConsentUntil)}
	if !v.BirthDate.IsZero() {
		out[adultFrom] = dayCount(v.BirthDate.OfAgeOn())
	}
	return out
}

// vettings are those of a leaf's slots.
type vettings [leafSize]vetting

func (v *vettings) clone() *vettings {
	if v == nil {
		return nil
	}
	return new(*v)
}

// without gives the vettings of n slots without one, the later ones moved down.
func (v *vettings) without(slot, n int) *vettings {
	c := v.clone()
	if c != nil {
		closeSlot(c[:n], slot)
		if *c == (vettings{}) {
			return nil
		}
	}
	return c
}

// know notes what is known of a slot that is put into a leaf of one's own.
func (l *leaf) know(slot int, v vetting) {
	if v == (vetting{}) {
		return
	}
	if l.known == nil {
		l.known = new(vettings)
	}
	l.known[slot] = v
}

func (l *leaf) vettingOf(slot int) vetting {
	if l.known == nil {
		return vetting{}
	}
	return l.known[slot]
}

// vet is what a query asks of a vetting.
type vet struct {
	checked     day // no check before it holds; 0: none is needed
	adults      bool
	first, last day // on which the person comes
}

// vetOf reads what a query asks. It has a day.
func vetOf(q *Query) vet {
	on := aid.DaysOf(append([]aid.Window{q.Window}, q.Also...))
	v := vet{adults: q.Risk.BarsMinors(), first: dayCount(on.First), last: dayCount(on.Last)}
	if q.Risk.CheckMonths > 0 {
		v.checked = dayCount(aid.EarliestCheck(on.Last, q.Risk.CheckMonths))
	}
	return v
}

// vets gives the rule that a vetting fails: [aid.Vetting.Fails] over counted days.
func (s *search) vets(v vetting) Rule {
	switch adult := v[adultFrom]; {
	case v[checkedOn] < s.vet.checked:
		return Check
	case adult == 0 && s.vet.adults:
		return Minor
	case adult == 0 || adult <= s.vet.first:
		return ""
	case s.vet.adults || v[consentTo] < min(s.vet.last, adult-1):
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
