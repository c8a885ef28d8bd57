package processes

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// crowd is many callers of one workflow, each of which leaves when it is told.
type crowd struct {
	turns  turns
	in     atomic.Int64
	most   int64 // as seen whenever somebody came in
	failed atomic.Int64
	leave  chan struct{}
}

func (c *crowd) come(ctx context.Context, id string, callers int) {
	for range callers {
		go func() {
			done, err := c.turns.take(ctx, id)
			if err != nil {
				c.failed.Add(1)
				return
			}
			c.in.Add(1)
			<-c.leave
			c.in.Add(-1)
			done()
		}()
		c.settle()
	}
}

// settle lets everybody go as far as they can.
func (c *crowd) settle() {
	synctest.Wait()
	c.most = max(c.most, c.in.Load())
}

func TestAtMostEightAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := crowd{leave: make(chan struct{})}
		c.come(t.Context(), "w-1", 20)
		require.EqualValues(t, 8, c.in.Load())
		for range 20 {
			c.leave <- struct{}{}
			c.settle()
		}
		require.EqualValues(t, 8, c.most)
		require.Zero(t, c.in.Load())
		require.Empty(t, c.turns.open, "a workflow that nobody calls is forgotten")
	})
}

func TestWorkflowsDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := crowd{leave: make(chan struct{})}
		c.come(t.Context(), "w-1", 9)
		c.come(t.Context(), "w-2", 8)
		require.EqualValues(t, 16, c.in.Load())
		for range 17 {
			c.leave <- struct{}{}
			c.settle()
		}
		require.Empty(t, c.turns.open)
	})
}

func TestWhoGivesUpLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := crowd{leave: make(chan struct{})}
		c.come(t.Context(), "w-1", 8)
		ctx, giveUp := context.WithCancel(t.Context())
		c.come(ctx, "w-1", 5)
		giveUp()
		synctest.Wait()
		require.EqualValues(t, 5, c.failed.Load())
		c.come(t.Context(), "w-1", 1)
		require.EqualValues(t, 8, c.in.Load(), "their places in the queue are not held against anybody")
		for range 9 {
			c.leave <- struct{}{}
			c.settle()
		}
		require.Empty(t, c.turns.open)
	})
}
