package cadence

import (
	"regexp"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"github.com/linli/linli/aid"
)

// Limits of a cadence.
const (
	longestRule  = 200 // bytes
	mostInterval = 366
	mostVisits   = 5000 // by COUNT
	longestVisit = 12 * 60
	farthest     = 366 * 24 * time.Hour // from now to the first visit
	longestYears = 20                   // from the first visit to the last day, where one is said
)

// Read gives the cadence with the time at which it ends, or says with
// [aid.Invalid] what is wrong with it. now is the clock that it is held against.
func Read(c aid.Cadence, now time.Time) (aid.Cadence, error) {
	var wrong aid.Check
	wrong.That(c.Minutes >= 1 && c.Minutes <= longestVisit, "minutes", "is %d, must lie in 1 to %d", c.Minutes, longestVisit)
	zone, err := zoneOf(c.Zone)
	wrong.That(err == nil, "time_zone", "%q is not a time zone; write an IANA name such as Asia/Shanghai", c.Zone)
	wrong.That(!c.First.IsZero(), "first_visit", "is missing")
	wrong.That(c.First.IsZero() || c.First.After(now), "first_visit", "has passed already")
	wrong.That(c.First.Sub(now) <= farthest, "first_visit", "lies more than a year ahead")
	if zone == nil || c.First.IsZero() {
		return c, wrong.Err("cadence")
	}
	first := aid.DateOf(c.First.In(zone))
	wrong.That(c.ReviewOn.IsZero() || c.ReviewOn.Compare(first) > 0, "review_on", "must come after the first visit")
	wrong.That(c.EndsOn.IsZero() || c.EndsOn.Compare(first) >= 0, "ends_on", "must not come before the first visit")
	wrong.That(c.EndsOn.IsZero() || c.EndsOn.Compare(aid.DateOf(c.First.AddDate(longestYears, 0, 0))) <= 0, "ends_on", "lies more than %d years ahead; leave it out for a cadence without end", longestYears)
	wrong.That(c.EndsOn.IsZero() || c.ReviewOn.Compare(c.EndsOn) <= 0, "review_on", "must not come after ends_on")
	rule, err := ruleOf(c, zone)
	wrong.Within("rule", err)
	if err := wrong.Err("cadence"); err != nil {
		return c, err
	}
	begins := rule.After(c.First.Add(-time.Second), true)
	wrong.That(begins.Equal(c.First.Truncate(time.Second)), "first_visit", "is no visit of the rule; the first one then would be %s", said(begins))
	if err := wrong.Err("cadence"); err != nil {
		return c, err
	}
	c.First, c.Ends = c.First.Truncate(time.Second).UTC(), time.Time{}
	if last, bounded := lastOf(rule, c, zone); bounded {
		c.Ends = last.Add(lengthOf(c)).UTC()
	}
	return c, nil
}

// Between gives the visits that begin in [from, to), in their order. c must have
// come through [Read].
func Between(c aid.Cadence, from, to time.Time) ([]aid.Window, error) {
	zone, err := zoneOf(c.Zone)
	if err != nil {
		return nil, err
	}
	rule, err := ruleOf(c, zone)
	if err != nil {
		return nil, err
	}
	var out []aid.Window
	next := rule.Iterator()
	for at, ok := next(); ok && at.Before(to); at, ok = next() {
		if !at.Before(from) && !beyond(at, c, zone) {
			out = append(out, aid.Window{StartsAt: at.UTC(), EndsAt: at.Add(lengthOf(c)).UTC()})
		}
	}
	return out, nil
}

func lengthOf(c aid.Cadence) time.Duration { return time.Duration(c.Minutes) * time.Minute }

func zoneOf(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, aid.Errorf(aid.Invalid, "is no time zone")
	}
	return time.LoadLocation(name)
}

// noInterval is an interval that the reader of rules takes for 1.
var noInterval = regexp.MustCompile(`(?i)\bINTERVAL=0*(;|$)`)

