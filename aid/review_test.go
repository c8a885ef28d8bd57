package aid_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// lasting is a standing pairing with mei on each of the coming days, to be
// reviewed on the third.
func lasting(t *testing.T) *story {
	t.Helper()
	n := crew(1, aid.Routine, 1)
	n.Window = hours(1, 2)
	n.Cadence = &aid.Cadence{Rule: "FREQ=DAILY", First: n.Window.StartsAt, Minutes: 60, Zone: "Asia/Shanghai", ReviewOn: aid.Date{Year: noon.Year(), Month: noon.Month(), Day: noon.Day() + 2}}
	s := tell(t, n)
	s.r.Ahead = s.days(6)
	s.ask("mei").accepts("mei").is(aid.RequestPaired)
	s.r.TakeEvents()
	return s
}

func (s *story) days(n int) []aid.Window {
	var out []aid.Window
	for d := range n {
		out = append(out, hours(float64(24*d+1), float64(24*d+2)))
	}
	return out
}

// advances lets the pairing advance with nothing in anybody's way.
func (s *story) advances() []aid.EventKind {
	s.r.AdvanceStanding(aid.StandingFacts{Ahead: s.days(6), Busy: func(aid.VolunteerID, aid.Window) bool { return false }}, aid.DefaultStandingPolicy(), s.now)
	s.sound()
	return s.events()
}

func TestBothSidesDecideAtTheReview(t *testing.T) {
	t.Parallel()
	due := 24*1 + 16.5 // half past midnight of the third day in Shanghai is 16:30 of the second in UTC
	s := lasting(t)
	s.refused(s.r.AnswerReview(true, aid.ReviewGoesOn, "mei", s.now), aid.Conflict, aid.ReasonWrongTime)
	require.NotContains(t, s.at(due-12-1).advances(), aid.EventReviewDue)
	require.Contains(t, s.at(due-12).advances(), aid.EventReviewDue)
	require.NotContains(t, s.advances(), aid.EventReviewDue, "they are asked once")
	require.Equal(t, aid.Invalid, aid.KindOf(s.r.AnswerReview(true, "perhaps", "mei", s.now)))

	require.NoError(t, s.r.AnswerReview(true, aid.ReviewGoesOn, "mei", s.now))
	require.NoError(t, s.r.AnswerReview(true, aid.ReviewGoesOn, "mei", s.now))
	require.Equal(t, []aid.EventKind{aid.EventReviewAnswered}, s.events())
	require.NoError(t, s.r.AnswerReview(false, aid.ReviewGoesOn, "c", s.now))
	require.Zero(t, s.r.Review)
	require.Equal(t, aid.DateOf(s.now.In(time.FixedZone("Shanghai", 8*3600)).AddDate(0, 0, aid.NextReview)), s.r.Cadence.ReviewOn)
	s.is(aid.RequestPaired)

	s = lasting(t)
	s.at(due - 12).advances()
	require.NoError(t, s.r.AnswerReview(false, aid.ReviewEnds, "c", s.now))
	s.is(aid.RequestCompleted)
	for _, v := range s.r.Visits[2:] {
		require.Equal(t, aid.VisitCancelled, v.Status)
	}
}

func TestAnAlarmGoesOnStageByStage(t *testing.T) {
	t.Parallel()
	s := lasting(t)
	require.Equal(t, []aid.EventKind{aid.EventVisitReminded}, s.advances())
	require.Equal(t, []aid.EventKind{aid.EventVisitReminded}, s.at(1.49).advances(), "of the next day")
	require.Contains(t, s.at(1.5).advances(), aid.EventVisitOverdue)
	require.Empty(t, s.r.Unsought(s.now))
	require.Equal(t, []aid.EventKind{aid.EventSubstituteWanted}, s.at(2).advances())
	sought := s.r.Unsought(s.now)
	require.Len(t, sought, 1)
	need := s.r.SubstituteNeed(sought[0], s.now)
	require.NoError(t, need.Validate(s.now))
	require.Equal(t, aid.Urgent, need.Urgency)
	require.Equal(t, hours(2, 3), need.Window, "as soon as they can")
	require.Equal(t, sought[0].ID, need.Serves)
	require.Nil(t, need.Cadence)
	require.Equal(t, []aid.EventKind{aid.EventVisitUncovered, aid.EventVisitMissed}, s.at(3).advances())

	s = lasting(t) // and after an outage all at once
	s.advances()
	require.Equal(t, []aid.EventKind{
		aid.EventVisitOverdue, aid.EventSubstituteWanted, aid.EventVisitUncovered, aid.EventVisitMissed, aid.EventVisitReminded,
	}, s.at(9).advances())

	s = lasting(t) // whoever comes ends it
	_, err := s.at(1).checksIn(s.r.Visits[0].ID, noted)
	require.NoError(t, err)
	s.advances()
	require.Empty(t, s.at(9).advances())
}
