package api

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/training"
)

func TestASessionIsMovedOverHTTP(t *testing.T) {
	t.Parallel()
	r := serve(t)
	r.world.SeedCohort("k-1", "org-harbin", apptest.Harbin, apptest.Now.Add(24*time.Hour), "v-1")
	const path = "/v1/cohorts/k-1/sessions/1/move"
	a := r.send("trainer", "POST", path, `{"starts_at":"2026-12-24T17:00:00+08:00","ends_at":"2026-12-24T19:00:00+08:00","venue":"Hall"}`)
	require.Equal(t, http.StatusOK, a.StatusCode, "%v", a.body)
	session := a.body["sessions"].([]any)[0].(map[string]any)
	require.Equal(t, "2026-12-24T09:00:00Z", session["starts_at"])
	require.Equal(t, "Hall", session["venue"])
	session = r.send("caseworker", "GET", "/v1/cohorts/k-1", "").body["sessions"].([]any)[0].(map[string]any)
	require.NotContains(t, session, "venue", "as the venue of the cohort, it is not for everybody")
	p := r.problem(r.send("trainer", "POST", path, `{"starts_at":"2020-12-24T09:00:00Z","ends_at":"2020-12-24T10:00:00Z"}`), http.StatusUnprocessableEntity)
	require.Contains(t, p.locations(), "body.starts_at")
	r.problem(r.send("trainer", "POST", "/v1/cohorts/k-1/sessions/7/move", `{"starts_at":"2026-12-25T09:00:00Z","ends_at":"2026-12-25T10:00:00Z"}`), http.StatusNotFound)

	r.world.SeedCohort("k-now", "org-harbin", apptest.Harbin, apptest.Now.Add(-time.Hour), "v-1")
	require.Equal(t, http.StatusOK, r.send("trainer", "POST", "/v1/cohorts/k-now/sessions/1/attendance", `{"marks":[{"volunteer_id":"v-1","present":true}]}`).StatusCode)
	p = r.problem(r.send("trainer", "POST", "/v1/cohorts/k-now/sessions/1/move", `{"starts_at":"2026-12-24T09:00:00Z","ends_at":"2026-12-24T10:00:00Z"}`), http.StatusConflict)
	require.Equal(t, string(training.ReasonAttendanceNoted), p.body["reason"])
}

func TestATrainerIsReplacedOverHTTP(t *testing.T) {
	t.Parallel()
	r := serve(t)
	r.world.SeedCohort("k-1", "org-harbin", apptest.Harbin, apptest.Now.Add(24*time.Hour))
	status := func(a answer) map[string]any {
		require.Equal(t, http.StatusOK, a.StatusCode, "%v", a.body)
		out := map[string]any{}
		for _, item := range a.body["items"].([]any) {
			out[item.(map[string]any)["account_id"].(string)] = item.(map[string]any)["status"]
		}
		return out
	}
	require.Equal(t, map[string]any{"a-trainer": "trainer", "a-other-trainer": "trainer"}, status(r.send("coordinator", "PUT", "/v1/cohorts/k-1/trainers/a-other-trainer", `{}`)))
	a := r.send("coordinator", "PUT", "/v1/cohorts/k-1/trainers/a-far-trainer", `{"replaces":"a-trainer","reason":"ill"}`)
	require.Equal(t, map[string]any{"a-trainer": "withdrawn", "a-other-trainer": "trainer", "a-far-trainer": "trainer"}, status(a))
	a = r.send("coordinator", "PUT", "/v1/cohorts/k-1/trainers/a-trainer", `{"replaces":"a-far-trainer","reason":"well"}`)
	require.Equal(t, map[string]any{"a-trainer": "trainer", "a-other-trainer": "trainer", "a-far-trainer": "withdrawn"}, status(a), "who is back is not said to have left")
	r.problem(r.send("coordinator", "PUT", "/v1/cohorts/k-1/trainers/a-coordinator", `{}`), http.StatusUnprocessableEntity)
	r.problem(r.send("coordinator", "PUT", "/v1/cohorts/k-1/trainers/a-far-trainer", `{"replaces":"a-trainer"}`), http.StatusUnprocessableEntity)
}
