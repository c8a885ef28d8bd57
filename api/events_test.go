package api

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app/apptest"
)

// stream is an open event stream.
type stream struct {
	t     *testing.T
	lines *bufio.Scanner
	body  interface{ Close() error }
}

// event is one server-sent event, or a comment.
type sent struct{ id, name, data, comment string }

func (r *running) stream(token, last string) *stream {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 20*time.Second)
	r.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"/v1/events", nil)
	require.NoError(r.t, err)
	req.Header.Set("Authorization", "Bearer "+token)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(r.t, err)
	r.t.Cleanup(func() { _ = res.Body.Close() })
	require.Equal(r.t, http.StatusOK, res.StatusCode)
	require.Equal(r.t, "text/event-stream", res.Header.Get("Content-Type"))
	return &stream{r.t, bufio.NewScanner(res.Body), res.Body}
}

// next reads the next event or comment; ok is false at the end of the stream.
func (s *stream) next() (e sent, ok bool) {
	for s.lines.Scan() {
		name, value, _ := strings.Cut(s.lines.Text(), ": ")
		switch name {
		case "id":
			e.id = value
		case "event":
			e.name = value
		case "data":
			e.data = value
		case "":
			if value != "" {
				e.comment = value
			}
			if e != (sent{}) {
				return e, true
			}
		}
	}
	return sent{}, false
}

// event reads the next event, comments left out.
func (s *stream) event() sent {
	s.t.Helper()
	for {
		e, ok := s.next()
		require.True(s.t, ok, "the stream ended: %v", s.lines.Err())
		if e.name != "" {
			return e
		}
	}
}

func TestEventsAreStreamedAndResumed(t *testing.T) {
	t.Parallel()
	r := asked(t) // events 1 to 5
	s := r.stream("caseworker", "0")
	first := s.event()
	require.Equal(t, "1", first.id)
	require.Equal(t, "request_opened", first.name)
	var body map[string]any
	require.NoError(t, json.Unmarshal([]byte(first.data), &body))
	require.Equal(t, "r-1", body["help_request_id"])
	require.Equal(t, "3", s.event().id, "2 happened in another area")
	require.Equal(t, "4", s.event().id)

	require.NoError(t, s.body.Close()) // the client is cut off after the third
	r.accept("o-1", "r-1", "v-1")
	s = r.stream("caseworker", "4")
	accepted := s.event()
	require.Equal(t, "offer_accepted", accepted.name)
	require.Equal(t, "6", accepted.id, "nothing is missed, nothing comes twice")
	require.Equal(t, "request_paired", s.event().name)
	r.world.Seed("r-next", apptest.Need(), apptest.Nangang)
	require.Equal(t, "8", s.event().id, "nor does it on an open stream")

	own := r.stream("volunteer", "0")
	require.Equal(t, []string{"3", "6"}, []string{own.event().id, own.event().id})
}

func TestAStreamWithoutAPlaceBeginsNow(t *testing.T) {
	t.Parallel()
	r := asked(t, func(o *Options) { o.Heartbeat = 20 * time.Millisecond })
	s := r.stream("caseworker", "")
	e, ok := s.next()
	require.True(t, ok)
	require.Equal(t, "still here", e.comment, "a quiet stream shows that it lives")
	r.world.Seed("r-new", apptest.Need(), apptest.Nangang)
	e = s.event()
	require.Equal(t, "request_opened", e.name)
	require.Contains(t, e.data, "r-new")
}

func TestAStreamEndsWithItsToken(t *testing.T) {
	t.Parallel()
	r := asked(t, func(o *Options) { o.Heartbeat = 20 * time.Millisecond })
	s := r.stream("caseworker", "")
	_, ok := s.next()
	require.True(t, ok)
	r.tokens.revoke("caseworker")
	for ok {
		_, ok = s.next()
	}
	require.NoError(t, s.lines.Err(), "an orderly end")
	r.problem(r.send("caseworker", "GET", "/v1/events", ""), http.StatusUnauthorized)
}

func TestStreamsEndWhenTheAPICloses(t *testing.T) {
	t.Parallel()
	r := asked(t)
	s := r.stream("caseworker", "")
	r.api.Close()
	r.api.Close() // closing again is no error
	_, ok := s.next()
	require.False(t, ok)
	require.NoError(t, s.lines.Err())
}

func TestAPlaceThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	r := asked(t)
	for _, last := range []string{"x", "-1", "1e3"} {
		a := r.problem(r.send("caseworker", "GET", "/v1/events", "", "Last-Event-ID", last), http.StatusUnprocessableEntity)
		require.Equal(t, []string{"header.Last-Event-ID"}, a.locations())
	}
	r.problem(r.send("trainer", "GET", "/v1/events", ""), http.StatusForbidden)
}

func TestALogThatIsAwayIsSaidBeforeTheStreamBegins(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	w.Fail(func(string) error { return aid.Errorf(aid.Unavailable, "away") })
	r := serve(t, func(o *Options) { o.UseCases = w.UseCases() })
	a := r.problem(r.send("caseworker", "GET", "/v1/events", ""), http.StatusServiceUnavailable)
	require.NotEmpty(t, a.Header.Get("Retry-After"))
}
