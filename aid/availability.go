package aid

import (
	"cmp"
	"errors"
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // a volunteer's zone must load on machines that hold no zone database
)

// WeeklyHours is one stretch of a weekday on which a volunteer can be asked, in
// minutes of wall-clock time from midnight, half-open: {Monday, 540, 720} is
// Monday 09:00 to 12:00. To may be 1440, midnight at the end of the day.
type WeeklyHours struct {
	Day  time.Weekday `json:"day"`
	From int          `json:"from"`
	To   int          `json:"to"`
}

// DateRange is a run of civil days, both ends included.
type DateRange struct {
	From Date `json:"from"`
	To   Date `json:"to"`
}

// Validate refuses runs that end before they begin, and years that are slips.
func (r DateRange) Validate() error {
	var c Check
	c.That(r.From.datable(), "from", "must lie in the years %d to %d", FirstYear, LastYear)
	c.That(r.To.datable(), "to", "must lie in the years %d to %d", FirstYear, LastYear)
	c.That(r.From.Compare(r.To) <= 0, "to", "must not come before from")
	return c.Err("days")
}

// DefaultZone is where the clock of people hangs who have told none: hours and
// days in which they can come or are not to be asked, and times that they read.
const DefaultZone = "Asia/Shanghai"

// Availability says when a volunteer can serve. The zero value means always.
type Availability struct {
	Zone   string        `json:"zone,omitempty"`   // IANA name such as "Europe/Paris"; empty is [DefaultZone]
	Weekly []WeeklyHours `json:"weekly,omitempty"` // none means every hour
	Away   []DateRange   `json:"away,omitempty"`   // days on which they cannot be asked, in Zone
	From   time.Time     `json:"from,omitzero"`    // not before; zero is no limit
	Until  time.Time     `json:"until,omitzero"`   // not after; zero is no limit
}

const minutesADay = 24 * 60

// Validate refuses unknown zones and impossible hours or dates.
func (a Availability) Validate() error {
	var c Check
	if _, err := location(a.Zone); err != nil {
		c.That(false, "zone", "%q is not a time zone; write an IANA name such as Asia/Shanghai", a.Zone)
	}
	for i, h := range a.Weekly {
		at := fmt.Sprintf("weekly[%d]", i)
		c.That(h.Day >= time.Sunday && h.Day <= time.Saturday, at+".day", "is %d, must lie in 0 (Sunday) to 6", h.Day)
		c.That(h.From >= 0 && h.From < h.To && h.To <= minutesADay, at, "must have 0 <= from < to <= %d minutes", minutesADay)
	}
	for i, r := range a.Away {
		c.Within(fmt.Sprintf("away[%d]", i), r.Validate())
	}
	c.That(a.From.IsZero() || datable(a.From), "from", "must lie in the years %d to %d", FirstYear, LastYear)
	c.That(a.Until.IsZero() || datable(a.Until), "until", "must lie in the years %d to %d", FirstYear, LastYear)
	if !a.From.IsZero() && !a.Until.IsZero() {
		c.That(a.Until.After(a.From), "until", "must come after from")
	}
	return c.Err("availability")
}

// Covers tells whether the volunteer is available for the whole of w. Weekly
// hours that touch, across midnight too, count as one stretch. Days on which
// the clocks change are walked as the clock on the wall shows them: an hour that
// is skipped needs no cover, an hour that comes twice is covered twice or not at
// all. A zone that cannot be loaded covers nothing.
func (a Availability) Covers(w Window) bool {
	if !a.From.IsZero() && w.StartsAt.Before(a.From) || !a.Until.IsZero() && w.EndsAt.After(a.Until) {
		return false
	}
	if len(a.Weekly) == 0 && len(a.Away) == 0 {
		return true
	}
	loc, err := location(a.Zone)
	if err != nil {
		return false
	}
	start, end := w.StartsAt.In(loc), w.EndsAt.In(loc)
	first, last := DateOf(start), DateOf(end.Add(-1))
	for _, r := range a.Away {
		if first.Compare(r.To) <= 0 && r.From.Compare(last) <= 0 {
			return false
		}
	}
	if len(a.Weekly) == 0 {
		return true
	}
	for at := start; at.Before(end); {
		next, ok := a.hoursEnd(at)
		if !ok {
			return false
		}
		at = next
	}
	return true
}

// hoursEnd is the instant, always after at, up to which the weekly hours that
// hold at are known to last: their end, or the next change of the clocks if that
// comes first, since the wall clock then shows another time.
func (a Availability) hoursEnd(at time.Time) (time.Time, bool) {
	hour, minute, second := at.Clock()
	clock := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute +
		time.Duration(second)*time.Second + time.Duration(at.Nanosecond())
	for _, h := range a.Weekly {
		from, to := time.Duration(h.From)*time.Minute, time.Duration(h.To)*time.Minute
		if h.Day != at.Weekday() || clock < from || clock >= to {
			continue
		}
		end := at.Add(to - clock)
		if _, change := at.ZoneBounds(); !change.IsZero() && change.Before(end) {
			return change, true
		}
		return end, true
	}
	return time.Time{}, false
}

var locations sync.Map // zone name → *time.Location, since loading one reads a file

// location finds a zone by its IANA name, [DefaultZone] for none, but not the
// "Local" of a machine.
func location(zone string) (*time.Location, error) {
	zone = cmp.Or(zone, DefaultZone)
	if loc, ok := locations.Load(zone); ok {
		return loc.(*time.Location), nil
	}
	if zone == "Local" {
		return nil, errors.New("the zone of a machine is no zone of a person")
	}
	loc, err := time.LoadLocation(zone)
	if err == nil {
		locations.Store(zone, loc)
	}
	return loc, err
}
