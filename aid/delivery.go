package aid

import (
	"errors"
	"time"
)

// DeliveryStatus is where the delivery of a notice by one channel stands. All
// but pending are final.
type DeliveryStatus string

// The statuses of a delivery.
const (
	DeliveryPending DeliveryStatus = "pending"
	DeliverySent    DeliveryStatus = "sent"
	DeliveryMoot    DeliveryStatus = "moot"     // no longer needed: read, overtaken, not chosen any more
	DeliveryGivenUp DeliveryStatus = "given_up" // tried until it was of no more use, or refused for good
)

// Delivery is one notice on its way to its recipient by one channel.
type Delivery struct {
	Notice    Notice
	Channel   Channel
	Attempts  int  // this one counted
	Overtaken bool // it asks for an answer that is given, or not wanted any more
	To        Contact
}

// DeliveryOutcome is what became of a delivery.
type DeliveryOutcome struct {
	Status  DeliveryStatus
	NextTry time.Time // while pending
	Untried bool      // it was only put off: the attempt does not count
	Reason  string    // words of ours, without anything personal
}

// Pauses between attempts: the first, doubled each time up to the longest.
const (
	firstDeliveryPause   = 30 * time.Second
	longestDeliveryPause = time.Hour
)

// Hold tells whether a delivery is not to be tried now, and what becomes of it
// instead.
func (d Delivery) Hold(now time.Time) (DeliveryOutcome, bool) {
	n := d.Notice
	switch {
	case !n.ReadAt.IsZero():
		return moot("read"), true
	case d.Overtaken:
		return moot("overtaken"), true
	case !d.To.Reached(d.Channel):
		return moot("not chosen any more"), true
	case !now.Before(n.Until) && d.Attempts > 1:
		return DeliveryOutcome{Status: DeliveryGivenUp, Reason: "tried until it was too late"}, true
	case !now.Before(n.Until):
		return moot("too late"), true
	}
	if end, quiet := d.To.Quiet.Until(now.In(d.To.Clock())); quiet && !n.Urgent {
		if !end.Before(n.Until) {
			return moot("over before the quiet hours are"), true
		}
		return DeliveryOutcome{Status: DeliveryPending, NextTry: end.UTC(), Untried: true, Reason: "quiet hours"}, true
	}
	return DeliveryOutcome{}, false
}

// After gives what becomes of a delivery that was tried with this result. What
// [Unavailable] and [Internal] say may pass; every other kind is final.
func (d Delivery) After(err error, now time.Time) DeliveryOutcome {
	if err == nil {
		return DeliveryOutcome{Status: DeliverySent}
	}
	out := DeliveryOutcome{Status: DeliveryGivenUp, Reason: "failed; the worker's log says why"}
	kind := Unavailable
	if e, ok := errors.AsType[*Error](err); ok {
		out.Reason, kind = e.Message, e.Kind
	}
	again := now.Add(min(firstDeliveryPause<<min(d.Attempts-1, 16), longestDeliveryPause))
	if (kind == Unavailable || kind == Internal) && again.Before(d.Notice.Until) {
		out.Status, out.NextTry = DeliveryPending, again
	}
	return out
}

func moot(why string) DeliveryOutcome { return DeliveryOutcome{Status: DeliveryMoot, Reason: why} }
