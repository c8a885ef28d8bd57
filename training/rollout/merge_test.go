package rollout_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

func n(x int) *int { return &x }

// TestAMergedAreaHasThePeopleAndPlacesOfBoth in every month.
func TestAMergedAreaHasThePeopleAndPlacesOfBoth(t *testing.T) {
	t.Parallel()
	r := two()
	r.Changes = []rollout.Change{
		{Area: "south", From: may + 1, To: may + 3, Venue: n(0)},
		{Area: "north", From: may + 3, To: may + 4, Venue: n(5), Lecturers: n(0)},
	}
	r.Distances = []rollout.Distance{{From: "north", To: "south", Km: 7}, {From: "top", To: "north", Km: 9}, {From: "south", To: "top", Km: 8}}
	r.Blackouts = []rollout.Blackout{{Areas: []aid.AreaID{"north", "south"}, Months: []int{2}}, {Areas: []aid.AreaID{"south"}, Months: []int{8}}}
	r.Steps[0].Areas = []aid.AreaID{"south", "north"}
	r.Fixed = []rollout.Fixed{{
		Step: "s", Course: "c", Area: "south", Venue: "south", Lecturers: "south", Month: may,
		From: []rollout.Enrolment{{Area: "south", People: 2}, {Area: "north", People: 1}},
	}}
	require.NoError(t, r.Validate())
	before, people := *r, r.People(0)
	m, differs, err := r.Merge("south", aid.Area{ID: "north"})
	require.NoError(t, err)
	require.True(t, differs)
	require.Equal(t, before, *r, "what was in force stays as it was")
	require.NoError(t, m.Validate())
	require.Equal(t, map[aid.AreaID]int{"north": people["north"] + people["south"]}, m.People(0))
	require.Equal(t, rollout.Area{ID: "north", Tier: rollout.County, Parent: "top", Lat: 45, Lng: 126, Venue: 4, Lecturers: 2}, m.Areas[1])
	require.Equal(t, rollout.Area{ID: "south.1", Tier: rollout.Township, Parent: "north", Lat: 45, Lng: 126}, m.Areas[2])
	require.Equal(t, []rollout.Change{
		{Area: "north", From: may + 1, To: may + 2, Venue: n(2), Lecturers: n(2)},
		{Area: "north", From: may + 3, To: may + 3, Venue: n(5), Lecturers: n(1)},
		{Area: "north", From: may + 4, To: may + 4, Venue: n(7), Lecturers: n(1)},
	}, m.Changes)
	require.Equal(t, []rollout.Distance{{From: "top", To: "north", Km: 9}}, m.Distances)
	require.Equal(t, []rollout.Blackout{{Areas: []aid.AreaID{"north"}, Months: []int{2}}}, m.Blackouts)
	require.Equal(t, []aid.AreaID{"north"}, m.Steps[0].Areas)
	require.Equal(t, []rollout.Enrolment{{Area: "north", People: 3}}, m.Fixed[0].From)
	require.EqualValues(t, "north", m.Fixed[0].Venue)
}

func TestAMergeNeedsTheStepsToAgree(t *testing.T) {
	t.Parallel()
	r := two()
	r.Steps[0].Areas = []aid.AreaID{"south"}
	_, _, err := r.Merge("south", aid.Area{ID: "north"})
	require.ErrorContains(t, err, `steps[0].areas: hold only one of "south" and "north"`)
	_, _, err = two().Merge("south.1", aid.Area{ID: "north"})
	require.ErrorContains(t, err, "are not of one tier under one parent")
	_, differs, err := two().Merge("elsewhere", aid.Area{ID: "north"})
	require.NoError(t, err)
	require.False(t, differs)

	renamed, differs, err := r.Merge("south", aid.Area{ID: "new", NameEn: "New", NameZh: "新"})
	require.NoError(t, err)
	require.True(t, differs)
	require.NoError(t, renamed.Validate())
	require.Equal(t, map[aid.AreaID]int{"new": 5}, renamed.People(0), "under the name of an area that the rollout did not know")
	require.Equal(t, []aid.AreaID{"new"}, renamed.Steps[0].Areas)
}

// TestMergingRestatesWhatWasCounted: whatever is counted before and after a merge, the
// whole is the same, and the successor's line is the sum of both.
func TestMergingRestatesWhatWasCounted(t *testing.T) {
	t.Parallel()
	r := two()
	all := []rollout.Turnout{
		settled(held(1, may, rollout.Enrolment{Area: "north", People: 6}), rollout.AtPath{Path: north, People: 5}),
		settled(held(2, may, rollout.Enrolment{Area: "south", People: 2}, rollout.Enrolment{Area: "north", People: 2}),
			rollout.AtPath{Path: south, People: 2}, rollout.AtPath{Path: north, People: 1}),
		held(3, may+2, rollout.Enrolment{Area: "south", People: 3}),
	}
	persons := []rollout.Persons{{Step: "s", Path: north, Begun: 6, Finished: 6}, {Step: "s", Path: south, Begun: 2, Finished: 1}}
	before := rollout.Checkpoint{Progress: r.Count(all, persons, may+1)}

	m, _, err := r.Merge("south", aid.Area{ID: "north"})
	require.NoError(t, err)
	for i := range all {
		c := &all[i]
		month := c.Month
		c.Planned.Merge("south", "north")
		require.Equal(t, month, c.Month)
		require.EqualValues(t, "north", c.Venue)
		for _, list := range []*[]rollout.AtPath{&c.Done, &c.Seated} {
			for j := range *list {
				(*list)[j].Path = north
			}
		}
	}
	persons[1].Path = north
	after := m.Count(all, persons, may+1)
	before.Merge("south", "north")
	require.Len(t, after, 2)
	for i := range after {
		was := before.Progress[i]
		was.Forecast, was.Slippage, was.Misses = after[i].Forecast, after[i].Slippage, after[i].Misses
		require.Equal(t, was, after[i], "counted anew as restated")
	}
	left, _ := m.Left(all, may+2)
	require.NoError(t, left.Validate())
}
