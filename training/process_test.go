package training_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
)

const aDay = 24 * time.Hour

// later is a cohort of two sessions, opened now, ten and eleven days ahead, with v1
// and v2 in it and v3 waiting.
func later(t require.TestingT) *training.Cohort {
	p := plan(2, 2, 1)
	for i := range p.Sessions {
		from := now.Add(time.Duration(10+i) * aDay)
		p.Sessions[i].During = aid.Window{StartsAt: from, EndsAt: from.Add(2 * time.Hour)}
	}
	c := training.New("c1", p, rule(), "/hlj/", "t1", now)
	enrol(t, c, "v1", "v2", "v3")
	return c
}

// told says who was told what since it was asked last, in short.
func told(c *training.Cohort) []string {
	var out []string
	for _, t := range c.Tellings {
		who := []string{}
		for _, v := range t.Volunteers {
			who = append(who, string(v))
		}
		for _, a := range t.Accounts {
			who = append(who, string(a))
		}
		if t.Coordinators {
			who = append(who, "coordinators")
		}
		out = append(out, fmt.Sprintf("%s %d %s", t.Kind, t.Session, strings.Join(who, "+")))
	}
	c.Tellings = nil
	return out
}

func note(t *testing.T, c *training.Cohort, session int, at time.Time, ids ...aid.VolunteerID) {
	t.Helper()
	for _, v := range ids {
		require.NoError(t, c.Note(training.Mark{Session: session, Volunteer: v, Present: true, Means: training.ByHand, By: "t1"}, at))
	}
}

func TestWhatIsDueForACohort(t *testing.T) {
	t.Parallel()
	first, last := now.Add(10*aDay), now.Add(11*aDay+2*time.Hour)
	noted := func(c *training.Cohort) { note(t, c, 1, first, "v1", "v2") }
	judged := func(c *training.Cohort) {
		for _, v := range []aid.VolunteerID{"v1", "v2"} {
			note(t, c, 1, first, v)
			note(t, c, 2, last, v)
			require.NoError(t, c.Grade(training.Score{Volunteer: v, Points: 80, By: "t1"}, last))
		}
		require.NoError(t, c.Settle("t1", last))
		c.Tellings = nil
	}
	gone := func(c *training.Cohort) {
		for _, v := range []aid.VolunteerID{"v3", "v1", "v2"} {
			_, err := c.Withdraw(v, first)
			require.NoError(t, err)
		}
	}
	for name, want := range map[string]struct {
		at     time.Time
		before func(*training.Cohort)
		status training.Status
		told   []string
		next   time.Time
	}{
		"just opened":            {now, nil, training.Open, nil, first.Add(-7 * aDay)},
		"a week before":          {first.Add(-7 * aDay), nil, training.Open, []string{"session_reminder 1 v1+v2+t1"}, first.Add(-aDay)},
		"a day before":           {first.Add(-aDay), nil, training.Closed, []string{"session_reminder 1 v1+v2+t1"}, now.Add(10 * aDay)}, // the second session is a day later
		"the second session":     {first, nil, training.Closed, []string{"session_reminder 2 v1+v2+t1"}, first.Add(4 * time.Hour)},
		"attendance missing":     {first.Add(4 * time.Hour), nil, training.Closed, []string{"attendance_missing 1 t1", "session_reminder 2 v1+v2+t1"}, last.Add(2 * time.Hour)},
		"attendance noted":       {first.Add(4 * time.Hour), noted, training.Closed, []string{"session_reminder 2 v1+v2+t1"}, last.Add(2 * time.Hour)},
		"attendance again":       {first.Add(2*time.Hour + 48*time.Hour), nil, training.Closed, []string{"attendance_missing 1 t1", "attendance_missing 2 t1", "results_due 2 t1"}, last.Add(48 * time.Hour)},
		"results late":           {last.Add(7 * aDay), noted, training.Closed, []string{"results_due 2 t1"}, last.Add(14 * aDay)},
		"results overdue":        {last.Add(14 * aDay), noted, training.Closed, []string{"results_overdue 2 t1+coordinators"}, last.Add(44 * aDay)},
		"overdue for months":     {last.Add(80 * aDay), noted, training.Closed, []string{"results_overdue 2 t1+coordinators"}, last.Add(104 * aDay)},
		"everybody judged":       {last.Add(aDay), judged, training.Completed, nil, last.Add(2 * aDay)},
		"judged just now":        {last.Add(3 * time.Hour), judged, training.Closed, nil, last.Add(aDay)},
		"nobody came":            {last.Add(aDay), gone, training.Completed, nil, last.Add(2 * aDay)},
		"two years of an outage": {now.Add(730 * aDay), nil, training.Closed, []string{"results_overdue 2 t1+coordinators"}, last.Add(734 * aDay)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := later(t)
			if want.before != nil {
				want.before(c)
			}
			require.Equal(t, aid.AccountID("t1"), c.OpenedBy)
			told(c)
			c.Advance(want.at)
			require.Equal(t, want.status, c.Status)
			require.Equal(t, want.told, told(c))
			require.Equal(t, want.next, c.NextDue(want.at))
			c.Advance(want.at)
			require.Empty(t, told(c), "nobody is told twice")
		})
	}
}

