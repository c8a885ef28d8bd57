package index

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

// TestAViewKnowsWhoIsTheSame holds the comparison of two views against one of the
// records that were put in.
func TestAViewKnowsWhoIsTheSame(t *testing.T) {
	t.Parallel()
	centre := aid.Point{Lat: 45.75, Lng: 126.64}
	rapid.Check(t, func(rt *rapid.T) {
		x, now, before := New(), map[aid.VolunteerID]Volunteer{}, map[aid.VolunteerID]Volunteer{}
		put := func(v Volunteer) {
			require.NoError(rt, x.Upsert(v))
			now[v.ID] = v
		}
		ids := rapid.IntRange(1, 150).Draw(rt, "people")
		for i := range ids {
			put(drawVolunteer(rt, centre, fmt.Sprint("v", i)))
		}
		old, err := x.View([]aid.Point{centre})
		require.NoError(rt, err)
		for id, v := range now {
			before[id] = v
		}
		for range rapid.IntRange(0, 20).Draw(rt, "changes") {
			id := fmt.Sprint("v", rapid.IntRange(0, ids+5).Draw(rt, "who"))
			if rapid.Bool().Draw(rt, "leaves") {
				x.Remove(aid.VolunteerID(id))
				delete(now, aid.VolunteerID(id))
			} else {
				put(drawVolunteer(rt, centre, id))
			}
		}
		view, err := x.View([]aid.Point{centre})
		require.NoError(rt, err)
		was, ok := view.Since(old, noon, noon)
		if !ok {
			return // a word came or went
		}
		require.Len(rt, was, view.Len())
		known := map[aid.VolunteerID]int32{}
		for v := range int32(old.Len()) {
			known[old.ID(v)] = v
		}
		for v := range int32(view.Len()) {
			id, want := view.ID(v), Nobody
			if at, there := known[id]; there && reflect.DeepEqual(before[id], now[id]) {
				want = at
			}
			if was[v] != want && want != Nobody || was[v] != Nobody && old.ID(was[v]) != id {
				rt.Fatalf("%s is taken for number %d and not for %d", id, was[v], want)
			}
			if was[v] != Nobody {
				l, slot := view.locate(v)
				m, other := old.locate(was[v])
				var a, b record
				l.record(slot, &a)
				m.record(other, &b)
				require.True(rt, reflect.DeepEqual(a, b), "%s has changed", id)
			}
		}
	})
}

func TestViewsWithOtherWordsAreNotCompared(t *testing.T) {
	t.Parallel()
	x := New()
	home := aid.Point{Lat: 45.75, Lng: 126.64}
	view := func() *View {
		v, err := x.View([]aid.Point{home})
		require.NoError(t, err)
		return v
	}
	v := Volunteer{ID: "v", Home: home, Skills: []aid.Skill{"rowing"}, Capacity: 1, MaxDistance: 1000}
	require.NoError(t, x.Upsert(v))
	old := view()
	v.Skills = []aid.Skill{"diving"} // may take the number of rowing
	require.NoError(t, x.Upsert(v))
	_, ok := view().Since(old, noon, noon)
	require.False(t, ok)
}

func TestAViewOfSomeFindsThemAsTheWholeDoes(t *testing.T) {
	t.Parallel()
	centre := aid.Point{Lat: 45.75, Lng: 126.64}
	rapid.Check(t, func(rt *rapid.T) {
		x := New()
		var people []Volunteer
		for i := range rapid.IntRange(0, 150).Draw(rt, "people") {
			people = append(people, drawVolunteer(rt, centre, fmt.Sprint("v", i)))
			require.NoError(rt, x.Upsert(people[i]))
		}
		view, err := x.View([]aid.Point{centre})
		require.NoError(rt, err)
		var some []int32
		for v := range int32(view.Len()) {
			if rapid.Bool().Draw(rt, "in") {
				some = append(some, v)
			}
		}
		search, err := view.Search(drawQuery(rt, centre, people))
		require.NoError(rt, err)
		limit := rapid.Int64Range(0, 20_000).Draw(rt, "limit")
		type found struct {
			number int32
			cost   aid.Cost
		}
		var want, got []found
		require.NoError(rt, search.Below(limit, func(v int32, c aid.Cost) {
			if slices.Contains(some, v) {
				want = append(want, found{v, c})
			}
		}))
		require.NoError(rt, search.In(view.Only(some)).Below(limit, func(v int32, c aid.Cost) { got = append(got, found{some[v], c}) }))
		require.ElementsMatch(rt, want, got)
	})
}

