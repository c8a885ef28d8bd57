package training

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/linli/linli/aid"
)

// Course is an entry of the catalogue with every version of its definition, the
// oldest first. A course that came by an import has none until one is published.
type Course struct {
	aid.Named
	Versions []Definition
}

// Definition is one version of what a course is. It is not changed once it is
// published: cohorts and certificates name it.
type Definition struct {
	Course        aid.CourseID
	Version       int // 1 for the first
	Topics        []string
	Textbooks     []string
	Hours         int            // of teaching
	Attendance    int            // least share of the sessions, in percent
	PassMark      int            // 0: there is no assessment
	Retakes       int            // further tries after the first
	ValidYears    int            // 0: it never lapses
	RenewedBy     []aid.CourseID // completing one of these renews what is held of this one
	Prerequisites []aid.CourseID // to be held on the day of the first session
	Skills        []aid.Skill    // that whoever completes it has from then on
	PublishedBy   aid.AccountID
	PublishedAt   time.Time
}

// Limits of a definition.
const (
	MaxHours   = 2000
	MaxEntries = 50  // topics, textbooks, courses or skills
	MaxText    = 200 // bytes of a topic, a title or a name of a place
	MaxRetakes = 10
	MaxYears   = 50
)

// Validate refuses a definition by which nobody could be trained soundly. Whether
// its courses and skills exist is not looked at.
func (d Definition) Validate() error {
	var c aid.Check
	c.That(aid.ValidID(d.Course), "course_id", "must be 1 to %d letters, digits, '.', '_' or '-'", aid.MaxIDLength)
	checkTexts(&c, "topics", d.Topics)
	checkTexts(&c, "textbooks", d.Textbooks)
	within(&c, "hours", d.Hours, 1, MaxHours)
	within(&c, "attendance", d.Attendance, 0, 100)
	within(&c, "pass_mark", d.PassMark, 0, 100)
	within(&c, "retakes", d.Retakes, 0, MaxRetakes)
	within(&c, "valid_years", d.ValidYears, 0, MaxYears)
	c.That(d.Attendance > 0 || d.PassMark > 0, "attendance", "or pass_mark must be more than 0, else everybody who enrols completes the course")
	c.That(d.PassMark > 0 || d.Retakes == 0, "retakes", "must be 0 where there is no assessment")
	checkIDs(&c, "renewed_by", d.RenewedBy)
	checkIDs(&c, "prerequisites", d.Prerequisites)
	checkIDs(&c, "skills", d.Skills)
	c.That(!slices.Contains(d.RenewedBy, d.Course), "renewed_by", "must not name the course itself: completing it again always renews it")
	c.That(!slices.Contains(d.Prerequisites, d.Course), "prerequisites", "must not name the course itself")
	c.That(d.ValidYears > 0 || len(d.RenewedBy) == 0, "renewed_by", "must be empty where the course never lapses")
	return c.Err("course")
}

// Until is the last day on which the course counts for whoever completed it on a
// day; the zero date if it never lapses.
func (d Definition) Until(completed aid.Date) aid.Date {
	if d.ValidYears == 0 {
		return aid.Date{}
	}
	return completed.YearsOn(d.ValidYears)
}

// Same tells whether two definitions say the same, whoever published them and when.
func (d Definition) Same(o Definition) bool {
	return d.Course == o.Course && slices.Equal(d.Topics, o.Topics) && slices.Equal(d.Textbooks, o.Textbooks) && d.Hours == o.Hours &&
		d.Attendance == o.Attendance && d.PassMark == o.PassMark && d.Retakes == o.Retakes && d.ValidYears == o.ValidYears &&
		slices.Equal(d.RenewedBy, o.RenewedBy) && slices.Equal(d.Prerequisites, o.Prerequisites) && slices.Equal(d.Skills, o.Skills)
}

func within(c *aid.Check, field string, n, least, most int) {
	c.That(n >= least && n <= most, field, "is %d, must lie in %d to %d", n, least, most)
}

func checkTexts(c *aid.Check, field string, texts []string) {
	c.That(len(texts) <= MaxEntries, field, "has %d entries, at most %d are kept", len(texts), MaxEntries)
	for i, s := range texts {
		c.That(plain(s, 1, MaxText), fmt.Sprintf("%s[%d]", field, i), "must have 1 to %d bytes of UTF-8", MaxText)
	}
}

func checkIDs[T ~string](c *aid.Check, field string, ids []T) {
	c.That(len(ids) <= MaxEntries, field, "has %d entries, at most %d are kept", len(ids), MaxEntries)
	for i, id := range ids {
		at := fmt.Sprintf("%s[%d]", field, i)
		c.That(aid.ValidID(id), at, "%q is not an id", id)
		c.That(!slices.Contains(ids[:i], id), at, "%q is given twice", id)
	}
}

// plain tells whether s is text of some bytes that every store and reader can take.
func plain(s string, least, most int) bool {
	return len(s) >= least && len(s) <= most && utf8.ValidString(s) && !strings.ContainsRune(s, 0)
}
