package api

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// TestAClaimIsEndedAsSoonAsItCanBe: whoever was told to send the request again
// must not be told for a minute that it is under way.
func TestAClaimIsEndedAsSoonAsItCanBe(t *testing.T) {
	t.Parallel()
	away := aid.Errorf(aid.Unavailable, "the database is away")
	for name, c := range map[string]struct {
		answers []error // the last one for good
		tries   int
		takes   time.Duration
	}{
		"at once":     {[]error{nil}, 1, 0},
		"back later":  {[]error{away, away, away, nil}, 4, 3 * time.Second},
		"not in time": {[]error{context.DeadlineExceeded}, 1, 0},
		"a fault":     {[]error{errors.New("broken")}, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := &API{log: slog.New(slog.DiscardHandler), closing: make(chan struct{})}
				began, tries := time.Now(), 0
				var last time.Time
				a.endClaim(t.Context(), func(context.Context) error {
					last = time.Now()
					err := c.answers[min(tries, len(c.answers)-1)]
					tries++
					return err
				})
				require.Equal(t, 1, tries, "the answer does not wait for more than one")
				time.Sleep(endTime) // of the test's own clock, which moves when everybody waits
				require.Equal(t, c.tries, tries)
				require.Equal(t, c.takes, last.Sub(began))
			})
		})
	}
}

// TestAClaimIsNotEndedForever: by endTime at the latest others may have it, and
// when the API closes nothing is tried any more.
func TestAClaimIsNotEndedForever(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &API{log: slog.New(slog.DiscardHandler), closing: make(chan struct{})}
		tries := 0
		end := func(context.Context) error {
			tries++
			return aid.Errorf(aid.Unavailable, "the database is away")
		}
		a.endClaim(t.Context(), end)
		time.Sleep(time.Hour)
		require.LessOrEqual(t, tries, int(endTime/endPause)+1)
		a.endClaim(t.Context(), end)
		before := tries
		a.Close()
		time.Sleep(time.Hour)
		require.Equal(t, before, tries)
	})
}
