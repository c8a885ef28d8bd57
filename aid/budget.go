package aid

import (
	"slices"
	"time"
)

// Budget is what has been asked of a volunteer lately, and what they have said
// about being asked. It is kept by a store; whether it leaves room for an offer
// depends on the clock alone, so that nobody has to tell that a week has passed.
type Budget struct {
	Own      OwnLimits   `json:"own,omitzero"`
	Pending  int         `json:"pending,omitempty"` // offers that wait for an answer
	Recent   []time.Time `json:"recent,omitempty"`  // when the offers of at least the last week were made, newest first
	Declined time.Time   `json:"declined,omitzero"` // the last time they declined one; may be zero if that is past [MaxCoolDown]
	Parks    []Park      `json:"parks,omitempty"`
}

// Week is the time over which offers are counted.
const Week = 7 * 24 * time.Hour

// Indefinitely is an instant that stays ahead: until then means until something
// else happens.
var Indefinitely = time.Date(LastYear+1, 1, 1, 0, 0, 0, 0, time.UTC)

// RestsUntil is the instant before which the volunteer is asked for nothing,
// quiet hours aside: zero if there is none, [Indefinitely] while as many offers
// wait as they take.
func (b Budget) RestsUntil(defaults OfferLimits) time.Time {
	l := b.Own.Over(defaults)
	var until time.Time
	later := func(t time.Time) {
		if t.After(until) {
			until = t
		}
	}
	if b.Pending >= l.Pending {
		later(Indefinitely)
	}
	if len(b.Recent) >= l.Weekly {
		later(b.Recent[l.Weekly-1].Add(Week))
	}
	if !b.Declined.IsZero() && l.CoolDown > 0 {
		later(b.Declined.Add(l.CoolDown))
	}
	for _, p := range b.Parks {
		if p.Category == "" {
			later(p.Until)
		}
	}
	return until
}

// Rests tells whether the volunteer is asked for nothing at this instant. zone is
// that of their [Availability]; in one that cannot be loaded the hours are those
// of UTC.
func (b Budget) Rests(defaults OfferLimits, zone string, now time.Time) bool {
	return now.Before(b.RestsUntil(defaults)) || b.Own.Over(defaults).Quiet.Hold(InZone(now, zone))
}

// Count takes those of the offers in that were made to the volunteer.
func (b *Budget) Count(offers []Offer, v VolunteerID) {
	for _, o := range offers {
		if o.Volunteer != v {
			continue
		}
		b.Recent = append(b.Recent, o.MadeAt)
		switch {
		case o.Status == OfferPending:
			b.Pending++
		case o.Status == OfferDeclined && o.AnsweredAt.After(b.Declined):
			b.Declined = o.AnsweredAt
		}
	}
	slices.SortFunc(b.Recent, func(x, y time.Time) int { return y.Compare(x) })
}

// MadeSince is how many of the recent offers were made after an instant.
func (b Budget) MadeSince(t time.Time) int {
	n := 0
	for _, made := range b.Recent {
		if made.After(t) {
			n++
		}
	}
	return n
}

// Takes tells whether parks leave room for an offer of a category, so many
// metres from home.
func (b Budget) Takes(category string, metres int64) bool {
	for _, p := range b.Parks {
		if p.Category == category && category != "" && metres >= int64(p.Within) {
			return false
		}
	}
	return true
}

// InZone gives an instant as the clocks of a zone show it; those of UTC if there
// is no such zone.
func InZone(t time.Time, zone string) time.Time {
	loc, err := location(zone)
	if err != nil {
		loc = time.UTC
	}
	return t.In(loc)
}
