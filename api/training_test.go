package api

import (
	"encoding/base64"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/training/sheet"
)

func TestASpreadsheetComesBackWithReasons(t *testing.T) {
	t.Parallel()
	r := serve(t)
	r.world.SeedCohort("k-1", "org-harbin", apptest.Harbin, apptest.Now.Add(time.Hour))
	for _, kind := range []string{"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/octet-stream"} {
		a := r.send("coordinator", "POST", "/v1/cohorts/k-1/enrolments/file", "volunteer_id\nv-1\nv-9\n", "Content-Type", kind)
		require.Equal(t, http.StatusOK, a.StatusCode, "what a file is shows in its content: %v", a.body)
		require.Len(t, a.body["rejected"], 1)
		file, err := base64.StdEncoding.DecodeString(a.body["rejected_file"].(string))
		require.NoError(t, err)
		table, err := sheet.Read(file, []string{"volunteer_id"}, nil)
		require.NoError(t, err)
		require.Equal(t, "v-9", table.Rows[0].Cells[0])
		require.Contains(t, table.Cell(table.Rows[0], sheet.Reason), "not registered")
	}
	p := r.problem(r.send("coordinator", "POST", "/v1/cohorts/k-1/enrolments/file", "name\n", "Content-Type", "text/csv"), http.StatusUnprocessableEntity)
	require.Contains(t, p.locations(), "body.file")
}

func TestResultsNameTheItemThatIsWrong(t *testing.T) {
	t.Parallel()
	r := serve(t)
	r.world.SeedCohort("k-1", "org-harbin", apptest.Harbin, apptest.Now.Add(-time.Hour), "v-1")
	p := r.problem(r.send("trainer", "POST", "/v1/cohorts/k-1/results", `{"results":[{"volunteer_id":"v-1","score":50},{"volunteer_id":"v-1","score":101}]}`), http.StatusUnprocessableEntity)
	require.Contains(t, p.locations(), "body.results[1].score")
	p = r.problem(r.send("trainer", "POST", "/v1/cohorts/k-1/results", `{"results":[{"volunteer_id":"v-2","score":50}]}`), http.StatusConflict)
	require.Equal(t, "not_enrolled", p.body["reason"])
	require.Contains(t, p.locations(), "body.results[0]")
}

func TestAnybodyWithTheIDVerifiesACertificate(t *testing.T) {
	t.Parallel()
	r := serve(t)
	r.world.SeedCertificate("z-1", "v-1")
	a := r.send("", "GET", "/verify/certificates/z-1", "")
	require.Equal(t, http.StatusOK, a.StatusCode)
	require.Equal(t, "no-store", a.Header.Get("Cache-Control"))
	require.Equal(t, map[string]any{
		"status": "valid", "course_name_zh": "基础", "course_name_en": "Basics", "holder": "林**", "completed_on": "2026-11-02", "until": "2028-11-02",
	}, a.body, "and nothing more")
	r.send("coordinator", "POST", "/v1/certificates/z-1/revoke", `{"reason":"another's score"}`)
	require.Equal(t, "revoked", r.send("", "GET", "/verify/certificates/z-1", "").body["status"])
	for _, id := range []string{"z-none", "..", "%00", "a%2fb"} {
		r.problem(r.send("", "GET", "/verify/certificates/"+id, ""), http.StatusNotFound)
	}
	require.Equal(t, "signed z-1 basics", r.send("volunteer", "GET", "/v1/certificates/z-1/credential", "").body["credential"])
}

func TestWithoutAKeyThereAreNoCredentials(t *testing.T) {
	t.Parallel()
	r := serve(t, func(o *Options) { o.UseCases.Certificates.Badges = nil })
	r.world.SeedCertificate("z-1", "v-1")
	r.problem(r.send("volunteer", "GET", "/v1/certificates/z-1/credential", ""), http.StatusServiceUnavailable)
}
