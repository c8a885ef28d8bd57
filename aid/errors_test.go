package aid_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

func TestKindAndReasonSurviveWrapping(t *testing.T) {
	t.Parallel()
	late := aid.Because(aid.Conflict, aid.ReasonSeatTaken, "somebody else was first")
	for name, test := range map[string]struct {
		err    error
		kind   aid.Kind
		reason aid.Reason
	}{
		"bare":           {late, aid.Conflict, aid.ReasonSeatTaken},
		"wrapped":        {fmt.Errorf("accepting: %w", late), aid.Conflict, aid.ReasonSeatTaken},
		"joined":         {errors.Join(errors.New("first"), late), aid.Conflict, aid.ReasonSeatTaken},
		"without reason": {aid.Errorf(aid.NotFound, "no request %q", "r-1"), aid.NotFound, ""},
		"foreign":        {errors.New("disk on fire"), aid.Internal, ""},
		"none":           {nil, aid.Internal, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.kind, aid.KindOf(test.err))
			require.Equal(t, test.reason, aid.ReasonOf(test.err))
		})
	}
}

func TestErrorKeepsItsCauseButDoesNotTellIt(t *testing.T) {
	t.Parallel()
	cause := errors.New("dial tcp 10.0.0.7:5432: refused")
	err := &aid.Error{Kind: aid.Unavailable, Message: "the store is away; try again", Err: cause}
	require.ErrorIs(t, err, cause)
	require.Equal(t, "the store is away; try again", err.Error())
}

func TestCheckGathersEveryProblem(t *testing.T) {
	t.Parallel()
	var inner aid.Check
	inner.That(false, "lat", "is %d", 91)
	inner.That(false, "[2]", "is odd")
	inner.That(false, "", "is nowhere")

	var c aid.Check
	require.NoError(t, c.Err("input"), "a check with no problem is no error")
	c.That(true, "fine", "never seen")
	c.That(false, "people", "must be at least 1")
	c.That(false, "", "is empty")
	c.Within("location", inner.Err("place"))
	c.Within("", inner.Err("place"))
	c.Within("zone", errors.New("unknown"))
	c.Within("window", nil)

	err := c.Err("input")
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	e, ok := errors.AsType[*aid.Error](err)
	require.True(t, ok)
	require.Equal(t, []aid.Problem{
		{Field: "people", Message: "must be at least 1"},
		{Field: "", Message: "is empty"},
		{Field: "location.lat", Message: "is 91"},
		{Field: "location[2]", Message: "is odd"},
		{Field: "location", Message: "is nowhere"},
		{Field: "lat", Message: "is 91"},
		{Field: "[2]", Message: "is odd"},
		{Field: "", Message: "is nowhere"},
		{Field: "zone", Message: "unknown"},
	}, e.Problems)
	require.Equal(t, "invalid input: people: must be at least 1; is empty; location.lat: is 91; location[2]: is odd; "+
		"location: is nowhere; lat: is 91; [2]: is odd; is nowhere; zone: unknown", err.Error())
}

// fields lists the fields that an invalid input's error names, in order.
func fields(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*aid.Error](err)
	require.True(t, ok, "%v carries no kind", err)
	require.Equal(t, aid.Invalid, e.Kind)
	var out []string
	for _, p := range e.Problems {
		require.NotEmpty(t, p.Message, "field %s has no message", p.Field)
		out = append(out, p.Field)
	}
	return out
}
