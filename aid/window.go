package aid

import (
	"fmt"
	"time"
)

// Window is the half-open time [StartsAt, EndsAt) in which help is given.
type Window struct {
	StartsAt time.Time `json:"starts_at"`
	EndsAt   time.Time `json:"ends_at"`
}

// The years that a time of help can lie in, in UTC: others are slips, and those
// before the year 1 or after 9999 could not be written again.
const (
	FirstYear = 1900
	LastYear  = 2999
)

// datable tells whether t lies in these years.
func datable(t time.Time) bool { return DateOf(t.UTC()).datable() }

// MaxWindow is the longest window of a single help request.
const MaxWindow = 31 * 24 * time.Hour

// Validate refuses empty, reversed and overlong windows.
func (w Window) Validate() error {
	var c Check
	c.That(!w.StartsAt.IsZero(), "starts_at", "is missing")
	c.That(!w.EndsAt.IsZero(), "ends_at", "is missing")
	c.That(w.StartsAt.IsZero() || datable(w.StartsAt), "starts_at", "must lie in the years %d to %d", FirstYear, LastYear)
	c.That(w.EndsAt.IsZero() || datable(w.EndsAt), "ends_at", "must lie in the years %d to %d", FirstYear, LastYear)
	if !w.StartsAt.IsZero() && !w.EndsAt.IsZero() {
		c.That(w.EndsAt.After(w.StartsAt), "ends_at", "must come after starts_at")
		c.That(w.EndsAt.Sub(w.StartsAt) <= MaxWindow, "ends_at", "must come within %d days of starts_at", MaxWindow/(24*time.Hour))
	}
	return c.Err("window")
}

// Overlaps tells whether two windows share an instant.
func (w Window) Overlaps(o Window) bool {
	return w.StartsAt.Before(o.EndsAt) && o.StartsAt.Before(w.EndsAt)
}

// Contains tells whether o lies wholly in w.
func (w Window) Contains(o Window) bool {
	return !o.StartsAt.Before(w.StartsAt) && !o.EndsAt.After(w.EndsAt)
}

// Date is a day of the civil calendar with no time zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the civil day of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads the form 2006-01-02.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, Errorf(Invalid, "%q is not a date; write it as 2026-05-31", s)
	}
	return DateOf(t), nil
}

// datable tells whether d lies in the years of [FirstYear] to [LastYear].
func (d Date) datable() bool { return d.Year >= FirstYear && d.Year <= LastYear }

// String gives the form 2006-01-02.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// Compare orders dates: negative when d comes before o, zero when equal.
func (d Date) Compare(o Date) int {
	if c := d.Year - o.Year; c != 0 {
		return c
	}
	if c := int(d.Month - o.Month); c != 0 {
		return c
	}
	return d.Day - o.Day
}

// IsZero tells whether d is the zero date, which stands for "no end".
func (d Date) IsZero() bool { return d == Date{} }

// MarshalText writes the form 2006-01-02, and nothing for the zero date.
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads the form 2006-01-02; empty text is the zero date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	v, err := ParseDate(string(b))
	if err == nil {
		*d = v
	}
	return err
}
