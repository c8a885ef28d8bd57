package workflows_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// answer is what the caller of an update gets to hear.
type answer struct {
	outcome  contract.Outcome
	err      error
	rejected bool // before it entered the history
	at       time.Time
	done     chan struct{}
}

// given tells whether there is an answer yet.
func (a *answer) given() bool {
	select {
	case <-a.done:
		return true
	default:
		return false
	}
}

// detail is what the error says, as a caller reads it.
func (a *answer) detail(t *testing.T) contract.ErrorDetail {
	t.Helper()
	app, ok := errors.AsType[*temporal.ApplicationError](a.err)
	require.True(t, ok, "%v", a.err)
	var d contract.ErrorDetail
	require.NoError(t, app.Details(&d))
	require.Equal(t, string(d.Kind), app.Type())
	return d
}

// put puts an update to the process; its answer is filled in once it is there.
func (p *process) put(name, id string, message any) *answer {
	a := &answer{done: make(chan struct{})}
	p.UpdateWorkflow(name, id, &testsuite.TestUpdateCallback{
		OnAccept: func() {},
		OnReject: func(err error) { a.err, a.rejected = err, true; close(a.done) },
		OnComplete: func(out any, err error) {
			a.err, a.at = err, p.Now()
			if err == nil {
				a.outcome = out.(contract.Outcome)
			}
			close(a.done)
		},
	}, message)
	return a
}

func (p *process) accept(v aid.VolunteerID) *answer {
	return p.put(contract.UpdateAnswerOffer, fmt.Sprintf("accept-%s", v), contract.AnswerOffer{
		Request: p.in.Request, Offer: p.offered(v), Volunteer: v, Actor: aid.VolunteerAccount(v),
		Answer: contract.AnswerAccept, Pairing: pairingOf(v),
	})
}

func (p *process) decline(v aid.VolunteerID) *answer {
	return p.put(contract.UpdateAnswerOffer, fmt.Sprintf("decline-%s", v), contract.AnswerOffer{
		Request: p.in.Request, Offer: p.offered(v), Volunteer: v, Actor: aid.VolunteerAccount(v),
		Answer: contract.AnswerDecline, Reason: "busy",
	})
}

func (p *process) withdraw(v aid.VolunteerID) *answer {
	return p.put(contract.UpdateWithdrawPairing, fmt.Sprintf("withdraw-%s", v), contract.WithdrawPairing{
		Request: p.in.Request, Pairing: pairingOf(v), Actor: aid.VolunteerAccount(v), Reason: "unwell",
	})
}

func (p *process) cancel() *answer {
	return p.put(contract.UpdateCancelRequest, "cancel", contract.EndRequest{
		Request: p.in.Request, Actor: "caseworker", Reason: "no_longer_needed",
	})
}
