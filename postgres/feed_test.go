package postgres_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
)

// follow reads the feed from a mark, or all of it, into what is known so far.
func (w *world) follow(known map[aid.VolunteerID]aid.Candidate, since postgres.Mark) postgres.Mark {
	w.t.Helper()
	take := func(c aid.Candidate) error {
		known[c.ID] = c
		return nil
	}
	read := func() (postgres.Mark, error) { return w.CandidatesSince(w.t.Context(), since, take) }
	if since == 0 {
		read = func() (postgres.Mark, error) { return w.Candidates(w.t.Context(), take) }
	}
	mark, err := read()
	require.NoError(w.t, err)
	require.NotZero(w.t, mark)
	return mark
}

func TestCandidatesHoldWhatMatchingAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := aid.Volunteer{
		ID: "v", Name: "张", Phone: "123", Area: harbin.ID, AreaPath: harbin.Path, Home: home, Cell: 7, Skills: []aid.Skill{"driving", "first_aid"},
		Courses:  []aid.CourseHeld{{Course: "basics"}, {Course: "care", Until: aid.Date{Year: 2031, Month: 5, Day: 31}}},
		Capacity: 3, MaxDistance: 5000, Active: true,
	}
	require.NoError(t, w.AddVolunteer(t.Context(), v))
	w.volunteer("plain", 1)
	n, m := w.need(1, 3), w.need(1, 5)
	w.request("r1", n)
	w.request("r2", m)
	w.ask("r1", 1, "v")
	w.ask("r2", 1, "v")
	v.Availability = aid.Availability{
		Zone: "Asia/Shanghai", Weekly: []aid.WeeklyHours{{Day: time.Monday, From: 540, To: 720}},
		Away: []aid.DateRange{{From: aid.Date{Year: 2030, Month: 1, Day: 1}, To: aid.Date{Year: 2030, Month: 1, Day: 3}}},
		From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	require.NoError(t, w.UpdateVolunteer(t.Context(), v))
	stored, err := w.Volunteer(t.Context(), "v")
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(v, stored, asWritten))
	v.Name, v.Phone = "", ""
	want := aid.Candidate{Volunteer: v, Bound: []aid.Window{n.Window, m.Window}}
	want.Budget = aid.Budget{Pending: 2, Recent: []time.Time{w.read("r2").Offers[0].MadeAt, w.read("r1").Offers[0].MadeAt}}
	for name, read := range map[string]func(func(aid.Candidate) error) (postgres.Mark, error){
		"all":     func(f func(aid.Candidate) error) (postgres.Mark, error) { return w.Candidates(t.Context(), f) },
		"changes": func(f func(aid.Candidate) error) (postgres.Mark, error) { return w.CandidatesSince(t.Context(), 1, f) },
	} {
		t.Run(name, func(t *testing.T) {
			got := map[aid.VolunteerID]aid.Candidate{}
			_, err := read(func(c aid.Candidate) error { got[c.ID] = c; return nil })
			require.NoError(t, err)
			require.Len(t, got, 2)
			c := got["v"]
			slices.SortFunc(c.Bound, func(a, b aid.Window) int { return a.StartsAt.Compare(b.StartsAt) })
			require.Empty(t, cmp.Diff(want, c, asWritten))
			require.Empty(t, got["plain"].Bound)
		})
	}
}

func TestTheFeedYieldsEveryKindOfChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.volunteer("v", 2)
	w.volunteer("other", 2)
	w.request("r1", w.need(1, 3))
	mark := w.follow(map[aid.VolunteerID]aid.Candidate{}, 0)
	for _, step := range []struct {
		what   string
		change func() error
		check  func(aid.Candidate) bool
	}{
		{"offer", func() error { w.ask("r1", 1, "v"); return nil }, func(c aid.Candidate) bool { return len(c.Bound) == 1 }},
		{"decline", func() error {
			_, err := w.Change(t.Context(), "r1", func(r *aid.HelpRequest, now time.Time) error {
				return r.Decline(offerID("r1", "v"), "v", aid.Refusal{Reason: "busy"}, "", now)
			})
			return err
		}, func(c aid.Candidate) bool { return len(c.Bound) == 0 }},
		{"course held", func() error {
			v.Courses = []aid.CourseHeld{{Course: "care", Until: aid.Date{Year: 2030, Month: 1, Day: 1}}}
			return w.UpdateVolunteer(t.Context(), v)
		}, func(c aid.Candidate) bool { return len(c.Courses) == 1 }},
		{
			"course prolonged beside the store", func() error { return w.sql("UPDATE volunteer_courses SET holds_until = NULL") },
			func(c aid.Candidate) bool { return c.Courses[0].Until.IsZero() },
		},
		{
			"course lost beside the store", func() error { return w.sql("DELETE FROM volunteer_courses") },
			func(c aid.Candidate) bool { return len(c.Courses) == 0 },
		},
		{
			"moved", func() error { v.Home.Lat++; v.Courses = nil; return w.UpdateVolunteer(t.Context(), v) },
			func(c aid.Candidate) bool { return c.Home == v.Home },
		},
		{
			"inactive", func() error { v.Active = false; return w.UpdateVolunteer(t.Context(), v) },
			func(c aid.Candidate) bool { return !c.Active },
		},
	} {
		require.NoError(t, step.change(), step.what)
		got := map[aid.VolunteerID]aid.Candidate{}
		mark = w.follow(got, mark)
		require.Contains(t, got, aid.VolunteerID("v"), step.what)
		require.True(t, step.check(got["v"]), step.what)
	}
}

// A transaction that began first and commits last is where feeds lose changes.
func TestTheFeedMissesNoChangeOfALongTransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(3)
	known := map[aid.VolunteerID]aid.Candidate{}
	mark := w.follow(known, 0)

	long, err := w.connect().Begin(t.Context())
	require.NoError(t, err)
	_, err = long.Exec(t.Context(), "UPDATE volunteers SET capacity = 9 WHERE id = 'v000'")
	require.NoError(t, err)
	for i := range 3 {
		require.NoError(t, w.sql("UPDATE volunteers SET capacity = $1 WHERE id = 'v001'", 10+i))
		mark = w.follow(known, mark)
		require.Equal(t, 10+i, known["v001"].Capacity, "a long transaction does not hold up the feed")
		require.Equal(t, 1, known["v000"].Capacity)
	}
	_, err = long.Exec(t.Context(), "UPDATE volunteers SET capacity = 9 WHERE id = 'v002'")
	require.NoError(t, err)
	require.NoError(t, long.Commit(t.Context()))
	mark = w.follow(known, mark)
	require.Equal(t, 9, known["v000"].Capacity)
	require.Equal(t, 9, known["v002"].Capacity)

	eventually(t, "what was read is not read again", func() bool { // other tests' transactions may be open
		again := map[aid.VolunteerID]aid.Candidate{}
		mark = w.follow(again, mark)
		return len(again) == 0
	})
}

func TestTheFeedStopsWithItsReader(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(3)
	enough, n := errors.New("enough"), 0
	_, err := w.Candidates(t.Context(), func(aid.Candidate) error { n++; return enough })
	require.ErrorIs(t, err, enough)
	require.Equal(t, 1, n)
}

func TestAStampIsKnownWhereItsHistoryIs(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	here, elsewhere := newWorld(t), newWorld(t)
	stamp, err := here.StampHistory(ctx)
	require.NoError(t, err)
	require.Regexp(t, `^[0-9a-f-]+$`, stamp, "fit for the name of a file")
	knows := func(w *world, stamp string) bool {
		has, err := w.HasStamp(ctx, stamp)
		require.NoError(t, err)
		return has
	}
	require.True(t, knows(here, stamp))
	require.False(t, knows(here, "1-2-3"))
	require.False(t, knows(elsewhere, stamp))

	require.NoError(t, elsewhere.sql("INSERT INTO index_stamps (stamp) VALUES ('"+stamp+"')"))
	require.False(t, knows(elsewhere, stamp), "read from a dump of the other database")

	require.NoError(t, here.sql("UPDATE index_stamps SET stamped_at = now() - interval '31 days'"))
	require.False(t, knows(here, stamp), "too long ago")
	next, err := here.StampHistory(ctx)
	require.NoError(t, err)
	require.True(t, knows(here, next))
	require.NoError(t, here.sql("UPDATE index_stamps SET stamped_at = now()"))
	require.False(t, knows(here, stamp), "and forgotten by the next")

	require.NoError(t, here.sql("DELETE FROM index_stamps"))
	require.False(t, knows(here, next), "put back to a state before the stamp")
}
