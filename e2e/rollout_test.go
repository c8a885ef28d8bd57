package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/workflows/contract"
)

// towns is a rollout for so many organisations, whose cohorts are announced at once.
func towns(organisations int) Object {
	soon := time.Now().AddDate(0, 1, 0)
	return Object{
		"file": fmt.Sprintf(`name: Towns
name_zh: 乡镇培训
costs: {lecturer_km: 1, traveller_km: 1, empty_seat: 1, late_month: 50}
announce_weeks: 52
lecturer_km: 10
cohorts_per_lecturer: 2
road_percent: 100
areas_csv: areas.csv
audience: [{area: hlj.harbin, tier: community, tree: regional, organisations: %d}]
courses: [{id: records}]
steps:
  - {id: first, run_by: county, roles: [lead, administrator], organisations: [{tier: community, tree: regional}], courses: [records],
     start: %s, deadline: %s, least_size: 1, most_size: 12, travel_km: 0}
`, organisations, soon.Format("2006-01"), soon.AddDate(0, 8, 0).Format("2006-01")),
		"beside": Object{"areas.csv": "id,name,name_zh,tier,parent,lat,lng,venue_cohorts,lecturers\nhlj.harbin,Harbin,哈尔滨,county,,45.76,126.64,2,1\n"},
	}
}

// A coordinator begins a rollout by its file. Its cohorts are announced, and stay as they
// are when it is amended, also if everything is killed at that moment.
func TestARolloutIsBegunAmendedAndSurvives(t *testing.T) {
	t.Parallel()
	s := start(t)
	coordinator, trainer := s.Tokens["coordinator"], s.Tokens["trainer"]
	s.do(http.StatusCreated, coordinator, "POST", "/v1/courses", Object{
		"id": "records", "name_zh": "服务记录", "name_en": "Records", "hours": 4, "attendance": 80, "valid_years": 3,
	})
	bad := towns(6)
	bad["beside"] = Object{"areas.csv": strings.Replace(bad["beside"].(Object)["areas.csv"].(string), "hlj.harbin,", "atlantis,", 1)}
	refused := s.do(http.StatusUnprocessableEntity, coordinator, "POST", "/v1/rollouts", bad)
	require.Contains(t, refused["detail"], "hlj.harbin", "whose people nobody gathers")

	path := "/v1/rollouts/" + s.do(http.StatusCreated, coordinator, "POST", "/v1/rollouts", towns(6))["id"].(string)
	cohorts := func(version, people int) (announced []string) {
		s.await(fmt.Sprintf("version %d is planned and announced", version), func() bool {
			announced = nil
			seats := 0
			plan := s.do(http.StatusOK, trainer, "GET", path+"/plan", nil)
			for _, item := range plan["items"].([]any) {
				c := item.(Object)
				seats += int(c["people"].(float64))
				require.NotContains(t, c, "hindrance")
				if id, ok := c["cohort_id"].(string); ok {
					announced = append(announced, id)
				}
			}
			return plan["plan"].(Object)["version"] == float64(version) && len(announced) == len(plan["items"].([]any)) && seats == people
		})
		return announced
	}
	first := cohorts(1, 12)
	require.Len(t, first, 1)
	opened := s.do(http.StatusOK, trainer, "GET", "/v1/cohorts/"+first[0], nil)
	require.Equal(t, "records", opened["course_id"])
	require.Equal(t, "open", opened["status"])
	require.EqualValues(t, 12, opened["capacity"])

	amendment := towns(9)
	amendment["version"] = 1
	require.EqualValues(t, 2, s.do(http.StatusCreated, coordinator, "POST", path+"/amendments", amendment)["version"])
	require.NoError(t, s.Kill())
	s.run()
	second := cohorts(2, 18)
	require.Contains(t, second, first[0], "what is announced stays")
	require.Len(t, second, 2)
	s.do(http.StatusPreconditionFailed, coordinator, "POST", path+"/amendments", amendment)

	var whole Object
	s.await("it is counted", func() bool {
		items := s.do(http.StatusOK, trainer, "GET", path+"/progress?step=first", nil)["items"].([]any)
		whole = Object{}
		if len(items) > 0 {
			whole = items[0].(Object)
		}
		return whole["people"] == float64(18) && whole["left_out"] == float64(0) // not between amendment and plan
	})
	require.Equal(t, false, whole["misses"])
	require.Equal(t, "running", s.do(http.StatusOK, coordinator, "GET", path, nil)["status"])
	require.Equal(t, "every invariant holds", s.command("audit"))

	s.terminate(contract.WorkflowRollout, 1)
	_, err := s.Command(t.Context(), "audit")
	require.ErrorContains(t, err, "rollout_has_process: rollout/")
	require.NoError(t, s.Stop())
	s.run()
	s.await("the log to say so", func() bool { return s.Logged("of=rollouts brought_back=1") })
	require.Equal(t, "every invariant holds", s.command("audit"))
	require.Equal(t, second, cohorts(2, 18))
}
