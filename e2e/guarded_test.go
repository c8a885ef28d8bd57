package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Help of a risk class: two who are known come together, nothing begins before both
// are there, and what becomes known later is acted on at once.
func TestNobodyComesAlone(t *testing.T) {
	t.Parallel()
	s := start(t, "--round-interval", "200ms")
	s.imports("risk-classes", "id,name_zh,name_en,check_months,minors,two_deep,course,categories\nhigh,高风险,High,24,barred,yes,,bathing\n", "1 added")
	b, at, people := s.village(3)
	for i, v := range people {
		known := Object{"birth_date": "1980-02-29", "checked_on": time.Now().UTC().AddDate(0, -i, 0).Format(time.DateOnly)}
		if i == 2 {
			delete(known, "checked_on")
		}
		s.do(http.StatusOK, s.Tokens["coordinator"], "PATCH", "/v1/volunteers/"+v.id, known)
	}
	minutesAgo := func(n int) string { return time.Now().UTC().Add(-time.Duration(n) * time.Minute).Format(time.RFC3339) }
	body := need(b, at, "urgent", 2, 2)
	body["category"] = "bathing"
	body["window"] = Object{"starts_at": minutesAgo(20), "ends_at": minutesAgo(-120)}
	id := s.open(body)
	for _, v := range people[:2] {
		var offer string
		s.await("an offer to "+v.id, func() bool { offer = s.offer(v, id, "pending"); return offer != "" })
		require.Equal(t, http.StatusOK, s.accept(v, offer).Status)
	}
	s.awaitStatus(id, "in_service")
	require.Empty(t, s.offer(people[2], id, "pending"), "who was not checked is not asked")

	visit := map[string]string{}
	for _, v := range people[:2] {
		items := s.do(http.StatusOK, v.token, "GET", "/v1/visits?help_request_id="+id, nil)["items"].([]any)
		require.Len(t, items, 1)
		visit[v.id] = items[0].(Object)["id"].(string)
	}
	mark := func(v volunteer, how string, minutes int) Object {
		return s.do(http.StatusOK, v.token, "POST", "/v1/visits/"+visit[v.id]+"/"+how, Object{"position": at.json(), "at": minutesAgo(minutes)})
	}
	alone := mark(people[0], "check-in", 15)
	require.Equal(t, "planned", alone["status"], "the first waits outside")
	require.Nil(t, alone["begun_at"])
	both := mark(people[1], "check-in", 10)
	require.Equal(t, "begun", both["status"])
	require.Equal(t, "begun", s.do(http.StatusOK, people[0].token, "GET", "/v1/visits?help_request_id="+id, nil)["items"].([]any)[0].(Object)["status"])

	pairing := func(v volunteer) Object {
		return s.do(http.StatusOK, v.token, "GET", "/v1/pairings", nil)["items"].([]any)[0].(Object)
	}
	require.NotNil(t, pairing(people[0])["service"])
	s.do(http.StatusOK, s.Tokens["coordinator"], "PATCH", "/v1/volunteers/"+people[0].id, Object{"checked_on": nil})
	require.Nil(t, pairing(people[0])["service"], "whose check was taken back is not told where any more")
	require.Equal(t, "confirmed", pairing(people[0])["status"], "a coordinator decides")
	require.NotNil(t, pairing(people[1])["service"])
	timeline := s.do(http.StatusOK, s.Tokens["caseworker"], "GET", "/v1/help-requests/"+id+"/timeline", nil)["items"].([]any)
	kinds := map[string]any{}
	for _, e := range timeline {
		kinds[e.(Object)["kind"].(string)] = e.(Object)["reason"]
	}
	require.Equal(t, "check", kinds["pairing_contested"])
	require.Contains(t, kinds, "visit_waiting")

	mark(people[0], "check-out", 2)
	mark(people[1], "check-out", 1)
	for i, v := range people[:2] {
		records := s.do(http.StatusOK, v.token, "GET", "/v1/service-records", nil)["items"].([]any)
		require.Len(t, records, 1)
		require.EqualValues(t, 8+i, records[0].(Object)["minutes"], "waiting is no service")
	}
	require.Equal(t, "every invariant holds", s.command("audit"))
}
