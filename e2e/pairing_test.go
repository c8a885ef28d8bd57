package e2e

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPairings(t *testing.T) {
	t.Parallel()
	s := start(t, "--asks-per-seat-urgent", "100", "--certainty-urgent", "1", "--offer-deadline-soon", "2s", "--widen-after-routine", "3s", "--round-interval", "200ms")
	for name, test := range map[string]func(*testing.T, *system){
		"one to one":        oneToOne,
		"many to one":       manyToOne,
		"decline chain":     declineChain,
		"expiry":            expiry,
		"race for one seat": race,
		"withdrawal":        withdrawal,
		"unfilled":          unfilled,
		"event stream":      eventStream,
		"cancel open":       cancelOpen,
		"cancel offered":    cancelOffered,
		"cancel paired":     cancelPaired,
		"cancel ended":      cancelEnded,
	} {
		t.Run(name, func(t *testing.T) { test(t, s.with(t)) })
	}
	out, err := s.Command(s.t.Context(), "audit")
	require.NoError(t, err, out)
}

func oneToOne(t *testing.T, s *system) {
	b, at, people := s.village(1)
	id := s.open(need(b, at, "routine", 1, 1))
	v, offer := s.awaitOffer(people, id)
	require.Equal(t, "offered", s.request(id)["status"])
	require.Equal(t, http.StatusOK, s.accept(v, offer).Status)
	require.Equal(t, "paired", s.request(id)["status"])
	pairings := s.do(http.StatusOK, v.token, "GET", "/v1/pairings", nil)["items"].([]any)
	require.Len(t, pairings, 1)
	require.Equal(t, "confirmed", pairings[0].(Object)["status"])
	require.Equal(t, http.StatusOK, s.accept(v, offer).Status, "accepting again is the same answer")
}

func manyToOne(t *testing.T, s *system) {
	b, at, people := s.village(3)
	id := s.open(need(b, at, "routine", 3, 2))
	for i, v := range people {
		var offer string
		s.await("offer", func() bool { offer = s.offer(v, id, "pending"); return offer != "" })
		require.Equal(t, http.StatusOK, s.accept(v, offer).Status)
		want := "offered"
		if i >= 1 {
			want = "paired"
		}
		require.Equal(t, want, s.request(id)["status"], "after %d of 3 with a quorum of 2", i+1)
	}
	require.EqualValues(t, 3, s.request(id)["filled"])
}

func declineChain(t *testing.T, s *system) {
	b, at, people := s.village(3)
	id := s.open(need(b, at, "routine", 1, 1))
	for i := range people {
		v, offer := s.awaitOffer(people[i:], id)
		require.Equal(t, people[i].id, v.id, "the nearest is asked first")
		if i < len(people)-1 {
			s.do(http.StatusOK, v.token, "POST", "/v1/offers/"+offer+"/decline", Object{"reason": "busy"})
			continue
		}
		require.Equal(t, http.StatusOK, s.accept(v, offer).Status)
	}
	require.Equal(t, "paired", s.request(id)["status"])
}

func expiry(t *testing.T, s *system) {
	b, at, people := s.village(2)
	id := s.open(need(b, at, "soon", 1, 1))
	_, first := s.awaitOffer(people[:1], id)
	_, second := s.awaitOffer(people[1:], id) // only once the first has expired
	late := s.accept(people[0], first)
	require.Equal(t, http.StatusConflict, late.Status)
	require.Equal(t, "offer_expired", late.Body["reason"])
	require.Equal(t, http.StatusOK, s.accept(people[1], second).Status)
}

func race(t *testing.T, s *system) {
	b, at, people := s.village(100)
	id := s.open(need(b, at, "urgent", 1, 1))
	offers := make([]string, len(people))
	for i, v := range people {
		s.await("an offer to each", func() bool { offers[i] = s.offer(v, id, "pending"); return offers[i] != "" })
	}
	answers := make([]Answer, len(people))
	var all sync.WaitGroup
	for i, v := range people {
		all.Go(func() { answers[i], _ = s.Call(t.Context(), v.token, "POST", "/v1/offers/"+offers[i]+"/accept", nil) })
	}
	all.Wait()
	won := 0
	for _, a := range answers {
		require.Equal(t, http.StatusOK, a.Status, "being slower is no error: %v", a.Body)
		if a.Body["status"] == "accepted" {
			won++
			continue
		}
		require.Equal(t, "revoked", a.Body["status"])
		require.Equal(t, "seat_taken", a.Body["reason"])
	}
	require.Equal(t, 1, won)
	require.EqualValues(t, 1, s.request(id)["filled"])
}

