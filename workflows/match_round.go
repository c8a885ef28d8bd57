package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// longestIdle bounds, as a power of two, how the interval grows while rounds can
// ask nobody: at most eight intervals.
const longestIdle = 3

// MatchRound matches one shard for as long as seats are sought there. Wishes
// gather for an interval, so that one round serves many; an urgent one is served
// at once. While rounds can ask nobody they become rarer, until the next wish.
// With nothing left to seek the process ends, and the next wish starts it anew.
func MatchRound(ctx workflow.Context, in contract.MatchRoundInput) error {
	p := &matchRound{in: in, wanted: workflow.GetSignalChannel(ctx, contract.SignalRoundWanted)}
	for p.drain(); p.in.Owed || p.in.Urgent; p.drain() {
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return workflow.NewContinueAsNewError(ctx, contract.WorkflowMatchRound, p.in)
		}
		if err := p.gather(ctx); err != nil {
			return err
		}
		if err := p.run(ctx); err != nil {
			return err
		}
	}
	return nil
}

// matchRound is one run of the process. What outlives the run is in its input.
type matchRound struct {
	in     contract.MatchRoundInput
	wanted workflow.ReceiveChannel
	rounds int
}

// want takes down one wish.
func (p *matchRound) want(w contract.RoundWanted) {
	p.in.Owed, p.in.Urgent, p.in.Idle = true, p.in.Urgent || w.Urgent, 0
}

// drain takes down every waiting wish.
func (p *matchRound) drain() {
	for {
		var w contract.RoundWanted
		if !p.wanted.ReceiveAsync(&w) {
			return
		}
		p.want(w)
	}
}

// gather waits for the batch to fill, or until somebody cannot wait. A wish that
// comes while the rounds were rare waits for one interval from then.
func (p *matchRound) gather(ctx workflow.Context) error {
	interval := max(p.in.Interval, leastWait)
	until := workflow.Now(ctx).Add(interval << p.in.Idle)
	for !p.in.Urgent {
		wait := until.Sub(workflow.Now(ctx))
		if wait <= 0 {
			return nil
		}
		woken, err := workflow.AwaitWithTimeout(ctx, wait, func() bool { return p.wanted.Len() > 0 })
		if err != nil {
			return err
		}
		if woken {
			p.drain()
			until = earlier(until, workflow.Now(ctx).Add(interval))
		}
	}
	return nil
}

// run runs one round. What was wanted before it began is served by it.
func (p *matchRound) run(ctx workflow.Context) error {
	p.in.Owed, p.in.Urgent = false, false
	p.rounds++
	// The run's id makes it unique, and a retry of the activity the same round.
	id := aid.RoundID(fmt.Sprintf("%s.%d", workflow.GetInfo(ctx).WorkflowExecution.RunID, p.rounds))
	result, err := execute(solverRun(ctx), runRound, contract.RunRound{Shard: p.in.Shard, Round: id})
	switch {
	case ctx.Err() != nil:
		return err
	case err != nil:
		// A final answer to a whole round is a fault of ours. The seats are still
		// sought, so the process must not end with it.
		workflow.GetLogger(ctx).Error("a match round failed", "round", id, "error", err)
		p.in.Owed, p.in.Idle = true, min(p.in.Idle+1, longestIdle)
	case result.StillOpen > 0:
		p.in.Owed = true
		p.in.Idle = min(p.in.Idle+1, longestIdle)
		if result.Offers > 0 {
			p.in.Idle = 0
		}
	}
	return nil
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
