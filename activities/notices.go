package activities

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"
	"golang.org/x/sync/errgroup"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// DeliveryStore keeps the deliveries of notices.
type DeliveryStore interface {
	// ClaimDeliveries gives deliveries that are due, with an attempt counted, and
	// keeps other runs from them for some minutes. What a run has claimed and not
	// noted it is given again.
	ClaimDeliveries(ctx context.Context, channel aid.Channel, run string, limit int) ([]aid.Delivery, error)
	// NoteDelivery keeps what became of one; what has ended stays ended.
	NoteDelivery(ctx context.Context, d aid.Delivery, o aid.DeliveryOutcome) error
	// NextDelivery is when the next one falls due, the zero time if none is pending.
	NextDelivery(ctx context.Context, channel aid.Channel) (time.Time, error)
}

// NoticeSender sends notices by one channel. The same notice may be sent twice
// and must then bear the same key. An error of kind [aid.Unavailable], or of
// none, may pass; any other is final.
type NoticeSender interface {
	Send(ctx context.Context, to aid.Contact, n aid.Notice, text aid.NoticeText) error
}

// NoticeWriter writes the text of a notice for a reader.
type NoticeWriter interface {
	Write(n aid.Notice, to aid.Contact) (aid.NoticeText, error)
}

const (
	deliveryBatch = 32               // soon done even if nobody answers, since an alarm may come meanwhile
	sendTime      = 15 * time.Second // of one attempt
	// deliveryRun is after how long a run begins no further batch, so that the
	// process hears of it now and then.
	deliveryRun = time.Minute
)

// Notices are the steps that send notices. They are safe for concurrent use.
type Notices struct {
	Store   DeliveryStore
	Writer  NoticeWriter
	Senders map[aid.Channel]NoticeSender // without one, the channel is not set up here
	Now     func() time.Time
	AtOnce  int // notices that are sent at one time; 0 is one
}

// DeliverNotices sends the notices of a channel that are due. Whatever cuts it
// off, each notice is sent at least once: its delivery is noted after it was sent.
func (a *Notices) DeliverNotices(ctx context.Context, m contract.DeliverNotices) (contract.NoticesDelivered, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go heartbeat(ctx, beat)
	for began := time.Now(); time.Since(began) < deliveryRun; {
		due, err := a.Store.ClaimDeliveries(ctx, m.Channel, m.Run, deliveryBatch)
		if err != nil {
			return contract.NoticesDelivered{}, fail(ctx, err)
		}
		if len(due) == 0 {
			break
		}
		if err := a.deliverAll(ctx, due); err != nil {
			return contract.NoticesDelivered{}, fail(ctx, err)
		}
	}
	next, err := a.Store.NextDelivery(ctx, m.Channel)
	return contract.NoticesDelivered{NextDue: next}, fail(ctx, err)
}

// deliverAll tries several deliveries at once. Its error speaks of the store
// alone: a notice that cannot be sent holds up no other.
func (a *Notices) deliverAll(ctx context.Context, due []aid.Delivery) error {
	sending, ctx := errgroup.WithContext(ctx)
	sending.SetLimit(max(a.AtOnce, 1))
	for _, d := range due {
		sending.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			outcome, hold := d.Hold(a.Now())
			if !hold {
				err := a.send(ctx, d)
				outcome = d.After(err, a.Now())
				if err != nil { // by words of ours alone: its own may quote an address
					activity.GetLogger(ctx).Warn("a notice was not sent", "notice", d.Notice.ID, "channel", d.Channel,
						"attempt", d.Attempts, "status", outcome.Status, "reason", outcome.Reason)
				}
			}
			return a.Store.NoteDelivery(ctx, d, outcome)
		})
	}
	return sending.Wait()
}

func (a *Notices) send(ctx context.Context, d aid.Delivery) error {
	sender, ok := a.Senders[d.Channel]
	if !ok {
		return aid.Errorf(aid.Unavailable, "the channel is not set up in this worker; see the settings")
	}
	text, err := a.Writer.Write(d.Notice, d.To)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	return sender.Send(ctx, d.To, d.Notice, text)
}
