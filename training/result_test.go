package training_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
)

func mark(c *training.Cohort, session int, v aid.VolunteerID, present bool, at time.Time) error {
	return c.Note(training.Mark{Session: session, Volunteer: v, Present: present, Means: training.ByHand, By: "t1"}, at)
}

func grade(c *training.Cohort, v aid.VolunteerID, try, points int) error {
	return c.Grade(training.Score{Volunteer: v, Try: try, Points: points, By: "t1"}, c.Last().During.EndsAt)
}

func TestCorrectionsKeepTheEarlierValue(t *testing.T) {
	t.Parallel()
	c := cohort(2, 5, 0)
	enrol(t, c, "v1")
	at := c.First().During.StartsAt
	require.NoError(t, mark(c, 1, "v1", false, at))
	require.NoError(t, mark(c, 1, "v1", true, at.Add(time.Minute)))
	require.NoError(t, mark(c, 1, "v1", true, at.Add(time.Hour)), "the same again is no correction")
	m, noted := c.Attended(1, "v1")
	require.True(t, noted && m.Present)
	require.Equal(t, at.Add(time.Minute), m.At)
	earlier := c.Earlier(1, "v1")
	require.Len(t, earlier, 1)
	require.False(t, earlier[0].Present)
	require.Equal(t, 1, c.Present("v1"))
	require.Empty(t, c.Earlier(2, "v1"))
}

func TestAttendanceHasItsTimeAndItsPeople(t *testing.T) {
	t.Parallel()
	c := cohort(1, 1, 1)
	enrol(t, c, "v1", "v2")
	s := c.First().During
	require.Equal(t, aid.ReasonWrongTime, aid.ReasonOf(mark(c, 1, "v1", true, s.StartsAt.Add(-training.EarlyMark-time.Second))))
	require.NoError(t, mark(c, 1, "v1", true, s.StartsAt.Add(-training.EarlyMark)))
	require.Equal(t, training.ReasonNotEnrolled, aid.ReasonOf(mark(c, 1, "v2", true, s.StartsAt)), "who waits was not there")
	require.Equal(t, aid.NotFound, aid.KindOf(mark(c, 2, "v1", true, s.StartsAt)))
	late := training.Mark{Session: 1, Volunteer: "v1", Means: training.ByCode}
	require.Equal(t, aid.ReasonWrongTime, aid.ReasonOf(c.Note(late, s.EndsAt.Add(training.LateCode+time.Second))))
	require.NoError(t, mark(c, 1, "v1", false, s.EndsAt.Add(time.Hour*240)), "a trainer corrects it days later")
}

func TestTheRuleOfCompletion(t *testing.T) {
	t.Parallel()
	const a, s = training.RequireAttendance, training.RequireAssessment
	for name, test := range map[string]struct {
		present int
		scores  []int
		waived  training.Requirement
		lacks   []training.Requirement
	}{
		"all of it":           {4, []int{60}, "", nil},
		"just enough":         {3, []int{60}, "", nil},
		"away too much":       {2, []int{100}, "", []training.Requirement{a}},
		"just failed":         {4, []int{59}, "", []training.Requirement{s}},
		"never assessed":      {4, nil, "", []training.Requirement{s}},
		"passed the retake":   {4, []int{10, 60}, "", nil},
		"neither":             {0, nil, "", []training.Requirement{a, s}},
		"attendance waived":   {0, []int{60}, a, nil},
		"assessment waived":   {3, nil, s, nil},
		"the other is waived": {0, []int{60}, s, []training.Requirement{a}},
	} {
		c := cohort(4, 5, 0)
		enrol(t, c, "v1", "v2")
		for i := range test.present {
			require.NoError(t, mark(c, i+1, "v1", true, c.Last().During.EndsAt))
		}
		for _, points := range test.scores {
			require.NoError(t, grade(c, "v1", 0, points), name)
		}
		if test.waived != "" {
			require.NoError(t, c.Waive(training.Waiver{Volunteer: "v1", Requirement: test.waived, Reason: "ill"}, now))
		}
		require.Equal(t, test.lacks, c.Outcome("v1").Lacks, name)
		require.NoError(t, c.Settle("t1", c.Last().During.EndsAt))
		require.Len(t, c.Issued, map[bool]int{true: 1}[test.lacks == nil], name)
	}
}

