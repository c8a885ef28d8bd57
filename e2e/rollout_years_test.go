package e2e

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/workflows/contract"
)

// drive is a rollout of four months that a real server carries out to its last one, with
// the people in it. Months cannot be shortened, so time passes the other way round: every
// fact that has a date is moved a month back.
type drive struct {
	*system
	path    string
	first   rollout.Month // as of now
	people  map[string][]string
	left    []string
	versed  map[string][]string // who completed a course, by course
	checked int
}

const (
	nangang = "hlj.harbin.nangang"
	daoli   = "hlj.harbin.daoli"
)

func (d *drive) file(inDaoli int) Object {
	month := func(i int) string { return (d.first + rollout.Month(i)).String() }
	return Object{
		"file": fmt.Sprintf(`name: Two districts
name_zh: 两区培训
costs: {lecturer_km: 1, traveller_km: 1, empty_seat: 1, late_month: 50}
announce_weeks: 4
lecturer_km: 100
cohorts_per_lecturer: 4
road_percent: 100
areas_csv: areas.csv
audience:
  - {area: hlj.harbin.nangang, tier: community, tree: regional, organisations: 2}
  - {area: hlj.harbin.daoli, tier: community, tree: regional, organisations: %d}
courses: [{id: records}, {id: safety, after: [records]}]
steps:
  - {id: all, run_by: county, roles: [lead], organisations: [{tier: community, tree: regional}], courses: [records, safety],
     start: %s, target: %s, deadline: %s, least_size: 1, most_size: 12, travel_km: 0}
`, inDaoli, month(0), month(0), month(3)),
		"beside": Object{"areas.csv": "id,name,name_zh,tier,parent,lat,lng,venue_cohorts,lecturers\n" +
			"hlj.harbin,Harbin,哈尔滨,prefecture,,45.76,126.64,0,0\n" +
			nangang + ",Nangang,南岗,county,hlj.harbin,45.76,126.64,2,1\n" + daoli + ",Daoli,道里,county,hlj.harbin,45.75,126.61,2,1\n"},
	}
}

// sql runs statements in one transaction.
func (d *drive) sql(do func(ctx context.Context, tx pgx.Tx) error) {
	d.t.Helper()
	conn, err := pgx.Connect(d.t.Context(), d.PostgresURL)
	require.NoError(d.t, err)
	defer conn.Close(d.t.Context())
	require.NoError(d.t, pgx.BeginFunc(d.t.Context(), conn, func(tx pgx.Tx) error { return do(d.t.Context(), tx) }))
}

// monthPasses moves every fact of the rollout a month back, while its process is dead,
// and kills the program: what comes up after that finds the next month.
func (d *drive) monthPasses() {
	d.t.Helper()
	d.awaitDelivered()
	d.terminate(contract.WorkflowRollout, 1)
	d.sql(func(ctx context.Context, tx pgx.Tx) error {
		for _, s := range []string{
			"ALTER TABLE rollout_versions DISABLE TRIGGER rollout_versions_stay",
			"UPDATE rollout_cohorts SET month = month - 1",
			"UPDATE cohort_sessions SET starts_at = starts_at - interval '1 month', ends_at = ends_at - interval '1 month'",
			"UPDATE cohorts SET starts_at = starts_at - interval '1 month'",
			"DELETE FROM rollout_checkpoints",
		} {
			if _, err := tx.Exec(ctx, s); err != nil {
				return err
			}
		}
		for m := d.first - 6; m < d.first+5; m++ { // the earliest first, so that none is moved twice
			if _, err := tx.Exec(ctx, "UPDATE rollout_versions SET source = replace(source::text, $1, $2)::jsonb", m.String(), (m - 1).String()); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, "ALTER TABLE rollout_versions ENABLE TRIGGER rollout_versions_stay")
		return err
	})
	d.first--
	require.NoError(d.t, d.Kill())
	d.run()
}

