package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/merit"
	"github.com/linli/linli/workflows/contract"
)

const (
	nangang = apptest.Nangang
	daqing  = apptest.Daqing
)

func need() aid.Need { return apptest.Need() }

// cohortBody plans a cohort of an organisation.
func cohortBody(organisation string) string {
	place := map[string]string{"org-harbin": "Harbin", "org-daqing": "in daqing"}[organisation]
	return `{"course_id":"basics","organisation_id":"` + organisation + `","mode":"in_person","venue":"Room 1, ` + place + `","location":{"lat":45,"lng":126},
		"trainers":["a-trainer"],"capacity":2,"sessions":[{"starts_at":"2026-12-01T01:00:00Z","ends_at":"2026-12-01T03:00:00Z"}]}`
}

// rolloutBody is a rollout by its file, or an amendment of a version.
func rolloutBody(name string, version int) string {
	source := apptest.RolloutFile(name, "hlj.harbin")
	body := map[string]any{"file": source.Text, "beside": source.Beside}
	if version > 0 {
		body["version"] = version
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// accept takes the offer as its volunteer.
func (r *running) accept(offer aid.OfferID, request aid.RequestID, v aid.VolunteerID) {
	r.t.Helper()
	_, err := r.world.AnswerOffer(r.t.Context(), "seed-"+string(offer), contract.AnswerOffer{
		Request: request, Offer: offer, Volunteer: v, Answer: contract.AnswerAccept, Pairing: aid.PairingID("p-" + offer),
	})
	require.NoError(r.t, err)
}

// visitNow is the id of the visit that comes of an offer that [running.visited]
// makes.
func visitNow(offer aid.OfferID) string {
	return string(aid.VisitIDOf(aid.PairingID("p-"+offer), apptest.Now.Add(-time.Hour)))
}

// visited adds visits whose time has come: three that nobody has begun, three
// that are done, and three whose record is disputed; each time of v-1, of v-2 and
// of somebody elsewhere.
func (r *running) visited() {
	r.t.Helper()
	note := aid.Evidence{Means: aid.MeansCaseworker, At: apptest.Now.Add(-time.Hour)}
	for i := range 9 {
		request, offer := aid.RequestID(fmt.Sprintf("r-now-%d", i)), aid.OfferID(fmt.Sprintf("o-%d", i+7))
		n, area := need(), []aid.AreaPath{nangang, nangang, daqing}[i%3]
		n.Window = aid.Window{StartsAt: apptest.Now.Add(-time.Hour), EndsAt: apptest.Now.Add(time.Hour)}
		volunteer := []aid.VolunteerID{"v-1", "v-2", "v-far"}[i%3]
		r.world.Seed(request, n, area)
		r.world.Offer(offer, request, volunteer)
		r.accept(offer, request, volunteer)
		if i < 3 {
			continue
		}
		visit := aid.VisitID(visitNow(offer))
		_, err := r.world.Change(r.t.Context(), request, func(h *aid.HelpRequest, now time.Time) error {
			if _, err := h.CheckIn(visit, note, "", now); err != nil {
				return err
			}
			_, err := h.CheckOut(visit, aid.Evidence{Means: aid.MeansCaseworker}, "", now)
			return err
		})
		require.NoError(r.t, err)
		if i >= 6 {
			_, err := r.world.ChangeRecord(r.t.Context(), visit, func(m *merit.Record, now time.Time) error { return m.Dispute("not_done", "", now) })
			require.NoError(r.t, err)
		}
	}
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
