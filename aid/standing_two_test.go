package aid_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// pair is a standing pairing of the class to which nobody comes alone: lea, who
// holds the course, and others, on each of the coming days.
func pair(t *testing.T, others ...string) *story {
	t.Helper()
	n := twoDeep(2, 1+len(others))
	n.Window = hours(1, 2)
	n.Cadence = &aid.Cadence{Rule: "FREQ=DAILY", First: n.Window.StartsAt, Minutes: 60, Zone: "UTC"}
	s := tell(t, n)
	s.r.Ahead = s.days(4)
	s.r.Vetted = map[aid.VolunteerID]aid.Vetted{"lea": known("protection")}
	s.ask("lea").accepts("lea")
	for _, v := range others {
		s.r.Vetted[aid.VolunteerID(v)] = known()
		s.ask(v + "/1").accepts(v)
	}
	s.is(aid.RequestPaired).r.TakeEvents()
	return s
}

// looksWithout lets the pairing advance while some are away on the second day, and tells
// the volunteers who are told what.
func (s *story) looksWithout(away ...aid.VolunteerID) (told map[aid.VolunteerID][]aid.NoticeKind) {
	s.Helper()
	second := aid.DateOf(s.r.Ahead[1].StartsAt)
	facts := aid.StandingFacts{
		Ahead: s.r.Ahead, Busy: func(aid.VolunteerID, aid.Window) bool { return false }, Volunteers: map[aid.VolunteerID]aid.Volunteer{},
	}
	for _, p := range s.r.Pairings {
		v := aid.Volunteer{ID: p.Volunteer, Active: true, Vetting: known().Vetting, Courses: []aid.CourseHeld{{Course: "basics"}, {Course: "protection"}}}
		if slices.Contains(away, p.Volunteer) {
			v.Availability.Away = []aid.DateRange{{From: second, To: second}}
		}
		facts.Volunteers[p.Volunteer] = v
	}
	s.r.AdvanceStanding(facts, aid.DefaultStandingPolicy(), s.now)
	s.sound()
	told = map[aid.VolunteerID][]aid.NoticeKind{}
	for _, tellings := range s.r.Tellings(s.r.TakeEvents()) {
		for _, one := range tellings {
			for _, v := range one.Volunteers {
				told[v] = append(told[v], one.Kind)
			}
		}
	}
	return told
}

// reasons are why the visits of the second day were handed over; empty for one
// that was not.
func (s *story) reasons() map[aid.VolunteerID]string {
	out := map[aid.VolunteerID]string{}
	for _, v := range s.r.Visits {
		if v.Window.StartsAt.Equal(s.r.Ahead[1].StartsAt) {
			out[v.Volunteer] = v.Reason
		} else {
			require.NotEqual(s, aid.VisitHandedOver, v.Status, "the other days stay as they are")
		}
	}
	return out
}

func TestWhoeverIsLeftDoesNotGoAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		others []string
		away   []aid.VolunteerID
		want   map[aid.VolunteerID]string
	}{
		"one of two":                    {[]string{"ann"}, []aid.VolunteerID{"ann"}, map[aid.VolunteerID]string{"ann": "away", "lea": "alone"}},
		"the one who holds the course":  {[]string{"ann", "bob"}, []aid.VolunteerID{"lea"}, map[aid.VolunteerID]string{"lea": "away", "ann": "alone", "bob": "alone"}},
		"one of three: two are a crew":  {[]string{"ann", "bob"}, []aid.VolunteerID{"bob"}, map[aid.VolunteerID]string{"lea": "", "ann": "", "bob": "away"}},
		"both":                          {[]string{"ann"}, []aid.VolunteerID{"ann", "lea"}, map[aid.VolunteerID]string{"ann": "away", "lea": "away"}},
		"nobody is away, nothing hands": {[]string{"ann"}, nil, map[aid.VolunteerID]string{"ann": "", "lea": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := pair(t, c.others...)
			told := s.looksWithout(c.away...)
			require.Equal(t, c.want, s.reasons())
			for v, why := range c.want {
				require.Equal(t, why == aid.HandedOverAlone, slices.Contains(told[v], aid.NoticeVisitAlone), "%s is told not to come", v)
			}
			require.Empty(t, s.looksWithout(c.away...), "once")
		})
	}
}

