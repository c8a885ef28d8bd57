package aid

import "time"

// Vetting is what coordinators know of a volunteer that decides to whom they may
// be sent. It is personal, and holds no result of anything: of a background check
// (背景审查) only the day.
type Vetting struct {
	CheckedOn    Date // of the last background check; zero: none
	BirthDate    Date // zero: not known
	ConsentUntil Date // last day on which the guardian's consent (监护人同意) holds; zero: there is none
}

// OfAge is the number of years from which on somebody is an adult.
const OfAge = 18

// Validate refuses days that cannot be. What has happened already has not happened
// after the day that it is somewhere at this instant.
func (v Vetting) Validate(now time.Time) error {
	today := DateOf(now.UTC().Add(14 * time.Hour))
	var c Check
	c.That(v.CheckedOn.IsZero() || v.CheckedOn.Year >= FirstYear, "checked_on", "must not lie before %d", FirstYear)
	c.That(v.CheckedOn.Compare(today) <= 0, "checked_on", "must not lie in the future")
	c.That(v.BirthDate.IsZero() || v.BirthDate.Year >= FirstYear, "birth_date", "must not lie before %d", FirstYear)
	c.That(v.BirthDate.Compare(today) <= 0, "birth_date", "must not lie in the future")
	c.That(v.ConsentUntil.IsZero() || v.ConsentUntil.Year >= FirstYear && v.ConsentUntil.Year <= LastYear,
		"guardian_consent_until", "must lie in the years %d to %d", FirstYear, LastYear)
	return c.Err("vetting")
}

// VettingRule is a rule that a volunteer can fail by what is known of them; ""
// stands for none.
type VettingRule string

// The rules.
const (
	VettingInactive VettingRule = "inactive" // the record is not active
	VettingCheck    VettingRule = "check"    // no background check, or one that will have lapsed
	VettingMinor    VettingRule = "minor"    // not of age, or not known to be, where that is needed; or without consent
	VettingSkill    VettingRule = "skill"    // a skill of the role is missing
	VettingCourse   VettingRule = "course"   // a course of the role is not held
)

// Days is a run of civil days, both ends included.
type Days struct{ First, Last Date }

// DaysOf are those on which the windows begin by the clocks of a zone, from the
// first to the last. There must be a window.
func DaysOf(windows []Window, zone string) Days {
	first := dayIn(zone, windows[0])
	days := Days{first, first}
	for _, w := range windows[1:] {
		switch d := dayIn(zone, w); {
		case d.Compare(days.First) < 0:
			days.First = d
		case d.Compare(days.Last) > 0:
			days.Last = d
		}
	}
	return days
}

func dayIn(zone string, w Window) Date { return DateOf(InZone(w.StartsAt, zone)) }

// Fails gives the first rule that keeps a volunteer from coming on all of the
// days, where a risk asks what it asks. A minor needs the guardian's consent
// everywhere, on each of the days until they are of age. Whoever's birth date is
// not known is a minor only where minors are barred.
func (v Vetting) Fails(r Risk, on Days) VettingRule {
	if r.CheckMonths > 0 && (v.CheckedOn.IsZero() || v.CheckedOn.Compare(EarliestCheck(on.Last, r.CheckMonths)) < 0) {
		return VettingCheck
	}
	if v.BirthDate.IsZero() {
		if r.BarsMinors() {
			return VettingMinor
		}
		return ""
	}
	adult := v.BirthDate.OfAgeOn()
	if adult.Compare(on.First) <= 0 {
		return ""
	}
	last := on.Last
	if adult.Compare(last) <= 0 {
		last = adult.next(-1)
	}
	if r.BarsMinors() || v.ConsentUntil.IsZero() || v.ConsentUntil.Compare(last) < 0 {
		return VettingMinor
	}
	return ""
}

// OfAgeOn is the first day on which somebody born on d is of age. Who is born on
// 29 February is on 1 March of a year without one.
func (d Date) OfAgeOn() Date {
	return DateOf(time.Date(d.Year+OfAge, d.Month, d.Day, 0, 0, 0, 0, time.UTC))
}

// EarliestCheck is the first day on which a background check can have been made
// that still holds on day: until the same day of the month some months later, or
// the last of that month if it is shorter.
func EarliestCheck(day Date, months int) Date {
	at := day.addMonths(-months)
	for at.addMonths(months).Compare(day) < 0 { // the month then is shorter
		at = at.next(1)
	}
	return at
}

// addMonths is the same day of the month some months later, or the last one of a
// month that is shorter.
func (d Date) addMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	longest := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.Day, longest)}
}

// next is some days later.
func (d Date) next(days int) Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day+days, 0, 0, 0, 0, time.UTC))
}
