package processes

import (
	"context"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// AnswerOffer puts a volunteer's answer to an offer. The id makes a repeated
// message the same one, here as in the calls below: it must tell messages of
// different callers and meanings apart.
func (p *Processes) AnswerOffer(ctx context.Context, id string, m contract.AnswerOffer) (contract.Outcome, error) {
	return p.update(ctx, message{m.Request, contract.UpdateAnswerOffer, id, m}, func(r *aid.HelpRequest) (aid.PairingID, error) {
		if m.Answer == contract.AnswerDecline {
			return "", r.Decline(m.Offer, m.Volunteer, aid.Refusal{Reason: m.Reason, Until: m.Until}, m.Actor, r.EndedAt)
		}
		pairing, err := r.Accept(m.Offer, m.Volunteer, m.Pairing, m.Actor, r.EndedAt)
		return pairing.ID, err
	})
}

// WithdrawPairing ends a pairing.
func (p *Processes) WithdrawPairing(ctx context.Context, id string, m contract.WithdrawPairing) (contract.Outcome, error) {
	return p.update(ctx, message{m.Request, contract.UpdateWithdrawPairing, id, m}, func(r *aid.HelpRequest) (aid.PairingID, error) {
		return m.Pairing, r.Withdraw(m.Pairing, m.Reason, m.Actor, r.EndedAt)
	})
}

// CancelRequest calls a help request off.
func (p *Processes) CancelRequest(ctx context.Context, id string, m contract.EndRequest) (contract.Outcome, error) {
	return p.update(ctx, message{m.Request, contract.UpdateCancelRequest, id, m}, func(r *aid.HelpRequest) (aid.PairingID, error) {
		return "", r.Cancel(m.Reason, m.Actor, r.EndedAt)
	})
}

// CloseRequest ends a help request as done.
func (p *Processes) CloseRequest(ctx context.Context, id string, m contract.EndRequest) (contract.Outcome, error) {
	return p.update(ctx, message{m.Request, contract.UpdateCloseRequest, id, m}, func(r *aid.HelpRequest) (aid.PairingID, error) {
		return "", r.Complete(m.Actor, r.EndedAt)
	})
}

// message is one update to the process of a request.
type message struct {
	request aid.RequestID
	name    string
	id      string
	content any
}

func (m message) options() client.UpdateWorkflowOptions {
	return client.UpdateWorkflowOptions{
		UpdateID: m.id, WorkflowID: contract.HelpRequestWorkflowID(m.request), UpdateName: m.name,
		Args: []any{m.content}, WaitForStage: client.WorkflowUpdateStageCompleted,
	}
}

// late is what the rules say of a message that comes after the end of its
// request, when nothing can change any more: no error for the repeat of what was
// done, else why it is too late.
type late func(ended *aid.HelpRequest) (aid.PairingID, error)

// update puts a message to the process of a request and waits for the answer.
func (p *Processes) update(ctx context.Context, m message, rules late) (contract.Outcome, error) {
	return answered(ctx, p, contract.HelpRequestWorkflowID(m.request), func(ctx context.Context) (contract.Outcome, error) {
		return p.put(ctx, m, rules)
	})
}

// answered puts an update to a process and waits for the answer, again for as long as
// the process cannot take it just then.
func answered[Out any](ctx context.Context, p *Processes, workflow string, put func(context.Context) (Out, error)) (out Out, err error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	done, err := p.turns.take(ctx, workflow)
	if err != nil {
		return out, toDomain(err)
	}
	defer done()
	for {
		out, err = put(ctx)
		if !isNotReady(err) {
			return out, toDomain(err)
		}
		select {
		case <-ctx.Done():
			return out, toDomain(err)
		case <-time.After(notReadyPause):
		}
	}
}

// notReadyPause is the wait before a process is tried again that could not take
// a message, which lasts as long as one of its steps.
const notReadyPause = 20 * time.Millisecond

// put sends a message once. If there is no process, the request has ended, or
// its process is still to be started.
func (p *Processes) put(ctx context.Context, m message, rules late) (contract.Outcome, error) {
	out, err := answerOf[contract.Outcome](ctx)(p.client.UpdateWorkflow(ctx, m.options()))
	if !isGone(err) {
		return out, err
	}
	r, err := p.store.Request(ctx, m.request)
	if err != nil {
		return contract.Outcome{}, err
	}
	if r.Status.Ended() {
		return afterTheEnd(r, rules)
	}
	return answerOf[contract.Outcome](ctx)(p.client.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: p.client.NewWithStartWorkflowOperation(anew(r.ID), contract.WorkflowHelpRequest, p.input(r)),
		UpdateOptions:          m.options(),
	}))
}

// answerOf waits for the answer to an update that was taken on.
func answerOf[Out any](ctx context.Context) func(client.WorkflowUpdateHandle, error) (Out, error) {
	return func(handle client.WorkflowUpdateHandle, err error) (out Out, _ error) {
		if err == nil {
			err = handle.Get(ctx, &out)
		}
		return out, err
	}
}

func afterTheEnd(r *aid.HelpRequest, rules late) (contract.Outcome, error) {
	pairing, err := rules(r)
	if err != nil {
		return contract.Outcome{}, err
	}
	state := contract.RequestState{Status: r.Status, StartsAt: r.Window.StartsAt, EndsAt: r.Window.EndsAt}
	return contract.Outcome{State: state, Pairing: pairing}, nil
}
