package e2e

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// While Postgres does not answer, everything says so and the program lives. What
// was asked then is asked again with the same keys and happens once.
func TestPostgresDoesNotAnswer(t *testing.T) {
	t.Parallel()
	s := start(t, "--round-interval", "200ms")
	b, at, people := s.village(2)
	waiting := s.open(need(b, at, "routine", 1, 1))
	v, offer := s.awaitOffer(people, waiting)
	body := need(b, at, "urgent", 1, 1)
	thaw := s.freeze(isPostgres)

	asked := map[string]func() (Answer, error){
		"open":   func() (Answer, error) { return s.openOnce("one-key", body) },
		"accept": func() (Answer, error) { return s.acceptOnce("other-key", v, offer) },
		"list":   func() (Answer, error) { return s.Call(t.Context(), v.token, "GET", "/v1/offers", nil) },
		"read":   func() (Answer, error) { return s.get("/v1/help-requests/" + waiting) },
		"events": func() (Answer, error) { return s.get("/v1/events") },
	}
	var all sync.WaitGroup
	for name, ask := range asked {
		all.Go(func() {
			a, err := ask()
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			saysAway(t, name, a)
		})
	}
	s.saysReady(http.StatusServiceUnavailable, "postgres")
	require.Equal(t, http.StatusOK, s.probe("/healthz"))
	all.Wait()
	thaw()

	s.saysReady(http.StatusOK, "")
	opened := s.until503Ends(asked["open"])
	require.Equal(t, http.StatusCreated, opened.Status, "%v", opened.Body)
	require.Equal(t, opened.Body["id"], s.until503Ends(asked["open"]).Body["id"])
	require.Equal(t, http.StatusOK, s.until503Ends(asked["accept"]).Status)
	require.Equal(t, http.StatusOK, s.until503Ends(asked["accept"]).Status)
	require.Equal(t, 2, s.count(s.Tokens["caseworker"], "/v1/help-requests?beneficiary_id="+b))
	next, offer := s.awaitOffer(people, opened.Body["id"].(string))
	require.Equal(t, http.StatusOK, s.accept(next, offer).Status)
	s.command("audit")
}

// Postgres is killed in the middle of a rush. Whoever got no answer asks again
// with the same key, and in the end everything has happened once.
func TestPostgresIsKilledInARush(t *testing.T) {
	t.Parallel()
	const callers, each = 8, 12
	s := start(t, "--round-interval", "200ms")
	b, at, people := s.village(callers)
	body := need(b, at, "urgent", 1, 1)
	victim := s.service(isPostgres)
	var answered, refused atomic.Int32
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			for n := range each {
				s.openUntilDone(fmt.Sprintf("rush-%d-%d", i, n), body, &refused)
				if answered.Add(1) == callers*each/4 {
					_ = victim.Kill()
				}
			}
		})
	}
	all.Wait()
	require.Positive(t, refused.Load(), "the kill came in the middle")

	require.Equal(t, callers*each, s.count(s.Tokens["caseworker"], "/v1/help-requests?limit=200&beneficiary_id="+b), "one request for each key")
	for _, v := range people {
		var offer Object
		s.await("an offer to each", func() bool {
			for _, item := range s.do(http.StatusOK, v.token, "GET", "/v1/offers", nil)["items"].([]any) {
				offer = item.(Object)
			}
			return offer != nil
		})
		a := s.accept(v, offer["id"].(string))
		require.True(t, a.Status == http.StatusOK || a.Body["reason"] == "seat_taken", "%v", a.Body)
	}
	s.command("audit")
}

// openUntilDone opens a request, again with its key for as long as it is
// refused, and counts the refusals.
func (s *system) openUntilDone(key string, body Object, refused *atomic.Int32) {
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for deadline := time.Now().Add(30 * time.Second); ; <-again.C {
		a, err := s.openOnce(key, body)
		if err == nil && a.Status == http.StatusCreated {
			return
		}
		refused.Add(1)
		wait := a.Status == http.StatusServiceUnavailable || a.Body["reason"] == "key_in_flight"
		if err != nil || !wait || time.Now().After(deadline) {
			s.t.Errorf("%s: %d %v %v", key, a.Status, a.Body, err)
			return
		}
	}
}

