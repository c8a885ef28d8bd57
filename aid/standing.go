package aid

import (
	"slices"
	"time"
)

// Words for why a visit is handed over.
const (
	HandedOverAway   = "away"   // the volunteer is not available at that time
	HandedOverBound  = "bound"  // the volunteer had promised the time elsewhere before the visit existed
	HandedOverCourse = "course" // a course that is asked for will have lapsed
	HandedOverCheck  = "check"  // the background check will have lapsed
	HandedOverMinor  = "minor"  // the guardian's consent will have lapsed
	HandedOverAlone  = "alone"  // nobody may come alone, and somebody of the crew cannot come
	HandedOverVacant = "vacant" // the volunteer has left, and no successor was found yet
)

// UncoveredAhead is the reason of a visit_uncovered that comes before the visit:
// nobody stands in for it yet, and there is time to arrange for it.
const UncoveredAhead = "ahead"

// Cover is where the request stands that seeks a substitute for a visit.
type Cover struct {
	Status RequestStatus
	Begun  bool // the substitute has checked in
}

// StandingFacts is what a standing pairing must know of the world to advance.
type StandingFacts struct {
	Ahead      []Window                       // the visits of the cadence to come, up to the horizon
	Volunteers map[VolunteerID]Volunteer      // of the confirmed pairings
	Busy       func(VolunteerID, Window) bool // whether other requests hold that time of theirs
	Covers     map[RequestID]Cover            // by the substitutes' requests
}

// AdvanceStanding does what is due by the clock, alarms first. Doing it again
// changes nothing. A request for one window stays as it is, and so does one that has
// ended, but for the alarms of visits that had begun: an outage may have outlasted it.
func (r *HelpRequest) AdvanceStanding(f StandingFacts, p StandingPolicy, now time.Time) {
	if !r.Standing() || r.Status == RequestCancelled {
		return
	}
	if !r.Status.Ended() {
		r.handOverForgotten(now)
	}
	r.raiseAlarms(f, p, now)
	if r.Status.Ended() {
		return
	}
	r.extend(f, now)
	r.handOverWhatCannotBe(f, p, now)
	r.coverVacancies(p, now)
	r.handOverLone(now)
	r.shareSubstitutes(f.Covers)
	r.remind(p, now)
	r.askForReview(now)
}

// raiseAlarms brings every visit to which nobody has come to the stage that its
// clocks have reached, stage by stage, and ends the visits that are over.
func (r *HelpRequest) raiseAlarms(f StandingFacts, p StandingPolicy, now time.Time) {
	for i := range r.Visits {
		v := &r.Visits[i]
		if v.Status != VisitPlanned && v.Status != VisitHandedOver {
			continue
		}
		if v.Status == VisitPlanned && v.There() {
			if !now.Before(v.Window.EndsAt) {
				r.miss(v, now)
			}
			continue
		}
		cover, sought := r.coverOf(*v, f.Covers)
		enough := r.Risk.TwoDeep && r.cameWhole(v.Window) // who is missing is not missed
		for v.Alarm < AlarmCaseworker && !(sought && cover.Begun) {
			next := v.Alarm + 1
			if v.Status == VisitHandedOver {
				next = AlarmCaseworker
			}
			if enough && next > AlarmVolunteer {
				break
			}
			given := next == AlarmCaseworker && sought && cover.Status.Ended()
			if !given && now.Before(p.alarmAt(next, r.Urgency, v)) {
				break
			}
			v.Alarm = next
			why := ""
			if v.Window.StartsAt.After(now) {
				why = UncoveredAhead
			}
			r.noteVisit(alarmEvents[next], v, "", now, why)
		}
		settled := v.Alarm == AlarmCaseworker || sought && cover.Begun || enough
		if v.Status == VisitPlanned && settled && !now.Before(v.Window.EndsAt) {
			r.miss(v, now)
		}
	}
}

var alarmEvents = map[Alarm]EventKind{
	AlarmVolunteer: EventVisitOverdue, AlarmSubstitute: EventSubstituteWanted, AlarmCaseworker: EventVisitUncovered,
}

// extend makes the visits exist that came into the horizon, and again those that
// were called off while a crew did not stand. Where a volunteer has promised the
// time elsewhere, theirs is handed over at once.
func (r *HelpRequest) extend(f StandingFacts, now time.Time) {
	if !slices.EqualFunc(r.Ahead, f.Ahead, func(a, b Window) bool { return a.StartsAt.Equal(b.StartsAt) && a.EndsAt.Equal(b.EndsAt) }) {
		r.Ahead = f.Ahead
	}
	for _, p := range r.Pairings {
		if p.Status != PairingConfirmed {
			continue
		}
		for _, w := range r.Ahead {
			v, err := r.visit(VisitIDOf(p.ID, w.StartsAt))
			if err == nil && v.Status != VisitCancelled || !w.StartsAt.After(now) {
				continue
			}
			if v := r.plan(p, w); f.Busy(p.Volunteer, w) {
				r.handOver(v, HandedOverBound, now)
			}
		}
	}
}

