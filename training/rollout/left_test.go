package rollout_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

// two is a rollout of one step and course over six months, for 12 people of north
// and 5 of south, in cohorts of 3 to 6.
func two() *rollout.Rollout {
	return &rollout.Rollout{
		Name: "two", LecturerKm: 50, CohortsPerLecturer: 2, RoadPercent: 100,
		Areas: []rollout.Area{
			{ID: "top", Tier: rollout.Prefecture, Lat: 45, Lng: 126},
			{ID: "north", Tier: rollout.County, Parent: "top", Lat: 45, Lng: 126, Venue: 2, Lecturers: 1},
			{ID: "south", Tier: rollout.County, Parent: "top", Lat: 45, Lng: 126, Venue: 2, Lecturers: 1},
			{ID: "south.1", Tier: rollout.Township, Parent: "south", Lat: 45, Lng: 126},
		},
		Audience: []rollout.Audience{
			{Area: "north", Tier: rollout.Community, Tree: rollout.Regional, Organisations: 12},
			{Area: "south", Tier: rollout.Community, Tree: rollout.Regional, Organisations: 2},
			{Area: "south.1", Tier: rollout.Community, Tree: rollout.Regional, Organisations: 3},
		},
		Courses: []rollout.Course{{ID: "c"}},
		Steps: []rollout.Step{{
			ID: "s", RunBy: rollout.County, Roles: []rollout.Role{rollout.Lead}, Kinds: []rollout.Kind{{Tier: rollout.Community, Tree: rollout.Regional}},
			Courses: []rollout.CourseID{"c"}, Start: may, Deadline: may + 5, LeastSize: 3, MostSize: 6,
		}},
	}
}

// held is a cohort that is announced.
func held(no int, m rollout.Month, from ...rollout.Enrolment) rollout.Turnout {
	return rollout.Turnout{Planned: rollout.Planned{
		Plan: 1, No: no, Step: "s", Course: "c", Area: from[0].Area, Venue: from[0].Area, Lecturers: from[0].Area, Month: m, Seats: 6, From: from, Announced: true,
	}}
}

func settled(t rollout.Turnout, done ...rollout.AtPath) rollout.Turnout {
	t.Settled, t.Done, t.Seated = true, done, done
	return t
}

const (
	north = aid.AreaPath("/top/north/")
	south = aid.AreaPath("/top/south/south.1/below/")
)

func TestWhatIsLeft(t *testing.T) {
	t.Parallel()
	six := []rollout.Enrolment{{Area: "north", People: 6}}
	for name, c := range map[string]struct {
		all    []rollout.Turnout
		fixed  [][]rollout.Enrolment
		out    string
		refill int
	}{
		"nothing yet":          {nil, nil, "s/c/north:12 s/c/south:5", 0},
		"announced":            {[]rollout.Turnout{held(1, may, six...)}, [][]rollout.Enrolment{six}, "s/c/north:6 s/c/south:5", 0},
		"cancelled":            {[]rollout.Turnout{{Planned: held(1, may, six...).Planned, Cancelled: true}}, nil, "s/c/north:12 s/c/south:5", 0},
		"all came":             {[]rollout.Turnout{settled(held(1, may, six...), rollout.AtPath{Path: north, People: 6})}, [][]rollout.Enrolment{six}, "s/c/north:6 s/c/south:5", 0},
		"one missed or left":   {[]rollout.Turnout{settled(held(1, may, six...), rollout.AtPath{Path: north, People: 5})}, [][]rollout.Enrolment{{{Area: "north", People: 5}}}, "s/c/north:7 s/c/south:5", 0},
		"nobody came":          {[]rollout.Turnout{settled(held(1, may, six...))}, nil, "s/c/north:12 s/c/south:5", 0},
		"somebody from abroad": {[]rollout.Turnout{settled(held(1, may, six...), rollout.AtPath{Path: "/other/", People: 2})}, [][]rollout.Enrolment{{{Area: "north", People: 2}}}, "s/c/north:10 s/c/south:5", 0},
		"of two areas": {
			[]rollout.Turnout{settled(held(1, may, rollout.Enrolment{Area: "north", People: 3}, rollout.Enrolment{Area: "south", People: 3}), rollout.AtPath{Path: south, People: 2})},
			[][]rollout.Enrolment{{{Area: "south", People: 2}}},
			"s/c/north:12 s/c/south:3", 0,
		},
		"more than were to come": {
			[]rollout.Turnout{settled(held(1, may, rollout.Enrolment{Area: "south", People: 4}), rollout.AtPath{Path: south, People: 6})},
			[][]rollout.Enrolment{{{Area: "south", People: 5}}},
			"s/c/north:12", 0,
		},
		"too few for a cohort fill free seats": {
			[]rollout.Turnout{settled(held(1, may, six...), rollout.AtPath{Path: north, People: 6}), held(2, may+1, rollout.Enrolment{Area: "north", People: 5})},
			[][]rollout.Enrolment{six, six},
			"s/c/south:5", 1,
		},
		"but not those of a month that is over": {
			[]rollout.Turnout{settled(held(1, may-1, six...), rollout.AtPath{Path: north, People: 6}), held(2, may-1, rollout.Enrolment{Area: "north", People: 5})},
			[][]rollout.Enrolment{six, {{Area: "north", People: 5}}},
			"s/c/north:1 s/c/south:5", 0,
		},
		"of a step that is gone": {[]rollout.Turnout{{Planned: rollout.Planned{Step: "old", Course: "c", Area: "north", From: six, Announced: true}}}, nil, "s/c/north:12 s/c/south:5", 0},
	} {
		r := two()
		left, refilled := r.Left(c.all, may)
		require.Equal(t, may, left.NotBefore, name)
		var fixed [][]rollout.Enrolment
		for i := range left.Fixed {
			fixed = append(fixed, left.Fixed[i].From)
		}
		require.Equal(t, c.fixed, fixed, name)
		require.Equal(t, c.out, r.LeftOut(left, nil), name)
		require.Len(t, refilled, c.refill, name)
		require.Empty(t, r.Fixed, "the rollout itself stays as it is")
	}
	r := two()
	left, _ := r.Left(nil, may)
	require.Empty(t, r.LeftOut(left, []rollout.Planned{
		{Step: "s", Course: "c", From: []rollout.Enrolment{{Area: "north", People: 12}, {Area: "south", People: 5}}},
	}), "everybody has a seat")
}

