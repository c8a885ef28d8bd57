package training_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
)

func coded(id training.CohortID, secret string) *training.Cohort {
	c := cohort(2, 5, 0)
	c.ID, c.Secret = id, []byte(secret)
	return c
}

func TestACodeCountsForAMinuteAtMost(t *testing.T) {
	t.Parallel()
	c := coded("c1", "s")
	enrol(t, c, "v1", "v2", "v3")
	at := c.First().During.StartsAt // a whole period
	shown, err := c.Code(1, at)
	require.NoError(t, err)
	require.Equal(t, at.Add(training.CodePeriod), shown.Until)
	same, err := c.Code(1, shown.Until.Add(-time.Nanosecond))
	require.NoError(t, err)
	require.Equal(t, shown, same)
	next, err := c.Code(1, shown.Until)
	require.NoError(t, err)
	require.NotEqual(t, shown.Token, next.Token)
	require.NotEqual(t, shown.Typed, next.Typed)

	last := shown.Until.Add(training.CodePeriod - time.Nanosecond)
	m, err := c.CheckIn(1, "v1", shown.Token, "a", last)
	require.NoError(t, err)
	require.Equal(t, training.ByCode, m.Means)
	again, err := c.CheckIn(1, "v1", shown.Token, "a", last)
	require.NoError(t, err)
	require.Equal(t, m, again)
	_, err = c.CheckIn(1, "v2", shown.Token, "a", last.Add(time.Nanosecond))
	require.Equal(t, aid.ReasonWrongCode, aid.ReasonOf(err))
	_, err = c.CheckIn(1, "v2", shown.Typed, "a", last.Add(time.Nanosecond))
	require.Equal(t, aid.ReasonWrongCode, aid.ReasonOf(err))
	_, err = c.CheckIn(1, "v2", next.Token, "a", at)
	require.Equal(t, aid.ReasonWrongCode, aid.ReasonOf(err), "none counts before it is shown")
}

func TestATypedCodeIsTakenAsPeopleTypeIt(t *testing.T) {
	t.Parallel()
	for _, as := range []func(string) string{
		func(s string) string { return s }, strings.ToLower,
		func(s string) string { return strings.ReplaceAll(s, "-", "") },
		func(s string) string { return " " + strings.ReplaceAll(s, "-", " ") + " " },
	} {
		c := coded("c1", "s")
		enrol(t, c, "v1")
		at := c.First().During.StartsAt
		shown, err := c.Code(1, at)
		require.NoError(t, err)
		require.Regexp(t, "^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$", shown.Typed)
		_, err = c.CheckIn(1, "v1", as(shown.Typed), "a", at)
		require.NoError(t, err)
	}
}

func TestACodeIsOfOneSessionOfOneCohort(t *testing.T) {
	t.Parallel()
	c := coded("c1", "s")
	enrol(t, c, "v1")
	at := c.First().During.StartsAt
	for name, other := range map[string]*training.Cohort{"another cohort": coded("c2", "s"), "another secret": coded("c1", "x")} {
		code, err := other.Code(1, at)
		require.NoError(t, err)
		for _, given := range []string{code.Token, code.Typed, "", "-"} {
			_, err = c.CheckIn(1, "v1", given, "a", at)
			require.Equal(t, aid.ReasonWrongCode, aid.ReasonOf(err), name)
		}
	}
	second, err := c.Code(2, c.Sessions[1].During.StartsAt)
	require.NoError(t, err)
	_, err = c.CheckIn(1, "v1", second.Token, "a", at)
	require.Equal(t, aid.ReasonWrongCode, aid.ReasonOf(err))
	require.Empty(t, c.Marks)
}

func TestCodesHaveTheirTimeAndPeople(t *testing.T) {
	t.Parallel()
	c := coded("c1", "s")
	enrol(t, c, "v1")
	s := c.First().During
	for _, at := range []time.Time{s.StartsAt.Add(-training.EarlyMark - time.Second), s.EndsAt.Add(training.LateCode + time.Second)} {
		_, err := c.Code(1, at)
		require.Equal(t, aid.ReasonWrongTime, aid.ReasonOf(err))
		_, err = c.CheckIn(1, "v1", "x", "a", at)
		require.Equal(t, aid.ReasonWrongTime, aid.ReasonOf(err))
	}
	shown, err := c.Code(1, s.EndsAt)
	require.NoError(t, err)
	_, err = c.CheckIn(1, "v2", shown.Token, "a", s.EndsAt)
	require.Equal(t, training.ReasonNotEnrolled, aid.ReasonOf(err))
	_, err = c.Code(3, s.StartsAt)
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	require.NoError(t, c.Cancel("flood", s.StartsAt))
	_, err = c.Code(1, s.StartsAt)
	require.Equal(t, training.ReasonCohortClosed, aid.ReasonOf(err))
}
