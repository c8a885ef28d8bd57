package aid_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// pairLasts is a standing pairing of two people, of whom least must come, on each
// of the coming days.
func pairLasts(t *testing.T, least int) *story {
	t.Helper()
	n := crew(least, aid.Routine, 2)
	n.Window = hours(1, 2)
	n.Cadence = &aid.Cadence{Rule: "FREQ=DAILY", First: n.Window.StartsAt, Minutes: 60, Zone: "Asia/Shanghai"}
	s := tell(t, n)
	s.r.Ahead = s.aheadOf(28)
	return s.ask("ann", "ben").accepts("ann", "ben").is(aid.RequestPaired)
}

// aheadOf are the visits of the coming days.
func (s *story) aheadOf(days int) []aid.Window {
	var out []aid.Window
	for d := 0; len(out) < days; d++ {
		w := hours(float64(24*d+1), float64(24*d+2))
		if w.StartsAt.After(s.now) {
			out = append(out, w)
		}
	}
	return out
}

// looks lets the pairing advance; whoever is busy is so at all times.
func (s *story) looks(busy ...aid.VolunteerID) {
	s.Helper()
	s.r.AdvanceStanding(aid.StandingFacts{
		Ahead: s.aheadOf(28), Busy: func(v aid.VolunteerID, _ aid.Window) bool { return slices.Contains(busy, v) },
	}, aid.DefaultStandingPolicy(), s.now)
	s.sound()
}

// ofAhead counts the visits to come of somebody by status.
func (s *story) ofAhead(v aid.VolunteerID) map[aid.VisitStatus]int {
	out := map[aid.VisitStatus]int{}
	for _, visit := range s.r.Visits {
		if visit.Volunteer == v && visit.Window.StartsAt.After(s.now) {
			out[visit.Status]++
		}
	}
	return out
}

// TestACrewThatStandsAgainHasItsVisitsAgain also where its offers asked for visits
// that are long past.
func TestACrewThatStandsAgainHasItsVisitsAgain(t *testing.T) {
	t.Parallel()
	for name, busy := range map[string][]aid.VolunteerID{"free": nil, "promised elsewhere meanwhile": {"ben"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := pairLasts(t, 2)
			s.at(24 * 40).looks()
			require.Equal(t, map[aid.VisitStatus]int{aid.VisitPlanned: 28}, s.ofAhead("ben"))
			s.withdraws("ann").is(aid.RequestOpen)
			require.Equal(t, map[aid.VisitStatus]int{aid.VisitCancelled: 28}, s.ofAhead("ben"))
			s.ask("cid").accepts("cid").is(aid.RequestPaired)
			s.looks(busy...)
			want := map[aid.VisitStatus]int{aid.VisitPlanned: 28}
			if busy != nil {
				want = map[aid.VisitStatus]int{aid.VisitHandedOver: 28}
			}
			require.Equal(t, want, s.ofAhead("ben"))
			require.Equal(t, map[aid.VisitStatus]int{aid.VisitPlanned: 28}, s.ofAhead("cid"))
		})
	}
}

// TestASeatIsRefilledForAsLongAsThePairingLasts, above the quorum too.
func TestASeatIsRefilledForAsLongAsThePairingLasts(t *testing.T) {
	t.Parallel()
	s := pairLasts(t, 1)
	s.at(24 * 10).looks()
	s.refused(s.r.BeginService(s.now), aid.Conflict, aid.ReasonWrongTime)
	s.withdraws("ann").is(aid.RequestPaired)
	require.Len(t, s.r.Vacancies(1), 1)
	s.ask("cid").accepts("cid")
	require.Len(t, s.r.Ahead, 28)
	require.Equal(t, map[aid.VisitStatus]int{aid.VisitPlanned: 28}, s.ofAhead("cid"))
}

// TestAStandingPairingIsClosedAtAnyTime, before its first visit too.
func TestAStandingPairingIsClosedAtAnyTime(t *testing.T) {
	t.Parallel()
	s := pairLasts(t, 2)
	require.True(t, s.now.Before(s.r.Window.StartsAt))
	require.NoError(t, s.r.Complete("caseworker", s.now))
	s.is(aid.RequestCompleted)
	require.Equal(t, map[aid.VisitStatus]int{aid.VisitCancelled: 28}, s.ofAhead("ann"))
}