// A cohort that is opened shortly before it begins takes people until then, and
// reminds nobody of what they have heard a moment ago.
func TestACohortThatIsOpenedLate(t *testing.T) {
	t.Parallel()
	c := cohort(1, 2, 1) // a day ahead
	told(c)
	c.Advance(now.Add(time.Hour))
	require.Equal(t, training.Open, c.Status)
	require.Equal(t, now.Add(aDay), c.NextDue(now.Add(time.Hour)))
	c.Advance(now.Add(aDay))
	require.Equal(t, training.Closed, c.Status)
	require.Empty(t, told(c))
}

func TestEnrolmentThatIsReopenedStaysOpen(t *testing.T) {
	t.Parallel()
	c, at := later(t), now.Add(9*aDay)
	c.Advance(at)
	require.Equal(t, training.Closed, c.Status)
	require.NoError(t, c.Reopen(at))
	c.Advance(at.Add(time.Hour))
	require.Equal(t, training.Open, c.Status, "whoever reopens it has the last word")
}

func TestTrainersAndPeopleAreToldOfChanges(t *testing.T) {
	t.Parallel()
	p := plan(1, 1, 2)
	p.Trainers = []aid.AccountID{"t1", "t2"}
	c := training.New("c1", p, rule(), "/hlj/", "t1", now)
	require.Equal(t, []string{"cohort_assigned 1 t2"}, told(c), "whoever opens it knows")
	enrol(t, c, "v1", "v2", "v3")
	_, err := c.Withdraw("v1", now)
	require.NoError(t, err)
	require.Equal(t, []string{"cohort_seat 1 v2"}, told(c))
	require.NoError(t, c.Cancel("flood", now.Add(13*time.Hour)))
	require.True(t, c.Tellings[0].Urgent, "it would begin in eleven hours")
	require.Equal(t, []string{"cohort_cancelled 1 v2+v3+t1+t2"}, told(c))

	c = cohort(1, 2, 0)
	enrol(t, c, "v1", "v2")
	end := c.Last().During.EndsAt
	note(t, c, 1, end, "v1")
	require.NoError(t, c.Grade(training.Score{Volunteer: "v1", Points: 60, By: "t1"}, end))
	told(c)
	require.NoError(t, c.Complete("t1", end))
	require.Equal(t, []string{"course_completed 1 v1"}, told(c))
}

func card(id training.CohortID, km float64, starts time.Time) training.Card {
	p := plan(1, 1, 0)
	p.Location.Lat += km / 111.2
	p.Sessions[0].During = aid.Window{StartsAt: starts, EndsAt: starts.Add(time.Hour)}
	return training.Card{Cohort: *training.New(id, p, rule(), "/hlj/", "t1", now)}
}

// Whoever is left without the course is told of the next cohort near them once, and
// nobody is told who is trained otherwise.
func TestWhoIsLeftWithoutTheCourseIsFollowedUp(t *testing.T) {
	t.Parallel()
	home := plan(1, 1, 0).Location
	c := cohort(1, 4, 2)
	enrol(t, c, "v1", "v2", "v3", "v4", "v5")
	_, err := c.Withdraw("v4", now) // before the end, of their own will; v5 has the seat
	require.NoError(t, err)
	enrol(t, c, "v6") // waits
	end := c.Last().During.EndsAt
	require.Empty(t, c.Left())
	require.NoError(t, c.Complete("t1", end))
	require.Equal(t, []aid.VolunteerID{"v1", "v2", "v3", "v5", "v6"}, c.Left())
	told(c)

	homes := map[aid.VolunteerID]aid.Point{"v1": home, "v2": {Lat: 47, Lng: 126.6}, "v6": home} // v3 and v5 hold it by now
	at := end.Add(time.Hour)
	c.FollowUp(training.Elsewhere{Homes: homes}, at)
	require.Equal(t, []string{"course_missed 1 v1", "course_missed 1 v2"}, told(c), "v6 never had a seat to miss")
	require.Equal(t, []aid.VolunteerID{"v1", "v2", "v6"}, c.Left())
	require.Equal(t, at.Add(aDay), c.NextDue(at))

	open := []training.Card{card("far", 41, now.Add(30*aDay)), card("near", 39, now.Add(40*aDay)), card("nearer", 1, now.Add(50*aDay))}
	c.FollowUp(training.Elsewhere{Homes: homes, Open: open}, at.Add(aDay))
	for _, t2 := range c.Tellings {
		require.Equal(t, training.CohortID("near"), t2.Cohort, "the first to begin that is near enough")
		require.Equal(t, now.Add(40*aDay), t2.Until)
	}
	require.Equal(t, []string{"cohort_next 1 v1", "cohort_next 1 v6"}, told(c))
	require.True(t, c.FollowedAt.IsZero())
	c.FollowUp(training.Elsewhere{Homes: homes, Open: open}, at.Add(2*aDay))
	require.Empty(t, told(c))

	over := end.Add(training.FollowFor)
	c.FollowUp(training.Elsewhere{Homes: homes, Open: open}, over)
	require.Equal(t, []string{"cohort_wanted 1 coordinators"}, told(c))
	require.Equal(t, over, c.FollowedAt)
	require.Zero(t, c.NextDue(over))
	c.FollowUp(training.Elsewhere{Homes: homes, Open: open}, over)
	require.Empty(t, told(c))
}

