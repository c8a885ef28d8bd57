package api

import (
	"time"

	"github.com/linli/linli/aid"
)

// Cadence says when the visits of a standing pairing are.
type Cadence struct {
	Rule     string    `json:"rule" example:"FREQ=WEEKLY;BYDAY=TU" doc:"An iCalendar RRULE of days, weeks, months or years: at most one visit a day."`
	First    time.Time `json:"first_visit" doc:"When the first visit begins; it must be one of the rule's."`
	Minutes  int       `json:"minutes" maximum:"1000000" doc:"How long each visit is: 1 to 720."`
	Zone     string    `json:"time_zone" example:"Asia/Shanghai" doc:"An IANA name. Visits keep their time on the clocks of this zone."`
	ReviewOn string    `json:"review_on,omitempty" example:"2026-11-30" doc:"When both sides are asked whether it goes on; never if left out."`
	EndsOn   string    `json:"ends_on,omitempty" example:"2027-05-31" doc:"The last day; if left out it ends as the rule says, or not at all."`
}

// check notes what is wrong with the dates; all else is for the domain to say.
func (c *Cadence) check(wrong *aid.Check) {
	for field, text := range map[string]string{"review_on": c.ReviewOn, "ends_on": c.EndsOn} {
		if text != "" {
			_, err := aid.ParseDate(text)
			wrong.Within("cadence."+field, err)
		}
	}
}

// domain reads dates that were checked.
func (c *Cadence) domain() *aid.Cadence {
	out := &aid.Cadence{Rule: c.Rule, First: c.First.UTC(), Minutes: c.Minutes, Zone: c.Zone}
	out.ReviewOn, _ = aid.ParseDate(c.ReviewOn)
	out.EndsOn, _ = aid.ParseDate(c.EndsOn)
	return out
}

func cadenceOf(c *aid.Cadence) *Cadence {
	if c == nil {
		return nil
	}
	out := &Cadence{Rule: c.Rule, First: c.First.UTC(), Minutes: c.Minutes, Zone: c.Zone}
	if !c.ReviewOn.IsZero() {
		out.ReviewOn = c.ReviewOn.String()
	}
	if !c.EndsOn.IsZero() {
		out.EndsOn = c.EndsOn.String()
	}
	return out
}

// Review is what both sides say at the review of a standing pairing.
type Review struct {
	AskedAt     *time.Time `json:"asked_at,omitempty"`
	Volunteer   string     `json:"volunteer,omitempty" enum:"goes_on,ends" doc:"Absent: no answer yet."`
	Beneficiary string     `json:"beneficiary,omitempty" enum:"goes_on,ends" doc:"As the caseworker says; absent: no answer yet."`
}

func reviewOf(r aid.Review) *Review {
	if r.AskedAt.IsZero() {
		return nil
	}
	return &Review{moment(r.AskedAt), r.Volunteer, r.Beneficiary}
}

// ReviewAnswer is what one side says.
type ReviewAnswer struct {
	Answer string `json:"answer" doc:"goes_on or ends. When both go on, the next review is in 90 days; when one ends it, the pairing is completed."`
}

// Absence is days on which a volunteer is away.
type Absence struct {
	From string `json:"from" example:"2026-05-04" doc:"The first day, in the volunteer's time zone."`
	To   string `json:"to" example:"2026-05-10" doc:"The last day; today at the earliest."`
}