// TestNoVisitIsLostHoweverLongASeatIsVacant: each is handed over when it is near.
func TestNoVisitIsLostHoweverLongASeatIsVacant(t *testing.T) {
	t.Parallel()
	s := pairLasts(t, 2)
	s.looks()
	s.withdraws("ann")
	for day := 1; day <= 60; day++ {
		s.at(float64(24 * day)).looks()
		next := s.r.Ahead[0]
		covered := 0
		for _, v := range s.r.Visits {
			if v.Window == next && v.Status == aid.VisitHandedOver && v.Reason == aid.HandedOverVacant {
				covered++
			}
		}
		require.Equal(t, 1, covered, "on day %d, once for the one seat", day)
		require.False(t, s.r.NextDue(aid.DefaultStandingPolicy(), s.now).After(s.r.Ahead[3].StartsAt.Add(-72*time.Hour)))
	}
	s.ask("cid").accepts("cid").is(aid.RequestPaired)
	s.withdraws("cid")
	s.looks()
	require.Equal(t, map[aid.VisitStatus]int{aid.VisitCancelled: 25}, leftOf(s.ofAhead("cid")), "whoever stands in already is not sought twice")
}

// TestAVisitWhoseTimeCameInAnOutageIsNotForgotten: its volunteer had left, and nothing
// ran to hand it over before it began.
func TestAVisitWhoseTimeCameInAnOutageIsNotForgotten(t *testing.T) {
	t.Parallel()
	for name, back := range map[string]float64{"while it is under way": 25.5, "when it is over": 40} {
		s := pairLasts(t, 2)
		s.at(2).looks()
		s.withdraws("ann") // and then everything is down
		s.at(back).looks()
		var told []aid.Visit
		for _, v := range s.r.Visits {
			if v.Volunteer == "ann" && v.Window.StartsAt.Equal(hours(25, 26).StartsAt) {
				told = append(told, v)
			}
		}
		require.Len(t, told, 1, name)
		require.Equal(t, aid.VisitHandedOver, told[0].Status, name)
		require.Equal(t, aid.HandedOverVacant, told[0].Reason, name)
		if back > 26 {
			require.Equal(t, aid.AlarmCaseworker, told[0].Alarm, "the caseworker is told at once")
			continue
		}
		require.True(t, slices.ContainsFunc(s.r.Unsought(s.now), func(v aid.Visit) bool { return v.ID == told[0].ID }), "somebody is sought to come now")
	}
	s := pairLasts(t, 2)
	s.at(2).looks()
	s.withdraws("ann")
	require.NoError(t, s.r.Complete("caseworker", s.now))
	s.at(25.5).looks()
	for _, v := range s.r.Visits {
		if v.Window.StartsAt.Equal(hours(25, 26).StartsAt) {
			require.Equal(t, aid.VisitCancelled, v.Status, "what was closed in time is over")
		}
	}
}

// leftOf leaves out what was handed over.
func leftOf(of map[aid.VisitStatus]int) map[aid.VisitStatus]int {
	delete(of, aid.VisitHandedOver)
	return of
}

// TestASearchForASuccessorHasItsTime: others stand in for the next visits.
func TestASearchForASuccessorHasItsTime(t *testing.T) {
	t.Parallel()
	p := aid.DefaultSearchPolicy()
	s := pairLasts(t, 2)
	s.at(24 * 100).looks()
	s.withdraws("ann")
	require.Equal(t, s.now.Add(p.Stay[aid.Routine]), s.r.WidensAt(p))
	s.at(24*100 + 1.5).looks() // during a visit
	s.r.ReachedAt = s.now
	require.True(t, s.r.WidensAt(p).After(s.now))
	require.True(t, s.r.NobodyLeft(s.r.Reach, aid.ReasonCounts{}, p, s.now))
	require.True(t, s.r.NobodyLeft(s.r.Reach, aid.ReasonCounts{}, p, s.now))
	require.Equal(t, aid.ReachHelp, s.r.Reach)
	require.False(t, s.r.NobodyLeft(s.r.Reach, aid.ReasonCounts{}, p, s.now))
	s.is(aid.RequestOpen)
}

