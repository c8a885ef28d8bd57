package workflows

import (
	"errors"
	"slices"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// handleUpdates takes the updates: each is one short transaction in Postgres,
// which decides. The validators turn down what is malformed or known to come too
// late, so that it leaves no trace in the history. Whether there is such an offer
// or pairing is Postgres's to say, which may know of it before this process does.
//
// The same update twice is the same answer, by its id; the same message under
// another id changes nothing, by the rules of the aggregate.
func (p *helpRequest) handleUpdates(ctx workflow.Context) error {
	return errors.Join(
		workflow.SetUpdateHandlerWithOptions(ctx, contract.UpdateAnswerOffer, p.answerOffer, workflow.UpdateHandlerOptions{
			Validator: func(m contract.AnswerOffer) error {
				return p.validate(m.Request, "", func(c *aid.Check) {
					c.That(aid.ValidID(m.Offer), "offer", "is missing or malformed")
					c.That(aid.ValidID(m.Volunteer), "volunteer", "is missing or malformed")
					accept, decline := m.Answer == contract.AnswerAccept, m.Answer == contract.AnswerDecline
					c.That(accept || decline, "answer", "must be one of %s, %s", contract.AnswerAccept, contract.AnswerDecline)
					c.That(!accept || aid.ValidID(m.Pairing), "pairing", "is missing or malformed")
					c.That(!decline || slices.Contains(aid.DeclineReasons, m.Reason), "reason", "is not one of the known words")
				})
			},
		}),
		workflow.SetUpdateHandlerWithOptions(ctx, contract.UpdateWithdrawPairing, p.withdrawPairing, workflow.UpdateHandlerOptions{
			Validator: func(m contract.WithdrawPairing) error {
				return p.validate(m.Request, "", func(c *aid.Check) {
					c.That(aid.ValidID(m.Pairing), "pairing", "is missing or malformed")
					c.That(slices.Contains(aid.WithdrawReasons, m.Reason), "reason", "is not one of the known words")
				})
			},
		}),
		workflow.SetUpdateHandlerWithOptions(ctx, contract.UpdateCancelRequest, p.cancelRequest, workflow.UpdateHandlerOptions{
			Validator: func(m contract.EndRequest) error {
				return p.validate(m.Request, aid.RequestCancelled, func(c *aid.Check) {
					c.That(m.Reason == "" || slices.Contains(aid.CancelReasons, m.Reason), "reason", "is not one of the known words")
				})
			},
		}),
		workflow.SetUpdateHandlerWithOptions(ctx, contract.UpdateCloseRequest, p.closeRequest, workflow.UpdateHandlerOptions{
			Validator: func(m contract.EndRequest) error {
				return p.validate(m.Request, aid.RequestCompleted, func(c *aid.Check) {
					c.That(m.Reason == "", "reason", "must be empty")
				})
			},
		}),
	)
}

func (p *helpRequest) answerOffer(ctx workflow.Context, m contract.AnswerOffer) (contract.Outcome, error) {
	if m.Answer == contract.AnswerDecline {
		return update(ctx, p, declineOffer, m, vacates)
	}
	return update(ctx, p, acceptOffer, m, keeps)
}

func (p *helpRequest) withdrawPairing(ctx workflow.Context, m contract.WithdrawPairing) (contract.Outcome, error) {
	return update(ctx, p, withdrawPairing, m, vacates)
}

func (p *helpRequest) cancelRequest(ctx workflow.Context, m contract.EndRequest) (contract.Outcome, error) {
	return update(ctx, p, cancelRequest, m, keeps)
}

func (p *helpRequest) closeRequest(ctx workflow.Context, m contract.EndRequest) (contract.Outcome, error) {
	return update(ctx, p, closeRequest, m, keeps)
}

// effect says whether a step may open a vacancy.
type effect bool

const (
	vacates effect = true
	keeps   effect = false
)

// update runs the step of a message, one at a time, and lets the process know
// where the request stands then. While Postgres is away it waits: an update that
// failed would answer its repeats with that failure for ever.
func update[In any](ctx workflow.Context, p *helpRequest, s step[In, contract.Outcome], m In, e effect) (contract.Outcome, error) {
	if err := p.lock.Lock(ctx); err != nil {
		return contract.Outcome{}, err
	}
	defer p.lock.Unlock()
	out, err := write(ctx, s, m, candour())
	if err != nil {
		return contract.Outcome{}, answer(err)
	}
	p.take(out.State)
	p.vacated = p.vacated || bool(e)
	return out, nil
}

// answer is what the caller of an update gets to hear of an error.
func answer(err error) error {
	if app, ok := errors.AsType[*temporal.ApplicationError](err); ok {
		return app
	}
	if _, panicked := errors.AsType[*temporal.PanicError](err); panicked {
		return activities.Failure(aid.Errorf(aid.Internal, "a step failed; the worker's log says why"))
	}
	return err
}

// validate refuses messages for another request, malformed ones, and those that
// come after the end, except where they ask for the end that it came to.
func (p *helpRequest) validate(request aid.RequestID, end aid.RequestStatus, rules func(*aid.Check)) error {
	var c aid.Check
	c.That(request == p.in.Request, "request", "is another one than this process serves")
	rules(&c)
	if err := c.Err("message"); err != nil {
		return activities.Failure(err)
	}
	if s := p.state.Status; s.Ended() && s != end {
		return activities.Failure(aid.Because(aid.Conflict, aid.ReasonRequestEnded, "the help request is %s", s))
	}
	return nil
}