func TestAWholeCrewStandsInWhereNobodyComesAlone(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann")
	s.looksWithout("ann")
	sought := s.r.Unsought(s.now)
	require.Len(t, sought, 1, "one request for all who would have come")
	n := s.r.SubstituteNeed(sought[0], s.now)
	require.NoError(t, n.Validate(s.now))
	require.Equal(t, s.r.Roles, n.Roles)
	require.Equal(t, 2, n.MinPeople)
	require.Equal(t, sought[0].Window, n.Window)
	sub, err := aid.OpenRequest("sub", n, "caseworker", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, s.now)
	require.NoError(t, err)
	require.NotZero(t, sub.QuorumBy(), "it is released if it does not stand")

	require.NoError(t, s.r.Sought(sought[0].ID, "sub"))
	require.Empty(t, s.r.Unsought(s.now))
	require.Empty(t, s.r.Needless(s.now))
	for _, v := range s.r.Visits {
		require.Equal(t, v.Status == aid.VisitHandedOver, v.Substitute == "sub")
		if v.Volunteer == "lea" && v.Status == aid.VisitHandedOver {
			s.at(25.1)
			_, err := s.r.CheckIn(v.ID, noted, "lea", s.now)
			s.refused(err, aid.Conflict, aid.ReasonWrongTime)
		}
	}
}

// Two who are late both are stood in for by one crew, which is needed until both
// have come.
func TestOneWhoComesLateAloneIsNotEnough(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann")
	s.at(2.5).looksWithout() // half an hour after the first visit, and then another half
	sought := s.r.Unsought(s.now)
	require.Len(t, sought, 1)
	require.NoError(t, s.r.Sought(sought[0].ID, "sub"))
	require.Empty(t, s.r.Unsought(s.now))
	late := aid.Evidence{Means: aid.MeansCaseworker, At: hours(1.5, 2).StartsAt}
	_, err := s.r.CheckIn(s.r.Visits[0].ID, late, "", s.now)
	require.NoError(t, err)
	require.Empty(t, s.r.Needless(s.now), "one alone is no crew")
	_, err = s.r.CheckIn(s.r.Visits[1].ID, late, "", s.now)
	require.NoError(t, err)
	require.Equal(t, []aid.RequestID{"sub"}, s.r.Needless(s.now))
}

func TestAVacancyIsCoveredByAWholeCrew(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann")
	s.withdraws("ann").is(aid.RequestOpen)
	s.looksWithout()
	sought := s.r.Unsought(s.now)
	days := map[int]int{}
	for _, v := range sought {
		days[v.Window.StartsAt.Day()]++
	}
	for day, n := range days {
		require.Equal(t, 1, n, "day %d", day)
	}
	require.NotEmpty(t, sought)
	require.NoError(t, s.r.SubstituteNeed(sought[0], s.now).Validate(s.now))
}

// TestWhoHasCheckedInCounts: somebody is away, and one of those who are left is early.
func TestWhoHasCheckedInCounts(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann", "bob")
	s.at(24.8) // the second day's visit is at 25
	for _, v := range s.r.Visits {
		if v.Window.StartsAt.Equal(s.r.Ahead[1].StartsAt) && v.Volunteer != "ann" {
			_, err := s.r.CheckIn(v.ID, noted, "", s.now)
			require.NoError(t, err)
		}
	}
	s.looksWithout("ann")
	require.Equal(t, map[aid.VolunteerID]string{"lea": "", "ann": "away", "bob": ""}, s.reasons())
}

// TestTwoOfThreeAreACrew: nobody is sent to join them, and who was sought before they
// came is called off.
func TestTwoOfThreeAreACrew(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann", "bob")
	s.at(2.5).looksWithout() // all are late
	require.Len(t, s.r.Unsought(s.now), 1)
	require.NoError(t, s.r.Sought(s.r.Unsought(s.now)[0].ID, "sub"))
	s.comes("lea", 70)
	require.Empty(t, s.r.Needless(s.now))
	s.comes("ann", 80)
	require.Equal(t, []aid.RequestID{"sub"}, s.r.Needless(s.now))

	s = pair(t, "ann", "bob")
	s.at(1.5).comes("lea", 70)
	s.comes("ann", 80)
	s.at(2.5).looksWithout()
	require.Equal(t, aid.AlarmVolunteer, s.first("bob").Alarm, "he is asked, and nobody else is called")
	require.Empty(t, s.r.Unsought(s.now))
	s.at(3).looksWithout()
	require.Equal(t, aid.VisitMissed, s.first("bob").Status)

	s = pair(t, "ann", "bob")
	s.looksWithout("bob")
	s.at(25.2) // the second day's visit began at 25
	for _, v := range s.r.Visits {
		if v.Window.StartsAt.Equal(s.r.Ahead[1].StartsAt) && v.Volunteer != "bob" {
			_, err := s.r.CheckIn(v.ID, noted, "", s.now)
			require.NoError(t, err)
		}
	}
	s.at(25.9).r.TakeEvents()
	s.looksWithout("bob")
	for _, v := range s.r.Visits {
		if v.Window.StartsAt.Equal(s.r.Ahead[1].StartsAt) {
			require.Equal(t, aid.NoAlarm, v.Alarm, "two are there: %s", v.Volunteer)
		}
	}
}

