package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

// route is one operation with the action that a caller must be allowed to take.
type route struct {
	method, path string
	action       policy.Action
}

// describe says what an operation is for.
type describe struct {
	summary string
	status  int // on success; 0 for 200
	tag     string
}

// handle registers one operation. It is the only way to do so: the action is
// checked against the caller's role before the body is read, errors become
// problems, and time is limited.
func handle[I, O any](a *API, method, path string, action policy.Action, d describe, f func(context.Context, app.Caller, *I) (*O, error)) {
	huma.Register(a.huma, a.operation(method, path, action, d), func(ctx context.Context, in *I) (*O, error) {
		ctx, cancel := context.WithTimeout(ctx, a.Timeout)
		defer cancel()
		out, err := f(ctx, callerOf(ctx), in)
		if err != nil {
			return nil, a.problemOf(ctx, err, whereOf(method))
		}
		return out, nil
	})
}

// operation notes a route and describes it.
func (a *API) operation(method, path string, action policy.Action, d describe) huma.Operation {
	a.routes = append(a.routes, route{method, path, action})
	op := huma.Operation{
		OperationID: strings.ReplaceAll(string(action), "_", "-"), Method: method, Path: path,
		Summary: d.summary, Tags: []string{d.tag}, DefaultStatus: d.status, MaxBodyBytes: maxBody + 1, // it refuses from this size on
		// Huma's own five seconds would end slower answers, and with them the
		// connection's later requests, since the deadline outlives the body.
		BodyReadTimeout: readTime,
		Metadata:        map[string]any{"action": action},
		Middlewares:     huma.Middlewares{a.mayEver(action)},
	}
	if method == http.MethodPost {
		longest, shortest := maxKey, 1
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: keyHeader, In: "header",
			Description: "A text of your own that names this one call, such as a UUID. Sent again with the same body within 24 hours, the first answer is given again and nothing is done twice.",
			Schema:      &huma.Schema{Type: huma.TypeString, MinLength: &shortest, MaxLength: &longest},
		})
	}
	return op
}

// mayEver refuses callers whose role never takes the action.
func (a *API) mayEver(action policy.Action) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		if err := policy.Role(callerOf(c.Context()).Role, action); err != nil {
			_, w := humachi.Unwrap(c)
			a.problemOf(c.Context(), err, "").write(w)
			return
		}
		next(c)
	}
}

// whereOf says where the fields of a request stand.
func whereOf(method string) string {
	if method == http.MethodGet {
		return "query"
	}
	return "body"
}
