package apptest

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/workflows/contract"
)

type outcome struct {
	contract.Outcome
	err error
}

// tell passes a message to the request's process: once for each id.
func (w *World) tell(ctx context.Context, call, id string, request aid.RequestID, change func(*aid.HelpRequest) (aid.PairingID, error)) (contract.Outcome, error) {
	leave, err := w.enter(ctx, call)
	if err != nil {
		return contract.Outcome{}, err
	}
	defer leave()
	w.messages = append(w.messages, id)
	if before, ok := w.outcomes[id]; ok {
		return before.Outcome, before.err
	}
	r := w.vet(copied(w.requests[request]))
	pairing, err := change(r)
	if err == nil {
		w.note(r)
		w.requests[request] = r
	}
	o := outcome{contract.Outcome{State: contract.RequestState{Status: r.Status}, Pairing: pairing}, err}
	w.outcomes[id] = o
	return o.Outcome, o.err
}

// AnswerOffer accepts or declines.
func (w *World) AnswerOffer(ctx context.Context, id string, m contract.AnswerOffer) (contract.Outcome, error) {
	return w.tell(ctx, "AnswerOffer", id, m.Request, func(r *aid.HelpRequest) (aid.PairingID, error) {
		if m.Answer == contract.AnswerDecline {
			return "", r.Decline(m.Offer, m.Volunteer, aid.Refusal{Reason: m.Reason, Until: m.Until}, m.Actor, w.now)
		}
		p, err := r.Accept(m.Offer, m.Volunteer, m.Pairing, m.Actor, w.now)
		return p.ID, err
	})
}

// WithdrawPairing ends a pairing.
func (w *World) WithdrawPairing(ctx context.Context, id string, m contract.WithdrawPairing) (contract.Outcome, error) {
	return w.tell(ctx, "WithdrawPairing", id, m.Request, func(r *aid.HelpRequest) (aid.PairingID, error) {
		return m.Pairing, r.Withdraw(m.Pairing, m.Reason, m.Actor, w.now)
	})
}

// CancelRequest calls a request off.
func (w *World) CancelRequest(ctx context.Context, id string, m contract.EndRequest) (contract.Outcome, error) {
	return w.tell(ctx, "CancelRequest", id, m.Request, func(r *aid.HelpRequest) (aid.PairingID, error) {
		return "", r.Cancel(m.Reason, m.Actor, w.now)
	})
}

// CloseRequest closes a request as done.
func (w *World) CloseRequest(ctx context.Context, id string, m contract.EndRequest) (contract.Outcome, error) {
	return w.tell(ctx, "CloseRequest", id, m.Request, func(r *aid.HelpRequest) (aid.PairingID, error) {
		return "", r.Complete(m.Actor, w.now)
	})
}

// Candidates ranks v-1 for every role.
func (w *World) Candidates(ctx context.Context, r *aid.HelpRequest, limit int) ([]app.Shortlist, error) {
	leave, err := w.enter(ctx, "Candidates")
	if err != nil {
		return nil, err
	}
	defer leave()
	var out []app.Shortlist
	for i := range r.Roles {
		list := app.Shortlist{
			Role: i, Reasons: aid.ReasonCounts{TooFar: 2}, Almost: []app.Miss{{Volunteer: "v-2", Fails: "too_far", Distance: 9877}},
		}
		if limit > 0 {
			list.Candidates = []app.Candidate{{Role: i, Volunteer: "v-1", Cost: aid.Cost{Distance: 120, SpareSkills: 250}}}
		}
		out = append(out, list)
	}
	return out, nil
}

// WhyNot finds every volunteer too far but v-1.
func (w *World) WhyNot(ctx context.Context, r *aid.HelpRequest, v aid.VolunteerID) ([]app.Verdict, error) {
	leave, err := w.enter(ctx, "WhyNot")
	if err != nil {
		return nil, err
	}
	defer leave()
	out := make([]app.Verdict, len(r.Roles))
	for i := range out {
		if v == "v-1" {
			out[i] = app.Verdict{Role: i, Cost: aid.Cost{Distance: 120, SpareSkills: 250}, Distance: 119.6, Extra: new(int64(1234))}
			continue
		}
		out[i] = app.Verdict{Role: i, Fails: "too_far", Distance: 9876.4}
	}
	return out, nil
}
