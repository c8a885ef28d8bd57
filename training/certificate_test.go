package training_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
)

func day(year int) aid.Date { return aid.Date{Year: year, Month: time.May, Day: 1} }

func TestStandingOnADay(t *testing.T) {
	t.Parallel()
	c := training.Certificate{Until: day(2027)}
	require.Equal(t, training.Valid, c.On(day(2027)), "the last day counts")
	require.Equal(t, training.Lapsed, c.On(aid.Date{Year: 2027, Month: time.May, Day: 2}))
	require.Equal(t, training.Valid, training.Certificate{}.On(day(2999)))
	c.RevokedAt = now
	require.Equal(t, training.Revoked, c.On(day(2026)))
}

func TestActs(t *testing.T) {
	t.Parallel()
	revoked := training.Certificate{Until: day(2027), RevokedAt: now}
	valid := training.Certificate{Until: day(2027)}
	longer := training.Certificate{Until: day(2028)}
	forever := training.Certificate{}
	for name, test := range map[string]struct {
		kind          training.ActKind
		before, after training.Certificate
		changed       bool
		reason        aid.Reason
	}{
		"revoke":                 {training.ActRevoke, valid, revoked, true, ""},
		"revoke again":           {training.ActRevoke, revoked, revoked, false, ""},
		"reactivate":             {training.ActReactivate, revoked, valid, true, ""},
		"reactivate what stands": {training.ActReactivate, valid, valid, false, ""},
		"prolong":                {training.ActProlong, valid, longer, true, ""},
		"prolong again":          {training.ActProlong, longer, longer, false, ""},
		"prolong what is void":   {training.ActProlong, revoked, revoked, false, aid.ReasonSettled},
		"prolong for ever":       {training.ActProlong, forever, forever, false, aid.ReasonSettled},
	} {
		c := test.before
		changed, err := c.Apply(training.Act{Kind: test.kind, Until: day(2028), Reason: "x", At: now})
		require.Equal(t, test.reason, aid.ReasonOf(err), name)
		require.Equal(t, test.changed, changed, name)
		require.Equal(t, test.after, c, name)
	}
	require.NoError(t, training.Act{Kind: training.ActProlong, Until: day(2028), Reason: "x"}.Validate())
	require.ErrorContains(t, training.Act{Kind: training.ActProlong, Reason: "x"}.Validate(), "until:")
	require.ErrorContains(t, training.Act{Kind: training.ActRevoke}.Validate(), "reason:")
}

func TestWhatACertificateGivesAndTakes(t *testing.T) {
	t.Parallel()
	a := training.Certificate{ID: "a", Course: "care", Until: day(2027), Skills: []aid.Skill{"lifting", "visit"}}
	v := aid.Volunteer{Skills: []aid.Skill{"visit"}, Courses: []aid.CourseHeld{{Course: "basics"}}}
	a.Skills = a.Gives(v, nil)
	require.Equal(t, []aid.Skill{"lifting"}, a.Skills, "visiting is the record's own")
	training.Learn(&v, a)
	require.Equal(t, []aid.Skill{"lifting", "visit"}, v.Skills)
	require.Equal(t, []aid.CourseHeld{{Course: "basics"}, {Course: "care", Until: day(2027)}}, v.Courses)

	b := training.Certificate{ID: "b", Course: "care", Until: day(2026), Skills: []aid.Skill{"lifting"}}
	b.Skills = b.Gives(v, []training.Certificate{a})
	require.Equal(t, []aid.Skill{"lifting"}, b.Skills, "it is given by a certificate")
	training.Learn(&v, b)
	require.Equal(t, day(2027), v.Courses[1].Until, "held for longer already")

	a.RevokedAt = now
	training.Unlearn(&v, a, []training.Certificate{a, b})
	require.Equal(t, []aid.Skill{"lifting", "visit"}, v.Skills, "the other gives it still")
	require.Equal(t, []aid.CourseHeld{{Course: "basics"}, {Course: "care", Until: day(2026)}}, v.Courses)

	b.RevokedAt = now
	training.Unlearn(&v, b, []training.Certificate{a, b})
	require.Equal(t, []aid.Skill{"visit"}, v.Skills)
	require.Equal(t, []aid.CourseHeld{{Course: "basics"}}, v.Courses)
}