// once tells whether no part of a rule is named twice, of which the reader of rules
// takes the last.
func once(rule string) bool {
	seen := map[string]bool{}
	for part := range strings.SplitSeq(strings.ToUpper(rule), ";") {
		name, _, _ := strings.Cut(part, "=")
		if seen[name] {
			return false
		}
		seen[name] = true
	}
	return true
}

// noVisits is a count that the reader of rules takes for none at all.
var noVisits = regexp.MustCompile(`(?i)\bCOUNT=0*(;|$)`)

// ruleOf reads a rule as far as it may go.
func ruleOf(c aid.Cadence, zone *time.Location) (*rrule.RRule, error) {
	text := strings.TrimPrefix(strings.TrimSpace(c.Rule), "RRULE:")
	var wrong aid.Check
	wrong.That(text != "" && len(text) <= longestRule && !strings.ContainsAny(text, "\r\n"), "", "must have 1 to %d bytes on one line", longestRule)
	wrong.That(!strings.Contains(strings.ToUpper(text), "DTSTART"), "", "must not say DTSTART: first_visit does")
	if err := wrong.Err("rule"); err != nil {
		return nil, err
	}
	option, err := rrule.StrToROptionInLocation(text, zone)
	if err != nil {
		wrong.That(false, "", "is no recurrence rule; write one such as FREQ=WEEKLY;BYDAY=TU")
		return nil, wrong.Err("rule")
	}
	wrong.That(option.Freq <= rrule.DAILY, "", "is too frequent: at most one visit a day")
	wrong.That(len(option.Byhour)+len(option.Byminute)+len(option.Bysecond)+len(option.Byeaster) == 0, "", "must not say BYHOUR, BYMINUTE, BYSECOND or BYEASTER: first_visit says the time")
	wrong.That(!noInterval.MatchString(text), "", "has INTERVAL 0, must be at least 1")
	wrong.That(once(text), "", "says something twice")
	wrong.That(option.Interval >= 0 && option.Interval <= mostInterval, "", "has INTERVAL %d, must be 1 to %d", option.Interval, mostInterval)
	wrong.That(!noVisits.MatchString(text), "", "has COUNT 0, must be at least 1")
	wrong.That(option.Count >= 0 && option.Count <= mostVisits, "", "has COUNT %d, at most %d", option.Count, mostVisits)
	wrong.That(option.Count == 0 || option.Until.IsZero(), "", "says COUNT and UNTIL; give one of them")
	if err := wrong.Err("rule"); err != nil {
		return nil, err
	}
	last := c.First.AddDate(longestYears, 0, 0)
	wrong.That(!option.Until.After(last), "", "says UNTIL more than %d years ahead; leave it out for a cadence without end", longestYears)
	if err := wrong.Err("rule"); err != nil {
		return nil, err
	}
	option.Dtstart = c.First.Truncate(time.Second).In(zone)
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		wrong.That(false, "", "cannot be followed: %v", err)
		return nil, wrong.Err("rule")
	}
	return rule, nil
}

// beyond tells whether a visit lies after the last day.
func beyond(at time.Time, c aid.Cadence, zone *time.Location) bool {
	return !c.EndsOn.IsZero() && aid.DateOf(at.In(zone)).Compare(c.EndsOn) > 0
}

// lastOf is when the last visit begins; bounded is false for a rule without end.
func lastOf(rule *rrule.RRule, c aid.Cadence, zone *time.Location) (last time.Time, bounded bool) {
	option := rule.OrigOptions
	if option.Count == 0 && option.Until.IsZero() && c.EndsOn.IsZero() {
		return time.Time{}, false
	}
	next := rule.Iterator()
	for at, ok := next(); ok && !beyond(at, c, zone); at, ok = next() {
		last = at
	}
	return last, true
}

func said(at time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return at.Format(time.RFC3339)
}