// TestEveryPartOfAQueryTellsItApart goes red when a query gets a part that Same
// does not look at.
func TestEveryPartOfAQueryTellsItApart(t *testing.T) {
	t.Parallel()
	whole := func() Query {
		return Query{
			Place: aid.Point{Lat: 1, Lng: 2}, Skills: []aid.Skill{"a"}, Courses: []aid.CourseID{"b"},
			Window: aid.Window{StartsAt: time.Unix(1, 0), EndsAt: time.Unix(2, 0)}, Asked: []aid.VolunteerID{"c"}, Apart: []aid.VolunteerID{"d"}, Category: "e", Within: 7,
			Risk: aid.Risk{Class: "f"}, Zone: "g", Also: []aid.Window{{StartsAt: time.Unix(3, 0), EndsAt: time.Unix(4, 0)}},
		}
	}
	one, other := whole(), whole()
	require.True(t, one.Same(&other))
	parts := reflect.TypeFor[Query]()
	for i := range parts.NumField() {
		if parts.Field(i).Name == "Now" {
			continue // when it is asked makes no other query of it
		}
		q := whole()
		reflect.ValueOf(&q).Elem().Field(i).SetZero()
		require.False(t, one.Same(&q), parts.Field(i).Name)
	}
}

func TestWhoIsBoundAtAnotherTimeHasChanged(t *testing.T) {
	t.Parallel()
	x := New()
	home, day := aid.Point{Lat: 45.75, Lng: 126.64}, time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	view := func(from time.Time) *View {
		require.NoError(t, x.Upsert(Volunteer{
			ID: "v", Home: home, Capacity: 2, MaxDistance: 1000, Bound: []aid.Window{{StartsAt: from, EndsAt: from.Add(time.Hour)}},
		}))
		v, err := x.View([]aid.Point{home})
		require.NoError(t, err)
		return v
	}
	old := view(day)
	for from, want := range map[time.Time]int32{day: 0, day.Add(time.Hour): Nobody} {
		was, ok := view(from).Since(old, noon, noon)
		require.True(t, ok)
		require.Equal(t, []int32{want}, was)
	}
}

// TestWhoRestsAtOneOfTwoTimesHasChanged, though nothing was told of them.
func TestWhoRestsAtOneOfTwoTimesHasChanged(t *testing.T) {
	t.Parallel()
	at := aid.Point{Lat: 45.75, Lng: 126.64}
	x := New()
	for id, v := range map[aid.VolunteerID]Volunteer{
		"always": {}, "resting": {RestsUntil: noon}, "night": {Quiet: aid.QuietHours{From: 22 * 60, To: 7 * 60}}, "afternoon": {Quiet: aid.QuietHours{From: 12 * 60, To: 14 * 60}},
	} {
		v.ID, v.Home, v.Capacity, v.MaxDistance, v.Availability.Zone = id, at, 1, 1000, "UTC"
		require.NoError(t, x.Upsert(v))
	}
	view, err := x.View([]aid.Point{at})
	require.NoError(t, err)
	was, ok := view.Since(view, noon.Add(-time.Hour), noon.Add(time.Hour))
	require.True(t, ok)
	changed := map[aid.VolunteerID]bool{}
	for number, before := range was {
		changed[view.ID(int32(number))] = before == Nobody
	}
	require.Equal(t, map[aid.VolunteerID]bool{"always": false, "resting": true, "night": false, "afternoon": true}, changed)
}
