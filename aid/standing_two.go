package aid

import (
	"slices"
	"time"
)

// handOverLone hands over the visits of those who would come alone where nobody
// may, since somebody of the crew cannot come. A crew comes whole, or another one
// stands in for it: whoever is left may be asked to join that.
func (r *HelpRequest) handOverLone(now time.Time) {
	if !r.Risk.TwoDeep {
		return
	}
	for i := range r.Visits {
		v := &r.Visits[i]
		if v.Status == VisitHandedOver && v.Window.StartsAt.After(now) && !r.wholeAt(v.Window) {
			for j := range r.Visits {
				if o := &r.Visits[j]; o.Status == VisitPlanned && together(*o, *v) {
					r.handOver(o, HandedOverAlone, now)
				}
			}
		}
	}
}

// wholeAt tells whether those who are to come in a window are a crew without the
// others.
func (r *HelpRequest) wholeAt(w Window) bool {
	return r.areCrew(r.MinPeople, func(v Visit) bool { return v.Status == VisitPlanned && v.Window.StartsAt.Equal(w.StartsAt) })
}

// areCrew tells whether those of some visits are so many, and one of them holds the
// course of the risk class.
func (r *HelpRequest) areCrew(people int, some func(Visit) bool) bool {
	led := r.Risk.Course == ""
	for _, v := range r.Visits {
		if !some(v) {
			continue
		}
		people--
		i := slices.IndexFunc(r.Pairings, func(p Pairing) bool { return p.ID == v.Pairing })
		led = led || i >= 0 && r.leads(r.Pairings[i].Role)
	}
	return people <= 0 && led
}

// together tells whether two visits of a request are at one time.
func together(a, b Visit) bool { return a.Window.StartsAt.Equal(b.Window.StartsAt) }

// stoodInFor gives the request that seeks who stands in for the whole crew of a
// visit where nobody comes alone; empty for none.
func (r *HelpRequest) stoodInFor(v Visit) RequestID {
	if !r.Risk.TwoDeep {
		return ""
	}
	for _, o := range r.Visits {
		if o.Substitute != "" && together(o, v) {
			return o.Substitute
		}
	}
	return ""
}

// oneOfEach keeps, where nobody comes alone, one visit of each time: one request
// seeks a crew for all of them.
func (r *HelpRequest) oneOfEach(visits []Visit) []Visit {
	if !r.Risk.TwoDeep {
		return visits
	}
	return slices.CompactFunc(visits, together) // they are in the order of their beginnings
}
