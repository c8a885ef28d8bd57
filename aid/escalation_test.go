package aid_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// staged is the policy with an hour for each reach of a routine search.
func staged() aid.SearchPolicy {
	p := policy
	p.Near, p.Stay = 3000, map[aid.Urgency]time.Duration{aid.Routine: time.Hour}
	return p
}

// wishing is a need of some people whose window is far away, with a wish.
func wishing(minimum int, people int) aid.Need {
	n := crew(minimum, aid.Routine, people)
	n.Window = hours(100, 102)
	n.Roles[0].Skills, n.Roles[0].Wishes = []aid.Skill{"first_aid"}, []aid.Skill{"russian"}
	return n
}

func TestASearchReachesFartherHourByHour(t *testing.T) {
	t.Parallel()
	s := tell(t, wishing(1, 1))
	p := staged()
	steps := []struct {
		within float64
		skills []aid.Skill
		event  aid.Event
	}{
		{3000, []aid.Skill{"first_aid", "russian"}, aid.Event{}},
		{0, []aid.Skill{"first_aid", "russian"}, aid.Event{Kind: aid.EventSearchWidened, Reason: "wide"}},
		{0, []aid.Skill{"first_aid"}, aid.Event{Kind: aid.EventSearchWidened, Reason: "relaxed"}},
		{0, []aid.Skill{"first_aid"}, aid.Event{Kind: aid.EventHelpWanted, Reason: "help"}},
	}
	for i, want := range steps {
		s.at(float64(i))
		if i > 0 {
			s.r.Widen(p, s.now.Add(-1))
			require.Empty(t, s.r.TakeEvents(), "a moment early")
			require.Equal(t, s.now, s.r.WidensAt(p))
			s.r.Widen(p, s.now)
			s.r.Widen(p, s.now)
			want.event.Request, want.event.At = s.r.ID, s.now
			require.Equal(t, []aid.Event{want.event}, s.r.TakeEvents())
		}
		require.Equal(t, aid.Reach(i), s.r.Reach)
		require.InDelta(t, want.within, s.r.Within(p), 0)
		require.Equal(t, want.skills, s.r.SkillsSought(0, p))
	}
	require.Zero(t, s.r.WidensAt(p), "there is nothing beyond")
	require.Equal(t, aid.RequestOpen, s.r.Status)
}

func TestWhatIsUrgentAsksPeopleHoweverFar(t *testing.T) {
	t.Parallel()
	n := wishing(1, 1)
	n.Urgency = aid.Urgent
	p := aid.DefaultSearchPolicy()
	s := tell(t, n)
	require.Zero(t, s.r.Within(p))
	s.r.Widen(p, s.r.WidensAt(p))
	require.Equal(t, aid.ReachRelaxed, s.r.Reach)
}

// TestEveryReachFitsBeforeTheWindow: however near it is.
func TestEveryReachFitsBeforeTheWindow(t *testing.T) {
	t.Parallel()
	p := staged()
	n := wishing(1, 1)
	n.Window = hours(1, 2)
	s := tell(t, n)
	for s.r.Reach < aid.ReachHelp {
		s.now = s.r.WidensAt(p)
		s.r.Widen(p, s.now)
	}
	require.True(t, s.now.Before(n.Window.StartsAt))
}

// TestWhatHasBegunDoesNotWaitForThoseNearby, but gives people time to answer and
// coordinators to find somebody: a quarter of what is left each.
func TestWhatHasBegunDoesNotWaitForThoseNearby(t *testing.T) {
	t.Parallel()
	p := staged()
	n := wishing(1, 1)
	n.Window = hours(-1, 2)
	s := tell(t, n)
	require.Equal(t, noon, s.r.WidensAt(p))
	s.r.Widen(p, noon)
	require.Equal(t, aid.ReachWide, s.r.Reach)
	require.Equal(t, noon.Add(30*time.Minute), s.r.WidensAt(p))

	n.Urgency, n.Window = aid.Urgent, hours(0, 1)
	p.Stay[aid.Urgent] = time.Hour
	s = tell(t, n)
	require.Equal(t, noon.Add(15*time.Minute), s.r.WidensAt(p), "nobody is near: everybody is asked")
	for s.r.NobodyLeft(s.r.Reach, aid.ReasonCounts{}, p, s.now) {
	}
	require.Equal(t, aid.ReachHelp, s.r.Reach)
	s.is(aid.RequestOpen)
	s.at(0.3)
	s.r.NobodyLeft(s.r.Reach, aid.ReasonCounts{}, p, s.now)
	s.is(aid.RequestUnfilled)
}

// TestThoseNearbyWhoAreBusyAreNotWaitedFor where others would come from farther.
func TestThoseNearbyWhoAreBusyAreNotWaitedFor(t *testing.T) {
	t.Parallel()
	p := staged()
	s := tell(t, wishing(1, 1)).ask("a")
	require.False(t, s.r.NobodyNow(aid.ReachNear, p, s.now), "a has not answered")
	s.declines("a")
	require.True(t, s.r.NobodyNow(aid.ReachNear, p, s.now))
	require.Equal(t, aid.ReachWide, s.r.Reach)
	require.False(t, s.r.NobodyNow(aid.ReachNear, p, s.now), "that was found out for those nearby")
	require.False(t, s.r.NobodyNow(aid.ReachWide, p, s.now), "wishes have their time")
	again := tell(t, wishing(1, 1))
	require.False(t, again.r.NobodyNow(aid.ReachWide, p, again.now), "an old plan says nothing of a search that began anew")
	require.False(t, s.r.NobodyLeft(aid.ReachNear, aid.ReasonCounts{}, p, s.now), "an old plan says nothing of those farther away")
	require.Equal(t, aid.ReachWide, s.r.Reach)
}

