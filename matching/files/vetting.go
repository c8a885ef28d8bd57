package files

import (
	"io"
	"strings"

	"github.com/linli/linli/aid"
)

// The columns of the files that say who may be sent to whom.
var (
	RiskClassColumns = []string{"id", "name_zh", "name_en", "check_months", "minors", "two_deep", "course", "categories"}
	CheckColumns     = []string{"volunteer_id", "checked_on", "birth_date", "guardian_consent_until"}
)

// Vetting is one row of a checks file: what is known of a volunteer. A zero date
// says nothing.
type Vetting struct {
	Volunteer aid.VolunteerID
	aid.Vetting
}

// NewRiskClasses opens a catalogue of risk classes. check_months is empty where no
// check is needed; minors is allowed or barred, two_deep yes or no: what protects
// somebody is never left to a default.
func NewRiskClasses(r io.Reader) (*Reader[aid.RiskClass], error) {
	return newReader(r, "risk classes", RiskClassColumns, func(p *parser) (string, aid.RiskClass) {
		k := aid.RiskClass{
			Risk: aid.Risk{
				Class: aid.RiskClassID(p.id("id")), MinorsBarred: p.either("minors", "barred", "allowed"), TwoDeep: p.either("two_deep", "yes", "no"),
				Course: aid.CourseID(p.optionalID("course")),
			},
			NameZh: p.text("name_zh"), NameEn: p.text("name_en"), Categories: idList[string](p, "categories"),
		}
		if p.text("check_months") != "" {
			k.CheckMonths = p.whole("check_months", 0)
		}
		if p.check.Err("row") == nil {
			p.check.Within("", k.Validate())
		}
		return string(k.Class), k
	})
}

// NewChecks opens a checks file: when volunteers were checked and born, and until
// when their guardians consent. What is left empty is not said.
func NewChecks(r io.Reader) (*Reader[Vetting], error) {
	return newReader(r, "checks", CheckColumns, func(p *parser) (string, Vetting) {
		v := Vetting{aid.VolunteerID(p.id("volunteer_id")), aid.Vetting{
			CheckedOn: p.day("checked_on"), BirthDate: p.day("birth_date"), ConsentUntil: p.day("guardian_consent_until"),
		}}
		return string(v.Volunteer), v
	})
}

// either reads a word that is one of two, and tells whether it is the first.
func (p *parser) either(column, first, second string) bool {
	s := strings.ToLower(p.text(column))
	p.check.That(s == first || s == second, column, "must be %s or %s", first, second)
	return s == first
}

// day reads a day that may be left empty.
func (p *parser) day(column string) aid.Date {
	s := p.text(column)
	if s == "" {
		return aid.Date{}
	}
	d, err := aid.ParseDate(s)
	if err != nil {
		p.refuse(column, "%s is not a day; write it as 2026-05-31, or leave it empty", quote(s))
	}
	return d
}
