package api

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

const opening = "/v1/help-requests"

func TestAKeyMakesAPostHappenOnce(t *testing.T) {
	t.Parallel()
	r := serve(t)
	first := r.send("caseworker", "POST", opening, needBody, keyHeader, "k-1")
	require.Equal(t, http.StatusCreated, first.StatusCode)
	require.Empty(t, first.Header.Get(replayedHeader))
	again := r.send("caseworker", "POST", opening, needBody, keyHeader, "k-1")
	require.Equal(t, first.StatusCode, again.StatusCode)
	require.Equal(t, first.text, again.text)
	require.Equal(t, first.Header.Get("Location"), again.Header.Get("Location"))
	require.Equal(t, first.Header.Get("Content-Type"), again.Header.Get("Content-Type"))
	require.Equal(t, "true", again.Header.Get(replayedHeader))
	require.Equal(t, 1, r.world.Requested())

	other := r.send("coordinator", "POST", opening, needBody, keyHeader, "k-1")
	require.Equal(t, http.StatusCreated, other.StatusCode, "a key belongs to its account")
	require.NotEqual(t, first.body["id"], other.body["id"])
	require.Equal(t, http.StatusCreated, r.send("caseworker", "POST", opening, needBody).StatusCode)
	require.Equal(t, 3, r.world.Requested(), "without a key every POST is its own")
}

func TestAKeyWithAnotherRequestIsRefused(t *testing.T) {
	t.Parallel()
	r := asked(t)
	r.send("coordinator", "POST", opening, needBody, keyHeader, "k-1")
	for path, body := range map[string]string{opening: with("third", "fourth"), "/v1/beneficiaries": needBody} {
		a := r.problem(r.send("coordinator", "POST", path, body, keyHeader, "k-1"), http.StatusUnprocessableEntity)
		require.Equal(t, "key_reused", a.body["reason"])
	}
	r.send("coordinator", "POST", "/v1/offers/o-1/accept", "", keyHeader, "k-2")
	a := r.problem(r.send("coordinator", "POST", "/v1/offers/o-2/accept", "", keyHeader, "k-2"), http.StatusUnprocessableEntity)
	require.Equal(t, "key_reused", a.body["reason"], "the path is part of the request")
}

func TestARefusalIsKeptToo(t *testing.T) {
	t.Parallel()
	r := asked(t)
	require.Equal(t, http.StatusOK, r.send("volunteer", "POST", "/v1/offers/o-1/decline", `{"reason":"busy"}`).StatusCode)
	first := r.problem(r.send("volunteer", "POST", "/v1/offers/o-1/accept", "", keyHeader, "k"), http.StatusConflict)
	again := r.problem(r.send("volunteer", "POST", "/v1/offers/o-1/accept", "", keyHeader, "k"), http.StatusConflict)
	require.Equal(t, first.text, again.text)
	require.Equal(t, "true", again.Header.Get(replayedHeader))
}

func TestAKeyInFlightIsRefusedUntilItsAnswerIsThere(t *testing.T) {
	t.Parallel()
	r := serve(t)
	begun, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	r.world.Fail(func(call string) error {
		if call == "OpenRequest" {
			once.Do(func() { close(begun); <-goOn })
		}
		return nil
	})
	var first answer
	var all sync.WaitGroup
	all.Go(func() { first = r.send("caseworker", "POST", opening, needBody, keyHeader, "k") })
	<-begun
	a := r.problem(r.send("caseworker", "POST", opening, needBody, keyHeader, "k"), http.StatusConflict)
	require.Equal(t, "key_in_flight", a.body["reason"])
	require.NotEmpty(t, a.Header.Get("Retry-After"))
	close(goOn)
	all.Wait()
	require.Equal(t, http.StatusCreated, first.StatusCode)
	require.Equal(t, first.text, r.send("caseworker", "POST", opening, needBody, keyHeader, "k").text)
}