// TestAPairingThatIsVacantGoesOn: nobody is found to succeed, the caseworker hears of
// it, others stand in for the visits, and every day it is tried again.
func TestAPairingThatIsVacantGoesOn(t *testing.T) {
	t.Parallel()
	p := aid.DefaultSearchPolicy()
	s := pairLasts(t, 2)
	s.at(24 * 100).looks()
	s.withdraws("ann")
	s.looks()
	next := s.r.Unsought(s.now)[0]
	require.NoError(t, s.r.Sought(next.ID, "sub"))
	nobody := func() {
		for s.r.NobodyLeft(s.r.Reach, aid.ReasonCounts{Time: 40}, p, s.now) {
		}
		s.now = s.now.Add(p.Stay[aid.Routine])
		s.r.NobodyLeft(s.r.Reach, aid.ReasonCounts{Time: 40}, p, s.now)
		s.sound().is(aid.RequestOpen)
		require.True(t, s.r.SearchOver)
		require.Empty(t, s.r.Vacancies(1))
	}
	s.r.TakeEvents()
	nobody()
	events := s.r.TakeEvents()
	require.Equal(t, aid.EventSuccessorMissing, events[len(events)-1].Kind)
	told := s.r.Tellings(events)[len(events)-1]
	require.Len(t, told, 1)
	require.Equal(t, aid.NoticeSuccessorMissing, told[0].Kind)
	require.Equal(t, s.r.OpenedBy, told[0].Account)
	require.NotContains(t, s.r.Needless(s.now), aid.RequestID("sub"), "who stands in is still needed")

	require.Equal(t, s.now.Add(aid.SearchAgain), s.r.WidensAt(p))
	s.now = s.now.Add(aid.SearchAgain)
	s.r.Widen(p, s.now)
	require.Equal(t, []aid.EventKind{aid.EventSearchResumed}, s.events())
	require.Equal(t, s.now, s.r.ReachedAt, "people have their time again")
	require.NotEmpty(t, s.r.Vacancies(1))
	nobody()
	require.Equal(t, aid.EventSuccessorMissing, s.r.TakeEvents()[0].Kind, "coordinators are not called every day")
	_, err := s.r.Assign(aid.Pick{Offer: "o-eve", Volunteer: "eve"}, p, "c", s.now)
	require.NoError(t, err, "somebody whom the caseworker knows")
	s.suits("eve", 0)
	s.accepts("eve").is(aid.RequestPaired)
	require.True(t, s.r.WidensAt(p).IsZero())
}

// TestAVacantPairingEndsWithItsCadence and not before.
func TestAVacantPairingEndsWithItsCadence(t *testing.T) {
	t.Parallel()
	s := pairLasts(t, 2)
	s.withdraws("ann")
	s.r.EndSearch(aid.ReasonCounts{}, s.now)
	s.is(aid.RequestOpen)
	s.r.RunOut(s.now)
	s.is(aid.RequestUnfilled)

	s = pairLasts(t, 2)
	s.withdraws("ann")
	require.NoError(t, s.r.Complete("c", s.now), "people can end it as done: it was")
	s.is(aid.RequestCompleted)
}

func TestWhoLeftOrWasExcludedDoesNotStandIn(t *testing.T) {
	t.Parallel()
	s := pairLasts(t, 1)
	s.looks()
	require.NoError(t, s.r.Exclude("eve", "c", s.now))
	s.withdraws("ann")
	require.Equal(t, []aid.VolunteerID{"eve", "ben", "ann"}, s.r.NoSubstitutes(s.visitOf("ben")))
}

func (s *story) visitOf(v aid.VolunteerID) aid.Visit {
	s.Helper()
	i := slices.IndexFunc(s.r.Visits, func(visit aid.Visit) bool { return visit.Volunteer == v })
	require.GreaterOrEqual(s, i, 0)
	return s.r.Visits[i]
}

