package live_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/live"
)

// seeking is a store of open requests; it counts how often it is asked.
type seeking struct {
	mu    sync.Mutex
	open  []*aid.HelpRequest
	asked int
	err   error
	hangs bool
}

func (s *seeking) SeekingRequests(ctx context.Context, _ aid.Cell) ([]*aid.HelpRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	if s.hangs {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return s.open, s.err
}

// Two cells of the resolution of homes, in different shards.
const (
	harbin aid.Cell = 0x881496328bfffff
	daqing aid.Cell = 0x8814b26227fffff
)

func weighed(t *testing.T, people int) (*seeking, *live.Index) {
	t.Helper()
	near, far := request(t, "near", people), request(t, "far", 1)
	near.Cell, far.Cell = harbin, harbin
	f := &feed{}
	f.change(volunteer("v-1", 1), volunteer("v-2", 3))
	return &seeking{open: []*aid.HelpRequest{near, far}}, live.New(f, aid.DefaultOfferLimits(), quiet())
}

func TestBooksWeighAChoiceAgainstTheOtherRequests(t *testing.T) {
	t.Parallel()
	s, x := weighed(t, 1)
	s.open = s.open[:1]
	b := live.NewBooks(x, s, everybody(), time.Hour, time.Minute)
	for range 3 {
		extra, known, err := b.ExtraCost(t.Context(), s.open[0], 0, "v-2")
		require.NoError(t, err)
		require.True(t, known)
		require.InDelta(t, 2000, extra, 10, "v-2 lives 2 km farther than v-1, who is left idle then")
	}
	require.Equal(t, 1, s.asked, "one ledger serves all questions")
	elsewhere := request(t, "near", 1)
	elsewhere.Cell = daqing
	_, _, err := b.ExtraCost(t.Context(), elsewhere, 0, "v-2")
	require.NoError(t, err)
	require.Equal(t, 2, s.asked, "another shard has another")

	_, known, err := b.ExtraCost(t.Context(), s.open[0], 0, "v-none")
	require.NoError(t, err)
	require.False(t, known)
	other := request(t, "opened later", 1)
	other.Cell = harbin
	_, known, err = b.ExtraCost(t.Context(), other, 0, "v-1")
	require.NoError(t, err)
	require.False(t, known)
}

func TestBooksPassErrorsOnAndForgetThem(t *testing.T) {
	t.Parallel()
	s, x := weighed(t, 1)
	b := live.NewBooks(x, s, everybody(), time.Hour, time.Minute)
	s.err = errors.New("connection lost")
	_, _, err := b.ExtraCost(t.Context(), s.open[0], 0, "v-1")
	require.ErrorIs(t, err, s.err)
	s.err = nil
	_, known, err := b.ExtraCost(t.Context(), s.open[0], 0, "v-1")
	require.NoError(t, err)
	require.True(t, known)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	fresh := live.NewBooks(x, s, everybody(), time.Hour, time.Minute)
	_, _, err = fresh.ExtraCost(ended, s.open[0], 0, "v-1")
	require.ErrorIs(t, err, context.Canceled)
}

func TestBooksAreKeptForAShortWhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, x := weighed(t, 1)
		b := live.NewBooks(x, s, everybody(), 10*time.Second, 3*time.Second)
		ask := func() bool {
			_, known, err := b.ExtraCost(t.Context(), s.open[0], 0, "v-1")
			require.NoError(t, err)
			return known
		}
		s.hangs = true
		began := time.Now()
		require.False(t, ask(), "not in time")
		require.Equal(t, 3*time.Second, time.Since(began))
		require.False(t, ask(), "and not tried again at once")
		require.Equal(t, 1, s.asked)

		s.hangs = false
		<-time.After(11 * time.Second) // of the bubble's clock
		require.True(t, ask())
		require.Equal(t, 2, s.asked)
		<-time.After(11 * time.Second)
		require.True(t, ask())
		require.Equal(t, 3, s.asked)
		<-time.After(11 * time.Second) // until the last is put away
	})
}
