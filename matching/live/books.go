package live

import (
	"context"
	"errors"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching"
	"github.com/linli/linli/matching/grid"
)

// Seeking gives the requests of a shard for which people may be asked.
type Seeking interface {
	SeekingRequests(ctx context.Context, shard aid.Cell) ([]*aid.HelpRequest, error)
}

// Books says what choosing somebody would cost a plan of all the open requests
// of a shard, as if a round were held now. It goes on from the solved round that
// the index keeps of the shard, and asks that for a short while.
//
// It is safe for concurrent use; questions take turns.
type Books struct {
	index    *Index
	requests Seeking
	policy   aid.SearchPolicy
	keep     time.Duration
	within   time.Duration

	turn   chan struct{} // holds one token; whoever has it may look at what follows
	tooBig aid.Cell      // the shard of which a plan took too long
	until  time.Time     // and when that may be tried again
}

// NewBooks makes books over an index. A plan answers for as long as keep; a
// question for which none can be had within the other time stays unanswered.
func NewBooks(x *Index, requests Seeking, p aid.SearchPolicy, keep, within time.Duration) *Books {
	b := &Books{index: x, requests: requests, policy: p, keep: keep, within: within, turn: make(chan struct{}, 1)}
	b.turn <- struct{}{}
	return b
}

// ExtraCost says by how much the plan of the request's shard would get dearer if
// the volunteer were chosen for a role, see [matching.Why]. known is false when
// that cannot be told, or not in time. Errors are those of the store and the
// feed, and the context's.
func (b *Books) ExtraCost(ctx context.Context, r *aid.HelpRequest, role int, v aid.VolunteerID) (extra int64, known bool, err error) {
	shard, err := grid.ShardOf(r.Cell)
	if err != nil {
		return 0, false, err
	}
	inTime, cancel := context.WithTimeout(ctx, b.within)
	defer cancel()
	why, err := b.ask(inTime, shard, r.ID, role, v)
	switch {
	case err == nil:
		return why.Extra, why.Known, nil
	case aid.KindOf(err) == aid.NotFound || ctx.Err() == nil && inTime.Err() != nil:
		return 0, false, nil
	}
	return 0, false, err
}

func (b *Books) ask(ctx context.Context, shard aid.Cell, r aid.RequestID, role int, v aid.VolunteerID) (matching.Why, error) {
	select {
	case <-b.turn:
		defer func() { b.turn <- struct{}{} }()
	case <-ctx.Done():
		return matching.Why{}, ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		return matching.Why{}, err
	}
	k := b.index.shelf.take(shard)
	if k.ledger == nil || k.asked.IsZero() || time.Since(k.asked) >= b.keep {
		var err error
		if k, err = b.settle(ctx, k); err != nil || k.ledger == nil {
			return matching.Why{}, err
		}
	}
	defer b.index.shelf.put(k)
	return k.ledger.WhyNot(ctx, r, role, v)
}

// settle brings the ledger of a shard up to date, or makes it. One that takes too
// long is none, and for a while not every question tries again.
func (b *Books) settle(ctx context.Context, last kept) (kept, error) {
	if b.tooBig == last.shard && time.Now().Before(b.until) {
		return kept{}, nil
	}
	ledger, err := b.ledgerOf(ctx, last)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		b.tooBig, b.until = last.shard, time.Now().Add(b.keep)
		return kept{}, nil
	}
	return kept{last.shard, ledger, time.Now()}, err
}

func (b *Books) ledgerOf(ctx context.Context, last kept) (*matching.Ledger, error) {
	if err := b.index.Refresh(ctx); err != nil {
		return nil, err
	}
	requests, err := b.requests.SeekingRequests(ctx, last.shard)
	if err != nil {
		return nil, err
	}
	return b.index.settle(ctx, last, matching.FromRequests(requests, b.policy, b.index.index, b.index.Now()))
}