// TestAnOfferByHandAsksForTheVisitsAhead as one of a round does.
func TestAnOfferByHandAsksForTheVisitsAhead(t *testing.T) {
	t.Parallel()
	s := pairLasts(t, 1)
	s.at(24 * 3).looks()
	s.withdraws("ann")
	_, err := s.r.Assign(aid.Pick{Offer: "by-hand", Volunteer: "dan"}, policy, "c", s.now)
	require.NoError(t, err)
	booked := 0
	for _, b := range s.r.Bookings() {
		if b.Volunteer == "dan" && !b.Counts {
			booked++
		}
	}
	require.Equal(t, 28, booked)
	s.suits("dan", 0)
	_, err = s.r.Accept("by-hand", "dan", "p-dan", "", s.now)
	require.NoError(t, err)
	require.Equal(t, map[aid.VisitStatus]int{aid.VisitPlanned: 28}, s.ofAhead("dan"))
}

// TestSubstitutesOfLongAgoAreLeftAlone keeps a look from growing with the years.
func TestSubstitutesOfLongAgoAreLeftAlone(t *testing.T) {
	t.Parallel()
	s := pairLasts(t, 1)
	s.looks()
	v := s.r.Visits[0]
	require.NoError(t, s.r.Sought(v.ID, "sub"))
	_, err := s.at(1).checksIn(v.ID, noted)
	require.NoError(t, err)
	require.Equal(t, []aid.RequestID{"sub"}, s.r.Needless(s.now))
	require.Empty(t, s.r.Needless(s.now.Add(48*time.Hour)))
}

// TestWhatIsUncoveredAheadIsSaidAsSuch: it is no reason to run.
func TestWhatIsUncoveredAheadIsSaidAsSuch(t *testing.T) {
	t.Parallel()
	s := pairLasts(t, 1)
	facts := aid.StandingFacts{
		Ahead: s.aheadOf(28), Busy: func(aid.VolunteerID, aid.Window) bool { return false },
		Volunteers: map[aid.VolunteerID]aid.Volunteer{"ben": {ID: "ben"}}, // who is not active any more
		Covers:     map[aid.RequestID]aid.Cover{"sub": {Status: aid.RequestCancelled}},
	}
	s.r.AdvanceStanding(facts, aid.DefaultStandingPolicy(), s.now)
	require.NoError(t, s.r.Sought(s.visitOf("ben").ID, "sub"))
	s.r.AdvanceStanding(facts, aid.DefaultStandingPolicy(), s.now)
	events := s.r.TakeEvents()
	i := slices.IndexFunc(events, func(e aid.Event) bool { return e.Kind == aid.EventVisitUncovered })
	require.GreaterOrEqual(t, i, 0)
	require.Equal(t, aid.UncoveredAhead, events[i].Reason)
}

// TestPlansThatChangeBeforeAVisitAreUrgent, years after the first one too.
func TestPlansThatChangeBeforeAVisitAreUrgent(t *testing.T) {
	t.Parallel()
	for hoursAhead, want := range map[float64]bool{2: true, 20: false} {
		s := pairLasts(t, 2)
		s.at(24*400 + 1 - hoursAhead).looks()
		s.withdraws("ann")
		found := false
		for _, tellings := range s.r.Tellings(s.r.TakeEvents()) {
			for _, one := range tellings {
				if one.Kind == aid.NoticePairingWaiting {
					found = true
					require.Equal(t, want, one.Urgent, "%g hours ahead", hoursAhead)
				}
			}
		}
		require.True(t, found)
	}
}

func TestACalendarShowsWhatItsVolunteerComesTo(t *testing.T) {
	t.Parallel()
	for status, want := range map[aid.VisitStatus]aid.EntryStatus{
		aid.VisitPlanned: aid.EntryConfirmed, aid.VisitDone: aid.EntryConfirmed,
		aid.VisitCancelled: aid.EntryCancelled, aid.VisitHandedOver: aid.EntryCancelled,
	} {
		require.Equal(t, want, aid.EntryOfVisit(status), "%s", status)
	}
}

