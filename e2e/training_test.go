package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Who completes a course is matched by it at once, and by nothing of it once the
// certificate is revoked; both are told by why-not.
func TestTrainedToBeMatched(t *testing.T) {
	t.Parallel()
	s := start(t, "--round-interval", "200ms")
	coordinator, trainer := s.Tokens["coordinator"], s.Tokens["trainer"]
	s.do(http.StatusCreated, coordinator, "POST", "/v1/courses", Object{
		"id": "night_watch", "name_zh": "守夜", "name_en": "Night watch", "hours": 2, "attendance": 100, "pass_mark": 60, "valid_years": 1,
	})
	b, at, people := s.village(2)
	body := need(b, at, "urgent", 1, 1)
	body["roles"] = []Object{{"name": "watch", "skills": []string{}, "courses": []string{"night_watch"}, "people": 1}}
	id := s.open(body)
	fails := func() any { // nil as long as the index does not know of them
		a, err := s.Call(t.Context(), s.Tokens["caseworker"], "GET", "/v1/help-requests/"+id+"/why-not?volunteer_id="+people[0].id, nil)
		require.NoError(t, err)
		items, _ := a.Body["items"].([]any)
		if a.Status != http.StatusOK || len(items) == 0 {
			return nil
		}
		return items[0].(Object)["fails"]
	}
	s.await("the index knows them", func() bool { return fails() == "course" })

	starts := time.Now().UTC().Add(5 * time.Second) // time enough to enrol
	cohort := s.do(http.StatusCreated, trainer, "POST", "/v1/cohorts", Object{
		"course_id": "night_watch", "organisation_id": "org-nangang", "mode": "in_person", "venue": "Room 1", "location": at.json(),
		"trainers": []any{s.do(http.StatusOK, trainer, "GET", "/v1/me", nil)["id"]}, "capacity": 1, "waiting": 1,
		"sessions": []Object{{"starts_at": starts.Format(time.RFC3339Nano), "ends_at": starts.Add(time.Hour).Format(time.RFC3339Nano)}},
	})
	path := "/v1/cohorts/" + cohort["id"].(string)
	mine := s.do(http.StatusCreated, people[0].token, "POST", path+"/enrolments", nil)
	require.Equal(t, "enrolled", mine["status"])
	queued := s.do(http.StatusCreated, coordinator, "POST", path+"/enrolments", Object{"volunteer_id": people[1].id})
	require.Equal(t, "waiting", queued["status"])

	s.do(http.StatusOK, trainer, "POST", path+"/sessions/1/attendance", Object{"marks": []Object{{"volunteer_id": people[0].id, "present": true}}})
	results := Object{"results": []Object{{"volunteer_id": people[0].id, "score": 75}}}
	var certificate string
	s.await("the session begins and results are taken", func() bool {
		a, err := s.Call(t.Context(), trainer, "POST", path+"/results", results)
		require.NoError(t, err)
		if a.Status == http.StatusConflict {
			require.Equal(t, "wrong_time", a.Body["reason"])
			return false
		}
		require.Equal(t, http.StatusOK, a.Status, "%v", a.Body)
		certificate, _ = a.Body["items"].([]any)[0].(Object)["certificate_id"].(string)
		return true
	})
	require.NotEmpty(t, certificate)

	var offer string
	s.await("they are asked", func() bool { offer = s.offer(people[0], id, "pending"); return offer != "" })
	s.await("why-not says that they are", func() bool { return fails() == "already_asked" })

	s.do(http.StatusOK, coordinator, "POST", "/v1/certificates/"+certificate+"/revoke", Object{"reason": "another's score"})
	require.NotEmpty(t, s.offer(people[0], id, "revoked"), "the offer is taken back at once")
	s.await("why-not says so", func() bool { return fails() == "course" })
	require.Equal(t, "every invariant holds", s.command("audit"))
}

// A trainer drops out, and the coordinator is told why nobody is left to ask.
func TestACohortWithoutATrainerIsKnownOf(t *testing.T) {
	t.Parallel()
	s := start(t)
	coordinator, trainer := s.Tokens["coordinator"], s.Tokens["trainer"]
	_, at, _ := s.village(0)
	me := s.do(http.StatusOK, trainer, "GET", "/v1/me", nil)["id"].(string)
	path := s.cohort(at)
	s.await("its process runs", func() bool {
		a, err := s.Call(t.Context(), trainer, "GET", path+"/trainers", nil)
		require.NoError(t, err)
		return a.Body["lacking"] == float64(0)
	})
	record := Object{"home": at.json(), "max_km": 50, "monthly": 1, "courses": []string{"first_steps"}}
	s.do(http.StatusForbidden, trainer, "PUT", "/v1/trainers/"+me, record)
	s.do(http.StatusOK, coordinator, "PUT", "/v1/trainers/"+me, record)

	left := s.do(http.StatusOK, trainer, "POST", path+"/trainers/"+me+"/withdraw", Object{"reason": "ill"})
	require.Equal(t, float64(1), left["lacking"])
	s.await("the coordinator is told that nobody is left", func() bool {
		for _, n := range s.do(http.StatusOK, coordinator, "GET", "/v1/notices", nil)["items"].([]any) {
			if n := n.(Object); n["kind"] == "trainer_missing" {
				require.Equal(t, path, "/v1/cohorts/"+n["cohort_id"].(string))
				return true
			}
		}
		return false
	})
	staff := s.do(http.StatusOK, coordinator, "GET", path+"/trainers", nil)
	require.Equal(t, float64(1), staff["unmet"].(Object)["already_asked"], "the only one has withdrawn")
	require.Equal(t, "every invariant holds", s.command("audit"))
}
