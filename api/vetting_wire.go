package api

import (
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"

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

// VettingPatch changes a [Vetting]; null, or an empty text, takes a day back.
type VettingPatch struct {
	CheckedOn    dayPatch `json:"checked_on,omitempty"`
	BirthDate    dayPatch `json:"birth_date,omitempty"`
	ConsentUntil dayPatch `json:"guardian_consent_until,omitempty"`
}

// dayPatch is a day that may be changed. Unlike a pointer it tells null from what is
// left out: nobody who takes a check back must believe that they did and be wrong.
type dayPatch struct {
	given bool
	text  string // empty: none
}

// UnmarshalJSON reads a text or null.
func (d *dayPatch) UnmarshalJSON(b []byte) error {
	d.given = true
	return json.Unmarshal(b, &d.text)
}

// Schema is that of a nullable text.
func (dayPatch) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeString, Nullable: true, Pattern: "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", PatternDescription: "a date or empty",
		Description: "null or an empty text takes it back.",
	}
}

func (p VettingPatch) apply(c *aid.Check, ch *app.VolunteerChange) {
	for _, f := range []struct {
		field string
		from  dayPatch
		to    **aid.Date
	}{
		{"checked_on", p.CheckedOn, &ch.CheckedOn},
		{"birth_date", p.BirthDate, &ch.BirthDate},
		{"guardian_consent_until", p.ConsentUntil, &ch.ConsentUntil},
	} {
		if f.from.given {
			*f.to = new(optionalDay(c, f.field, f.from.text))
		}
	}
}
