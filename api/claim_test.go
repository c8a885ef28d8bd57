package api

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
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
				began := time.Now()
				var tries, took atomic.Int64
				a.endClaim(t.Context(), func(context.Context) error {
					took.Store(int64(time.Since(began)))
					return c.answers[min(int(tries.Add(1)), len(c.answers))-1]
				})
				require.EqualValues(t, 1, tries.Load(), "the answer does not wait for more than one")
				<-time.After(endTime) // of the test's own clock, which moves when everybody waits
				require.EqualValues(t, c.tries, tries.Load())
				require.Equal(t, c.takes, time.Duration(took.Load()))
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
		var tries atomic.Int64
		end := func(context.Context) error {
			tries.Add(1)
			return aid.Errorf(aid.Unavailable, "the database is away")
		}
		a.endClaim(t.Context(), end)
		<-time.After(time.Hour)
		require.LessOrEqual(t, tries.Load(), int64(endTime/endPause)+1)
		a.endClaim(t.Context(), end)
		before := tries.Load()
		a.Close()
		<-time.After(time.Hour)
		require.Equal(t, before, tries.Load())
	})
}
