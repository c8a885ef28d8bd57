package api

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/training/sheet"
)

// rolling serves a world with a rollout that has a plan of two cohorts.
func rolling(t *testing.T) *running {
	t.Helper()
	r := serve(t)
	require.NoError(t, r.world.OpenRollout(t.Context(), rollout.Kept{ID: "p-1", Name: "Years", Source: apptest.RolloutFile("Years", "hlj.harbin"), OpenedBy: "a-coordinator", OpenedAt: apptest.Now}))
	march := rollout.NewMonth(2027, time.March)
	cohort := rollout.Planned{
		Plan: 1, No: 1, Step: "s", Course: "basics", Area: "hlj.harbin", Venue: "hlj.harbin", Month: march, Lecturers: "hlj.harbin", Seats: 6,
		From: []rollout.Enrolment{{Area: "hlj.harbin", People: 3}}, Announced: true,
	}
	later := cohort
	later.No, later.Month, later.Announced, later.Hindrance = 2, march+1, false, rollout.NoTrainer
	later.Unmet = aid.ReasonCounts{Capacity: 4}
	plan := rollout.KeptPlan{No: 1, Version: 1, MadeAt: apptest.Now, Report: &rollout.Report{
		Objective: 12, DualBound: 10, People: 6,
		Shortfalls: []rollout.Shortfall{{Area: "hlj.harbin", Step: "s", Month: march, MissingSeats: 2, Reasons: []string{"venue"}}},
	}, Cohorts: []rollout.Planned{cohort, later}}
	r.world.Plan("p-1", plan, rollout.Checkpoint{Month: march, At: apptest.Now, Version: 1, Plan: 1, Progress: []rollout.Progress{
		{Step: "s", People: 6, LeftOut: 2, Finished: 2, Completed: 2, Forecast: rollout.Forecast{Finish: march + 2, Earliest: march + 1, Latest: march + 4, Sure: true}},
		{Step: "s", Area: "hlj.harbin", People: 6, Misses: true},
	}}, map[int][]rollout.AtPath{1: {{Path: apptest.Harbin, People: 2}, {Path: apptest.Nangang, People: 1}}})
	return r
}

func TestAPlanIsReadWithWhatCameOfIt(t *testing.T) {
	t.Parallel()
	r := rolling(t)
	a := r.send("trainer", "GET", "/v1/rollouts/p-1/plan", "")
	require.Equal(t, http.StatusOK, a.StatusCode, "%v", a.body)
	report := a.body["plan"].(map[string]any)["report"].(map[string]any)
	require.EqualValues(t, 12, report["objective"])
	require.Equal(t, "2027-03", report["shortfalls"].([]any)[0].(map[string]any)["month"])
	items := a.body["items"].([]any)
	require.Len(t, items, 2)
	first, second := items[0].(map[string]any), items[1].(map[string]any)
	require.Equal(t, "announced", first["status"])
	require.Equal(t, "p-1.1.1", first["cohort_id"])
	require.EqualValues(t, 3, first["enrolled"])
	require.Equal(t, "planned", second["status"])
	require.Equal(t, "no_trainer", second["hindrance"])
	require.EqualValues(t, 4, second["unmet"].(map[string]any)["capacity"])
	require.NotContains(t, first, "unmet")
	require.NotContains(t, second, "cohort_id")

	a = r.send("trainer", "GET", "/v1/rollouts/p-1/plan?from=2027-04&until=2027-04", "")
	require.Len(t, a.body["items"], 1)
	for field, bad := range map[string]string{"from": "april", "until": "2027-13", "step": "%00", "area_id": "-"} {
		p := r.problem(r.send("trainer", "GET", "/v1/rollouts/p-1/plan?"+field+"="+bad, ""), http.StatusUnprocessableEntity)
		require.Equal(t, []string{"query." + field}, p.locations())
	}
}

func TestProgressIsReadByStepAndArea(t *testing.T) {
	t.Parallel()
	r := rolling(t)
	a := r.send("coordinator", "GET", "/v1/rollouts/p-1/progress", "")
	require.Equal(t, http.StatusOK, a.StatusCode, "%v", a.body)
	require.Equal(t, "2027-03", a.body["month"])
	require.Len(t, a.body["items"], 2)
	whole := a.body["items"].([]any)[0].(map[string]any)
	require.Equal(t, map[string]any{"finish": "2027-05", "earliest": "2027-04", "latest": "2027-07", "sure": true}, whole["forecast"])
	require.EqualValues(t, 4, whole["planned"])
	require.InDelta(t, 33.3, whole["coverage_percent"], 1e-9)
	require.Equal(t, "2027-12", whole["deadline"])
	a = r.send("coordinator", "GET", "/v1/rollouts/p-1/progress?area_id=hlj.harbin", "")
	require.Len(t, a.body["items"], 1)
	require.Equal(t, true, a.body["items"].([]any)[0].(map[string]any)["misses"])
	require.Empty(t, r.send("coordinator", "GET", "/v1/rollouts/p-1/progress?step=t", "").body["items"])
}

