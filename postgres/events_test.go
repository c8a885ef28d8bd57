package postgres_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// drain reads the stream on from seq until a number of entries have come.
func (w *world) drain(seq int64, n int) (entries []aid.Entry) {
	w.t.Helper()
	eventually(w.t, "the events come", func() bool { // open transactions of other tests hold them up
		for {
			page, err := w.EventsAfter(w.t.Context(), seq, 1)
			require.NoError(w.t, err)
			if len(page) == 0 {
				return len(entries) >= n
			}
			entries = append(entries, page...)
			seq = page[len(page)-1].Seq
		}
	})
	return entries
}

func TestEventsComeOnceInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	last, err := w.LastEvent(t.Context())
	require.NoError(t, err)
	require.Zero(t, last)
	w.volunteers(1)
	w.request("r1", w.need(1, 3))
	w.ask("r1", 1, "v000")
	require.NoError(t, w.accept(t.Context(), "r1", "v000"))
	entries := w.drain(0, 4)
	kinds := make([]aid.EventKind, len(entries))
	for i, e := range entries {
		kinds[i] = e.Kind
		require.Equal(t, harbin.Path, e.AreaPath)
		require.Equal(t, aid.RequestID("r1"), e.Request)
	}
	require.Equal(t, []aid.EventKind{aid.EventRequestOpened, aid.EventOfferMade, aid.EventOfferAccepted, aid.EventRequestPaired}, kinds)
	accepted := entries[2]
	require.Equal(t, offerID("r1", "v000"), accepted.Offer)
	require.Equal(t, aid.VolunteerID("v000"), accepted.Volunteer)
	last, err = w.LastEvent(t.Context())
	require.NoError(t, err)
	require.Equal(t, entries[3].Seq, last)

	page, err := w.Timeline(t.Context(), "r1", aid.Page{Limit: 3})
	require.NoError(t, err)
	require.Equal(t, entries[:3], page.Items)
	page, err = w.Timeline(t.Context(), "r1", aid.Page{Limit: 3, After: page.Next})
	require.NoError(t, err)
	require.Equal(t, entries[3:], page.Items)
	require.Empty(t, page.Next)
}

// Whoever writes first and commits last, or draws a small number and commits
// late, must not be passed over.
func TestTheStreamMissesNoEventOfALongTransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.request("r1", w.need(1, 3))
	opened := w.drain(0, 1)
	const insert = "INSERT INTO events (request_id, kind, at, reason) VALUES ('r1', 'offer_made', now(), $1)"

	early, err := w.connect().Begin(t.Context())
	require.NoError(t, err)
	_, err = early.Exec(t.Context(), "UPDATE help_requests SET version = version WHERE id = 'r1'") // its number is the smaller
	require.NoError(t, err)
	late, err := w.connect().Begin(t.Context())
	require.NoError(t, err)
	_, err = late.Exec(t.Context(), insert, "drawn first, second transaction")
	require.NoError(t, err)
	_, err = early.Exec(t.Context(), insert, "drawn second, first transaction")
	require.NoError(t, err)
	require.NoError(t, w.sql(insert, "third transaction, committed first"))

	page, err := w.EventsAfter(t.Context(), opened[0].Seq, 10)
	require.NoError(t, err)
	require.Empty(t, page, "nothing that something could still come before")
	require.NoError(t, late.Commit(t.Context()))
	page, err = w.EventsAfter(t.Context(), opened[0].Seq, 10)
	require.NoError(t, err)
	require.Empty(t, page, "the first transaction is still open")
	require.NoError(t, early.Commit(t.Context()))
	entries := w.drain(opened[0].Seq, 3)
	var reasons []string
	for _, e := range entries {
		reasons = append(reasons, e.Reason)
	}
	require.Equal(t, []string{"drawn second, first transaction", "drawn first, second transaction", "third transaction, committed first"}, reasons)
	require.False(t, slices.IsSortedFunc(entries, func(a, b aid.Entry) int { return int(a.Seq - b.Seq) }), "numbers do not rise along the stream")
}

func TestListenersWakeAfterCommits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	outbox, events := w.Listen(t.Context(), "linli_outbox"), w.Listen(t.Context(), "linli_events")
	wakes := func(news <-chan struct{}) {
		t.Helper()
		select {
		case <-news:
		case <-time.After(20 * time.Second):
			t.Fatal("nothing was heard")
		}
	}
	wakes(outbox) // connecting counts as news
	wakes(events)
	w.request("r1", w.need(1, 3))
	wakes(outbox)
	wakes(events)
	w.volunteers(1)
	w.ask("r1", 1, "v000")
	wakes(outbox)
	wakes(events)
	require.NoError(t, w.accept(t.Context(), "r1", "v000"))
	wakes(events)

	require.NoError(t, w.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"))
	wakes(outbox) // connected again
	w.request("r2", w.need(1, 3))
	wakes(outbox)
}
