package aid

import "time"

// QuietHours are the hours of every day in which a volunteer is not asked, in
// minutes of wall-clock time from midnight, half-open: {1320, 420} is 22:00 to
// 07:00, across midnight. Equal ends, such as the zero value's, are no hours.
type QuietHours struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Hold tells whether the wall clock of at, in the zone that it carries, shows a
// quiet hour.
func (q QuietHours) Hold(at time.Time) bool {
	minute := at.Hour()*60 + at.Minute()
	if q.From <= q.To {
		return q.From <= minute && minute < q.To
	}
	return q.From <= minute || minute < q.To
}

// Empty tells whether there are no quiet hours.
func (q QuietHours) Empty() bool { return q.From == q.To }

// OfferLimits are how much a volunteer is asked at most.
type OfferLimits struct {
	Pending  int           // offers that wait for their answer at one time
	Weekly   int           // offers made in any seven days, however they ended
	Quiet    QuietHours    // in the zone of the volunteer's [Availability]
	CoolDown time.Duration // without an offer after one was declined
}

// Limits of the limits.
const (
	MaxPendingOffers = MaxCapacity
	MaxWeeklyOffers  = 100
	MaxCoolDown      = 30 * 24 * time.Hour
)

// DefaultOfferLimits are those of a volunteer who says nothing else.
func DefaultOfferLimits() OfferLimits {
	return OfferLimits{Pending: 5, Weekly: 20, CoolDown: time.Hour}
}

// Validate refuses limits that make no sense or bar every offer.
func (l OfferLimits) Validate() error {
	var c Check
	c.That(l.Pending >= 1 && l.Pending <= MaxPendingOffers, "pending", "is %d, must lie in 1 to %d", l.Pending, MaxPendingOffers)
	c.That(l.Weekly >= 1 && l.Weekly <= MaxWeeklyOffers, "weekly", "is %d, must lie in 1 to %d", l.Weekly, MaxWeeklyOffers)
	c.That(l.Quiet.From >= 0 && l.Quiet.From < minutesADay, "quiet.from", "is %d, must lie in 0 to %d minutes", l.Quiet.From, minutesADay-1)
	c.That(l.Quiet.To >= 0 && l.Quiet.To < minutesADay, "quiet.to", "is %d, must lie in 0 to %d minutes", l.Quiet.To, minutesADay-1)
	c.That(l.CoolDown >= 0 && l.CoolDown <= MaxCoolDown, "cool_down", "is %s, must lie in 0 to %s", l.CoolDown, MaxCoolDown)
	return c.Err("limits")
}

// OwnLimits are those that a volunteer chose; nil leaves it at the default.
type OwnLimits struct {
	Pending  *int           `json:"pending,omitempty"`
	Weekly   *int           `json:"weekly,omitempty"`
	Quiet    *QuietHours    `json:"quiet,omitempty"`
	CoolDown *time.Duration `json:"cool_down,omitempty"` // nanoseconds
}

// Over gives the limits that hold, given the defaults.
func (o OwnLimits) Over(defaults OfferLimits) OfferLimits {
	out := defaults
	put(&out.Pending, o.Pending)
	put(&out.Weekly, o.Weekly)
	put(&out.Quiet, o.Quiet)
	put(&out.CoolDown, o.CoolDown)
	return out
}

func put[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}
