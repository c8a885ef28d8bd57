package processes

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// busyClient cannot take so many updates before it refuses one for good.
type busyClient struct {
	client.Client
	busy int
	ids  []string
}

func (c *busyClient) UpdateWorkflow(_ context.Context, o client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	c.ids = append(c.ids, o.UpdateID)
	if len(c.ids) <= c.busy {
		return nil, serviceerror.NewWorkflowNotReady("a task failed")
	}
	return nil, serviceerror.NewUnavailable("gone to lunch")
}

func TestAProcessThatIsNotReadyIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, busy := range map[string]int{"soon ready": 3, "never": 1_000_000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := &busyClient{busy: busy}
				p := &Processes{client: c}
				begin := time.Now()
				_, err := p.CancelRequest(t.Context(), "same", contract.EndRequest{Request: "r1"})
				require.Equal(t, aid.Unavailable, aid.KindOf(err))
				for _, id := range c.ids {
					require.Equal(t, "same", id, "a repeat is the same message")
				}
				if busy == 3 {
					require.Len(t, c.ids, 4)
					return
				}
				require.Equal(t, answerWithin, time.Since(begin), "the caller's patience ends it")
			})
		})
	}
}
