package workflows

import (
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// leastWait keeps a process whose clock runs ahead of the database's from asking
// it in a tight loop whether something is due.
const leastWait = time.Second

// faultPause is the wait after a step has failed in a way that it never should.
const faultPause = time.Minute

// HelpRequest is the process of one help request, from opening to its end. It
// asks for rounds while seats are open, takes answers, and lets the clocks of
// offers and window run out.
//
// The main coroutine alone receives signals and reads; update handlers run
// beside it. The lock lets one of them at a time act and take over the state, so
// that an older state never replaces a newer one.
func HelpRequest(ctx workflow.Context, in contract.HelpRequestInput) error {
	p := &helpRequest{
		in: in, asked: in.RoundAsked, state: contract.RequestState{Pending: in.Pending, Failed: in.Failed},
		lock:    workflow.NewMutex(ctx),
		changed: workflow.GetSignalChannel(ctx, contract.SignalRequestChanged),
	}
	if err := p.handleUpdates(ctx); err != nil {
		return err
	}
	err := p.live(ctx)
	if err != nil && !p.gone {
		return err
	}
	if err := p.finishHandlers(ctx); err != nil {
		return err
	}
	if p.gone {
		workflow.GetLogger(ctx).Warn("there is no such help request; its process ends", "request", in.Request)
		return nil
	}
	if p.state.Status.Ended() {
		return nil
	}
	// What a signal would say the next run learns by reading, with which it begins.
	drain(p.changed) // or the SDK would warn of lost ones
	p.in.RoundAsked, p.in.Pending, p.in.Failed = p.asked && !p.vacated, p.state.Pending, p.state.Failed
	return workflow.NewContinueAsNewError(ctx, contract.WorkflowHelpRequest, p.in)
}

// helpRequest is one run of the process.
type helpRequest struct {
	in      contract.HelpRequestInput
	state   contract.RequestState
	steps   int  // states taken over so far, so that a waiting loop notices each
	vacated bool // a step since the last asking may have opened a vacancy
	asked   bool // a round has been asked for since the request wanted none
	gone    bool // there is no such request
	lock    workflow.Mutex
	changed workflow.ReceiveChannel
}

// live goes on until the request has ended or the history is long enough.
func (p *helpRequest) live(ctx workflow.Context) error {
	if err := p.step(ctx, readRequest); err != nil {
		return err
	}
	for !p.state.Status.Ended() && !workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
		seen := p.steps
		if err := p.askForRound(ctx); err != nil {
			return err
		}
		due, err := p.wait(ctx, seen)
		if err == nil && drain(p.changed) {
			err = p.step(ctx, readRequest)
		}
		// Whatever else woke the process, a clock may have run out meanwhile.
		due = due || !workflow.Now(ctx).Before(p.nextDue())
		if err == nil && due && !p.state.Status.Ended() {
			err = p.advance(ctx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// step runs an activity that gives back where the request stands. An answer that
// makes no sense is a fault of ours: the process says so and goes on, since the
// request needs its clocks all the same. Only a request that is not there has
// none.
func (p *helpRequest) step(ctx workflow.Context, s step[contract.RequestRef, contract.RequestState]) error {
	err := p.try(ctx, s)
	p.gone = isNoSuchRequest(err)
	if err == nil || p.gone || ctx.Err() != nil {
		return err
	}
	workflow.GetLogger(ctx).Error("a step of the process failed", "step", s.name, "error", err)
	return workflow.Sleep(ctx, faultPause)
}

func (p *helpRequest) try(ctx workflow.Context, s step[contract.RequestRef, contract.RequestState]) error {
	if err := p.lock.Lock(ctx); err != nil {
		return err
	}
	defer p.lock.Unlock()
	state, err := write(ctx, s, contract.RequestRef{Request: p.in.Request}, patience())
	if err == nil {
		// Whoever was asked before and is not any more, by the clock or since a person
		// elsewhere took the offer back, leaves a vacancy: also one who was asked and
		// taken back since this process looked last.
		p.vacated = p.vacated || state.Pending < p.state.Pending || state.Failed > p.state.Failed
		p.take(state)
	}
	return err
}

// advance lets what is due happen. Only what did happen may open a vacancy: the
// database's clock may say that it is too early.
func (p *helpRequest) advance(ctx workflow.Context) error {
	before := p.state
	if err := p.step(ctx, advanceRequest); err != nil {
		return err
	}
	p.vacated = p.vacated || !before.NextDeadline.Equal(p.state.NextDeadline) || before.Status != p.state.Status ||
		!before.WidensAt.Equal(p.state.WidensAt) // more people can be asked
	return nil
}

// take takes over where the request stands.
func (p *helpRequest) take(s contract.RequestState) {
	p.state = s
	p.steps++
	p.asked = p.asked && s.WantsRound
}

// askForRound asks once when the request begins to want people, and again when
// something opened a vacancy. A shard's process goes on by itself for as long as
// seats stay open, so that more would only be noise.
func (p *helpRequest) askForRound(ctx workflow.Context) error {
	wanted := p.state.WantsRound && (!p.asked || p.vacated)
	p.vacated = false
	if !wanted {
		return nil
	}
	p.asked = true
	ask := contract.AskForRound{Shard: p.in.Shard, Urgent: p.in.Urgency == aid.Urgent}
	_, err := write(ctx, askForRound, ask, patience())
	if err == nil || ctx.Err() != nil {
		return err
	}
	workflow.GetLogger(ctx).Error("asking for a round failed", "error", err)
	p.asked = false
	return nil
}

// wait returns when there is something to do, which may have come since the
// state that was seen last, or else when a clock has run out: due.
func (p *helpRequest) wait(ctx workflow.Context, seen int) (due bool, err error) {
	remaining := max(p.nextDue().Sub(workflow.Now(ctx)), leastWait)
	woken, err := workflow.AwaitWithTimeout(ctx, remaining, func() bool {
		return p.steps != seen || p.changed.Len() > 0
	})
	return !woken, err
}

// nextDue is when the first clock of the request runs out.
func (p *helpRequest) nextDue() time.Time {
	at := p.state.EndsAt
	for _, clock := range []time.Time{p.state.NextDeadline, p.state.QuorumBy, p.state.WidensAt, p.state.VisitsDue} {
		if !clock.IsZero() && clock.Before(at) {
			at = clock
		}
	}
	if p.state.Status == aid.RequestPaired && p.state.StartsAt.Before(at) {
		at = p.state.StartsAt
	}
	return at
}

// finishHandlers lets every update that was taken on get its answer.
func (p *helpRequest) finishHandlers(ctx workflow.Context) error {
	return workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
}

// drain takes every waiting signal and tells whether there was one.
func drain(c workflow.ReceiveChannel) bool {
	found := false
	for c.ReceiveAsync(nil) {
		found = true
	}
	return found
}

// isNoSuchRequest tells whether a step found no request to act on.
func isNoSuchRequest(err error) bool {
	app, ok := errors.AsType[*temporal.ApplicationError](err)
	return ok && app.Type() == string(aid.NotFound)
}
