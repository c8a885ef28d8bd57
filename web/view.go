package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/language"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/words"
)

// view is what every page needs: the reader, their language and the clock.
type view struct {
	Language aid.Language
	Role     aid.Role // empty: nobody is signed in
	Name     string
	Path     string // of this page, for coming back to it
	Now      time.Time
	Key      string // of what is done on this page
	texts    *words.Catalogue
	missing  error // a text that is not there; the page is not shown then
}

var tags = func() []language.Tag {
	var out []language.Tag
	for _, l := range aid.Languages {
		out = append(out, language.MustParse(string(l)))
	}
	return out
}()

var matcher = language.NewMatcher(tags)

// viewOf is in the language that was chosen on this phone, else in the browser's.
func (p *Pages) viewOf(r *http.Request) *view {
	var chosen string
	if c, err := r.Cookie(languageCookie); err == nil {
		chosen = c.Value
	}
	_, i := language.MatchStrings(matcher, chosen, r.Header.Get("Accept-Language"))
	by := callerOf(r)
	path := "/"
	if r.Method == http.MethodGet {
		path = r.URL.Path
	}
	return &view{Language: aid.Languages[i], Role: by.Role, Name: by.Name, Path: path, Now: p.Now(), Key: uuid.NewString(), texts: p.texts}
}

// T is a text by its id, with facts for its placeholders.
func (v *view) T(id string, facts ...any) string {
	var given any
	if len(facts) > 0 {
		given = facts[0]
	}
	text, err := v.texts.Text(v.Language, id, given)
	if err != nil && v.missing == nil {
		v.missing = err
	}
	return text
}

// Word is one of a list of words that may grow, such as a category.
func (v *view) Word(list, id string) string { return v.texts.Word(v.Language, list, id) }

// Span and Moment are times by the clocks of a place.
func (v *view) Span(w aid.Window, zone string) string {
	return words.Span(w, clock(zone), v.Language)
}

// Moment is one of them.
func (v *view) Moment(t time.Time, zone string) string {
	return words.Moment(t, clock(zone), v.Language)
}

func clock(zone string) *time.Location {
	if c, err := time.LoadLocation(zone); err == nil {
		return c
	}
	return time.UTC
}

// fault says what went wrong and what to do, by its reason or else its kind. What
// was wrong with single fields is added in the reader's words where there are any.
func (v *view) fault(err error) string {
	e, ok := errors.AsType[*aid.Error](err)
	if !ok {
		return v.T("error.internal")
	}
	if e.Reason != "" {
		if text, err := v.texts.Text(v.Language, "error."+string(e.Reason), nil); err == nil {
			return text
		}
	}
	return v.T("error." + string(e.Kind))
}