// Whatever the instants at which the process looks, every step that is of use is taken
// once, and the next look is never in the past.
func TestTheClockOfACohortNeverStandsStill(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := later(t)
		end := c.Last().During.EndsAt.Add(30 * aDay)
		seen := map[string]int{}
		late := rapid.SliceOfN(rapid.IntRange(0, 100), 1, 60).Draw(t, "late by hours")
		exact := true
		for i, at := 0, now; at.Before(end); i++ {
			c.Advance(at)
			for _, s := range c.NewSteps {
				seen[s]++
			}
			c.NewSteps = nil
			next := c.NextDue(at)
			require.True(t, next.After(at))
			hours := late[i%len(late)]
			exact = exact && hours == 0
			at = next.Add(time.Duration(hours) * time.Hour)
		}
		for s, n := range seen {
			require.Equal(t, 1, n, s)
		}
		if exact {
			require.Len(t, slices.DeleteFunc(keys(seen), func(s string) bool { return strings.HasPrefix(s, "results-overdue") }), 10)
		}
	})
}

func keys(m map[string]int) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	return out
}

// Every kind of notice about a cohort is told by a rule.
func TestEveryCohortNoticeIsTold(t *testing.T) {
	t.Parallel()
	kinds := map[aid.NoticeKind]bool{}
	hear := func(c *training.Cohort) {
		for _, told := range c.Tellings {
			kinds[told.Kind] = true
		}
	}
	c := training.New("c1", plan(1, 1, 1), rule(), "/hlj/", "co", now.Add(-30*aDay))
	enrol(t, c, "v1", "v2")
	_, err := c.Withdraw("v1", now)
	require.NoError(t, err)
	end := c.Last().During.EndsAt
	c.Advance(now)
	for _, after := range []time.Duration{2 * time.Hour, aDay, 14 * aDay} {
		c.Advance(end.Add(after))
	}
	require.NoError(t, c.Complete("t1", end.Add(15*aDay)))
	home := map[aid.VolunteerID]aid.Point{"v2": c.Location}
	c.FollowUp(training.Elsewhere{Homes: home}, end.Add(15*aDay))
	c.FollowUp(training.Elsewhere{Homes: home}, end.Add(90*aDay))
	hear(c)

	c = cohort(1, 1, 0)
	enrol(t, c, "v1")
	require.NoError(t, c.Cancel("flood", now))
	c.FollowUp(training.Elsewhere{Homes: map[aid.VolunteerID]aid.Point{"v1": c.Location}, Open: []training.Card{card("next", 0, end)}}, now)
	hear(c)

	c = cohort(1, 1, 0)
	enrol(t, c, "v1")
	note(t, c, 1, end, "v1")
	require.NoError(t, c.Grade(training.Score{Volunteer: "v1", Points: 60, By: "t1"}, end))
	require.NoError(t, c.Settle("t1", end))
	hear(c)

	c = cohort(1, 1, 0)
	require.NoError(t, c.DropOut("t1", "ill", "co", now))
	c.AskTrainer("t2", 1, now)
	c.NobodyToAsk(aid.ReasonCounts{}, now)
	later := aid.Window{StartsAt: c.First().During.StartsAt.Add(aDay), EndsAt: c.First().During.EndsAt.Add(aDay)}
	require.NoError(t, c.MoveSession(training.Move{Session: 1, During: later}, nil, now))
	hear(c)
	for _, k := range aid.CohortNotices {
		require.True(t, kinds[k], "nothing tells %s", k)
	}
}
