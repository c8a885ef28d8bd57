package aid

import (
	"slices"
	"time"
)

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
	VettingCheck  VettingRule = "check"  // no background check, or one that will have lapsed
	VettingMinor  VettingRule = "minor"  // not of age, or not known to be, where that is needed; or without consent
	VettingCourse VettingRule = "course" // the course of the risk class is not held
)

// Days is a run of civil days in UTC, both ends included.
type Days struct{ First, Last Date }

// DaysOf are those on which the windows begin, from the first to the last. There
// must be one.
func DaysOf(windows []Window) Days {
	days := Days{dayOf(windows[0]), dayOf(windows[0])}
	for _, w := range windows[1:] {
		switch d := dayOf(w); {
		case d.Compare(days.First) < 0:
			days.First = d
		case d.Compare(days.Last) > 0:
			days.Last = d
		}
	}
	return days
}

func dayOf(w Window) Date { return DateOf(w.StartsAt.UTC()) }

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

// Vetted is what must be known of a volunteer before they take a seat.
type Vetted struct {
	Vetting
	Courses []CourseHeld // that of the risk class at least, if it is held
}

// days are those on which somebody who takes a seat now comes, as far as the
// visits exist.
func (r *HelpRequest) days() Days {
	if times := r.Times(); len(times) > 0 {
		return DaysOf(times)
	}
	return DaysOf([]Window{r.Window})
}

// Bars gives the rule by which what is known of a volunteer keeps them from being
// asked for a role; empty for none.
func (r *HelpRequest) Bars(v Vetted, role int) VettingRule { return r.barsOn(v, role, r.days()) }

// barsAnswer is [HelpRequest.Bars] for whoever accepts what an offer asked for.
func (r *HelpRequest) barsAnswer(v Vetted, o Offer) VettingRule {
	on := r.days()
	if asked := r.aheadOf(o); len(asked) > 0 {
		on = DaysOf(asked)
	}
	return r.barsOn(v, o.Role, on)
}

func (r *HelpRequest) barsOn(v Vetted, role int, on Days) VettingRule {
	if rule := v.Fails(r.Risk, on); rule != "" {
		return rule
	}
	holds := func(h CourseHeld) bool { return h.Course == r.Risk.Course && h.ValidOn(on.First) }
	if r.leads(role) && !slices.ContainsFunc(v.Courses, holds) {
		return VettingCourse
	}
	return ""
}

// barred says to a volunteer, or whoever speaks for them, why a seat is not theirs.
var barred = map[VettingRule]string{
	VettingCheck:  "this help needs a background check that holds on the day; ask your coordinator to note a new one",
	VettingMinor:  "this help needs people who are known to be of age, or the consent of your guardian on the day; ask your coordinator",
	VettingCourse: "this seat needs a course that counts on the day; ask your coordinator",
}