// TestAWiderReachAsksBesideWhoeverIsSilent: one more for each seat in each stage.
func TestAWiderReachAsksBesideWhoeverIsSilent(t *testing.T) {
	t.Parallel()
	p := staged()
	p.Stay[aid.Routine] = 30 * time.Minute // shorter than the time to answer
	s := tell(t, wishing(1, 2)).ask("a", "b")
	require.Empty(t, s.r.Vacancies(1), "a and b are asked")
	s.now = s.r.WidensAt(p)
	s.r.Widen(p, s.now)
	require.Equal(t, []aid.Vacancy{{Role: 0, Seats: 2}}, s.r.Vacancies(1))
	s.ask("c")
	require.Equal(t, []aid.Vacancy{{Role: 0, Seats: 1}}, s.r.Vacancies(1))
	s.ask("d")
	require.Empty(t, s.r.Vacancies(1))
	s.accepts("a")
	require.Empty(t, s.r.Vacancies(1), "c and d are asked for the other")
}

func TestWhereNobodyIsLeftTheSearchReachesFartherAtOnce(t *testing.T) {
	t.Parallel()
	p := staged()
	unmet := aid.ReasonCounts{TooFar: 3}
	s := tell(t, wishing(1, 1)).ask("a")
	require.False(t, s.r.NobodyLeft(s.r.Reach, unmet, p, s.now), "a has not answered")
	s.declines("a")
	for _, want := range []aid.Reach{aid.ReachWide, aid.ReachRelaxed, aid.ReachHelp} {
		require.True(t, s.r.NobodyLeft(s.r.Reach, unmet, p, s.now))
		require.Equal(t, want, s.r.Reach)
		require.Equal(t, unmet, s.r.Unmet, "the coordinators read why")
	}
	require.False(t, s.r.NobodyLeft(s.r.Reach, unmet, p, s.now.Add(time.Hour-1)))
	s.is(aid.RequestOpen)
	require.False(t, s.r.NobodyLeft(s.r.Reach, unmet, p, s.now.Add(time.Hour)))
	s.is(aid.RequestUnfilled)
}

// TestWhatChangesNothingIsNoStage: without a wish or a ring there is none for it,
// and nobody is called for what is wished beyond the quorum.
func TestWhatChangesNothingIsNoStage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(n *aid.Need, p *aid.SearchPolicy)
		want   []aid.Reach
	}{
		"no wishes":     {func(n *aid.Need, _ *aid.SearchPolicy) { n.Roles[0].Wishes = nil }, []aid.Reach{aid.ReachWide, aid.ReachHelp}},
		"no ring":       {func(_ *aid.Need, p *aid.SearchPolicy) { p.Near = 0 }, []aid.Reach{aid.ReachRelaxed, aid.ReachHelp}},
		"no stages":     {func(_ *aid.Need, p *aid.SearchPolicy) { p.Stay = nil }, nil},
		"quorum stands": {func(n *aid.Need, _ *aid.SearchPolicy) { n.Roles[0].People = 2 }, []aid.Reach{aid.ReachWide, aid.ReachRelaxed}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, p := wishing(1, 1), staged()
			c.change(&n, &p)
			s := tell(t, n)
			if n.People() > 1 {
				s.ask("a").accepts("a")
			}
			var got []aid.Reach
			for at := s.r.WidensAt(p); !at.IsZero(); at = s.r.WidensAt(p) {
				s.r.Widen(p, at)
				got = append(got, s.r.Reach)
			}
			require.Equal(t, c.want, got)
			s.r.NobodyLeft(s.r.Reach, aid.ReasonCounts{}, aid.SearchPolicy{}, s.r.ReachedAt)
			require.True(t, s.r.SearchOver)
		})
	}
}

// TestWhoLeavesIsReplacedFromNearby also where everybody was asked before.
func TestWhoLeavesIsReplacedFromNearby(t *testing.T) {
	t.Parallel()
	p := staged()
	s := tell(t, wishing(1, 2)).ask("a").accepts("a")
	s.now = s.r.WidensAt(p)
	s.r.Widen(p, s.now)
	s.ask("b").accepts("b")
	require.Zero(t, s.r.WidensAt(p), "nobody is sought")
	require.Equal(t, aid.ReachWide, s.r.Reach)
	s.at(5).withdraws("a")
	require.Equal(t, aid.ReachNear, s.r.Reach)
	require.Equal(t, s.now.Add(time.Hour), s.r.WidensAt(p))
	s.r.Widen(p, s.r.WidensAt(p))
	s.withdraws("b")
	require.Equal(t, aid.ReachWide, s.r.Reach, "the search for the first goes on")
}