// Temporal frozen: requests are opened and read, answers wait, and when it is
// back each counts once and the clocks have gone on.
func TestTemporalDoesNotAnswer(t *testing.T) {
	t.Parallel()
	s := start(t, "--round-interval", "200ms", "--offer-deadline-soon", "6s")
	b, at, people := s.village(3)
	waiting := s.open(need(b, at, "routine", 1, 1))
	v, offer := s.awaitOffer(people, waiting)
	expiring := s.open(need(b, at, "soon", 1, 1))
	slow, _ := s.awaitOffer(people, expiring)
	thaw := s.freeze(isTemporal)

	accept := func() (Answer, error) { return s.acceptOnce("accept", v, offer) }
	a, err := accept()
	require.NoError(t, err)
	saysAway(t, "accept", a)
	s.saysReady(http.StatusServiceUnavailable, "temporal")
	opened := s.open(need(b, at, "urgent", 1, 1))
	require.Equal(t, "open", s.request(opened)["status"])
	thaw()

	require.Equal(t, http.StatusOK, s.until503Ends(accept).Status)
	require.Equal(t, http.StatusOK, s.until503Ends(accept).Status)
	require.Equal(t, "paired", s.request(waiting)["status"])
	s.await("the offer's clock", func() bool { return s.offer(slow, expiring, "expired") != "" })
	s.awaitOffer(people, opened)
	s.saysReady(http.StatusOK, "")
	s.command("audit")
}

// Temporal killed: `linli dev` starts it anew, and nothing is lost.
func TestTemporalIsKilled(t *testing.T) {
	t.Parallel()
	s := start(t, "--round-interval", "200ms", "--offer-deadline-soon", "5s")
	b, at, people := s.village(3)
	waiting := s.open(need(b, at, "routine", 1, 1))
	v, offer := s.awaitOffer(people, waiting)
	expiring := s.open(need(b, at, "soon", 1, 1))
	slow, _ := s.awaitOffer(people, expiring)

	s.kill(isTemporal)
	opened := s.open(need(b, at, "urgent", 1, 1))
	accept := func() (Answer, error) { return s.acceptOnce("accept", v, offer) }
	require.Equal(t, http.StatusOK, s.until503Ends(accept).Status)
	require.Equal(t, "paired", s.request(waiting)["status"])
	s.await("the offer's clock", func() bool { return s.offer(slow, expiring, "expired") != "" })
	s.awaitOffer(people, opened)
	s.command("audit")
}

// saysAway requires the answer of a part that is away.
func saysAway(t *testing.T, what string, a Answer) {
	t.Helper()
	if a.Status != http.StatusServiceUnavailable || a.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s: %d %s %v", what, a.Status, a.Header.Get("Content-Type"), a.Body)
	}
	if seconds, err := strconv.Atoi(a.Header.Get("Retry-After")); err != nil || seconds < 1 {
		t.Errorf("%s: Retry-After is %q", what, a.Header.Get("Retry-After"))
	}
}

// saysReady waits until /readyz answers so and names the part that is away.
func (s *system) saysReady(status int, away string) {
	s.t.Helper()
	s.await(fmt.Sprintf("readiness %d", status), func() bool {
		a, err := s.Call(s.t.Context(), "", "GET", "/readyz", nil)
		require.NoError(s.t, err)
		parts, _ := a.Body["parts"].(Object)
		return a.Status == status && (away == "" || parts[away] == "away")
	})
}

// probe asks an address that needs no token.
func (s *system) probe(path string) int {
	s.t.Helper()
	a, err := s.Call(s.t.Context(), "", "GET", path, nil)
	require.NoError(s.t, err)
	return a.Status
}

func (s *system) get(path string) (Answer, error) {
	return s.Call(s.t.Context(), s.Tokens["caseworker"], "GET", path, nil)
}

// count is how many things a list holds, on its first page.
func (s *system) count(token, path string) int {
	s.t.Helper()
	return len(s.do(http.StatusOK, token, "GET", path, nil)["items"].([]any))
}

func (s *system) openOnce(key string, body Object) (Answer, error) {
	return s.CallOnce(s.t.Context(), key, s.Tokens["caseworker"], "POST", "/v1/help-requests", body)
}

func (s *system) acceptOnce(key string, v volunteer, offer string) (Answer, error) {
	return s.CallOnce(s.t.Context(), key, v.token, "POST", "/v1/offers/"+offer+"/accept", nil)
}

// until503Ends asks again for as long as a part is away.
func (s *system) until503Ends(ask func() (Answer, error)) (a Answer) {
	s.t.Helper()
	s.await("an answer", func() bool {
		var err error
		a, err = ask()
		require.NoError(s.t, err)
		return a.Status != http.StatusServiceUnavailable
	})
	return a
}
