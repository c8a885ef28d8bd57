package aid

import (
	"slices"
	"time"
)

// settleVisits brings visits to where comings and goings say that they stand, after one
// of them was noted on v. Where one may come alone, that is v itself.
//
// Where nobody comes alone, the visits of one time begin together, see
// [HelpRequest.togetherAt]. As phones without network report late, what was noted of
// one may show that another began sooner, or not at all.
func (r *HelpRequest) settleVisits(v *Visit, actor AccountID, now time.Time) {
	if !r.Risk.TwoDeep {
		r.settleAt(v, v.In.At, actor, now)
		return
	}
	for i := range r.Visits {
		o := &r.Visits[i]
		if o.came(v.Window) {
			by := actor
			if o != v {
				by = "" // it was not their doing
			}
			r.settleAt(o, r.togetherAt(*o), by, now)
		}
	}
	if v.BegunAt.IsZero() {
		kind, means := EventVisitWaiting, v.In.Means
		if !v.There() {
			kind, means = EventVisitLeft, v.Out.Means
		}
		r.noteVisit(kind, v, actor, now, string(means))
	}
}

// came tells whether the volunteer came to their visit in a window.
func (v Visit) came(w Window) bool {
	return v.Window.StartsAt.Equal(w.StartsAt) && !v.In.At.IsZero() && v.Status != VisitCancelled && v.Status != VisitHandedOver
}

// togetherAt is the first instant at which the volunteer of a visit was there with
// another, and one of those there held the course; zero if there was none. Whoever
// left before the visit was to begin was not there.
func (r *HelpRequest) togetherAt(v Visit) time.Time {
	var first time.Time
	for _, o := range r.Visits {
		at := o.In.At
		if !o.came(v.Window) || !first.IsZero() && !at.Before(first) || !r.wasThere(v, at) {
			continue
		}
		if r.areCrew(TwoDeepPeople, func(p Visit) bool { return p.came(v.Window) && r.wasThere(p, at) }) {
			first = at
		}
	}
	return first
}

// wasThere tells whether the volunteer of a visit was there at an instant, or then and
// until it was to begin. Who has withdrawn is not, though nobody has said when they left.
func (r *HelpRequest) wasThere(v Visit, at time.Time) bool {
	left := v.Out.At
	for _, p := range r.Pairings {
		if left.IsZero() && p.ID == v.Pairing && p.Status == PairingWithdrawn {
			left = p.EndedAt
		}
	}
	if v.In.At.After(at) {
		return false
	}
	if at.Before(v.Window.StartsAt) {
		at = v.Window.StartsAt
	}
	return left.IsZero() || at.Before(left)
}

// settleAt brings a visit to which its volunteer came to where it stands if it began
// at an instant; zero: it did not begin.
func (r *HelpRequest) settleAt(v *Visit, at time.Time, actor AccountID, now time.Time) {
	before := v.Status
	v.BegunAt = at
	switch {
	case at.IsZero() && now.Before(v.Window.EndsAt) && !r.Status.Ended() && r.confirmed(v.Pairing):
		v.Status = VisitPlanned
	case at.IsZero():
		v.Status, v.Reason = VisitMissed, HandedOverAlone
	case v.There():
		v.Status = VisitBegun
	default:
		v.Status = VisitDone
	}
	begun := func(s VisitStatus) bool { return s == VisitBegun || s == VisitDone }
	if begun(v.Status) && v.Reason == HandedOverAlone {
		v.Reason = ""
	}
	if begun(v.Status) && !begun(before) {
		r.noteVisit(EventVisitBegun, v, actor, now, string(v.In.Means))
	}
	if v.Status == VisitDone && before != VisitDone {
		r.noteVisit(EventVisitDone, v, actor, now, string(v.Out.Means))
	}
	switch {
	case v.Status == VisitMissed && before != VisitMissed:
		r.noteVisit(EventVisitMissed, v, actor, now, HandedOverAlone)
	case begun(before) && v.Status == VisitPlanned && v.There():
		r.noteVisit(EventVisitWaiting, v, actor, now, string(v.In.Means))
	}
}

func (r *HelpRequest) confirmed(id PairingID) bool {
	return slices.ContainsFunc(r.Pairings, func(p Pairing) bool { return p.ID == id && p.Status == PairingConfirmed })
}

// miss ends a visit that did not take place. Nobody is blamed who came and may not
// begin alone: the alarm is that of whoever did not come.
func (r *HelpRequest) miss(v *Visit, now time.Time) {
	why := ""
	if !v.In.At.IsZero() {
		why, v.Reason = HandedOverAlone, HandedOverAlone
	}
	v.Status = VisitMissed
	r.noteVisit(EventVisitMissed, v, "", now, why)
}
