package activities

import (
	"context"
	"errors"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// retryable tells whether what failed with this kind may succeed when it is tried
// again. It is the one place where that is decided. Only a clear answer of the
// domain is final: a part that is away comes back, and a fault of ours is mended
// by the next release, for which the process must still be there.
func retryable(kind aid.Kind) bool {
	switch kind {
	case aid.Invalid, aid.NotFound, aid.Conflict, aid.Forbidden, aid.Unknown:
		return false
	case aid.Unavailable, aid.Internal:
	}
	return true
}

// Failure gives err the form in which it crosses Temporal: the type is the kind
// and the details are a [contract.ErrorDetail]. The cause stays behind, since it
// may quote what must not enter a history. An error without a kind is nobody's
// decision, so it counts as a part that is away, and its text stays behind too.
func Failure(err error) error {
	if err == nil {
		return nil
	}
	if failure, ok := errors.AsType[*temporal.ApplicationError](err); ok {
		return failure
	}
	e, ok := errors.AsType[*aid.Error](err)
	if !ok {
		e = aid.Errorf(aid.Unavailable, "a step failed; the worker's log says why")
	}
	return temporal.NewApplicationErrorWithOptions(e.Message, string(e.Kind), temporal.ApplicationErrorOptions{
		NonRetryable: !retryable(e.Kind),
		Details:      []any{contract.ErrorDetail{Kind: e.Kind, Reason: e.Reason, Message: e.Message, Problems: e.Problems}},
	})
}

// fail is [Failure] for activities: it leaves in the log what does not travel.
// An answer of the domain is no news.
func fail(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*aid.Error](err)
	if ok && !retryable(e.Kind) {
		return Failure(err)
	}
	cause := err
	if ok && e.Err != nil {
		cause = e.Err
	}
	activity.GetLogger(ctx).Warn("a step failed and is tried again", "error", err, "cause", cause)
	return Failure(err)
}
