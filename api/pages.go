package api

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"golang.org/x/text/language"
)

// The pages are whole in themselves: no script, no font, no other host.
//
//go:embed pages
var pageFiles embed.FS

var pages = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// servePages serves what needs no token.
func (a *API) servePages(r chi.Router) {
	r.Get("/status", a.start)
	r.Get("/docs", a.docs())
	r.Get("/healthz", health)
	r.Get("/readyz", a.probes.readyz)
	r.Method(http.MethodGet, "/metrics", a.probes.figures())
	r.Get("/openapi.json", a.openapi())
}

var languages = language.NewMatcher([]language.Tag{language.Chinese, language.English})

// inEnglish tells the language that the reader asked for: by ?lang=, else by
// their browser; Chinese when they ask for neither.
func inEnglish(r *http.Request) bool {
	_, i := language.MatchStrings(languages, r.URL.Query().Get("lang"), r.Header.Get("Accept-Language"))
	return i == 1
}

// start is the page for whoever runs the product. It says what runs here and whether it is ready.
func (a *API) start(w http.ResponseWriter, r *http.Request) {
	found := a.probes.ready(r.Context())
	type part struct {
		Name string
		OK   bool
	}
	data := struct {
		English bool
		Ready   bool
		Parts   []part
		Base    string // where the reader found this page
	}{inEnglish(r), found.Ready, nil, baseOf(r)}
	for _, p := range a.Parts {
		data.Parts = append(data.Parts, part{p.Name, found.Parts[p.Name] == "ok"})
	}
	a.page(w, r, "start.html", data)
}

// baseOf is the address that the reader used, as far as it is seen here: a proxy
// in front may speak TLS.
func baseOf(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

func (a *API) page(w http.ResponseWriter, r *http.Request, name string, data any) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		a.problemOf(r.Context(), err, "").write(w)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Vary", "Accept-Language")
	_, _ = w.Write(b.Bytes()) // whoever hung up does not read it
}

// openapi serves the document as JSON.
func (a *API) openapi() http.HandlerFunc {
	text := sync.OnceValues(func() ([]byte, error) { return json.Marshal(a.huma.OpenAPI()) })
	return func(w http.ResponseWriter, r *http.Request) {
		b, err := text()
		if err != nil {
			a.problemOf(r.Context(), err, "").write(w)
			return
		}
		w.Header().Set("Content-Type", "application/openapi+json")
		_, _ = w.Write(b) // whoever hung up does not read it
	}
}

// documented is one operation as the docs page shows it.
type documented struct {
	Method, Path, Summary, Tag string
	Fields                     []field // of the query, then of the body
}

type field struct {
	Name, Type, Doc string
	Required        bool
}

// docs serves a page that lists every operation of the document.
func (a *API) docs() http.HandlerFunc {
	list := sync.OnceValue(func() []documented { return documentedOf(a.huma.OpenAPI(), a.routes) })
	return func(w http.ResponseWriter, r *http.Request) {
		a.page(w, r, "docs.html", struct {
			English bool
			Routes  []documented
		}{inEnglish(r), list()})
	}
}

func documentedOf(doc *huma.OpenAPI, routes []route) []documented {
	var out []documented
	for _, r := range routes {
		item := doc.Paths[r.path]
		op := map[string]*huma.Operation{
			http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put,
			http.MethodPatch: item.Patch, http.MethodDelete: item.Delete,
		}[r.method]
		d := documented{Method: r.method, Path: r.path, Summary: op.Summary, Tag: op.Tags[0]}
		for _, p := range op.Parameters {
			if p.In == "query" {
				d.Fields = append(d.Fields, field{"?" + p.Name, p.Schema.Type, wordsOf(p.Schema), p.Required})
			}
		}
		if op.RequestBody != nil {
			if body, ok := op.RequestBody.Content["application/json"]; ok {
				d.Fields = append(d.Fields, fieldsOf(doc, body.Schema, "")...)
			} else {
				d.Fields = append(d.Fields, field{Name: "", Type: "file", Doc: "The body is the file as it is.", Required: true})
			}
		}
		out = append(out, d)
	}
	return out
}

// fieldsOf lists the fields of an object with those of the objects in it.
func fieldsOf(doc *huma.OpenAPI, s *huma.Schema, prefix string) []field {
	if s.Ref != "" {
		s = doc.Components.Schemas.SchemaFromRef(s.Ref)
	}
	if s.Type == huma.TypeArray {
		return fieldsOf(doc, s.Items, strings.TrimSuffix(prefix, ".")+"[].")
	}
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []field
	for _, name := range names {
		p := s.Properties[name]
		out = append(out, field{prefix + name, p.Type, wordsOf(p), slices.Contains(s.Required, name)})
		out = append(out, fieldsOf(doc, p, prefix+name+".")...)
	}
	return out
}

// wordsOf says what a field is for, and its values where they are few.
func wordsOf(s *huma.Schema) string {
	values := s.Enum
	if s.Items != nil {
		values = s.Items.Enum
	}
	var list []string
	for _, v := range values {
		list = append(list, fmt.Sprint(v))
	}
	return strings.TrimSpace(s.Description + " " + strings.Join(list, ", "))
}