// due are the announced cohorts whose results are not settled, once version is planned.
func (d *drive) due(version int) (cohorts []Object) {
	d.t.Helper()
	coming := (rollout.MonthOf(time.Now()) + 1).String()
	d.await(fmt.Sprintf("version %d is planned, and announced for %s", version, coming), func() bool {
		cohorts = nil
		plan := d.do(http.StatusOK, d.Tokens["trainer"], "GET", d.path+"/plan?limit=200", nil)
		status := d.do(http.StatusOK, d.Tokens["trainer"], "GET", d.path, nil)["status"]
		if status != "running" || plan["plan"].(Object)["version"] != float64(version) {
			return false
		}
		for _, item := range plan["items"].([]any) {
			c := item.(Object)
			require.NotContains(d.t, c, "hindrance")
			if c["status"] == "planned" && c["month"].(string) <= coming {
				return false
			}
			if c["status"] == "announced" {
				cohorts = append(cohorts, c)
			}
		}
		return true
	})
	return cohorts
}

// hold lets those a cohort is for enrol, come and be certified, and settles its results.
func (d *drive) hold(c Object) {
	d.t.Helper()
	id, course := c["cohort_id"].(string), c["course_id"].(string)
	path := "/v1/cohorts/" + id
	coordinator, trainer := d.Tokens["coordinator"], d.Tokens["trainer"]
	var marks, results []Object
	for _, from := range c["from"].([]any) {
		f := from.(Object)
		open := int(f["people"].(float64))
		for _, v := range d.people[f["area_id"].(string)] {
			if open == 0 || slices.Contains(d.left, v) || slices.Contains(d.versed[course], v) {
				continue
			}
			d.do(http.StatusCreated, coordinator, "POST", path+"/enrolments", Object{"volunteer_id": v})
			d.versed[course] = append(d.versed[course], v)
			marks, results = append(marks, Object{"volunteer_id": v, "present": true}), append(results, Object{"volunteer_id": v, "score": 80})
			open--
		}
		require.Zero(d.t, open, "%v has people enough: %v", f, d.people)
	}
	d.sql(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE cohort_sessions SET starts_at = now() - interval '2h', ends_at = now() - interval '1h' WHERE cohort_id = $1", id)
		if err == nil {
			_, err = tx.Exec(ctx, "UPDATE cohorts SET starts_at = now() - interval '2h' WHERE id = $1", id)
		}
		return err
	})
	d.do(http.StatusOK, trainer, "POST", path+"/sessions/1/attendance", Object{"marks": marks})
	d.do(http.StatusOK, trainer, "POST", path+"/results", Object{"results": results})
	d.do(http.StatusOK, trainer, "PATCH", path, Object{"status": "completed"})
	d.checked += len(marks)
}

// progress are the lines of the last count by area, once there is one that ok likes.
func (d *drive) progress(what string, ok func(map[string]Object) bool) (lines map[string]Object) {
	d.t.Helper()
	d.await(what, func() bool {
		lines = map[string]Object{}
		for _, item := range d.do(http.StatusOK, d.Tokens["trainer"], "GET", d.path+"/progress", nil)["items"].([]any) {
			area, _ := item.(Object)["area_id"].(string)
			lines[area] = item.(Object)
		}
		return len(lines) > 0 && ok(lines)
	})
	return lines
}

func (d *drive) joins(area string, ids ...string) {
	d.t.Helper()
	for _, id := range ids {
		d.do(http.StatusCreated, d.Tokens["coordinator"], "POST", "/v1/volunteers", Object{
			"id": id, "name": "骨干", "area_id": area, "home": corner.json(), "skills": []string{}, "max_km": 5, "capacity": 1,
		})
		d.people[area] = append(d.people[area], id)
	}
}

