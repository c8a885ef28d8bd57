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

// wholeAt tells whether those who have come or are to come in a window are a crew
// without the others, among whom are those who should have come by now.
func (r *HelpRequest) wholeAt(w Window) bool {
	return r.areCrew(r.MinPeople, func(v Visit) bool {
		expected := v.Status == VisitPlanned && (v.Alarm < AlarmSubstitute || v.There())
		return v.Window.StartsAt.Equal(w.StartsAt) && (expected || v.Status == VisitBegun || v.Status == VisitDone)
	})
}

// cameWhole tells whether those who have come in a window are a crew.
func (r *HelpRequest) cameWhole(w Window) bool {
	return r.areCrew(r.MinPeople, func(v Visit) bool {
		return v.Window.StartsAt.Equal(w.StartsAt) && (v.Status == VisitBegun || v.Status == VisitDone)
	})
}

// asOne tells whether a whole crew stands in for the visits of the time of one: where
// nobody comes alone, and while the crew does not stand, unless somebody of it came.
func (r *HelpRequest) asOne(v Visit) bool {
	return r.Risk.TwoDeep || r.MinPeople > 1 && !r.stands() && !slices.ContainsFunc(r.Visits, func(o Visit) bool {
		return together(o, v) && (o.Status == VisitBegun || o.Status == VisitDone)
	})
}

// coverOf tells where the request stands by which somebody stands in for a visit, also
// with a whole crew.
func (r *HelpRequest) coverOf(v Visit, covers map[RequestID]Cover) (cover Cover, sought bool) {
	if v.Substitute != "" {
		cover, sought = covers[v.Substitute]
		return cover, sought
	}
	for _, o := range r.Visits {
		if o.Substitute != "" && together(o, v) && r.asOne(v) {
			if cover, sought = covers[o.Substitute]; sought {
				return cover, true
			}
		}
	}
	return Cover{}, false
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

// shareSubstitutes has visits wait for the whole crew that is sought for others of
// their time already, as long as that search lives.
func (r *HelpRequest) shareSubstitutes(covers map[RequestID]Cover) {
	for i := range r.Visits {
		v := &r.Visits[i]
		if !r.wantsSubstitute(*v) || !r.asOne(*v) {
			continue
		}
		for _, o := range r.Visits {
			if cover, sought := covers[o.Substitute]; sought && !cover.Status.Ended() && together(o, *v) {
				v.Substitute = o.Substitute
			}
		}
	}
}

// oneOfEach keeps, where a whole crew stands in, one visit of each time: one request
// seeks it for all of them.
func (r *HelpRequest) oneOfEach(visits []Visit) []Visit {
	return slices.CompactFunc(visits, func(a, b Visit) bool { return together(a, b) && r.asOne(a) }) // they are in the order of their beginnings
}
