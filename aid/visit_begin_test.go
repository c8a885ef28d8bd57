package aid_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

// minute is an instant of the first visit of a pair, which lasts from 60 to 120.
func minute(m int) time.Time { return noon.Add(time.Duration(m) * time.Minute) }

// note notes on a caseworker's word when somebody came or left.
func (s *story) note(who aid.VolunteerID, m int, mark func(aid.VisitID, aid.Evidence, aid.AccountID, time.Time) (bool, error)) {
	s.Helper()
	_, err := mark(s.first(who).ID, aid.Evidence{Means: aid.MeansCaseworker, At: minute(m)}, aid.AccountID(who), s.now)
	require.NoError(s, err, "%s at %d", who, m)
	s.sound()
}

func (s *story) comes(who aid.VolunteerID, m int) { s.Helper(); s.note(who, m, s.r.CheckIn) }

func (s *story) goes(who aid.VolunteerID, m int) { s.Helper(); s.note(who, m, s.r.CheckOut) }

// first is somebody's visit of the first day.
func (s *story) first(who aid.VolunteerID) aid.Visit {
	i := slices.IndexFunc(s.r.Visits, func(v aid.Visit) bool { return v.Volunteer == who && v.Window.StartsAt.Equal(minute(60)) })
	require.GreaterOrEqual(s, i, 0)
	return s.r.Visits[i]
}

// served is what counts of somebody's first visit, in minutes: from, to.
func (s *story) served(who aid.VolunteerID) [2]int {
	w := s.first(who).Service()
	if w.StartsAt.IsZero() {
		return [2]int{}
	}
	return [2]int{int(w.StartsAt.Sub(noon) / time.Minute), int(w.EndsAt.Sub(noon) / time.Minute)}
}

func TestNobodyBeginsAlone(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann")
	s.at(1.2).comes("lea", 60)
	require.Equal(t, aid.VisitPlanned, s.first("lea").Status, "she waits")
	require.True(t, s.first("lea").There())
	require.Equal(t, []aid.EventKind{aid.EventVisitWaiting}, s.events())
	s.comes("lea", 65)
	require.Equal(t, minute(60), s.first("lea").In.At, "again changes nothing")
	require.Empty(t, s.events())

	s.at(1.4).comes("ann", 80)
	require.Equal(t, []aid.EventKind{aid.EventVisitBegun, aid.EventVisitBegun}, s.events())
	for _, who := range []aid.VolunteerID{"lea", "ann"} {
		require.Equal(t, aid.VisitBegun, s.first(who).Status)
		require.Equal(t, minute(80), s.first(who).BegunAt)
	}
	s.at(2).goes("lea", 115)
	s.goes("ann", 120)
	require.Equal(t, [2]int{80, 115}, s.served("lea"), "waiting is no service")
	require.Equal(t, [2]int{80, 120}, s.served("ann"))
}

func TestWhoeverLeavesBeforeTheOtherComesHasNotServed(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann")
	s.at(1.4).comes("lea", 60)
	s.goes("lea", 80)
	require.Equal(t, []aid.EventKind{aid.EventVisitWaiting, aid.EventVisitLeft}, s.events())
	require.Equal(t, aid.VisitPlanned, s.first("lea").Status)
	s.at(1.5).comes("ann", 90)
	require.Equal(t, aid.VisitPlanned, s.first("ann").Status, "they never met")
	require.Contains(t, s.looksWithout()["lea"], aid.NoticeVisitOverdue, "who has left is waited for")
	require.NotContains(t, s.looksWithout()["ann"], aid.NoticeVisitOverdue, "ann is there")

	s.at(1.7).comes("lea", 100)
	require.Equal(t, minute(100), s.first("ann").BegunAt, "lea came back")
}

// A phone without network tells late what was: the other served after all.
func TestALateReportBringsServiceForward(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann", "bob")
	s.at(1.9).comes("lea", 60)
	s.goes("lea", 110)
	require.Zero(t, s.first("lea").Service())
	s.at(3).comes("ann", 90)
	require.Equal(t, aid.VisitDone, s.first("lea").Status)
	require.Equal(t, [2]int{90, 110}, s.served("lea"))
	s.comes("bob", 70)
	require.Equal(t, [2]int{70, 110}, s.served("lea"))
	require.Equal(t, minute(90), s.first("ann").BegunAt, "she was not there before")
}

