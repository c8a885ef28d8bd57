package activities_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/activities/memory"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// wire is a channel that answers as it is told.
type wire struct {
	now  time.Time
	sent []aid.NoticeID
	fail map[aid.NoticeID]error
}

func (w *wire) Send(_ context.Context, _ aid.Contact, n aid.Notice, _ aid.NoticeText) error {
	if err := w.fail[n.ID]; err != nil {
		return err
	}
	w.sent = append(w.sent, n.ID)
	return nil
}

func (w *wire) Write(n aid.Notice, _ aid.Contact) (aid.NoticeText, error) {
	if n.Kind == "no_text" {
		return aid.NoticeText{}, aid.Errorf(aid.Internal, "there is no text")
	}
	return aid.NoticeText{Title: "t", Body: "b"}, nil
}

// queue is a store with so many notices that are due.
func queue(w *wire, n int) *memory.Store {
	s := &memory.Store{Now: func() time.Time { return w.now }}
	for i := range n {
		s.AddDelivery(aid.Delivery{
			Notice:  aid.Notice{ID: aid.NoticeID(fmt.Sprintf("n-%03d", i)), Until: noon.Add(72 * time.Hour)},
			Channel: aid.ChannelEmail, To: aid.Contact{Channels: []aid.Channel{aid.ChannelEmail}, Email: "lin@example.org"},
		})
	}
	return s
}

func (w *wire) deliver(t *testing.T, s *memory.Store, senders map[aid.Channel]activities.NoticeSender) contract.NoticesDelivered {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestActivityEnvironment()
	(&activities.Notices{Store: s, Writer: w, Senders: senders, Now: s.Now}).Register(env)
	value, err := env.ExecuteActivity(contract.ActivityDeliverNotices, contract.DeliverNotices{Channel: aid.ChannelEmail, Run: "run"})
	require.NoError(t, err)
	var out contract.NoticesDelivered
	require.NoError(t, value.Get(&out))
	return out
}

func (w *wire) email() map[aid.Channel]activities.NoticeSender {
	return map[aid.Channel]activities.NoticeSender{aid.ChannelEmail: w}
}

func TestARunSendsAllThatIsDue(t *testing.T) {
	t.Parallel()
	w := &wire{now: noon}
	s := queue(w, 120) // more than a batch
	require.Equal(t, contract.NoticesDelivered{}, w.deliver(t, s, w.email()))
	require.Len(t, w.sent, 120)
	require.Equal(t, contract.NoticesDelivered{}, w.deliver(t, s, w.email()))
	require.Len(t, w.sent, 120)
}

func TestANoticeThatCannotBeSentHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	w := &wire{now: noon, fail: map[aid.NoticeID]error{
		"n-000": aid.Errorf(aid.Unavailable, "the server is away"),
		"n-001": aid.Errorf(aid.Invalid, "there is no such address"),
		"n-002": errors.New("of no kind"),
	}}
	s := queue(w, 4)
	again := noon.Add(30 * time.Second)
	require.Equal(t, contract.NoticesDelivered{NextDue: again}, w.deliver(t, s, w.email()))
	got := s.Deliveries()
	require.Equal(t, aid.DeliveryOutcome{Status: aid.DeliveryPending, NextTry: again, Reason: "the server is away"}, got["n-000"])
	require.Equal(t, aid.DeliveryOutcome{Status: aid.DeliveryGivenUp, Reason: "there is no such address"}, got["n-001"])
	require.Equal(t, aid.DeliveryPending, got["n-002"].Status)
	require.Equal(t, aid.DeliverySent, got["n-003"].Status)

	w.fail, w.now = nil, again
	require.Equal(t, contract.NoticesDelivered{}, w.deliver(t, s, w.email()))
	require.Equal(t, aid.DeliverySent, s.Deliveries()["n-000"].Status)
	require.Equal(t, aid.DeliveryGivenUp, s.Deliveries()["n-001"].Status)
}

func TestAChannelThatIsNotSetUpHereKeepsItsNotices(t *testing.T) {
	t.Parallel()
	w := &wire{now: noon}
	s := queue(w, 1)
	w.deliver(t, s, nil)
	got := s.Deliveries()["n-000"]
	require.Equal(t, aid.DeliveryPending, got.Status)
	require.Contains(t, got.Reason, "not set up")
	w.now = got.NextTry
	w.deliver(t, s, w.email())
	require.Equal(t, aid.DeliverySent, s.Deliveries()["n-000"].Status)
}
