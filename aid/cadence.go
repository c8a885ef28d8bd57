package aid

import "time"

// Cadence says when the visits of a standing pairing (结对帮扶) take place. The
// rule is read by package cadence; here it is a fact.
type Cadence struct {
	Rule     string    `json:"rule"`               // an iCalendar RRULE such as "FREQ=WEEKLY;BYDAY=TU"
	First    time.Time `json:"first"`              // when the first visit begins
	Minutes  int       `json:"minutes"`            // how long each visit is
	Zone     string    `json:"zone"`               // IANA name: visits keep their time on the clocks of this zone
	ReviewOn Date      `json:"review_on,omitzero"` // when both sides are asked whether it goes on; zero: never
	EndsOn   Date      `json:"ends_on,omitzero"`   // the last day; zero: as the rule says
	Ends     time.Time `json:"ends,omitzero"`      // when the last visit ends, by rule and last day; zero: it has no end
}

// Horizon is how far ahead the visits of a standing pairing exist.
const Horizon = 28 * 24 * time.Hour

// forEver stands for the end of what has none: later than anybody plans, and
// soon enough for every clock.
const forEver = 100 * 365 * 24 * time.Hour

// Standing tells whether the request is for a standing pairing.
func (r *HelpRequest) Standing() bool { return r.Cadence != nil }

// Zone is where the clocks hang that say on which day help is given: that of the
// cadence, or else [DefaultZone].
func (n Need) Zone() string {
	if n.Cadence != nil && n.Cadence.Zone != "" {
		return n.Cadence.Zone
	}
	return DefaultZone
}

// Ends is when the request ends by itself.
func (r *HelpRequest) Ends() time.Time {
	switch {
	case r.Cadence == nil:
		return r.Window.EndsAt
	case r.Cadence.Ends.IsZero():
		return r.OpenedAt.Add(forEver)
	}
	return r.Cadence.Ends
}

// LastAlarm is how long after the end of its cadence a standing pairing is kept for
// the alarm of its last visit.
const LastAlarm = 2 * time.Hour

// Closes is when the request ends by the clock: where it [HelpRequest.Ends], or with
// the alarm of a visit that is handed over, as the caseworker may have to hear that
// nobody came.
func (r *HelpRequest) Closes() time.Time {
	ends := r.Ends()
	for _, v := range r.Visits {
		if v.Status == VisitHandedOver && v.Alarm < AlarmCaseworker && v.Window.EndsAt.Add(LastAlarm).After(ends) {
			return ends.Add(LastAlarm)
		}
	}
	return ends
}

// Times are the windows in which somebody who takes a seat now has to be free:
// the request's own, or those of the visits that exist ahead.
func (r *HelpRequest) Times() []Window {
	if r.Standing() {
		return r.Ahead
	}
	return []Window{r.Window}
}

// Next is the window that people plan by at an instant: the request's own, or of a
// standing pairing that of the first visit ahead which is not over.
func (r *HelpRequest) Next(now time.Time) Window {
	if r.Standing() {
		for _, w := range r.Ahead {
			if w.EndsAt.After(now) {
				return w
			}
		}
	}
	return r.Window
}

// Booking is time of a volunteer that a request holds.
type Booking struct {
	Volunteer VolunteerID
	During    Window // zero: no time, but a place in the volunteer's capacity
	Counts    bool   // takes up a place in the volunteer's capacity
}

// Same tells whether two bookings say the same.
func (b Booking) Same(o Booking) bool {
	return b.Volunteer == o.Volunteer && b.Counts == o.Counts &&
		b.During.StartsAt.Equal(o.During.StartsAt) && b.During.EndsAt.Equal(o.During.EndsAt)
}

// Bookings lists what the request holds of whom: for one window the window
// itself; for a standing pairing a place in the capacity, and the time of each
// visit that exists ahead.
func (r *HelpRequest) Bookings() []Booking {
	var out []Booking
	for _, v := range r.Bound() {
		b := Booking{Volunteer: v, Counts: true}
		if !r.Standing() {
			b.During = r.Window
		}
		out = append(out, b)
	}
	if !r.Standing() {
		return out
	}
	for _, o := range r.Offers {
		if o.Status == OfferPending {
			for _, w := range r.aheadOf(o) {
				out = append(out, Booking{Volunteer: o.Volunteer, During: w})
			}
		}
	}
	for _, v := range r.Visits {
		if v.Status.Live() && r.holds(v.Pairing) {
			out = append(out, Booking{Volunteer: v.Volunteer, During: v.Window})
		}
	}
	for _, p := range r.Pairings {
		if p.Status == PairingForming { // no visits yet, but the time is promised
			for _, w := range r.promised(p) {
				out = append(out, Booking{Volunteer: p.Volunteer, During: w})
			}
		}
	}
	return out
}

// aheadOf are the visits ahead for which an offer asks: those that existed when
// it was made.
func (r *HelpRequest) aheadOf(o Offer) []Window {
	var out []Window
	for _, w := range r.Ahead {
		if w.StartsAt.Before(o.Through) {
			out = append(out, w)
		}
	}
	return out
}

func (r *HelpRequest) holds(id PairingID) bool {
	for _, p := range r.Pairings {
		if p.ID == id {
			return p.Status.Holding()
		}
	}
	return false
}