func TestWhoHoldsTheCourseMustBeOneOfThem(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann", "bob")
	s.at(1.5).comes("ann", 60)
	s.comes("bob", 65)
	require.Equal(t, aid.VisitPlanned, s.first("ann").Status)
	s.comes("lea", 75)
	for _, who := range []aid.VolunteerID{"ann", "bob", "lea"} {
		require.Equal(t, minute(75), s.first(who).BegunAt, who)
	}
}

// Nobody is blamed who came, and the alarm is that of whoever did not.
func TestTheOneWhoWaitsIsNotOverdue(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann")
	s.at(1.1).comes("lea", 60)
	s.at(3.5) // every clock of the alarm has run out, and the visit is over
	told := s.looksWithout()
	require.Equal(t, aid.AlarmCaseworker, s.first("ann").Alarm)
	require.Equal(t, aid.NoAlarm, s.first("lea").Alarm)
	require.Contains(t, told["ann"], aid.NoticeVisitMissed)
	require.NotContains(t, told["lea"], aid.NoticeVisitMissed)
	require.Equal(t, aid.VisitMissed, s.first("lea").Status)
	require.Equal(t, aid.HandedOverAlone, s.first("lea").Reason)
	s.comes("ann", 70)
	require.Equal(t, aid.VisitBegun, s.first("lea").Status, "it turns out that they met")
	require.Empty(t, s.first("lea").Reason)
}

// What is told of one can also show that the other had waited in vain.
func TestALateReportTakesBackWhatDidNotBegin(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann")
	s.at(1.6).comes("lea", 80)
	s.goes("lea", 95)
	s.events()
	s.at(3).comes("ann", 60)
	require.Equal(t, [2]int{80, 95}, s.served("lea"), "as far as is known")
	s.events()
	s.goes("ann", 70)
	require.Equal(t, []aid.EventKind{aid.EventVisitMissed, aid.EventVisitMissed, aid.EventVisitLeft}, s.events())
	for _, who := range []aid.VolunteerID{"lea", "ann"} {
		require.Equal(t, aid.VisitMissed, s.first(who).Status, who)
		require.Zero(t, s.first(who).BegunAt)
		require.Zero(t, s.first(who).Service())
	}
}

// TestServiceIsWhenTwoAreThere tells comings and goings in any order, and holds
// what counts against what a list of who is there at each minute says.
func TestServiceIsWhenTwoAreThere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(d *rapid.T) {
		s := pair(t, "ann", "bob")
		s.at(3)
		type stay struct{ in, out int }
		stays := map[aid.VolunteerID]stay{}
		names := rapid.Permutation([]aid.VolunteerID{"lea", "ann", "bob"}).Draw(d, "order of telling")
		for _, who := range names[:rapid.IntRange(1, 3).Draw(d, "come")] {
			in := rapid.IntRange(40, 118).Draw(d, "in")
			stays[who] = stay{in, rapid.IntRange(in+1, 140).Draw(d, "out")}
			s.comes(who, in)
			s.goes(who, stays[who].out)
		}
		for who, own := range stays {
			want := -1
			for m := own.in; m < own.out && want < 0; m++ {
				there := func(v aid.VolunteerID) bool { o, came := stays[v]; return came && o.in <= m && max(m, 60) < o.out }
				if there(who) && there("lea") && (there("ann") || there("bob")) {
					want = m
				}
			}
			got := -1
			if begun := s.first(who).BegunAt; !begun.IsZero() {
				got = int(begun.Sub(noon) / time.Minute)
			}
			require.Equal(d, want, got, "%s of %v", who, stays)
		}
	})
}

