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
