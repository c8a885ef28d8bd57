package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
)

// recorder is a delivery that remembers what came for each key.
type recorder struct {
	mu   sync.Mutex
	came map[string][]int64
	fail func(m postgres.Message) error
}

func (r *recorder) deliver(_ context.Context, m postgres.Message) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		if err := r.fail(m); err != nil {
			return err
		}
	}
	if r.came == nil {
		r.came = map[string][]int64{}
	}
	r.came[m.Key] = append(r.came[m.Key], m.ID)
	return nil
}

// write puts messages for a key into the outbox.
func (w *world) write(key string, n int) {
	w.t.Helper()
	for range n {
		require.NoError(w.t, w.sql("INSERT INTO outbox (kind, key) VALUES ('test', $1)", key))
	}
}

func TestTheOutboxDeliversEachKeyInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write("a", 3)
	w.write("b", 2)
	var r recorder
	for _, want := range []int{2, 2, 1, 0} {
		n, err := w.DeliverOutbox(t.Context(), 10, r.deliver)
		require.NoError(t, err)
		require.Equal(t, want, n, "one message of a key at a time")
	}
	require.Equal(t, map[string][]int64{"a": {1, 2, 3}, "b": {4, 5}}, r.came)
	waiting, _, err := w.OutboxLag(t.Context())
	require.NoError(t, err)
	require.Zero(t, waiting)
}

func TestAFailedDeliveryIsPutOffAndHoldsUpItsKeyOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write("a", 2)
	w.write("b", 1)
	r := recorder{fail: func(m postgres.Message) error {
		if m.Key == "a" {
			return fmt.Errorf("secret: %w", aid.Errorf(aid.Unavailable, "Temporal is away"))
		}
		return nil
	}}
	n, err := w.DeliverOutbox(t.Context(), 10, r.deliver)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, map[string][]int64{"b": {3}}, r.came)
	require.Equal(t, 1, w.count(`SELECT count(*) FROM outbox WHERE attempts = 1 AND last_error = 'unavailable: Temporal is away'
		AND next_try_at - now() BETWEEN '0s' AND '500ms'`))
	n, err = w.DeliverOutbox(t.Context(), 10, r.deliver)
	require.NoError(t, err)
	require.Zero(t, n, "neither the message put off nor the one behind it")

	require.NoError(t, w.sql("UPDATE outbox SET next_try_at = now(), attempts = 40 WHERE attempts > 0"))
	r.fail = func(postgres.Message) error { return errors.New("the phone is 123") }
	_, err = w.DeliverOutbox(t.Context(), 10, r.deliver)
	require.NoError(t, err)
	require.Equal(t, 1, w.count(`SELECT count(*) FROM outbox WHERE attempts = 41 AND last_error = '*errors.errorString'
		AND next_try_at - now() BETWEEN '50s' AND '60s'`), "at most a minute, and no words of strangers")

	r.fail = nil
	require.NoError(t, w.sql("UPDATE outbox SET next_try_at = now()"))
	for range 2 {
		_, err = w.DeliverOutbox(t.Context(), 10, r.deliver)
		require.NoError(t, err)
	}
	require.Equal(t, []int64{1, 2}, r.came["a"])
}

func TestARelayThatDiesLeavesItsMessagesToOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write("a", 1)
	var r recorder
	_, err := w.DeliverOutbox(t.Context(), 10, func(ctx context.Context, m postgres.Message) error {
		require.NoError(t, r.deliver(ctx, m))
		// The connection that holds the row is cut before the delivery is noted.
		return w.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()")
	})
	require.Equal(t, aid.Unavailable, aid.KindOf(err))
	eventually(t, "the message is delivered again", func() bool { // the cut backend may take a moment to go
		n, err := w.DeliverOutbox(t.Context(), 10, r.deliver)
		require.NoError(t, err)
		return n == 1
	})
	require.Equal(t, map[string][]int64{"a": {1, 1}}, r.came, "at least once")
}

func TestDeliveriesAreNotedWhenTheRelayIsAskedToStop(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write("a", 1)
	ctx, stop := context.WithCancel(t.Context())
	n, err := w.DeliverOutbox(ctx, 10, func(context.Context, postgres.Message) error { stop(); return nil })
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Zero(t, w.count("SELECT count(*) FROM outbox"))
}

func TestWhatWasNotBegunIsLeftForTheNextCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 20 { // more than are delivered at once
		w.write(fmt.Sprintf("k%d", i), 1)
	}
	ctx, stop := context.WithCancel(t.Context())
	n, err := w.DeliverOutbox(ctx, 20, func(context.Context, postgres.Message) error { stop(); return ctx.Err() })
	require.NoError(t, err)
	require.Zero(t, n)
	begun := w.count("SELECT count(*) FROM outbox WHERE attempts = 1")
	require.Positive(t, begun)
	require.Equal(t, 20-begun, w.count("SELECT count(*) FROM outbox WHERE attempts = 0"))
	require.LessOrEqual(t, begun, 8)
}

func TestRelaysSideBySideKeepTheOrderOfEachKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const keys, each = 7, 12
	for i := range each * keys {
		w.write(fmt.Sprintf("k%d", i%keys), 1)
	}
	var r recorder
	var relays sync.WaitGroup
	for range 4 {
		relays.Go(func() {
			for {
				_, err := w.DeliverOutbox(t.Context(), 3, r.deliver)
				waiting, _, lagErr := w.OutboxLag(t.Context())
				if err := errors.Join(err, lagErr); err != nil {
					t.Error(err)
					return
				}
				if waiting == 0 {
					return
				}
			}
		})
	}
	relays.Wait()
	require.Len(t, r.came, keys)
	for key, ids := range r.came {
		require.Len(t, ids, each, key)
		require.IsIncreasing(t, ids, key)
	}
}

func TestOutboxLagSpeaksOfTheOldest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write("a", 2)
	require.NoError(t, w.sql("UPDATE outbox SET created_at = now() - interval '1 hour' WHERE id = 1"))
	waiting, oldest, err := w.OutboxLag(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, waiting)
	require.InDelta(t, time.Hour, oldest, float64(time.Minute))
}
