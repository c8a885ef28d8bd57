package words

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"slices"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"github.com/linli/linli/aid"
)

//go:embed texts/*.json
var shared embed.FS

// Catalogue holds texts by their ids. It is safe for concurrent use.
type Catalogue struct {
	readers map[aid.Language]*i18n.Localizer
}

// NewCatalogue reads the texts that all share and those of own, both as
// texts/zh-CN.json and texts/en.json. It fails if a language lacks a text or a
// placeholder that another has.
func NewCatalogue(own fs.FS) (*Catalogue, error) {
	bundle := i18n.NewBundle(language.MustParse(string(aid.Languages[0])))
	c := &Catalogue{readers: map[aid.Language]*i18n.Localizer{}}
	var first map[string][]string
	for _, l := range aid.Languages {
		uses := map[string][]string{}
		for _, files := range []fs.FS{shared, own} {
			file, err := bundle.LoadMessageFileFS(files, FileOf(l))
			if err != nil {
				return nil, fmt.Errorf("the texts in %s: %w", l, err)
			}
			for _, m := range file.Messages {
				uses[m.ID] = placeholders(m.Other)
			}
		}
		if first == nil {
			first = uses
		}
		if err := same(first, uses); err != nil {
			return nil, fmt.Errorf("the texts in %s: %w", l, err)
		}
		c.readers[l] = i18n.NewLocalizer(bundle, string(l))
	}
	return c, nil
}

var placeholder = regexp.MustCompile(`{{[^}]*}}`)

func placeholders(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return found
}

// same compares what the texts of two languages use, by their ids.
func same(one, other map[string][]string) error {
	for id, uses := range one {
		theirs, there := other[id]
		if !there {
			return fmt.Errorf("%s is missing", id)
		}
		if !slices.Equal(uses, theirs) {
			return fmt.Errorf("%s uses %v, in %s it uses %v", id, theirs, aid.Languages[0], uses)
		}
	}
	for id := range other {
		if _, there := one[id]; !there {
			return fmt.Errorf("%s has no text in %s", id, aid.Languages[0])
		}
	}
	return nil
}

// FileOf is where a catalogue has the texts of a language.
func FileOf(l aid.Language) string { return "texts/" + string(l) + ".json" }

// Text gives one text with its placeholders filled. One that is not there is a
// fault of ours.
func (c *Catalogue) Text(l aid.Language, id string, facts any) (string, error) {
	reader, ok := c.readers[l]
	if !ok {
		return "", aid.Errorf(aid.Internal, "there are no texts in %q", l)
	}
	text, err := reader.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: facts})
	if err != nil {
		return "", &aid.Error{Kind: aid.Internal, Message: "there is no text " + id + " in " + string(l), Err: err}
	}
	return text, nil
}

// Word translates one of a list of words that may grow, such as "category": what
// the catalogue does not know is shown as it is.
func (c *Catalogue) Word(l aid.Language, list, id string) string {
	if id == "" {
		id = "none"
	}
	text, err := c.Text(l, list+"."+id, nil)
	if err != nil {
		return id
	}
	return text
}

// Name is what has names in both languages by its name in one, or in the other if
// it has only that.
func Name(zh, en string, l aid.Language) string {
	if l == aid.English && en != "" || zh == "" {
		return en
	}
	return zh
}
