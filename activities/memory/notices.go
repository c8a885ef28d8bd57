package memory

import (
	"context"
	"time"

	"github.com/linli/linli/aid"
)

// delivery is a notice on its way, with what the store keeps about it.
type delivery struct {
	aid.Delivery
	outcome aid.DeliveryOutcome
	due     time.Time
	run     string // who has claimed it
}

// lease is how long a claim keeps other runs off.
const lease = 5 * time.Minute

// AddDelivery puts in a notice that is to be sent at once.
func (s *Store) AddDelivery(d aid.Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deliveries = append(s.deliveries, &delivery{Delivery: d, outcome: aid.DeliveryOutcome{Status: aid.DeliveryPending}, due: s.Now()})
}

// Deliveries gives what became of each notice.
func (s *Store) Deliveries() map[aid.NoticeID]aid.DeliveryOutcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[aid.NoticeID]aid.DeliveryOutcome{}
	for _, d := range s.deliveries {
		out[d.Notice.ID] = d.outcome
	}
	return out
}

// ClaimDeliveries gives deliveries that are due.
func (s *Store) ClaimDeliveries(_ context.Context, channel aid.Channel, run string, limit int) ([]aid.Delivery, error) {
	var out []aid.Delivery
	err := s.call("ClaimDeliveries", func() error {
		for _, d := range s.deliveries {
			due := d.run == run || !d.due.After(s.Now())
			if d.Channel == channel && d.outcome.Status == aid.DeliveryPending && due && len(out) < limit {
				d.run, d.due = run, s.Now().Add(lease)
				d.Attempts++
				out = append(out, d.Delivery)
			}
		}
		return nil
	})
	return out, err
}

// NoteDelivery keeps what became of a delivery that has not ended.
func (s *Store) NoteDelivery(_ context.Context, d aid.Delivery, o aid.DeliveryOutcome) error {
	return s.call("NoteDelivery", func() error {
		for _, kept := range s.deliveries {
			if kept.Notice.ID != d.Notice.ID || kept.Channel != d.Channel || kept.outcome.Status != aid.DeliveryPending {
				continue
			}
			kept.outcome, kept.due, kept.run = o, o.NextTry, ""
			if o.Untried {
				kept.Attempts--
			}
		}
		return nil
	})
}

// NextDelivery is when the next delivery of a channel falls due.
func (s *Store) NextDelivery(_ context.Context, channel aid.Channel) (time.Time, error) {
	var next time.Time
	err := s.call("NextDelivery", func() error {
		for _, d := range s.deliveries {
			if d.Channel == channel && d.outcome.Status == aid.DeliveryPending && (next.IsZero() || d.due.Before(next)) {
				next = d.due
			}
		}
		return nil
	})
	return next, err
}