// TestACrewOfThreeNeedsThree where that is its quorum: two who came do not do.
func TestACrewOfThreeNeedsThree(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann", "bob")
	s.r.MinPeople = 3
	s.at(1.5).comes("lea", 70)
	s.comes("ann", 80)
	require.Equal(t, aid.VisitBegun, s.first("lea").Status, "two are there")
	s.at(2.5).looksWithout()
	require.Len(t, s.r.Unsought(s.now), 1)
	require.NoError(t, s.r.Sought(s.r.Unsought(s.now)[0].ID, "sub"))
	require.Empty(t, s.r.Needless(s.now))
	s.comes("bob", 110)
	require.Equal(t, []aid.RequestID{"sub"}, s.r.Needless(s.now))

	s = pair(t, "ann", "bob")
	s.r.MinPeople = 3
	s.at(2.5).looksWithout() // all are late
	require.NoError(t, s.r.Sought(s.r.Unsought(s.now)[0].ID, "sub"))
	s.comes("lea", 70)
	s.comes("ann", 80)
	require.Empty(t, s.r.Needless(s.now))
}

// TestWhoeverWaitedGoesHomeOnceOthersAreThere without an alarm of their own.
func TestWhoeverWaitedGoesHomeOnceOthersAreThere(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann")
	s.r.Urgency = aid.Urgent
	s.at(1.2).comes("lea", 65)
	s.at(1.4).looksWithout() // ann is missing
	require.NoError(t, s.r.Sought(s.r.Unsought(s.now)[0].ID, "sub"))
	s.r.TakeEvents()
	s.at(1.5).goes("lea", 88)
	require.Equal(t, aid.VisitPlanned, s.first("lea").Status)
	s.r.TakeEvents()
	s.r.AdvanceStanding(aid.StandingFacts{
		Ahead: s.r.Ahead, Busy: func(aid.VolunteerID, aid.Window) bool { return false },
		Covers: map[aid.RequestID]aid.Cover{"sub": {Status: aid.RequestInService, Begun: true}},
	}, aid.DefaultStandingPolicy(), s.now)
	require.Equal(t, aid.NoAlarm, s.first("lea").Alarm)
}

// TestACrewThatNeedsTwoIsStoodInForByTwo while it does not stand, also where the help
// is of no risk class: nobody else of it comes then.
func TestACrewThatNeedsTwoIsStoodInForByTwo(t *testing.T) {
	t.Parallel()
	s := pairLasts(t, 2)
	s.looks()
	s.withdraws("ann")
	s.withdraws("ben")
	s.looks()
	days := map[string]int{}
	for _, v := range s.r.Unsought(s.now) {
		days[v.Window.StartsAt.String()]++
		n := s.r.SubstituteNeed(v, s.now)
		require.Equal(t, 2, n.MinPeople)
		require.Equal(t, 2, n.People())
		require.NoError(t, n.Validate(s.now))
	}
	require.NotEmpty(t, days)
	for day, n := range days {
		require.Equal(t, 1, n, "one request for both on %s", day)
	}
	require.NoError(t, s.r.Sought(s.r.Unsought(s.now)[0].ID, "sub"))
	s.ask("cid", "eve").accepts("cid", "eve").is(aid.RequestPaired)
	require.Equal(t, 1, s.r.SubstituteNeed(s.r.Unsought(s.now)[0], s.now).People(), "a crew that stands lacks one")
}

// TestASearchThatEndedIsNotShared: whoever waits beside it is sought anew.
func TestASearchThatEndedIsNotShared(t *testing.T) {
	t.Parallel()
	for status, want := range map[aid.RequestStatus]aid.RequestID{aid.RequestOpen: "sub", aid.RequestUnfilled: ""} {
		s := pair(t, "ann", "bob")
		s.looksWithout("ann")
		require.Empty(t, s.r.Unsought(s.now), "lea and bob are a crew")
		s.looksWithout("lea")
		for i := range s.r.Visits {
			if v := &s.r.Visits[i]; v.Reason == aid.HandedOverAway && v.Volunteer == "ann" {
				v.Substitute = "sub"
			}
			if v := &s.r.Visits[i]; v.Volunteer != "ann" {
				v.Substitute = ""
			}
		}
		s.r.AdvanceStanding(aid.StandingFacts{
			Ahead: s.r.Ahead, Busy: func(aid.VolunteerID, aid.Window) bool { return false },
			Covers: map[aid.RequestID]aid.Cover{"sub": {Status: status}},
		}, aid.DefaultStandingPolicy(), s.now)
		for _, v := range s.r.Visits {
			if v.Status == aid.VisitHandedOver && v.Volunteer != "ann" {
				require.Equal(t, want, v.Substitute, "%s: %s", status, v.Volunteer)
			}
		}
	}
}
