package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/workflows/contract"
)

const (
	nangang = apptest.Nangang
	daqing  = apptest.Daqing
)

func need() aid.Need { return apptest.Need() }

// accept takes the offer as its volunteer.
func (r *running) accept(offer aid.OfferID, request aid.RequestID, v aid.VolunteerID) {
	r.t.Helper()
	_, err := r.world.AnswerOffer(r.t.Context(), "seed-"+string(offer), contract.AnswerOffer{
		Request: request, Offer: offer, Volunteer: v, Answer: contract.AnswerAccept, Pairing: aid.PairingID("p-" + offer),
	})
	require.NoError(r.t, err)
}

// status calls and gives the status alone, without waiting for a stream's end.
func (r *running) status(token, method, path, body string) int {
	r.t.Helper()
	ctx, cancel := context.WithCancel(r.t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, r.url+path, strings.NewReader(body))
	require.NoError(r.t, err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(r.t, err)
	require.NoError(r.t, res.Body.Close())
	return res.StatusCode
}

// servedRoutes lists what chi serves under /v1.
func servedRoutes(t *testing.T, a *API) []string {
	t.Helper()
	var out []string
	routes, ok := a.handler.(chi.Routes)
	require.True(t, ok)
	require.NoError(t, chi.Walk(routes, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if strings.HasPrefix(route, "/v1") {
			out = append(out, method+" "+route)
		}
		return nil
	}))
	slices.Sort(out)
	return out
}