func withdrawal(t *testing.T, s *system) {
	b, at, people := s.village(2)
	id := s.open(need(b, at, "routine", 1, 1))
	v, offer := s.awaitOffer(people[:1], id)
	require.Equal(t, http.StatusOK, s.accept(v, offer).Status)
	pairing := s.do(http.StatusOK, v.token, "GET", "/v1/pairings", nil)["items"].([]any)[0].(Object)["id"].(string)
	s.do(http.StatusOK, v.token, "POST", "/v1/pairings/"+pairing+"/withdraw", Object{"reason": "unwell"})
	v, offer = s.awaitOffer(people[1:], id)
	require.Equal(t, http.StatusOK, s.accept(v, offer).Status)
	require.Equal(t, "paired", s.request(id)["status"])
}

func unfilled(t *testing.T, s *system) {
	b, at, people := s.village(2)
	body := need(b, at, "routine", 1, 1)
	id := s.open(body)
	for i := range people {
		v, offer := s.awaitOffer(people[i:i+1], id)
		s.do(http.StatusOK, v.token, "POST", "/v1/offers/"+offer+"/decline", Object{"reason": "too_far"})
	}
	s.awaitStatus(id, "unfilled")
	told := s.do(http.StatusOK, s.Tokens["coordinator"], "GET", "/v1/notices", nil)["items"].([]any)
	require.True(t, slices.ContainsFunc(told, func(n any) bool {
		return n.(Object)["kind"] == "help_wanted" && n.(Object)["help_request_id"] == id
	}), "the coordinators were asked to help first: %v", told)
	reasons := s.request(id)["reasons"].(Object)
	require.EqualValues(t, 2, reasons["already_asked"])
	require.Greater(t, reasons["too_far"], float64(0))
}

func cancel(s *system, id string, status int) Answer {
	s.t.Helper()
	a, err := s.Call(s.t.Context(), s.Tokens["caseworker"], "POST", "/v1/help-requests/"+id+"/cancel", Object{"reason": "no_longer_needed"})
	require.NoError(s.t, err)
	require.Equal(s.t, status, a.Status, "%v", a.Body)
	return a
}

func cancelOpen(t *testing.T, s *system) {
	b, at, people := s.village(1)
	busy := s.open(need(b, at, "routine", 1, 1))
	_, _ = s.awaitOffer(people, busy) // the only volunteer is bound, so the next stays open
	id := s.open(need(b, at, "routine", 1, 1))
	require.Equal(t, "open", s.request(id)["status"])
	cancel(s, id, http.StatusOK)
	require.Equal(t, "cancelled", s.request(id)["status"])
}

func cancelOffered(t *testing.T, s *system) {
	b, at, people := s.village(1)
	id := s.open(need(b, at, "routine", 1, 1))
	v, offer := s.awaitOffer(people, id)
	cancel(s, id, http.StatusOK)
	late := s.accept(v, offer)
	require.Equal(t, http.StatusConflict, late.Status)
	require.Equal(t, "request_ended", late.Body["reason"])
}

func cancelPaired(t *testing.T, s *system) {
	b, at, people := s.village(1)
	id := s.open(need(b, at, "routine", 1, 1))
	v, offer := s.awaitOffer(people, id)
	require.Equal(t, http.StatusOK, s.accept(v, offer).Status)
	cancel(s, id, http.StatusOK)
	pairing := s.do(http.StatusOK, v.token, "GET", "/v1/pairings", nil)["items"].([]any)[0].(Object)
	require.Equal(t, "cancelled", pairing["status"])
	again := s.open(need(b, at, "routine", 1, 1))
	s.awaitOffer(people, again) // their time is free again
}

func cancelEnded(t *testing.T, s *system) {
	b, at, people := s.village(1)
	n := need(b, at, "urgent", 1, 1)
	starts := time.Now().Add(4 * time.Second)
	n["window"] = Object{"starts_at": starts.Format(time.RFC3339Nano), "ends_at": starts.Add(2 * time.Hour).Format(time.RFC3339Nano)}
	id := s.open(n)
	v, offer := s.awaitOffer(people, id)
	require.Equal(t, http.StatusOK, s.accept(v, offer).Status)
	early, err := s.Call(t.Context(), s.Tokens["caseworker"], "POST", "/v1/help-requests/"+id+"/close", nil)
	require.NoError(t, err)
	if time.Now().Before(starts) {
		require.Equal(t, http.StatusConflict, early.Status, "%v", early.Body)
		require.Equal(t, "wrong_time", early.Body["reason"])
	}
	s.awaitStatus(id, "in_service")
	s.do(http.StatusOK, s.Tokens["caseworker"], "POST", "/v1/help-requests/"+id+"/close", nil)
	require.Equal(t, "completed", s.request(id)["status"])
	require.Equal(t, "request_ended", cancel(s, id, http.StatusConflict).Body["reason"])
}
