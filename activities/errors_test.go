package activities_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/activities/memory"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// private is what the cause of an error may quote.
const private = "Key (phone)=(0451-5550100) already exists"

func TestWhatIsFinalAndWhatIsTriedAgain(t *testing.T) {
	t.Parallel()
	for kind, again := range map[aid.Kind]bool{
		aid.Invalid: false, aid.NotFound: false, aid.Conflict: false, aid.Forbidden: false, aid.Unknown: false,
		aid.Unavailable: true, aid.Internal: true, aid.Kind("of a later release"): true,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			want := contract.ErrorDetail{
				Kind: kind, Reason: aid.ReasonSeatTaken, Message: "somebody else came first",
				Problems: []aid.Problem{{Field: "reason", Message: "is missing"}},
			}
			err := activities.Failure(fmt.Errorf("accept: %w", &aid.Error{
				Kind: kind, Reason: want.Reason, Message: want.Message, Problems: want.Problems, Err: errors.New(private),
			}))
			app, ok := errors.AsType[*temporal.ApplicationError](err)
			require.True(t, ok)
			require.Equal(t, again, !app.NonRetryable())
			require.Equal(t, string(kind), app.Type())
			var got contract.ErrorDetail
			require.NoError(t, app.Details(&got))
			require.Equal(t, want, got)
		})
	}
}

func TestAnErrorWithoutAKindIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"unknown":  errors.New(private),
		"deadline": context.DeadlineExceeded,
		"canceled": fmt.Errorf("%s: %w", private, context.Canceled),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app, ok := errors.AsType[*temporal.ApplicationError](activities.Failure(err))
			require.True(t, ok)
			require.False(t, app.NonRetryable())
			require.Equal(t, string(aid.Unavailable), app.Type())
		})
	}
}

func TestNoErrorIsNoError(t *testing.T) {
	t.Parallel()
	require.NoError(t, activities.Failure(nil))
}

func TestAnErrorThatHasCrossedBeforeStaysAsItIs(t *testing.T) {
	t.Parallel()
	once := activities.Failure(aid.Because(aid.Conflict, aid.ReasonOfferEnded, "the offer was declined before"))
	require.Equal(t, once, activities.Failure(once))
}

// What enters a history stays there for as long as it is kept, so the whole
// failure is searched, as it is on the wire.
func TestCausesDoNotCross(t *testing.T) {
	t.Parallel()
	for name, cause := range map[string]error{
		"without a kind": errors.New(private),
		"below a kind":   &aid.Error{Kind: aid.Unavailable, Message: "the database is away", Err: errors.New(private)},
		"above a kind":   fmt.Errorf("%s: %w", private, aid.Errorf(aid.Internal, "a fault of ours")),
		"of a decision":  &aid.Error{Kind: aid.Conflict, Message: "in use", Err: errors.New(private)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, s := range steps {
				w := newWorld(t)
				w.now = noon.Add(s.after)
				w.fault = &fault{0, memory.Before, cause}
				_, err := w.run(s.runs, s.message)
				require.Error(t, err, s.name)
				onTheWire := temporal.GetDefaultFailureConverter().ErrorToFailure(err).String()
				require.NotContains(t, onTheWire, "5550100", s.name)
			}
		})
	}
	payload, err := converter.GetDefaultDataConverter().ToPayload(private)
	require.NoError(t, err)
	require.Contains(t, payload.String(), "5550100", "a leak would be readable, so that it would be found")
}