// handOverWhatCannotBe looks whether the volunteers can come to their visits. What
// will have lapsed, a course or a background check, is said at once, and can be
// renewed until the visit is near.
func (r *HelpRequest) handOverWhatCannotBe(f StandingFacts, p StandingPolicy, now time.Time) {
	for i := range r.Visits {
		v := &r.Visits[i]
		who, known := f.Volunteers[v.Volunteer]
		if v.Status != VisitPlanned || !known || !v.Window.StartsAt.After(now) {
			continue
		}
		if !who.Active || !who.Availability.Covers(v.Window) {
			r.handOver(v, HandedOverAway, now)
			continue
		}
		lapses := r.lapsesBefore(who, v)
		if lapses != "" && v.Reason != lapses {
			v.Reason = lapses
			r.noteLapse(v, now)
		}
		v.Reason = lapses
		if lapses != "" && !now.Before(v.Window.StartsAt.Add(-p.Course)) {
			r.handOver(v, lapses, now)
		}
	}
}

func (r *HelpRequest) coursesOf(id PairingID) []CourseID {
	i := slices.IndexFunc(r.Pairings, func(p Pairing) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return r.Roles[r.Pairings[i].Role].Courses
}

// coverVacancies hands over the visits of seats that somebody has left, once they
// are near and nobody has taken the place, for however long that lasts.
func (r *HelpRequest) coverVacancies(p StandingPolicy, now time.Time) {
	if r.stands() {
		return
	}
	for _, left := range r.leavers() {
		for _, w := range r.Ahead {
			if !w.StartsAt.After(now) || now.Before(w.StartsAt.Add(-p.Vacant)) {
				continue
			}
			if v := r.plan(left, w); v.Status == VisitPlanned {
				r.handOver(v, HandedOverVacant, now)
			}
		}
	}
}

// longestOutage is how long after its end a visit that was forgotten is still told of.
const longestOutage = 7 * 24 * time.Hour

// handOverForgotten hands over the visits of who had left whose time came while
// nothing looked after them, as in an outage, so that they are alarms like any other.
func (r *HelpRequest) handOverForgotten(now time.Time) {
	for _, p := range r.Pairings {
		if p.Status != PairingWithdrawn || p.ConfirmedAt.IsZero() {
			continue
		}
		for i := range r.Visits {
			v := &r.Visits[i]
			came := v.Window.StartsAt.After(p.EndedAt) && !v.Window.StartsAt.After(now)
			if v.Pairing == p.ID && came && now.Before(v.Window.EndsAt.Add(longestOutage)) && r.nobodyAt(v.Window) {
				r.handOver(v, HandedOverVacant, now)
			}
		}
	}
}

// nobodyAt tells whether every visit at a time was called off.
func (r *HelpRequest) nobodyAt(w Window) bool {
	return !slices.ContainsFunc(r.Visits, func(v Visit) bool {
		return v.Status != VisitCancelled && v.Window.StartsAt.Equal(w.StartsAt)
	})
}

// leavers are, for each seat that nobody holds, the pairing that was confirmed
// there last.
func (r *HelpRequest) leavers() []Pairing {
	type seat struct{ role, no int }
	last := map[seat]int{}
	for i, p := range r.Pairings {
		if p.Status.Holding() || !p.ConfirmedAt.IsZero() {
			last[seat{p.Role, p.Seat}] = i
		}
	}
	var out []Pairing
	for i, p := range r.Pairings {
		if last[seat{p.Role, p.Seat}] == i && p.Status == PairingWithdrawn && !p.ConfirmedAt.IsZero() {
			out = append(out, p)
		}
	}
	return out
}

func (r *HelpRequest) handOver(v *Visit, why string, now time.Time) {
	v.Status, v.Reason = VisitHandedOver, why
	r.noteVisit(EventVisitHandedOver, v, "", now, why)
}

func (r *HelpRequest) remind(p StandingPolicy, now time.Time) {
	for i := range r.Visits {
		v := &r.Visits[i]
		if v.Status == VisitPlanned && v.RemindedAt.IsZero() && v.Window.StartsAt.After(now) && !now.Before(v.Window.StartsAt.Add(-p.Remind)) {
			v.RemindedAt = now
			r.noteVisit(EventVisitReminded, v, "", now, "")
		}
	}
}

// NextDue is when something will be due by the clock, at the latest in a day,
// since people's calendars change without a word.
func (r *HelpRequest) NextDue(p StandingPolicy, now time.Time) time.Time {
	next := now.Add(24 * time.Hour)
	sooner := func(at time.Time) {
		if at.After(now) && at.Before(next) {
			next = at
		}
	}
	for i := range r.Visits {
		v := &r.Visits[i]
		switch v.Status {
		case VisitPlanned, VisitHandedOver:
			for stage := AlarmVolunteer; stage <= AlarmCaseworker; stage++ {
				if v.Alarm < stage {
					sooner(p.alarmAt(stage, r.Urgency, v))
				}
			}
			sooner(v.Window.EndsAt)
			sooner(v.Window.StartsAt.Add(-p.Remind))
			sooner(v.Window.StartsAt.Add(-p.Course))
		case VisitCancelled, VisitBegun, VisitDone, VisitMissed:
		}
	}
	if !r.stands() {
		for _, w := range r.Ahead {
			sooner(w.StartsAt.Add(-p.Vacant))
		}
	}
	return next
}

// Unsought are the visits for which a substitute is to be sought and no request
// does so yet. Nobody is sought for what is over.
func (r *HelpRequest) Unsought(now time.Time) []Visit {
	var out []Visit
	for _, v := range r.Visits {
		if r.wantsSubstitute(v) && r.substituteWindow(v, now).EndsAt.After(now) && !r.Status.Ended() {
			out = append(out, v)
		}
	}
	return r.oneOfEach(out)
}

// Needless are the requests, as far as they can still be under way, for substitutes
// of visits to which their volunteers came after all, or that were called off; and
// those for company at visits that their volunteers do not make.
func (r *HelpRequest) Needless(now time.Time) []RequestID {
	var out []RequestID
	for _, v := range r.Visits {
		over := now.After(v.Window.EndsAt.Add(longestLate + v.Window.EndsAt.Sub(v.Window.StartsAt)))
		came := v.Status == VisitBegun || v.Status == VisitDone
		if r.Risk.TwoDeep {
			came = r.cameWhole(v.Window)
		}
		if v.Substitute != "" && !over && (came || v.Status == VisitCancelled) && !slices.Contains(out, v.Substitute) {
			out = append(out, v.Substitute)
		}
		if v.Overlap != "" && !over && (v.Status == VisitCancelled || v.Status == VisitHandedOver) {
			out = append(out, v.Overlap)
		}
	}
	return out
}

// NoSubstitutes are those who are not to be asked to stand in for a visit: whom
// somebody has excluded from the pairing, who has left it, and the visit's own
// volunteer, unless they would have come and only not alone.
func (r *HelpRequest) NoSubstitutes(v Visit) []VolunteerID {
	out := slices.Clone(r.Excluded)
	if v.Reason != HandedOverAlone {
		out = append(out, v.Volunteer)
	}
	for _, p := range r.Pairings {
		if p.Status == PairingWithdrawn && !slices.Contains(out, p.Volunteer) {
			out = append(out, p.Volunteer)
		}
	}
	return out
}

// SubstituteID is the id of the request that seeks a substitute for a visit.
func SubstituteID(v VisitID) RequestID { return RequestID("sub-" + v) }

// SubstituteNeed is what a substitute for a visit is asked: what the visit's
// volunteer was, once; where a whole crew stands in, what that was. A visit whose time
// has come is urgent.
func (r *HelpRequest) SubstituteNeed(v Visit, now time.Time) Need {
	n := r.Need
	n.Cadence, n.Serves, n.Window = nil, v.ID, r.substituteWindow(v, now)
	if !r.asOne(v) {
		i := slices.IndexFunc(r.Pairings, func(p Pairing) bool { return p.ID == v.Pairing })
		role := r.Roles[r.Pairings[i].Role]
		role.People = 1
		n.Roles, n.MinPeople = []RequestRole{role}, 1
	}
	switch left := n.Window.StartsAt.Sub(now); {
	case left < 24*time.Hour:
		n.Urgency = Urgent
	case left < 72*time.Hour && n.Urgency == Routine:
		n.Urgency = Soon
	}
	return n
}

// substituteWindow is when a substitute is to come: to a visit that was missed,
// as soon as they can.
func (r *HelpRequest) substituteWindow(v Visit, now time.Time) Window {
	if v.Window.StartsAt.After(now) {
		return v.Window
	}
	late := Window{StartsAt: now, EndsAt: now.Add(v.Window.EndsAt.Sub(v.Window.StartsAt))}
	if now.After(v.Window.EndsAt.Add(longestLate)) {
		return v.Window // it would be another visit
	}
	return late
}

// longestLate is how long after a visit somebody is still sent to look.
const longestLate = 12 * time.Hour

// Sought notes that a request seeks a substitute for a visit; where a whole crew stands
// in, for all visits of that time for which one is to be sought.
func (r *HelpRequest) Sought(id VisitID, substitute RequestID) error {
	v, err := r.visit(id)
	if err != nil {
		return err
	}
	v.Substitute = substitute
	for i := range r.Visits {
		o := &r.Visits[i]
		if r.asOne(*v) && r.wantsSubstitute(*o) && together(*o, *v) {
			o.Substitute = substitute
		}
	}
	return nil
}

// wantsSubstitute tells whether a substitute is to be sought for a visit and no
// request does. Where nobody comes alone nobody joins those who are a crew without.
func (r *HelpRequest) wantsSubstitute(v Visit) bool {
	alarmed := v.Status == VisitPlanned && v.Alarm >= AlarmSubstitute
	return (alarmed || v.Status == VisitHandedOver) && v.Substitute == "" && !(r.Risk.TwoDeep && r.wholeAt(v.Window))
}
