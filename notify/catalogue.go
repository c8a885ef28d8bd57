package notify

import (
	"embed"
	"fmt"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"github.com/linli/linli/aid"
)

//go:embed texts/*.json
var texts embed.FS

// Catalogue writes the texts of notices. It is safe for concurrent use.
type Catalogue struct {
	readers map[aid.Language]*i18n.Localizer
}

// NewCatalogue reads the texts that the program carries.
func NewCatalogue() (*Catalogue, error) {
	bundle := i18n.NewBundle(language.MustParse(string(aid.Languages[0])))
	c := &Catalogue{readers: map[aid.Language]*i18n.Localizer{}}
	for _, l := range aid.Languages {
		if _, err := bundle.LoadMessageFileFS(texts, fileOf(l)); err != nil {
			return nil, fmt.Errorf("the texts of notices in %s: %w", l, err)
		}
		c.readers[l] = i18n.NewLocalizer(bundle, string(l))
	}
	return c, nil
}

func fileOf(l aid.Language) string { return "texts/" + string(l) + ".json" }

// facts are the placeholders of the texts.
type facts struct {
	Category                                               string
	Area                                                   string
	When                                                   string // the window
	AnswerBy                                               string // of an offer
	Reason                                                 string
	TooFar, Skill, Course, Time, Capacity, Asked, Unsuited int
	Parked, Resting, Check, Minor                          int
}

// Write gives the text of a notice for a reader. A kind without a text is a
// fault of ours.
func (c *Catalogue) Write(n aid.Notice, to aid.Contact) (aid.NoticeText, error) {
	reader, ok := c.readers[to.Language]
	if !ok {
		return aid.NoticeText{}, aid.Errorf(aid.Internal, "there are no texts in %q", to.Language)
	}
	about, clock := n.About, to.Clock()
	f := facts{
		Category: word(reader, "category", about.Category), Area: areaName(about.Area, to.Language),
		When:   span(about.Window, clock, to.Language),
		Reason: word(reader, "reason", n.Reason),
		TooFar: about.Unmet.TooFar, Skill: about.Unmet.Skill, Course: about.Unmet.Course, Time: about.Unmet.Time,
		Capacity: about.Unmet.Capacity, Asked: about.Unmet.Asked, Unsuited: about.Unmet.Unsuited,
		Parked: about.Unmet.Parked, Resting: about.Unmet.Resting, Check: about.Unmet.Check, Minor: about.Unmet.Minor,
	}
	if !about.AnswerBy.IsZero() {
		f.AnswerBy = moment(about.AnswerBy, clock, to.Language)
	}
	var t aid.NoticeText
	var err error
	if about.Standing {
		if f.When, err = c.plain(to.Language, "regularly", f); err != nil {
			return t, err
		}
	}
	id := string(n.Kind)
	if n.Kind == aid.NoticeVisitUncovered && n.Reason == aid.UncoveredAhead {
		id += "_ahead"
	}
	if t.Title, err = c.plain(to.Language, id+".title", f); err == nil {
		t.Body, err = c.plain(to.Language, id+".body", f)
	}
	return t, err
}

// plain gives one text. One that is not there is a fault of ours.
func (c *Catalogue) plain(l aid.Language, id string, placeholders any) (string, error) {
	reader, ok := c.readers[l]
	if !ok {
		return "", aid.Errorf(aid.Internal, "there are no texts in %q", l)
	}
	text, err := reader.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: placeholders})
	if err != nil {
		return "", &aid.Error{Kind: aid.Internal, Message: "there is no text " + id + " in " + string(l), Err: err}
	}
	return text, nil
}

// word translates one of a list of words that may grow: what the catalogue does
// not know is shown as it is.
func word(reader *i18n.Localizer, list, id string) string {
	if id == "" {
		id = "none"
	}
	text, err := reader.Localize(&i18n.LocalizeConfig{MessageID: list + "." + id})
	if err != nil {
		return id
	}
	return text
}

// areaName is the area's name in a language, in the other if it has only that.
func areaName(a aid.AreaNames, l aid.Language) string {
	if l == aid.English && a.En != "" || a.Zh == "" {
		return a.En
	}
	return a.Zh
}
