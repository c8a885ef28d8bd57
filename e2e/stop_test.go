package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A part that does not answer does not keep the program from stopping in time.
func TestStopsWhileAPartIsAway(t *testing.T) {
	t.Parallel()
	for name, is := range map[string]func(string) bool{"Postgres": isPostgres, "Temporal": isTemporal} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, "--round-interval", "200ms")
			b, at, people := s.village(1)
			id := s.open(need(b, at, "urgent", 1, 1))
			s.awaitOffer(people, id)
			thaw := s.freeze(is)
			require.NoError(t, s.Stop())
			thaw()
			s.run()
			require.Equal(t, "offered", s.request(id)["status"])
			s.command("audit")
		})
	}
}
