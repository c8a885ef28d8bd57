package aid_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// due lets the clocks of visits run until nothing is due before an instant, and gives
// what happened at which hours after noon.
func (s *story) due(until float64) map[float64]aid.EventKind {
	s.Helper()
	p := aid.DefaultStandingPolicy()
	end := noon.Add(time.Duration(until * float64(time.Hour)))
	out := map[float64]aid.EventKind{}
	for at := s.r.VisitsDue(p); !at.IsZero() && !at.After(end); at = s.r.VisitsDue(p) {
		require.Empty(s, func() []aid.Event { s.r.AdvanceVisits(p, at.Add(-1)); return s.r.TakeEvents() }(), "not before it is due")
		s.now = at
		s.r.AdvanceVisits(p, s.now)
		for _, kind := range s.sound().events() {
			out[s.now.Sub(noon).Hours()] = kind
		}
		s.r.AdvanceVisits(p, s.now)
		require.Empty(s, s.events(), "again changes nothing")
	}
	return out
}

func TestASingleVisitIsRemindedAndMissed(t *testing.T) {
	t.Parallel()
	n := crew(1, aid.Routine, 1)
	n.Window = hours(48, 52)
	s := tell(t, n).ask("mei").accepts("mei")
	s.r.TakeEvents()
	require.Equal(t, map[float64]aid.EventKind{
		24: aid.EventVisitReminded, 48.5: aid.EventVisitOverdue, 49: aid.EventVisitUncovered,
	}, s.due(1000))
	require.Equal(t, aid.AlarmCaseworker, s.visit().Alarm)
	require.Equal(t, aid.VisitPlanned, s.visit().Status, "they can still come")

	s = tell(t, n).at(30).ask("mei").accepts("mei")
	s.r.TakeEvents()
	_, err := s.at(47.8).checksIn(s.visit().ID, there)
	require.NoError(t, err)
	s.r.TakeEvents()
	require.Empty(t, s.due(1000), "confirmed too late to be reminded, and come in time")
	require.True(t, s.r.VisitsDue(aid.StandingPolicy{}).IsZero())
}

func TestWhoeverIsMissingWhereNobodyComesAloneIsAnAlarm(t *testing.T) {
	t.Parallel()
	s := tell(t, twoDeep(2, 1, 1))
	s.r.Vetted = map[aid.VolunteerID]aid.Vetted{"lea": known("protection"), "ann": known()}
	s.ask("lea", "ann/1").accepts("lea", "ann").is(aid.RequestPaired).r.TakeEvents()
	require.Equal(t, map[float64]aid.EventKind{76: aid.EventVisitReminded}, s.due(99))
	s.at(100)
	require.NoError(t, s.r.BeginService(s.now))
	_, err := s.r.CheckIn(s.r.Visits[0].ID, noted, "", s.now)
	require.NoError(t, err)
	s.r.TakeEvents()
	require.Equal(t, map[float64]aid.EventKind{100.5: aid.EventVisitOverdue, 101: aid.EventVisitUncovered}, s.due(1000))
	require.Equal(t, aid.NoAlarm, s.r.Visits[0].Alarm, "of the one who waits")
}

func TestStandingPairingsHaveAProcessForTheirClocks(t *testing.T) {
	t.Parallel()
	s := pairLasts(t, 1)
	require.True(t, s.r.VisitsDue(aid.DefaultStandingPolicy()).IsZero())
	s.r.TakeEvents()
	s.at(1000).r.AdvanceVisits(aid.DefaultStandingPolicy(), s.now)
	require.Empty(t, s.r.TakeEvents())
}

// TestTheAlarmOfACrewIsOne: for all who are missing, and only if too few came.
func TestTheAlarmOfACrewIsOne(t *testing.T) {
	t.Parallel()
	n := crew(1, aid.Routine, 3)
	n.Window = hours(1, 4)
	s := tell(t, n).ask("a", "b", "c").accepts("a", "b", "c")
	s.r.TakeEvents()
	require.Equal(t, map[float64]aid.EventKind{1.5: aid.EventVisitOverdue, 2: aid.EventVisitUncovered}, s.due(1000))
	told := 0
	for _, v := range s.r.Visits {
		if v.Alarm == aid.AlarmCaseworker {
			told++
		}
	}
	require.Equal(t, 1, told)

	s = tell(t, n).ask("a", "b", "c").accepts("a", "b", "c")
	_, err := s.at(1).r.CheckIn(s.r.Visits[0].ID, noted, "", s.now)
	require.NoError(t, err)
	s.r.TakeEvents()
	require.Equal(t, map[float64]aid.EventKind{1.5: aid.EventVisitOverdue}, s.due(1000), "one is enough")
}

