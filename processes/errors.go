package processes

import (
	"context"
	"errors"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// toDomain gives an error of Temporal its kind. An application error with our
// detail is what a step or a validator said. All else means that Temporal or the
// workers could not serve the call, which may have counted all the same.
func toDomain(err error) error {
	if err == nil {
		return nil
	}
	if _, known := errors.AsType[*aid.Error](err); known {
		return err
	}
	if app, ok := errors.AsType[*temporal.ApplicationError](err); ok {
		var d contract.ErrorDetail
		if app.HasDetails() && app.Details(&d) == nil && d.Kind != "" {
			return &aid.Error{Kind: d.Kind, Reason: d.Reason, Message: d.Message, Problems: d.Problems, Err: err}
		}
	}
	if isTimeout(err) {
		return &aid.Error{Kind: aid.Unavailable, Message: "the answer did not come in time; it may still count: send the same again", Err: err}
	}
	return &aid.Error{Kind: aid.Unavailable, Message: "the processes cannot be reached; nothing is lost: send the same again", Err: err}
}

// isGone tells whether there is no such running workflow.
func isGone(err error) bool {
	_, gone := errors.AsType[*serviceerror.NotFound](err)
	return gone
}

// isNotReady tells whether a workflow could not take an update just then: one of
// its tasks failed, as one does that ends the workflow while a signal comes in.
// The update was not taken on, so that sending it again is safe.
func isNotReady(err error) bool {
	_, notReady := errors.AsType[*serviceerror.WorkflowNotReady](err)
	return notReady
}

// isTimeout tells whether an update was not answered in time.
func isTimeout(err error) bool {
	_, timeout := errors.AsType[*client.WorkflowUpdateServiceTimeoutOrCanceledError](err)
	return timeout || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}
