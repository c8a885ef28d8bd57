package notify

import (
	"embed"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/words"
)

//go:embed texts/*.json
var texts embed.FS

// Catalogue writes the texts of notices. It is safe for concurrent use.
type Catalogue struct{ texts *words.Catalogue }

// NewCatalogue reads the texts that the program carries.
func NewCatalogue() (*Catalogue, error) {
	all, err := words.NewCatalogue(texts)
	return &Catalogue{all}, err
}

// facts are the placeholders of the texts.
type facts struct {
	Category                                               string
	Area                                                   string
	Training                                               string // the course of a cohort
	When                                                   string // the window
	AnswerBy                                               string // of an offer
	Reason                                                 string
	TooFar, Skill, Course, Time, Capacity, Asked, Unsuited int
	Parked, Resting, Check, Minor                          int
}

// Write gives the text of a notice for a reader. A kind without a text is a
// fault of ours.
func (c *Catalogue) Write(n aid.Notice, to aid.Contact) (aid.NoticeText, error) {
	about, clock := n.About, to.Clock()
	f := facts{
		Category: c.texts.Word(to.Language, "category", about.Category), Area: words.Name(about.Area.Zh, about.Area.En, to.Language),
		Training: words.Name(about.Course.Zh, about.Course.En, to.Language),
		When:     words.Span(about.Window, clock, to.Language),
		Reason:   c.texts.Word(to.Language, "reason", n.Reason),
		TooFar:   about.Unmet.TooFar, Skill: about.Unmet.Skill, Course: about.Unmet.Course, Time: about.Unmet.Time,
		Capacity: about.Unmet.Capacity, Asked: about.Unmet.Asked, Unsuited: about.Unmet.Unsuited,
		Parked: about.Unmet.Parked, Resting: about.Unmet.Resting, Check: about.Unmet.Check, Minor: about.Unmet.Minor,
	}
	if !about.AnswerBy.IsZero() {
		f.AnswerBy = words.Moment(about.AnswerBy, clock, to.Language)
	}
	var t aid.NoticeText
	var err error
	if about.Standing {
		if f.When, err = c.texts.Text(to.Language, "regularly", f); err != nil {
			return t, err
		}
	}
	id := string(n.Kind)
	if n.Kind == aid.NoticeVisitUncovered && n.Reason == aid.UncoveredAhead {
		id += "_ahead"
	}
	if t.Title, err = c.texts.Text(to.Language, id+".title", f); err == nil {
		t.Body, err = c.texts.Text(to.Language, id+".body", f)
	}
	return t, err
}
