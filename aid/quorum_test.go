package aid_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// crewFor needs two of three people in a window so many hours from noon.
func crewFor(t *testing.T, urgency aid.Urgency, from, to float64) *story {
	t.Helper()
	n := crew(2, urgency, 3)
	n.Window = hours(from, to)
	return tell(t, n)
}

func TestACrewMustStandSomeTimeBeforeItsWindow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		urgency  aid.Urgency
		from, to float64
		by       float64 // hours from noon
	}{
		"routine": {aid.Routine, 100, 102, 76},
		"soon":    {aid.Soon, 100, 102, 96},
		"urgent":  {aid.Urgent, 100, 102, 99.5},
		"opened late: half of the time that is left": {aid.Routine, 10, 12, 5},
		"opened in its window: to the end":           {aid.Urgent, -1, 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := crewFor(t, c.urgency, c.from, c.to)
			require.Equal(t, s.at(c.by).now, s.r.QuorumBy())
		})
	}
	require.Zero(t, tell(t, crew(1, aid.Routine, 3)).r.QuorumBy(), "one person is no crew")
}

func TestACrewThatDoesNotStandInTimeIsReleasedTogether(t *testing.T) {
	t.Parallel()
	s := crewFor(t, aid.Routine, 100, 102).ask("ann", "bob", "cid").accepts("ann")
	s.kinds()
	s.at(75.9).r.MissQuorum(s.now)
	require.Equal(t, aid.RequestOffered, s.r.Status)
	require.Empty(t, s.kinds())
	s.at(76).r.MissQuorum(s.now)
	require.Equal(t, aid.RequestUnfilled, s.r.Status)
	require.Equal(t, aid.PairingCancelled, s.r.Pairings[0].Status)
	require.Empty(t, s.r.Bound())
	events := s.r.TakeEvents()
	last := events[len(events)-1]
	require.Equal(t, aid.EventRequestUnfilled, last.Kind)
	require.Equal(t, aid.QuorumMissed, last.Reason)
	told := s.r.Tellings(events)[len(events)-1]
	require.Equal(t, aid.NoticePairingReleased, told[0].Kind)
	require.Equal(t, []aid.VolunteerID{"ann"}, told[0].Volunteers, "who held a seat is told why it is gone")
	s.r.MissQuorum(s.now)
	require.Empty(t, s.kinds(), "once")
}

func TestACrewThatStandsIsConfirmedTogetherAndKept(t *testing.T) {
	t.Parallel()
	s := crewFor(t, aid.Routine, 100, 102).ask("ann", "bob", "cid").accepts("ann")
	require.Equal(t, aid.PairingForming, s.r.Pairings[0].Status)
	s.accepts("bob")
	for _, p := range s.r.Pairings {
		require.Equal(t, aid.PairingConfirmed, p.Status)
	}
	require.Zero(t, s.r.QuorumBy())
	s.at(76).r.MissQuorum(s.now)
	require.Equal(t, aid.RequestPaired, s.r.Status)
}

func TestAWithdrawalOpensOneSeatAndTheOthersStay(t *testing.T) {
	t.Parallel()
	s := crewFor(t, aid.Routine, 100, 102).ask("ann", "bob", "cid").accepts("ann", "bob", "cid")
	before := s.r.Pairings[1]
	s.withdraws("ann")
	s.sound()
	require.Equal(t, before, s.r.Pairings[1], "above the quorum nobody else notices")
	require.Equal(t, []aid.Vacancy{{Role: 0, Seats: 1}}, s.r.Vacancies(1))

	s.at(90)
	s.withdraws("bob")
	s.sound()
	require.True(t, s.r.Pairings[2].Status.Holding(), "below it the seats are kept while others are sought")
	require.Equal(t, s.r.Window.StartsAt, s.r.QuorumBy(), "though the time for a new crew is over")
	s.r.MissQuorum(s.now)
	require.Equal(t, aid.RequestOpen, s.r.Status)
	s.ask("dan").accepts("dan")
	require.Equal(t, aid.RequestPaired, s.r.Status)
	require.Equal(t, 0, s.r.Pairings[3].Seat, "the seat that fell vacant")
}

func TestACrewThatLosesSomebodyInServiceHasTheWholeWindow(t *testing.T) {
	t.Parallel()
	s := crewFor(t, aid.Routine, 100, 102).ask("ann", "bob").accepts("ann", "bob").at(100)
	require.NoError(t, s.r.BeginService(s.now))
	s.at(100.5)
	s.withdraws("ann")
	require.Equal(t, s.r.Window.EndsAt, s.r.QuorumBy())
}

func TestOffersOfACrewEndWhenItMustStand(t *testing.T) {
	t.Parallel()
	s := crewFor(t, aid.Routine, 100, 102).at(75.5).ask("ann")
	require.Equal(t, s.at(76).now, s.r.Offers[0].ExpiresAt, "an answer after that would come to nothing")
	require.Empty(t, s.offer("bob"))
}
