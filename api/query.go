package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/linli/linli/aid"
)

// plainQuery refuses a query that cannot be read and one that gives a parameter
// twice: of these only a part would count, and the answer would look whole.
func plainQuery(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			p := newProblem(http.StatusBadRequest, "malformed", "the request cannot be read")
			p.Errors = []Detail{{"query", "is malformed; write what has a meaning in a URL as %xx"}}
			p.write(w)
			return
		}
		p := newProblem(http.StatusUnprocessableEntity, string(aid.Invalid), "the request is not of the form that is asked for")
		for name, values := range given {
			if len(values) > 1 {
				p.Errors = append(p.Errors, Detail{"query." + name, "is given twice; separate several values by commas"})
			}
		}
		if len(p.Errors) > 0 {
			slices.SortFunc(p.Errors, func(a, b Detail) int { return strings.Compare(a.Location, b.Location) })
			p.write(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}
