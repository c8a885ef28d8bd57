package api

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/linli/linli/aid"
)

// Item is the one thing that a path names.
type Item struct {
	ID string `path:"id" maxLength:"64"`
}

// Resolve answers what cannot be an id in the way of an id that nothing has.
func (i *Item) Resolve(huma.Context) []error {
	if aid.ValidID(i.ID) {
		return nil
	}
	return []error{problemOfForm(http.StatusNotFound, "")}
}

// Paging is the part of a list that is asked for.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Most items in one answer."`
	Cursor string `query:"cursor" maxLength:"500" doc:"The next of the answer before."`

	at url.URL
}

// Resolve keeps the address that was asked, for the link to the next page.
func (p *Paging) Resolve(c huma.Context) []error {
	p.at = c.URL()
	return nil
}

func (p *Paging) page() aid.Page { return aid.Page{After: p.Cursor, Limit: p.Limit} }

// List is one page of a list.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent at the end."`
}

type listed[T any] struct {
	Link string `header:"Link" doc:"The next page, rel=next."`
	Body List[T]
}

// pageOf writes a page with the link to the next.
func pageOf[F, T any](p Paging, from aid.PageOf[F], item func(F) T) *listed[T] {
	out := &listed[T]{Body: List[T]{Items: mapped(from.Items, item), Next: from.Next}}
	if from.Next != "" {
		q := p.at.Query()
		q.Set("cursor", from.Next)
		q.Set("limit", strconv.Itoa(p.Limit))
		out.Link = "<" + p.at.Path + "?" + q.Encode() + `>; rel="next"`
	}
	return out
}

// mapped converts a slice; the result is never nil, so that JSON shows [].
func mapped[F, T any](from []F, item func(F) T) []T {
	out := make([]T, 0, len(from))
	for _, f := range from {
		out = append(out, item(f))
	}
	return out
}