func TestFromProgressOneGetsToItsCohorts(t *testing.T) {
	t.Parallel()
	r := rolling(t)
	for _, id := range []training.CohortID{"p-1.1.1", "k-another"} {
		r.world.SeedCohort(id, "org-harbin", apptest.Harbin, apptest.Now.Add(time.Hour))
	}
	ids := func(query string) (ids []any) {
		a := r.send("trainer", "GET", "/v1/cohorts?"+query, "")
		require.Equal(t, http.StatusOK, a.StatusCode, "%v", a.body)
		for _, c := range a.body["items"].([]any) {
			ids = append(ids, c.(map[string]any)["id"])
		}
		return ids
	}
	require.Len(t, ids(""), 2)
	for _, query := range []string{"rollout_id=p-1", "step=s", "people_of=hlj.harbin", "rollout_id=p-1&step=s&people_of=hlj.harbin"} {
		require.Equal(t, []any{"p-1.1.1"}, ids(query), query)
	}
	for _, query := range []string{"rollout_id=p-2", "step=t", "people_of=hlj"} {
		require.Empty(t, ids(query), query)
	}
	for _, field := range []string{"rollout_id", "step", "people_of"} {
		p := r.problem(r.send("trainer", "GET", "/v1/cohorts?"+field+"=%00", ""), http.StatusUnprocessableEntity)
		require.Equal(t, []string{"query." + field}, p.locations())
	}
}

func TestProgressIsReadAsASpreadsheet(t *testing.T) {
	t.Parallel()
	r := rolling(t)
	for form, kind := range map[string]string{"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.url+"/v1/rollouts/p-1/progress/file?form="+form, nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer trainer")
		res, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, errors.Join(err, res.Body.Close()))
		require.Equal(t, kind, res.Header.Get("Content-Type"))
		require.Equal(t, `attachment; filename="rollout-p-1.`+form+`"`, res.Header.Get("Content-Disposition"))
		table, err := sheet.Read(body, nil, strings.Split("step,step_name,step_name_zh,area,area_name,area_name_zh,month,people,planned,due,announced,enrolled,attended,"+
			"completed,lapsed,behind,left_out,hindered_cohorts,persons,finished_persons,coverage_percent,deadline,finish,earliest,latest,slippage_months,misses", ","))
		require.NoError(t, err)
		require.Len(t, table.Rows, 2)
		require.Equal(t, "北", table.Cell(table.Rows[1], "area_name_zh"))
		require.Equal(t, "2", table.Cell(table.Rows[0], "completed"))
		require.Equal(t, "4", table.Cell(table.Rows[0], "planned"))
		require.Equal(t, "33.3", table.Cell(table.Rows[0], "coverage_percent"))
	}
	r.problem(r.send("trainer", "GET", "/v1/rollouts/p-1/progress/file?form=pdf", ""), http.StatusUnprocessableEntity)
}

func TestARolloutIsBegunAndAmendedByItsFile(t *testing.T) {
	t.Parallel()
	r := serve(t)
	a := r.send("overall", "POST", "/v1/rollouts", rolloutBody("Years", 0))
	require.Equal(t, http.StatusCreated, a.StatusCode, "%v", a.body)
	at := a.Header.Get("Location")
	a = r.send("trainer", "GET", at, "")
	require.Equal(t, "planning", a.body["status"])
	require.Equal(t, apptest.RolloutFile("Years", "hlj.harbin").Text, a.body["file"])

	a = r.send("overall", "POST", at+"/amendments", rolloutBody("More years", 1))
	require.Equal(t, http.StatusCreated, a.StatusCode, "%v", a.body)
	require.EqualValues(t, 2, a.body["version"])
	p := r.problem(r.send("overall", "POST", at+"/amendments", rolloutBody("Other years", 1)), http.StatusPreconditionFailed)
	require.Equal(t, string(aid.ReasonChangedMeanwhile), p.body["reason"])
	r.problem(r.send("overall", "POST", "/v1/rollouts", `{"file":"name: x"}`), http.StatusUnprocessableEntity)
	p = r.problem(r.send("overall", "POST", at+"/departures", `{"volunteer_id":"v-1","left_on":"yesterday"}`), http.StatusUnprocessableEntity)
	require.Contains(t, p.locations(), "body.left_on")
}
