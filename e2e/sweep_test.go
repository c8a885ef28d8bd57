package e2e

import (
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"

	"github.com/linli/linli/processes"
	"github.com/linli/linli/workflows/contract"
)

// Every process is terminated by hand, which the audit finds. The next start
// brings them all back: the audit is clean, clocks run out, seats are filled.
func TestTerminatedProcessesComeBack(t *testing.T) {
	t.Parallel()
	s := start(t, "--round-interval", "200ms", "--offer-deadline-soon", "20s")
	b, at, people := s.village(1)
	binds := s.open(need(b, at, "routine", 1, 1))
	s.awaitOffer(people, binds)
	waits := s.open(need(b, at, "routine", 1, 1)) // the only volunteer is bound at that time
	s.await("a round that looks in vain", func() bool {
		for _, round := range s.do(http.StatusOK, s.Tokens["coordinator"], "GET", "/v1/rounds", nil)["items"].([]any) {
			if round.(Object)["requests"] == float64(2) {
				return true
			}
		}
		return false
	})
	b, at, slow := s.village(1)
	expires := s.open(need(b, at, "soon", 1, 1))
	s.awaitOffer(slow, expires)
	s.cohort(at)
	s.awaitDelivered()
	s.terminate(contract.WorkflowHelpRequest, 3)
	s.terminate(contract.WorkflowCohort, 1)
	s.terminate(contract.WorkflowMatchRound, 1)
	_, err := s.Command(t.Context(), "audit")
	require.ErrorContains(t, err, "5 findings")
	require.ErrorContains(t, err, "cohort_has_process: ")
	require.ErrorContains(t, err, "request_has_process: "+waits)
	require.ErrorContains(t, err, "shard_has_round: match-round/")
	require.NoError(t, s.Stop())
	s.run()

	s.await("the log to say so", func() bool {
		return s.Logged("of=requests brought_back=3") && s.Logged("of=rounds brought_back=1") && s.Logged("of=cohorts brought_back=1")
	})
	s.command("audit")
	s.await("the offer's clock", func() bool { return s.offer(slow[0], expires, "expired") != "" })
	cancel(s, binds, http.StatusOK)
	s.awaitOffer(people, waits)
	s.command("audit")
}

// cohort opens one that begins in ten days, and gives its path.
func (s *system) cohort(at place) string {
	s.t.Helper()
	trainer := s.Tokens["trainer"]
	s.do(http.StatusCreated, s.Tokens["coordinator"], "POST", "/v1/courses", Object{
		"id": "first_steps", "name_zh": "入门", "name_en": "First steps", "hours": 2, "attendance": 100,
	})
	from := time.Now().UTC().AddDate(0, 0, 10)
	made := s.do(http.StatusCreated, trainer, "POST", "/v1/cohorts", Object{
		"course_id": "first_steps", "organisation_id": "org-nangang", "mode": "in_person", "venue": "Room 1", "location": at.json(),
		"trainers": []any{s.do(http.StatusOK, trainer, "GET", "/v1/me", nil)["id"]}, "capacity": 1, "waiting": 1,
		"sessions": []Object{{"starts_at": from.Format(time.RFC3339), "ends_at": from.Add(time.Hour).Format(time.RFC3339)}},
	})
	return "/v1/cohorts/" + made["id"].(string)
}

// terminate ends the running workflows of a type by hand, once there are so many.
func (s *system) terminate(workflow string, many int) {
	s.t.Helper()
	c, err := processes.Dial(s.TemporalAddress, s.TemporalNamespace, slog.New(slog.DiscardHandler))
	require.NoError(s.t, err)
	defer c.Close()
	query := fmt.Sprintf("WorkflowType = '%s' AND ExecutionStatus = 'Running'", workflow)
	s.await(fmt.Sprintf("%d running %s", many, workflow), func() bool {
		page, err := c.ListWorkflow(s.t.Context(), &workflowservice.ListWorkflowExecutionsRequest{Query: query})
		require.NoError(s.t, err)
		if len(page.GetExecutions()) != many {
			return false
		}
		for _, e := range page.GetExecutions() {
			require.NoError(s.t, c.TerminateWorkflow(s.t.Context(), e.GetExecution().GetWorkflowId(), "", "by hand"))
		}
		return true
	})
}

// awaitDelivered waits until no delivery is under way that would bring a process
// back.
func (s *system) awaitDelivered() {
	s.t.Helper()
	conn, err := pgx.Connect(s.t.Context(), s.PostgresURL)
	require.NoError(s.t, err)
	defer conn.Close(s.t.Context())
	s.await("an empty outbox", func() bool {
		var waiting int
		require.NoError(s.t, conn.QueryRow(s.t.Context(), "SELECT count(*) FROM outbox").Scan(&waiting))
		return waiting == 0
	})
}
