package activities

import (
	"context"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// RequestStore keeps help requests. Change loads one under its lock, has fn
// change it and writes the difference in one transaction; now is the store's
// clock, read under the lock. An error of fn is given back and nothing is
// written. fn may run more than once.
type RequestStore interface {
	Request(ctx context.Context, id aid.RequestID) (*aid.HelpRequest, error)
	Change(ctx context.Context, id aid.RequestID, fn func(r *aid.HelpRequest, now time.Time) error) (*aid.HelpRequest, error)
}

// Requests are the steps of one help request. They are safe for concurrent use.
type Requests struct {
	Store  RequestStore
	Policy aid.SearchPolicy
	Visits aid.StandingPolicy // of those for one window: reminders and alarms
}

// ReadRequest says where a request stands.
func (a *Requests) ReadRequest(ctx context.Context, m contract.RequestRef) (contract.RequestState, error) {
	r, err := a.Store.Request(ctx, m.Request)
	if err != nil {
		return contract.RequestState{}, fail(ctx, err)
	}
	return stateOf(r, a.Policy, a.Visits), nil
}

// AdvanceRequest does what is due by the store's clock: offers end, service
// begins, the request ends with its window.
func (a *Requests) AdvanceRequest(ctx context.Context, m contract.RequestRef) (contract.RequestState, error) {
	out, err := a.change(ctx, m.Request, func(r *aid.HelpRequest, now time.Time) (aid.PairingID, error) {
		return "", advance(r, a.Policy, a.Visits, now)
	})
	return out.State, err
}

// AcceptOffer takes a seat for the offer's volunteer.
func (a *Requests) AcceptOffer(ctx context.Context, m contract.AnswerOffer) (contract.Outcome, error) {
	return a.change(ctx, m.Request, func(r *aid.HelpRequest, now time.Time) (aid.PairingID, error) {
		p, err := r.Accept(m.Offer, m.Volunteer, m.Pairing, m.Actor, now)
		return p.ID, err
	})
}

// DeclineOffer notes that the volunteer will not come.
func (a *Requests) DeclineOffer(ctx context.Context, m contract.AnswerOffer) (contract.Outcome, error) {
	return a.change(ctx, m.Request, func(r *aid.HelpRequest, now time.Time) (aid.PairingID, error) {
		return "", r.Decline(m.Offer, m.Volunteer, aid.Refusal{Reason: m.Reason, Until: m.Until}, m.Actor, now)
	})
}

// WithdrawPairing ends a pairing on its volunteer's word.
func (a *Requests) WithdrawPairing(ctx context.Context, m contract.WithdrawPairing) (contract.Outcome, error) {
	return a.change(ctx, m.Request, func(r *aid.HelpRequest, now time.Time) (aid.PairingID, error) {
		return m.Pairing, r.Withdraw(m.Pairing, m.Reason, m.Actor, now)
	})
}

// CancelRequest calls a request off.
func (a *Requests) CancelRequest(ctx context.Context, m contract.EndRequest) (contract.Outcome, error) {
	return a.change(ctx, m.Request, func(r *aid.HelpRequest, now time.Time) (aid.PairingID, error) {
		return "", r.Cancel(m.Reason, m.Actor, now)
	})
}

// CloseRequest closes a request as done.
func (a *Requests) CloseRequest(ctx context.Context, m contract.EndRequest) (contract.Outcome, error) {
	return a.change(ctx, m.Request, func(r *aid.HelpRequest, now time.Time) (aid.PairingID, error) {
		return "", r.Complete(m.Actor, now)
	})
}

func (a *Requests) change(ctx context.Context, id aid.RequestID, step func(*aid.HelpRequest, time.Time) (aid.PairingID, error)) (contract.Outcome, error) {
	var pairing aid.PairingID
	r, err := a.Store.Change(ctx, id, func(r *aid.HelpRequest, now time.Time) (err error) {
		pairing, err = step(r, now)
		return err
	})
	if err != nil {
		return contract.Outcome{}, fail(ctx, err)
	}
	return contract.Outcome{State: stateOf(r, a.Policy, a.Visits), Pairing: pairing}, nil
}