func TestAnAnswerThatDecidesNothingFreesTheKey(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(string) error{
		"away":  func(string) error { return aid.Errorf(aid.Unavailable, "away") },
		"fault": func(string) error { return errors.New("broken") },
		"panic": func(call string) error {
			if call == "OpenRequest" {
				panic("broken")
			}
			return nil
		},
	} {
		r := serve(t)
		r.world.Fail(fail)
		a := r.send("caseworker", "POST", opening, needBody, keyHeader, "k")
		require.GreaterOrEqual(t, a.StatusCode, 500, name)
		r.world.Fail(nil)
		a = r.send("caseworker", "POST", opening, needBody, keyHeader, "k")
		require.Equal(t, http.StatusCreated, a.StatusCode, name)
		require.Empty(t, a.Header.Get(replayedHeader), name)
	}
}

// After a crash between the write and the keeping of the answer the claim runs
// out, and the repeat finds what the first one wrote.
func TestARepeatAfterACrashIsTheSameRequest(t *testing.T) {
	t.Parallel()
	r := serve(t)
	r.keys.fail = errors.New("the process died here")
	first := r.send("caseworker", "POST", opening, needBody, keyHeader, "k")
	require.Equal(t, http.StatusCreated, first.StatusCode)
	r.problem(r.send("caseworker", "POST", opening, needBody, keyHeader, "k"), http.StatusConflict)
	r.keys.expire()
	again := r.send("caseworker", "POST", opening, needBody, keyHeader, "k")
	require.Equal(t, http.StatusCreated, again.StatusCode)
	require.Equal(t, first.text, again.text)
	require.Equal(t, 1, r.world.Requested())
}

func TestKeysHaveAForm(t *testing.T) {
	t.Parallel()
	r := serve(t)
	for _, key := range []string{strings.Repeat("k", 256), "键"} {
		a := r.problem(r.send("caseworker", "POST", opening, needBody, keyHeader, key), http.StatusBadRequest)
		require.Equal(t, []string{"header." + keyHeader}, a.locations())
	}
	require.Equal(t, http.StatusCreated, r.send("caseworker", "POST", opening, needBody, keyHeader, strings.Repeat("k", 255)).StatusCode)
	require.Equal(t, http.StatusOK, r.send("caseworker", "GET", opening, "", keyHeader, "k").StatusCode, "only a POST needs one")
}

// brokenBody is a body whose rest never comes.
type brokenBody struct{ err error }

func (b brokenBody) Read([]byte) (int, error) { return 0, b.err }

func TestABodyThatDoesNotComeIsSaidToBeSo(t *testing.T) {
	t.Parallel()
	r := serve(t)
	for err, status := range map[error]int{os.ErrDeadlineExceeded: http.StatusRequestTimeout, io.ErrUnexpectedEOF: http.StatusBadRequest} {
		for _, key := range []string{"", "k"} {
			req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, opening, brokenBody{err})
			req.Header.Set("Authorization", "Bearer caseworker")
			if key != "" {
				req.Header.Set(keyHeader, key)
			}
			res := httptest.NewRecorder()
			r.api.ServeHTTP(res, req)
			require.Equal(t, status, res.Code, "key %q: %s", key, res.Body)
			require.Equal(t, "application/problem+json", res.Header().Get("Content-Type"))
		}
	}
	require.Empty(t, r.keys.kept, "no key is claimed for what never came")
}

func TestEveryPostTakesAKey(t *testing.T) {
	t.Parallel()
	r := serve(t)
	for _, route := range r.api.routes {
		if route.method != http.MethodPost {
			continue
		}
		path := strings.Replace(route.path, "{id}", "x", 1)
		first := r.send("coordinator", route.method, path, "", keyHeader, path)
		again := r.send("coordinator", route.method, path, "", keyHeader, path)
		require.Equal(t, first.text, again.text, path)
		require.Equal(t, "true", again.Header.Get(replayedHeader), path)
	}
}
