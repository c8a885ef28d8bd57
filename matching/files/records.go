package files

import (
	"io"

	"github.com/linli/linli/aid"
)

// The columns of the files that are only imported.
var (
	OrganisationColumns = []string{"id", "parent", "tree", "tier", "area_id", "name_zh", "name_en"}
	CompletionColumns   = []string{"volunteer_id", "course_id", "holds_until"}
	AreaColumns         = []string{"id", "parent", "level", "name_zh", "name_en"}
	NamedColumns        = []string{"id", "name_zh", "name_en"}
)

// Completion is one row of a completions file: a course that a volunteer
// completed.
type Completion struct {
	Volunteer aid.VolunteerID
	aid.CourseHeld
}

// NewOrganisations opens an organisations file. parent is empty for a root, and
// area_id for the area that the import names.
func NewOrganisations(r io.Reader) (*Reader[aid.Organisation], error) {
	return newReader(r, "organisations", OrganisationColumns, organisation)
}

// NewCompletions opens a completions file. An empty holds_until says that the
// course never lapses.
func NewCompletions(r io.Reader) (*Reader[Completion], error) {
	return newReader(r, "completions", CompletionColumns, completion)
}

// NewAreas opens an areas file. parent is empty for a root; paths are not set.
func NewAreas(r io.Reader) (*Reader[aid.Area], error) {
	return newReader(r, "areas", AreaColumns, func(p *parser) (string, aid.Area) {
		a := aid.Area{
			ID: aid.AreaID(p.id("id")), Parent: aid.AreaID(p.optionalID("parent")), Level: aid.AreaLevel(p.text("level")),
			NameZh: p.text("name_zh"), NameEn: p.text("name_en"),
		}
		if a.ID != "" && aid.ValidID(a.ID) {
			p.check.Within("", a.Validate())
		}
		return string(a.ID), a
	})
}

// NewNamed opens a catalogue of skills or courses; what says which in messages.
func NewNamed(r io.Reader, what string) (*Reader[aid.Named], error) {
	return newReader(r, what, NamedColumns, func(p *parser) (string, aid.Named) {
		n := aid.Named{ID: p.id("id"), NameZh: p.text("name_zh"), NameEn: p.text("name_en")}
		p.check.That(n.NameZh != "" || n.NameEn != "", "name_zh", "or name_en must be given")
		return n.ID, n
	})
}

func organisation(p *parser) (string, aid.Organisation) {
	o := aid.Organisation{
		ID: aid.OrganisationID(p.id("id")), Parent: aid.OrganisationID(p.optionalID("parent")),
		Tree: p.text("tree"), Tier: p.text("tier"), Area: aid.AreaID(p.optionalID("area_id")),
		NameZh: p.text("name_zh"), NameEn: p.text("name_en"),
	}
	p.check.That(o.NameZh != "" || o.NameEn != "", "name_zh", "or name_en must be given")
	return string(o.ID), o
}

func completion(p *parser) (string, Completion) {
	c := Completion{aid.VolunteerID(p.id("volunteer_id")), aid.CourseHeld{Course: aid.CourseID(p.id("course_id"))}}
	if s := p.text("holds_until"); s != "" {
		day, err := aid.ParseDate(s)
		if err != nil {
			p.refuse("holds_until", "%s is not a day; write it as 2026-05-31, or leave it empty", quote(s))
		}
		c.Until = day
	}
	return string(c.Volunteer) + " " + string(c.Course), c
}

// optionalID reads an id that may be left empty.
func (p *parser) optionalID(column string) string {
	if p.text(column) == "" {
		return ""
	}
	return p.id(column)
}
