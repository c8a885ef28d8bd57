package live

import (
	"context"
	"errors"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching"
)

const (
	// scarcest is for how many kinds of person a round says what one more is worth.
	scarcest = 32

	// keptBytes bounds the memory of the solved rounds that are kept.
	keptBytes = 256 << 20
)

// Match makes the plan of a round over the volunteers as they are now, with the
// scarcity in it. It goes on from the last round of the shard, if that is still
// there and little has changed.
func (x *Index) Match(ctx context.Context, shard aid.Cell, requests []*aid.HelpRequest, p aid.SearchPolicy) (*matching.Plan, int, error) {
	if err := x.Refresh(ctx); err != nil {
		return nil, 0, err
	}
	ledger, err := x.settle(ctx, x.shelf.take(shard), matching.FromRequests(requests, p, x.index, x.Now()))
	if err != nil {
		return nil, 0, err
	}
	defer x.shelf.put(kept{shard: shard, ledger: ledger})
	areas := make(map[aid.RequestID]aid.AreaID, len(requests))
	for _, r := range requests {
		areas[r.ID] = r.Area
	}
	plan := ledger.Plan()
	plan.Scarcity, err = ledger.Scarcity(ctx, scarcest, func(r aid.RequestID) aid.AreaID { return areas[r] })
	return plan, x.index.Len(), err
}

// settle makes the ledger of a problem, out of the last one of its shard where
// that pays. Whatever goes wrong with the last one, a plan made from nothing is
// the answer.
func (x *Index) settle(ctx context.Context, last kept, p matching.Problem) (*matching.Ledger, error) {
	if last.ledger != nil {
		ledger, err := last.ledger.Roll(ctx, p)
		if err == nil || ctx.Err() != nil {
			return ledger, err
		}
		if anew, ok := errors.AsType[*matching.AnewError](err); ok {
			x.log.DebugContext(ctx, "round solved from nothing", "shard", last.shard, "reason", anew.Reason)
		} else {
			x.log.ErrorContext(ctx, "round could not go on from the last one and is solved from nothing", "shard", last.shard, "error", err)
		}
	}
	return matching.Settle(ctx, p, nil)
}
