package worker_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/processes"
	"github.com/linli/linli/worker"
)

// rows is an outbox in memory: the head of each key can be delivered.
type rows struct {
	mu    sync.Mutex
	keys  [][]string // kinds, by key
	away  int        // reads that fail first
	reads int
	news  chan struct{}
}

func (r *rows) News(context.Context) <-chan struct{} { return r.news }

func (r *rows) Deliver(ctx context.Context, _ int, deliver func(ctx context.Context, kind, key string, payload []byte) error) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reads++
	if r.away > 0 {
		r.away--
		return 0, errors.New("the database is away")
	}
	n := 0
	for i, kinds := range r.keys {
		if len(kinds) > 0 && deliver(ctx, kinds[0], string(rune('a'+i)), nil) == nil {
			r.keys[i] = kinds[1:]
			n++
		}
	}
	return n, nil
}

func TestTheRelayKeepsTheOrderAndGoesOnAfterFailures(t *testing.T) {
	t.Parallel()
	outbox := &rows{keys: [][]string{{"1", "2", "3"}, {"1", "2"}}, away: 1, news: make(chan struct{}, 1)}
	var delivered []string
	failed := false
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	relay := worker.Relay{Outbox: outbox, Log: quiet, Deliver: func(_ context.Context, kind, key string, _ []byte) error {
		if kind == "2" && key == "a" && !failed {
			failed = true
			return errors.New("Temporal is away")
		}
		if delivered = append(delivered, key+kind); len(delivered) == 5 {
			cancel()
		}
		return nil
	}}
	relay.Run(ctx)
	require.Equal(t, []string{"a1", "b1", "b2", "a2", "a3"}, delivered)
}

// TestTheRelayDoesNotWaitForWhatIsDueAlready: three rows of one key are three
// readings, and no poll lies between them.
func TestTheRelayDoesNotWaitForWhatIsDueAlready(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		outbox := &rows{keys: [][]string{{"1", "2", "3"}}, news: make(chan struct{}, 1)}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		begin := time.Now()
		relay := worker.Relay{Outbox: outbox, Log: quiet, Deliver: func(_ context.Context, kind, _ string, _ []byte) error {
			if kind == "3" {
				cancel()
			}
			return nil
		}}
		relay.Run(ctx)
		require.Zero(t, time.Since(begin), "the clock of this test moves only when everybody waits")
	})
}

// brokenWorker is one whose Temporal is not there.
func brokenWorker(t *testing.T) *worker.Worker {
	t.Helper()
	c, err := processes.Dial("127.0.0.1:1", "none", quiet)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return &worker.Worker{Client: c, Log: quiet}
}