// TestWhoeverWasSentAwayIsNotThere when their visit is planned again: they went home.
func TestWhoeverWasSentAwayIsNotThere(t *testing.T) {
	t.Parallel()
	s := tell(t, twoDeep(2, 1, 2))
	s.r.Vetted = map[aid.VolunteerID]aid.Vetted{"lea": known("protection"), "ann": known(), "bob": known()}
	s.ask("lea", "ann/1").accepts("lea", "ann").is(aid.RequestPaired)
	of := func(who aid.VolunteerID) aid.Visit {
		i := slices.IndexFunc(s.r.Visits, func(v aid.Visit) bool { return v.Volunteer == who })
		return s.r.Visits[i]
	}
	_, err := s.at(99.8).r.CheckIn(of("lea").ID, noted, "", s.now)
	require.NoError(t, err)
	s.withdraws("ann")
	require.Equal(t, aid.VisitCancelled, of("lea").Status)
	s.ask("bob/1").accepts("bob").is(aid.RequestPaired)
	require.False(t, of("lea").There())
	_, err = s.at(100).r.CheckIn(of("bob").ID, noted, "", s.now)
	require.NoError(t, err)
	require.Equal(t, aid.VisitPlanned, of("bob").Status, "he is alone")
}

// TestALateReportAfterTheCrewFellApart is kept all the same.
func TestALateReportAfterTheCrewFellApart(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann")
	s.at(1.5).comes("lea", 60)
	s.comes("ann", 80)
	s.withdraws("lea")
	s.goes("lea", 70)
	require.Equal(t, aid.VisitMissed, s.first("lea").Status)
	require.NotEqual(t, aid.VisitBegun, s.first("ann").Status, "they never met")
}

// TestOneWhoLeftBeforeTheBeginningWasNotThere, though the other came early too.
func TestOneWhoLeftBeforeTheBeginningWasNotThere(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann")
	s.at(0.8).comes("ann", 48)
	s.at(1.5).comes("lea", 36)
	require.Equal(t, minute(48), s.first("ann").BegunAt)
	s.goes("lea", 42)
	require.True(t, s.first("ann").BegunAt.IsZero())
	require.Equal(t, aid.VisitPlanned, s.first("ann").Status)
	require.True(t, s.first("ann").There(), "she waits")
}

// TestTwoWhoOnlyReportLateThatTheyMissedEachOther are brought before the caseworker.
func TestTwoWhoOnlyReportLateThatTheyMissedEachOther(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann")
	s.at(2.1).comes("lea", 60)
	s.goes("lea", 80)
	s.comes("ann", 90)
	require.Contains(t, s.events(), aid.EventVisitMissed)
	for _, who := range []aid.VolunteerID{"lea", "ann"} {
		require.Equal(t, aid.VisitMissed, s.first(who).Status)
	}
}

// TestWhoeverLeavesBeforeTheVisitLeavesTheOtherAlone, though they had met.
func TestWhoeverLeavesBeforeTheVisitLeavesTheOtherAlone(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann")
	s.at(0.9).comes("lea", 36)
	s.comes("ann", 48)
	require.Equal(t, minute(48), s.first("ann").BegunAt)
	s.goes("lea", 54)
	require.Equal(t, aid.VisitPlanned, s.first("ann").Status, "she waits")
	require.Equal(t, aid.VisitPlanned, s.first("lea").Status)
	require.Contains(t, s.at(1.6).looksWithout()["lea"], aid.NoticeVisitOverdue)
	s.comes("lea", 90)
	require.Equal(t, minute(90), s.first("ann").BegunAt)
}

// TestWhoeverHasWithdrawnIsNotThere any more, though they never said that they left.
func TestWhoeverHasWithdrawnIsNotThere(t *testing.T) {
	t.Parallel()
	n := twoDeep(2, 1, 1)
	n.Window = hours(1, 4)
	s := tell(t, n)
	s.r.Vetted = map[aid.VolunteerID]aid.Vetted{"lea": known("protection"), "ann": known(), "zoe": known("protection")}
	s.ask("lea", "ann/1").accepts("lea", "ann").at(1).comes("lea", 60)
	s.comes("ann", 60)
	s.at(2).withdraws("lea")
	s.at(2.2).goes("ann", 130)
	s.ask("zoe").accepts("zoe").is(aid.RequestPaired)
	s.at(2.5).comes("zoe", 150)
	require.Equal(t, aid.VisitPlanned, s.first("zoe").Status, "she is alone")
	s.goes("lea", 110)
	require.Equal(t, [2]int{60, 110}, s.served("lea"), "she may still say when she left")
}
