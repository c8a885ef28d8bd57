package e2e

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A stream tells of a request at once, and one that was cut off goes on from
// where it was.
func eventStream(t *testing.T, s *system) {
	b, at, people := s.village(1)
	lines := s.watch("")
	id := s.open(need(b, at, "routine", 1, 1))
	opened := awaitEvent(t, lines, "request_opened", id)
	s.awaitOffer(people, id)
	awaitEvent(t, lines, "offer_made", id)
	awaitEvent(t, s.watch(opened), "offer_made", id)
}

// watch opens the event stream after a place, or from now on.
func (s *system) watch(after string) <-chan string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.URL+"/v1/events", http.NoBody)
	require.NoError(s.t, err)
	req.Header.Set("Authorization", "Bearer "+s.Tokens["caseworker"])
	if after != "" {
		req.Header.Set("Last-Event-ID", after)
	}
	res, err := http.DefaultClient.Do(req) //nolint:bodyclose // the reader below closes it
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusOK, res.StatusCode)
	lines := make(chan string, 1000)
	go func() {
		defer res.Body.Close()
		defer close(lines)
		for in := bufio.NewScanner(res.Body); in.Scan(); {
			lines <- in.Text()
		}
	}()
	return lines
}

// awaitEvent reads up to the event of a kind for a request and gives its place.
func awaitEvent(t *testing.T, lines <-chan string, kind, request string) (place string) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		select {
		case line, open := <-lines:
			require.True(t, open, "the stream ended")
			if at, ok := strings.CutPrefix(line, "id:"); ok {
				place = strings.TrimSpace(at)
			}
			if strings.Contains(line, `"`+kind+`"`) && strings.Contains(line, request) {
				return place
			}
		case <-deadline:
			require.FailNow(t, "no event", "%s of %s", kind, request)
		}
	}
}
