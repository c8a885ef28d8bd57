package e2e

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// A crash with requests in every state loses nothing: offers keep their clocks
// and can be answered, open requests are matched, a second program on the same
// directory is refused.
func TestCrashAndRecovery(t *testing.T) {
	t.Parallel()
	s := start(t, "--offer-deadline-soon", "8s", "--round-interval", "200ms")
	b, at, people := s.village(4)
	paired := s.open(need(b, at, "routine", 1, 1))
	v, offer := s.awaitOffer(people, paired)
	require.Equal(t, http.StatusOK, s.accept(v, offer).Status)
	offered := s.open(need(b, at, "routine", 1, 1))
	waiting, pending := s.awaitOffer(people, offered)
	expiring := s.open(need(b, at, "soon", 1, 1))
	slow, soon := s.awaitOffer(people, expiring)
	fresh := s.open(need(b, at, "urgent", 1, 1)) // not matched yet when the crash comes

	_, err := s.Command(s.t.Context(), "dev")
	require.ErrorContains(t, err, "in use")

	require.NoError(t, s.Kill())
	s.run()

	require.Equal(t, "paired", s.request(paired)["status"])
	require.Equal(t, http.StatusOK, s.accept(waiting, pending).Status)
	require.Equal(t, "paired", s.request(offered)["status"])
	next, offer := s.awaitOffer(people, fresh)
	require.Equal(t, http.StatusOK, s.accept(next, offer).Status)
	s.await("the offer's clock", func() bool { return s.offer(slow, expiring, "expired") == soon })

	out, err := s.Command(s.t.Context(), "audit")
	require.NoError(t, err, out)

	require.NoError(t, s.Stop())
	s.run()
	require.Equal(t, "paired", s.request(fresh)["status"])
}
