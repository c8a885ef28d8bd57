package api

import (
	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
)

// Vetting is what coordinators know of a volunteer that decides to whom they may
// be sent.
type Vetting struct {
	CheckedOn    string `json:"checked_on,omitempty" format:"date" doc:"The day of the last background check; nothing else is kept of it. For coordinators only, as are the two that follow."`
	BirthDate    string `json:"birth_date,omitempty" format:"date"`
	ConsentUntil string `json:"guardian_consent_until,omitempty" format:"date" doc:"Of a minor: the last day on which the guardian's consent holds."`
}

func (v Vetting) domain(c *aid.Check) aid.Vetting {
	return aid.Vetting{
		CheckedOn: optionalDay(c, "checked_on", v.CheckedOn), BirthDate: optionalDay(c, "birth_date", v.BirthDate),
		ConsentUntil: optionalDay(c, "guardian_consent_until", v.ConsentUntil),
	}
}

// optionalDay reads a date that may be left out.
func optionalDay(c *aid.Check, field, s string) aid.Date {
	if s == "" {
		return aid.Date{}
	}
	return day(c, field, s)
}

func vettingOf(v *aid.Vetting) Vetting {
	if v == nil {
		return Vetting{}
	}
	return Vetting{dayText(v.CheckedOn), dayText(v.BirthDate), dayText(v.ConsentUntil)}
}

// dayText is empty for the zero date.
func dayText(d aid.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// VettingPatch changes a [Vetting]; an empty text takes a day back.
type VettingPatch struct {
	CheckedOn    *string `json:"checked_on,omitempty" pattern:"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$" patternDescription:"a date or empty" doc:"An empty text takes it back."`
	BirthDate    *string `json:"birth_date,omitempty" pattern:"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$" patternDescription:"a date or empty" doc:"An empty text takes it back."`
	ConsentUntil *string `json:"guardian_consent_until,omitempty" pattern:"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$" patternDescription:"a date or empty" doc:"An empty text takes it back."`
}

func (p VettingPatch) apply(c *aid.Check, ch *app.VolunteerChange) {
	for _, f := range []struct {
		field string
		from  *string
		to    **aid.Date
	}{
		{"checked_on", p.CheckedOn, &ch.CheckedOn},
		{"birth_date", p.BirthDate, &ch.BirthDate},
		{"guardian_consent_until", p.ConsentUntil, &ch.ConsentUntil},
	} {
		if f.from != nil {
			*f.to = new(optionalDay(c, f.field, *f.from))
		}
	}
}