// TestARolloutGoesToItsLastMonth against the real server: people enrol and complete, one
// leaves, the file is amended, a district is merged into another, and the program is
// killed every month and in the middle of the merge. Everybody in office is trained.
func TestARolloutGoesToItsLastMonth(t *testing.T) {
	t.Parallel()
	d := &drive{system: start(t), first: rollout.MonthOf(time.Now()) + 1, people: map[string][]string{}, versed: map[string][]string{}}
	coordinator := d.Tokens["coordinator"]
	for _, course := range []string{"records", "safety"} {
		d.do(http.StatusCreated, coordinator, "POST", "/v1/courses", Object{
			"id": course, "name_zh": "课程", "name_en": "Course", "hours": 4, "attendance": 100, "pass_mark": 60, "valid_years": 3,
		})
	}
	d.joins(nangang, "ro-n1", "ro-n2", "ro-n3")
	d.joins(daoli, "ro-d1", "ro-d2", "ro-d3")
	d.path = "/v1/rollouts/" + d.do(http.StatusCreated, coordinator, "POST", "/v1/rollouts", d.file(2))["id"].(string)

	for _, c := range d.due(1) { // the first month
		d.hold(c)
	}
	require.Len(t, d.versed["records"], 4)
	// Who leaves has completed the first course; another one has to.
	d.left = append(d.left, "ro-n1")
	d.do(http.StatusNoContent, coordinator, "POST", d.path+"/departures", Object{"volunteer_id": "ro-n1", "left_on": aid.DateOf(time.Now()).String()})
	d.monthPasses()

	amendment := d.file(3)
	amendment["version"] = 1
	require.EqualValues(t, 2, d.do(http.StatusCreated, coordinator, "POST", d.path+"/amendments", amendment)["version"])
	before := d.progress("the amendment is counted", func(l map[string]Object) bool { return l[""]["people"] == float64(10) })
	require.EqualValues(t, 3, before[""]["completed"], "without the leaver")
	require.EqualValues(t, 1, before[nangang]["completed"])
	require.EqualValues(t, 2, before[daoli]["completed"])

	merge := Object{"into_id": nangang, "reason": "decree 7"}
	made, err := d.CallOnce(t.Context(), "merge-once", coordinator, "POST", "/v1/areas/"+daoli+"/merge", merge)
	require.NoError(t, err)
	require.NoError(t, d.Kill(), "as soon as it is answered")
	require.Equal(t, http.StatusCreated, made.Status, "%v", made.Body)
	d.run()
	again, err := d.CallOnce(t.Context(), "merge-once", coordinator, "POST", "/v1/areas/"+daoli+"/merge", merge)
	require.NoError(t, err)
	require.Equal(t, made.Body, again.Body, "nothing is done twice")
	d.people[nangang] = append(d.people[nangang], d.people[daoli]...)
	after := d.progress("the merge is planned and counted", func(l map[string]Object) bool {
		_, still := l[daoli]
		return !still && d.do(http.StatusOK, coordinator, "GET", d.path, nil)["status"] == "running"
	})
	for _, figure := range []string{"people", "completed", "persons", "finished"} {
		require.Equal(t, before[""][figure], after[""][figure], figure)
		require.Equal(t, before[""][figure], after[nangang][figure], figure)
	}
	versions := d.do(http.StatusOK, coordinator, "GET", d.path, nil)["versions"].([]any)
	require.Equal(t, "decree 7", versions[2].(Object)["reason"])
	require.Equal(t, nangang, d.do(http.StatusOK, coordinator, "GET", "/v1/areas/"+daoli, nil)["id"])
	require.Equal(t, "every invariant holds", d.command("audit"))

	for range 3 { // to the last month, and what comes after it
		for _, c := range d.due(3) {
			d.hold(c)
		}
		d.monthPasses()
	}
	d.monthPasses()
	d.await("its end", func() bool { return d.do(http.StatusOK, coordinator, "GET", d.path, nil)["status"] == "ended" })
	end := d.progress("the last count", func(map[string]Object) bool { return true })
	for _, line := range []Object{end[""], end[nangang]} {
		require.EqualValues(t, 10, line["people"])
		require.EqualValues(t, 10, line["completed"], "as was promised: %v", line)
		require.EqualValues(t, 5, line["finished"])
		require.EqualValues(t, 0, line["left_out"])
		require.Equal(t, false, line["misses"])
	}
	require.Len(t, end, 2)
	require.Equal(t, 11, d.checked, "one for the leaver's seat")
	require.Equal(t, "every invariant holds", d.command("audit"))
	require.NotContains(t, strings.Join(d.versed["safety"], " "), "ro-n1")
}