// TestTheClockOfAVisitBeginsWithItsPairing where somebody is found late.
func TestTheClockOfAVisitBeginsWithItsPairing(t *testing.T) {
	t.Parallel()
	n := crew(1, aid.Routine, 1)
	n.Window = hours(-2, 4)
	s := tell(t, n).ask("mei").at(0.5).accepts("mei")
	s.r.TakeEvents()
	require.Equal(t, map[float64]aid.EventKind{1: aid.EventVisitOverdue, 1.5: aid.EventVisitUncovered}, s.due(1000))

	n.Window = hours(1, 72)
	s = tell(t, n).ask("mei").accepts("mei")
	require.True(t, s.r.VisitsDue(aid.DefaultStandingPolicy()).IsZero(), "some time in these days")

	n.Window = hours(1, 4)
	s = tell(t, n).ask("mei").accepts("mei")
	require.False(t, s.r.VisitsDue(aid.DefaultStandingPolicy()).IsZero())
	s.r.OnlyAsks = "mei"
	require.True(t, s.r.VisitsDue(aid.DefaultStandingPolicy()).IsZero(), "whoever comes along is not missed")
}

// TestNobodyIsRemindedOfWhatHasBegun after an outage.
func TestNobodyIsRemindedOfWhatHasBegun(t *testing.T) {
	t.Parallel()
	n := crew(1, aid.Routine, 1)
	n.Window = hours(48, 52)
	s := tell(t, n).ask("mei").accepts("mei")
	s.r.TakeEvents()
	s.at(48.6).r.AdvanceVisits(aid.DefaultStandingPolicy(), s.now)
	require.Equal(t, []aid.EventKind{aid.EventVisitOverdue}, s.events())
}

// TestWhoeverTakesThePlaceOfTheMissingIsMissedToo: the alarm of one who has left is
// not that of who comes instead.
func TestWhoeverTakesThePlaceOfTheMissingIsMissedToo(t *testing.T) {
	t.Parallel()
	n := crew(1, aid.Routine, 1)
	n.Window = hours(1, 9)
	s := tell(t, n).ask("a").accepts("a")
	s.r.TakeEvents()
	require.Contains(t, s.due(2), 2.0)
	s.at(2.25).withdraws("a").ask("b").at(3).accepts("b").r.TakeEvents()
	require.Equal(t, map[float64]aid.EventKind{3.5: aid.EventVisitOverdue, 4: aid.EventVisitUncovered}, s.due(9))

	s = tell(t, n).ask("a").accepts("a")
	_, err := s.at(1).r.CheckIn(s.r.Visits[0].ID, noted, "", s.now)
	require.NoError(t, err)
	s.at(2.25).withdraws("a").ask("b").at(3).accepts("b").r.TakeEvents()
	require.Equal(t, map[float64]aid.EventKind{3.5: aid.EventVisitOverdue, 4: aid.EventVisitUncovered}, s.due(9), "who came has left")
}

// TestACrewThatStandsAgainIsMissedAnew where its visits were called off meanwhile.
func TestACrewThatStandsAgainIsMissedAnew(t *testing.T) {
	t.Parallel()
	n := crew(2, aid.Routine, 2)
	n.Window = hours(1, 9)
	s := tell(t, n).ask("a", "b").accepts("a", "b")
	s.r.TakeEvents()
	require.Contains(t, s.due(2), 2.0)
	s.at(2.25).withdraws("b").ask("c").at(3).accepts("c").is(aid.RequestPaired).r.TakeEvents()
	require.Equal(t, map[float64]aid.EventKind{3.5: aid.EventVisitOverdue, 4: aid.EventVisitUncovered}, s.due(9))
}