func TestTriesAndTheirCorrections(t *testing.T) {
	t.Parallel()
	c := cohort(1, 5, 0)
	enrol(t, c, "v1", "v2")
	require.NoError(t, grade(c, "v1", 0, 40))
	require.NoError(t, grade(c, "v1", 1, 45), "a correction of the first")
	require.Equal(t, []int{45}, c.Tries("v1"))
	require.Len(t, c.Scores, 2, "the earlier value stays")
	require.NoError(t, grade(c, "v1", 1, 45))
	require.Len(t, c.Scores, 2, "the same again is no correction")
	require.Equal(t, aid.Invalid, aid.KindOf(grade(c, "v1", 3, 50)))
	require.NoError(t, grade(c, "v1", 0, 50))
	require.Equal(t, training.ReasonNoMoreTries, aid.ReasonOf(grade(c, "v1", 0, 90)))
	require.NoError(t, grade(c, "v2", 0, 60))
	require.Equal(t, training.ReasonNoMoreTries, aid.ReasonOf(grade(c, "v2", 0, 90)), "who has passed does not try again")
	require.Equal(t, training.ReasonNotEnrolled, aid.ReasonOf(grade(c, "v3", 0, 90)))
	require.Equal(t, aid.Invalid, aid.KindOf(grade(c, "v1", 0, 101)))
	early := training.Score{Volunteer: "v1", Points: 1}
	require.Equal(t, aid.ReasonWrongTime, aid.ReasonOf(c.Grade(early, now)))
}

func TestACertificateIsIssuedOnce(t *testing.T) {
	t.Parallel()
	c := cohort(1, 5, 5)
	enrol(t, c, "v1", "v2")
	end := c.Last().During.EndsAt
	require.NoError(t, mark(c, 1, "v1", true, end))
	require.NoError(t, grade(c, "v1", 0, 80))
	require.Equal(t, aid.ReasonWrongTime, aid.ReasonOf(c.Settle("t1", c.Last().During.StartsAt.Add(-time.Second))))
	require.NoError(t, c.Settle("t1", end))
	require.NoError(t, c.Settle("t1", end))
	require.Len(t, c.Issued, 1)
	got := c.Issued[0]
	require.Equal(t, training.Certificate{
		Volunteer: "v1", Course: "care", Version: 1, Cohort: "c1", CompletedOn: training.Day(end),
		Until: aid.Date{Year: 2028, Month: time.November, Day: 3}, Skills: []aid.Skill{"lifting"}, IssuedAt: end,
	}, got)
	require.Equal(t, training.Finished, status(c, "v1"))
	require.Equal(t, aid.ReasonSettled, aid.ReasonOf(grade(c, "v1", 1, 10)))
	_, err := c.Withdraw("v1", end)
	require.Equal(t, aid.ReasonSettled, aid.ReasonOf(err))
	require.Equal(t, aid.ReasonWrongTime, aid.ReasonOf(c.Complete("t1", end.Add(-time.Second))))
	require.NoError(t, c.Complete("t1", end))
	require.Equal(t, training.Missed, status(c, "v2"))
	require.Equal(t, training.ReasonCohortClosed, aid.ReasonOf(mark(c, 1, "v2", true, end)))
}

func TestWaiversNeedAReason(t *testing.T) {
	t.Parallel()
	c := cohort(1, 5, 0)
	enrol(t, c, "v1")
	require.ErrorContains(t, c.Waive(training.Waiver{Volunteer: "v1", Requirement: training.RequireAttendance}, now), "reason:")
	require.ErrorContains(t, c.Waive(training.Waiver{Volunteer: "v1", Requirement: "sleep", Reason: "x"}, now), "waive:")
	require.Equal(t, training.ReasonNotEnrolled, aid.ReasonOf(c.Waive(training.Waiver{Volunteer: "v2", Requirement: training.RequireAttendance, Reason: "x"}, now)))
}
