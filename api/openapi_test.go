package api

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOpenAPIIsAsCheckedIn(t *testing.T) {
	t.Parallel()
	text, err := serve(t).api.huma.OpenAPI().YAML()
	require.NoError(t, err)
	golden(t, "openapi.yaml", string(text))
}

func TestOpenAPIIsServedAndWhole(t *testing.T) {
	t.Parallel()
	r := serve(t)
	a := r.send("", "GET", "/openapi.json", "")
	require.Equal(t, http.StatusOK, a.StatusCode)
	require.Equal(t, "3.1.0", a.body["openapi"])
	paths := a.body["paths"].(map[string]any)
	ids := map[string]bool{}
	for _, route := range r.api.routes {
		item, ok := paths[route.path].(map[string]any)
		require.True(t, ok, route.path)
		op, ok := item[map[string]string{"GET": "get", "POST": "post", "PUT": "put", "PATCH": "patch", "DELETE": "delete"}[route.method]].(map[string]any)
		require.True(t, ok, route.path)
		id := op["operationId"].(string)
		require.False(t, ids[id], "%s is used twice", id)
		ids[id] = true
		if route.path != "/v1/events" {
			require.Contains(t, op["responses"], "default", "%s does not describe its errors", id)
		}
		if route.method == http.MethodPost {
			text, err := json.Marshal(op["parameters"])
			require.NoError(t, err)
			require.Contains(t, string(text), keyHeader)
		}
	}
	require.Contains(t, a.body["components"].(map[string]any)["schemas"], "Problem")
}
