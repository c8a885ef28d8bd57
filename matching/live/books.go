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
// of a shard, as if a round were held now. It keeps the ledger of the shard last
// asked about, one at a time for the sake of memory, and for a short while.
//
// It is safe for concurrent use; questions take turns.
type Books struct {
	index    *Index
	requests Seeking
	policy   aid.SearchPolicy
	keep     time.Duration
	within   time.Duration

	turn chan struct{} // holds one token; whoever has it may use the book
	open *book
}

// book is the ledger of a shard, nil when it took too long to make.
type book struct {
	shard  aid.Cell
	ledger *matching.Ledger
}

// NewBooks makes books over an index. A ledger answers for as long as keep; a
// question for which one cannot be had within the other time stays unanswered.
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
	if b.open == nil || b.open.shard != shard {
		made, err := b.settle(ctx, shard)
		if err != nil {
			return matching.Why{}, err
		}
		b.open = made
		time.AfterFunc(b.keep, func() { b.shut(made) })
	}
	if b.open.ledger == nil {
		return matching.Why{}, nil
	}
	return b.open.ledger.WhyNot(ctx, r, role, v)
}

// settle opens the book of a shard. That one takes too long is worth keeping too,
// so that not every question tries again.
func (b *Books) settle(ctx context.Context, shard aid.Cell) (*book, error) {
	ledger, err := b.ledgerOf(ctx, shard)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &book{shard: shard}, nil
	}
	return &book{shard, ledger}, err
}

func (b *Books) ledgerOf(ctx context.Context, shard aid.Cell) (*matching.Ledger, error) {
	if err := b.index.Refresh(ctx); err != nil {
		return nil, err
	}
	requests, err := b.requests.SeekingRequests(ctx, shard)
	if err != nil {
		return nil, err
	}
	return matching.Settle(ctx, matching.FromRequests(requests, b.policy, b.index.index), nil)
}

// shut puts a book away, if it is still the open one.
func (b *Books) shut(old *book) {
	<-b.turn
	defer func() { b.turn <- struct{}{} }()
	if b.open == old {
		b.open = nil
	}
}
