package matching

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/files"
	"github.com/linli/linli/matching/grid"
)

// oneMore is the volunteer whom scarcity speaks of.
func oneMore(t require.TestingT, r files.Request) (files.Volunteer, aid.Cell) {
	cell, err := grid.CellOf(r.Place, grid.Vicinity)
	require.NoError(t, err)
	home, err := grid.Centre(cell)
	require.NoError(t, err)
	return files.Volunteer{
		ID: "one more", Home: home, Skills: r.Skills, Courses: []aid.CourseHeld{{Course: "basics"}},
		Capacity: 1, MaxDistance: UsualReach,
	}, cell
}

// TestScarcityIsWhatOneMoreVolunteerSaves tries every plan with and without.
func TestScarcityIsWhatOneMoreVolunteerSaves(t *testing.T) {
	t.Parallel()
	for name, minima := range map[string]bool{"no minima": false, "minima": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(rt *rapid.T) {
				w := drawWorld(rt, minima)
				l := settle(t, rt, w)
				got, sameFates := peopleOf(l.Plan()), sameFates(w, l.Plan())
				least := bruteForceWhere(w, sameFates)
				var want []aid.Scarcity
				for _, r := range w.requests {
					if r.MinPeople > 1 && got[r.ID] == 0 {
						continue
					}
					more, cell := oneMore(rt, r)
					open := r.People - got[r.ID]
					if i := slices.IndexFunc(want, func(s aid.Scarcity) bool { return s.Cell == cell && slices.Equal(s.Skills, r.Skills) }); i >= 0 {
						want[i].OpenSeats += open
						continue
					}
					with := w
					with.volunteers = append(slices.Clone(w.volunteers), more)
					want = append(want, aid.Scarcity{
						Area: "hlj", Cell: cell, Skills: r.Skills, OpenSeats: open, Saving: least - bruteForceWhere(with, sameFates),
					})
				}
				want = slices.DeleteFunc(want, func(s aid.Scarcity) bool { return s.Saving == 0 })
				all, err := l.Scarcity(t.Context(), 100, func(aid.RequestID) aid.AreaID { return "hlj" })
				require.NoError(rt, err)
				require.ElementsMatch(rt, want, all)
				require.True(rt, slices.IsSortedFunc(all, func(a, b aid.Scarcity) int { return int(b.Saving - a.Saving) }))
				if len(all) > 0 {
					few, err := l.Scarcity(t.Context(), 1, func(aid.RequestID) aid.AreaID { return "hlj" })
					require.NoError(rt, err)
					require.LessOrEqual(rt, len(few), 1)
				}
			})
		})
	}
}

func TestScarcityTellsAreasAndSkillsApart(t *testing.T) {
	t.Parallel()
	requests := []*aid.HelpRequest{
		openRequest(t, "a", aid.Urgent, 1, role("nurse", 2, "nursing", "driving")),
		openRequest(t, "b", aid.Routine, 1, role("nurse", 1, "driving", "nursing")),
		openRequest(t, "c", aid.Routine, 1, role("any", 1)),
		openRequest(t, "crew", aid.Urgent, 9, role("any", 9, "cooking")),
	}
	l, err := Settle(t.Context(), FromRequests(requests, aid.DefaultSearchPolicy(), people(t, 0), morning), nil)
	require.NoError(t, err)
	found, err := l.Scarcity(t.Context(), 100, func(r aid.RequestID) aid.AreaID { return aid.AreaID("area-" + r) })
	require.NoError(t, err)
	cell, err := grid.CellOf(here, grid.Vicinity)
	require.NoError(t, err)
	require.Len(t, found, 3, "one more cook does not bring the crew about")
	nurse := []aid.Skill{"driving", "nursing"}
	for i, want := range []aid.Scarcity{
		{Area: "area-a", Cell: cell, Skills: nurse, OpenSeats: 2, Saving: found[0].Saving},
		{Area: "area-b", Cell: cell, Skills: nurse, OpenSeats: 1, Saving: found[0].Saving},
		{Area: "area-c", Cell: cell, OpenSeats: 1, Saving: found[2].Saving},
	} {
		require.Equal(t, want, found[i])
	}
	require.Greater(t, found[0].Saving, int64(39_000_000), "whoever comes to b would be sent to a")
	require.Less(t, found[2].Saving, int64(10_000_000))
}

func TestScarcityLooksAtTheDearestWithinReach(t *testing.T) {
	t.Parallel()
	near, far := openRequest(t, "near", aid.Routine, 1, role("any", 1)), openRequest(t, "far", aid.Urgent, 1, role("any", 1))
	cell, err := grid.CellOf(here, grid.Vicinity)
	require.NoError(t, err)
	centre, err := grid.Centre(cell)
	require.NoError(t, err)
	for km, reached := range map[float64]bool{9.99: true, 10.01: false} {
		far.Location = aid.Point{Lat: centre.Lat + km*1000/aid.EarthRadius*180/math.Pi, Lng: centre.Lng}
		l, err := Settle(t.Context(), FromRequests([]*aid.HelpRequest{near, far}, aid.DefaultSearchPolicy(), people(t, 0), morning), nil)
		require.NoError(t, err)
		areaOf := func(r aid.RequestID) aid.AreaID {
			return aid.AreaID(map[aid.RequestID]string{"near": "a", "far": "b"}[r])
		}
		all, err := l.Scarcity(t.Context(), 2, areaOf)
		require.NoError(t, err)
		require.Len(t, all, 2)
		i := slices.IndexFunc(all, func(s aid.Scarcity) bool { return s.Area == "a" })
		require.Equal(t, reached, all[i].Saving > 10_000_000, "whoever lives %v km off takes the urgent seat", km)

		dearest, err := l.Scarcity(t.Context(), 1, areaOf)
		require.NoError(t, err)
		require.Len(t, dearest, 1)
		require.Equal(t, aid.AreaID("b"), dearest[0].Area, "the urgent seat has the higher price")
	}
}