func TestCounts(t *testing.T) {
	t.Parallel()
	r := two()
	all := []rollout.Turnout{
		settled(held(1, may, rollout.Enrolment{Area: "north", People: 6}), rollout.AtPath{Path: north, People: 5}),
		held(2, may+1, rollout.Enrolment{Area: "south", People: 5}),
		{Planned: rollout.Planned{Step: "s", Course: "c", Area: "north", Month: may + 3, From: []rollout.Enrolment{{Area: "north", People: 6}}}},
		{Planned: rollout.Planned{Step: "s", Course: "c", Area: "north", Month: may + 1, Hindrance: rollout.NoTrainer, From: []rollout.Enrolment{{Area: "north", People: 6}}}},
	}
	all[0].Attended, all[0].Lapsed = []rollout.AtPath{{Path: north, People: 4}}, []rollout.AtPath{{Path: north, People: 2}}
	got := r.Count(all, []rollout.Persons{{Step: "s", Path: north, Begun: 5, Finished: 5}, {Step: "gone", Path: north, Begun: 1}}, may+1)
	require.Equal(t, []rollout.Progress{
		{
			Step: "s", People: 17, Due: 6, Announced: 11, Enrolled: 5, Attended: 4, Completed: 5, Lapsed: 2, Persons: 5, Finished: 5, LeftOut: 1, Hindered: 1, Behind: 1,
			Forecast: rollout.Forecast{Finish: may + 4, Earliest: may + 4, Latest: may + 4},
		},
		{
			Step: "s", Area: "north", People: 12, Due: 6, Announced: 6, Enrolled: 5, Attended: 4, Completed: 5, Lapsed: 2, Persons: 5, Finished: 5, LeftOut: 1, Hindered: 1, Behind: 1,
			Forecast: rollout.Forecast{Finish: may + 5, Earliest: may + 5, Latest: may + 5},
		},
		{
			Step: "s", Area: "south", People: 5, Announced: 5,
			Forecast: rollout.Forecast{Finish: may + 2, Earliest: may + 2, Latest: may + 2},
		},
	}, got)
	got = r.Count(all, nil, may+5)
	require.True(t, got[0].Misses && got[1].Misses, "six are left in the last month, and no cohort is left for them: %+v", got)
}

func TestACheckpointIsWrittenAsATable(t *testing.T) {
	t.Parallel()
	r := two()
	r.Steps[0].NameZh, r.Areas[0].NameZh = "第一步", "北"
	r.Steps[0].Deadline = may + 6
	table := r.Table(rollout.Checkpoint{Month: may, Progress: []rollout.Progress{
		{Step: "s", People: 12, Completed: 3, Finished: 3, Forecast: rollout.Forecast{Finish: may + 8}, Slippage: 2, Misses: true},
		{Step: "s", Area: r.Areas[0].ID, People: 0},
		{Step: "gone"},
	}})
	require.Len(t, table, 3)
	cell := func(row int, column string) string { return table[row][slices.Index(table[0], column)] }
	for _, row := range table {
		require.Len(t, row, len(table[0]))
	}
	require.Equal(t, "第一步", cell(1, "step_name_zh"))
	require.Empty(t, cell(1, "area"))
	require.Equal(t, "12", cell(1, "people"))
	require.Equal(t, "25.0", cell(1, "coverage_percent"))
	require.Equal(t, (may + 8).String(), cell(1, "finish"))
	require.Empty(t, cell(1, "latest"))
	require.Equal(t, "2", cell(1, "slippage_months"))
	require.Equal(t, "true", cell(1, "misses"))
	require.Equal(t, "北", cell(2, "area_name_zh"))
	require.Empty(t, cell(2, "coverage_percent"), "of nobody")
}
