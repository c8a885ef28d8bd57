package app_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
)

// scroll is a log whose numbers do not rise along the stream.
type scroll struct {
	mu      sync.Mutex
	entries []aid.Entry
	ended   bool // the last answer was that there is nothing more
}

func (s *scroll) write(seqs ...int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = false
	for _, seq := range seqs {
		s.entries = append(s.entries, aid.Entry{Seq: seq, AreaPath: apptest.Nangang, Event: aid.Event{Actor: "a-1", Volunteer: "v-2"}})
	}
}

func (s *scroll) EventsAfter(_ context.Context, seq int64, limit int) ([]aid.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from := slices.IndexFunc(s.entries, func(e aid.Entry) bool { return e.Seq == seq }) + 1
	s.ended = from == len(s.entries)
	return slices.Clone(s.entries[from:min(len(s.entries), from+limit)]), nil
}

// awaitTail waits until whoever follows has seen all there is.
func (s *scroll) awaitTail(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.ended
	}, 10*time.Second, time.Millisecond)
}

func (s *scroll) LastEvent(context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.entries) == 0 {
		return 0, nil
	}
	return s.entries[len(s.entries)-1].Seq, nil
}

// follow runs the tail over a log until the test ends.
func follow(t *testing.T, log app.EventLog) (events *app.Events, wake chan<- struct{}) {
	t.Helper()
	u, news := &app.Events{Log: log}, make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { u.Run(ctx, news, slog.New(slog.DiscardHandler)) })
	t.Cleanup(func() { cancel(); running.Wait() })
	return u, news
}

// read gets n entries after a place.
func read(t *testing.T, u *app.Events, by app.Caller, place int64, n int) []int64 {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var got []int64
	for len(got) < n {
		seen, reached, err := u.Next(ctx, by, place)
		require.NoError(t, err)
		for _, e := range seen {
			got = append(got, e.Seq)
		}
		place = reached
	}
	return got
}

func TestWatchersMissNothingAndSeeNothingTwice(t *testing.T) {
	t.Parallel()
	log := &scroll{}
	log.write(3, 1)
	u, wake := follow(t, log)
	by := as(aid.RoleCaseworker)

	var watchers sync.WaitGroup
	for range 5 {
		watchers.Go(func() {
			require.Equal(t, []int64{3, 1, 2, 7, 5}, read(t, u, by, 0, 5)) //nolint:testifylint // read fails the test itself
		})
	}
	log.write(2, 7)
	wake <- struct{}{}
	log.write(5)
	wake <- struct{}{}
	watchers.Wait()
	require.Equal(t, []int64{7, 5}, read(t, u, by, 2, 2), "a place is an entry, not a size")
}

func TestWhoIsFarBehindReadsFromTheLog(t *testing.T) {
	t.Parallel()
	log := &scroll{}
	u, wake := follow(t, log)
	log.awaitTail(t)
	by := as(aid.RoleCaseworker)
	var want []int64
	for i := range int64(9000) { // more than is kept in memory
		want = append(want, 9000-i)
	}
	log.write(want...)
	wake <- struct{}{}
	log.awaitTail(t)
	require.Equal(t, want, read(t, u, by, 0, len(want)))
	require.Equal(t, want[100:], read(t, u, by, want[99], len(want)-100))
}

func TestWatchersSeeOnlyWhatIsTheirs(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases().Events
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { u.Run(ctx, nil, slog.New(slog.DiscardHandler)) })
	defer running.Wait()
	defer cancel()

	w.Seed("r-1", apptest.Need(), apptest.Nangang)  // 1
	w.Seed("r-far", apptest.Need(), apptest.Daqing) // 2
	w.Offer("o-1", "r-1", "v-1")                    // 3
	w.Offer("o-2", "r-1", "v-2")                    // 4
	w.Offer("o-far", "r-far", "v-1")                // 5

	require.Equal(t, []int64{1, 3, 4}, read(t, u, as(aid.RoleCaseworker), 0, 3))
	require.Equal(t, []int64{3, 5}, read(t, u, as(aid.RoleVolunteer), 0, 2))
	_, _, err := u.Next(t.Context(), as(aid.RoleTrainer), 0)
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	_, err = u.Place(t.Context(), as(aid.RoleTrainer))
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
}

func TestAVolunteerIsNotToldWhoActed(t *testing.T) {
	t.Parallel()
	log := &scroll{}
	u, wake := follow(t, log)
	log.write(1)
	wake <- struct{}{}
	by := as(aid.RoleVolunteer)
	by.Volunteer = "v-2"
	seen, _, err := u.Next(t.Context(), by, 0)
	require.NoError(t, err)
	require.Empty(t, seen[0].Actor)
	seen, _, err = u.Next(t.Context(), as(aid.RoleCoordinator), 0)
	require.NoError(t, err)
	require.Equal(t, aid.AccountID("a-1"), seen[0].Actor)
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	u, _ := follow(t, &scroll{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, place, err := u.Next(ctx, as(aid.RoleCaseworker), 0)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Zero(t, place)
}
