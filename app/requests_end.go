package app

import (
	"context"
	"slices"
	"strings"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/workflows/contract"
)

// Cancel calls a help request off and gives its new state. The reason is empty
// or one of [aid.CancelReasons].
func (u *Requests) Cancel(ctx context.Context, by Caller, id aid.RequestID, reason string) (*aid.HelpRequest, error) {
	if _, err := u.allowed(ctx, by, policy.CancelRequest, id); err != nil {
		return nil, err
	}
	if reason != "" {
		if err := checkReason(reason, aid.CancelReasons); err != nil {
			return nil, err
		}
	}
	m := contract.EndRequest{Request: id, Actor: by.ID, Reason: reason}
	// Not one id for all cancellations: one that was refused may be right later.
	if _, err := u.Processes.CancelRequest(ctx, by.id("cancel/"+string(id)), m); err != nil {
		return nil, err
	}
	return u.Get(ctx, by, id)
}

// Close closes a help request whose help was given and gives its new state.
func (u *Requests) Close(ctx context.Context, by Caller, id aid.RequestID) (*aid.HelpRequest, error) {
	if _, err := u.allowed(ctx, by, policy.CloseRequest, id); err != nil {
		return nil, err
	}
	if _, err := u.Processes.CloseRequest(ctx, by.id("close/"+string(id)), contract.EndRequest{Request: id, Actor: by.ID}); err != nil {
		return nil, err
	}
	return u.Get(ctx, by, id)
}

// checkReason refuses what is not one of the words, before any process is asked.
func checkReason(reason string, words []string) error {
	var c aid.Check
	c.That(slices.Contains(words, reason), "reason", "must be one of %s", strings.Join(words, ", "))
	return c.Err("reason")
}
