package api

import (
	"net/http"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"
)

// A read deadline that comes before an answer's own time cuts the answer off,
// and leaves the connection's later requests with a context that has ended.
func TestNoBodyDeadlineEndsAnAnswer(t *testing.T) {
	t.Parallel()
	r := serve(t)
	seen := 0
	for path, item := range r.api.huma.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodPatch: item.Patch, http.MethodDelete: item.Delete} {
			if op != nil && path != "/v1/events" {
				require.Greater(t, op.BodyReadTimeout, defaultTimeout, "%s %s", method, path)
				seen++
			}
		}
	}
	require.Greater(t, seen, 10)
}
