package processes

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// crossed gives an application error the form that it has at the caller: read
// back from its wire form.
func crossed(err error) error {
	converter := temporal.GetDefaultFailureConverter()
	return converter.FailureToError(converter.ErrorToFailure(err))
}

func TestWhatAStepSaidIsSaidToTheCaller(t *testing.T) {
	t.Parallel()
	for _, kind := range []aid.Kind{aid.Invalid, aid.NotFound, aid.Conflict, aid.Forbidden, aid.Unavailable, aid.Internal} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			detail := contract.ErrorDetail{
				Kind: kind, Reason: aid.ReasonOfferExpired, Message: "the offer ended at noon",
				Problems: []aid.Problem{{Field: "reason", Message: "is missing"}},
			}
			err := toDomain(fmt.Errorf("update: %w", crossed(temporal.NewNonRetryableApplicationError(detail.Message, string(kind), nil, detail))))
			e, ok := errors.AsType[*aid.Error](err)
			require.True(t, ok, "%v", err)
			require.Equal(t, contract.ErrorDetail{Kind: e.Kind, Reason: e.Reason, Message: e.Message, Problems: e.Problems}, detail)
		})
	}
}

func TestAllElseMeansTryAgain(t *testing.T) {
	t.Parallel()
	const internals = "dial tcp 10.0.0.7:7233"
	for name, err := range map[string]error{
		"unreachable":         serviceerror.NewUnavailable(internals),
		"too many":            serviceerror.NewResourceExhausted(0, internals),
		"gone":                serviceerror.NewNotFound(internals),
		"deadline":            fmt.Errorf("%s: %w", internals, context.DeadlineExceeded),
		"given up":            context.Canceled,
		"not answered":        client.NewWorkflowUpdateServiceTimeoutOrCanceledError(errors.New(internals)),
		"unknown":             errors.New(internals),
		"without a detail":    crossed(temporal.NewApplicationError(internals, "PanicError")),
		"with another detail": crossed(temporal.NewApplicationError(internals, "other", 7)),
		"with an empty one":   crossed(temporal.NewApplicationError(internals, "other", contract.ErrorDetail{})),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := toDomain(err)
			require.Equal(t, aid.Unavailable, aid.KindOf(got))
			require.NotContains(t, got.Error(), "10.0.0.7", "the text is for the person who asked")
			require.ErrorIs(t, got, err, "the cause is kept for the log")
		})
	}
}

func TestADomainErrorStaysAsItIs(t *testing.T) {
	t.Parallel()
	require.NoError(t, toDomain(nil))
	err := fmt.Errorf("read: %w", aid.Errorf(aid.NotFound, "there is no such help request"))
	require.Equal(t, err, toDomain(err))
}