// TestWhoeverIsMissedIsStoodInForBesideTheOthers: the two who came do not call off who
// comes for the third.
func TestWhoeverIsMissedIsStoodInForBesideTheOthers(t *testing.T) {
	t.Parallel()
	n := crew(2, aid.Routine, 3)
	n.Window = hours(1, 2)
	n.Cadence = &aid.Cadence{Rule: "FREQ=DAILY", First: n.Window.StartsAt, Minutes: 60, Zone: "Asia/Shanghai"}
	s := tell(t, n)
	s.r.Ahead = s.aheadOf(28)
	s.ask("ann", "ben", "cid").accepts("ann", "ben", "cid")
	s.at(1.3).comes("ann", 65)
	s.comes("ben", 70)
	s.at(2.1).looks()
	sought := s.r.Unsought(s.now)
	require.Len(t, sought, 1)
	require.Equal(t, aid.VolunteerID("cid"), sought[0].Volunteer)
	require.NoError(t, s.r.Sought(sought[0].ID, "sub"))
	require.Empty(t, s.r.Needless(s.now))
	s.comes("cid", 115)
	require.Equal(t, []aid.RequestID{"sub"}, s.r.Needless(s.now))
}

// TestTheLastVisitIsNotForgotten: the pairing is kept until the caseworker has heard
// that nobody came to it.
func TestTheLastVisitIsNotForgotten(t *testing.T) {
	t.Parallel()
	n := crew(1, aid.Routine, 1)
	n.Window = aid.Window{StartsAt: hours(1, 2).StartsAt, EndsAt: hours(1, 1.25).EndsAt}
	n.Cadence = &aid.Cadence{Rule: "FREQ=DAILY;COUNT=1", First: n.Window.StartsAt, Minutes: 15, Zone: "UTC", Ends: n.Window.EndsAt}
	s := tell(t, n)
	s.r.Ahead = []aid.Window{n.Window}
	s.ask("ann").accepts("ann").is(aid.RequestPaired)
	require.Equal(t, n.Window.EndsAt, s.r.Closes())
	facts := aid.StandingFacts{
		Ahead: s.r.Ahead, Busy: func(aid.VolunteerID, aid.Window) bool { return false },
		Volunteers: map[aid.VolunteerID]aid.Volunteer{"ann": {ID: "ann"}}, // not active any more
	}
	s.r.AdvanceStanding(facts, aid.DefaultStandingPolicy(), s.now)
	require.Equal(t, aid.VisitHandedOver, s.r.Visits[0].Status)
	require.Equal(t, n.Window.EndsAt.Add(aid.LastAlarm), s.r.Closes())
	s.r.TakeEvents()
	s.at(2)
	s.r.AdvanceStanding(facts, aid.DefaultStandingPolicy(), s.now)
	require.Equal(t, []aid.EventKind{aid.EventVisitUncovered}, s.events())
	require.Equal(t, n.Window.EndsAt, s.r.Closes())
	require.NoError(t, s.r.Complete("", s.now))
	s.r.TakeEvents()
	s.r.AdvanceStanding(facts, aid.DefaultStandingPolicy(), s.now)
	require.Empty(t, s.r.TakeEvents(), "once")
}

// TestAnOutageDoesNotSwallowTheLastAlarm though the pairing was closed first, unless
// somebody stood in.
func TestAnOutageDoesNotSwallowTheLastAlarm(t *testing.T) {
	t.Parallel()
	for begun, want := range map[bool][]aid.EventKind{false: {aid.EventVisitUncovered}, true: nil} {
		n := crew(1, aid.Routine, 1)
		n.Window = hours(1, 2)
		n.Cadence = &aid.Cadence{Rule: "FREQ=DAILY;COUNT=1", First: n.Window.StartsAt, Minutes: 60, Zone: "UTC", Ends: n.Window.EndsAt}
		s := tell(t, n)
		s.r.Ahead = []aid.Window{n.Window}
		s.ask("ann").accepts("ann")
		facts := aid.StandingFacts{
			Ahead: s.r.Ahead, Busy: func(aid.VolunteerID, aid.Window) bool { return false },
			Volunteers: map[aid.VolunteerID]aid.Volunteer{"ann": {ID: "ann"}},
		}
		s.r.AdvanceStanding(facts, aid.DefaultStandingPolicy(), s.now)
		require.NoError(t, s.r.Sought(s.r.Visits[0].ID, "sub"))
		require.NoError(t, s.at(5).r.Complete("", s.now))
		s.r.TakeEvents()
		facts.Covers = map[aid.RequestID]aid.Cover{"sub": {Status: aid.RequestCompleted, Begun: begun}}
		s.r.AdvanceStanding(facts, aid.DefaultStandingPolicy(), s.now)
		require.Equal(t, want, s.events())
	}
}
