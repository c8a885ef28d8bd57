package verify_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/planner"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/training/verify"
)

func month(year, m int) rollout.Month { return rollout.NewMonth(year, time.Month(m)) }

// draw makes a province of some prefectures and counties with two steps.
func draw(t *rapid.T) *rollout.Rollout {
	number := func(least, most int, name string) int { return rapid.IntRange(least, most).Draw(t, name) }
	r := &rollout.Rollout{
		Costs:      rollout.Costs{LecturerKm: 2, TravellerKm: 1, EmptySeat: 30, LateMonth: 100},
		LecturerKm: number(20, 200, "lecturer km"), CohortsPerLecturer: 2, RoadPercent: 130,
		Areas:     []rollout.Area{{ID: "p", Tier: rollout.Province, Lat: 46, Lng: 126, Venue: 3, Lecturers: 2}},
		Blackouts: []rollout.Blackout{{Areas: []aid.AreaID{"p"}, Months: []int{2}}, {Areas: []aid.AreaID{"p.0"}, Months: []int{1, 3}}},
		Courses:   []rollout.Course{{ID: "a"}, {ID: "b"}, {ID: "c", After: []rollout.CourseID{"a"}}},
	}
	add := func(id aid.AreaID, tier rollout.Tier, parent aid.AreaID) {
		r.Areas = append(r.Areas, rollout.Area{
			ID: id, Tier: tier, Parent: parent,
			Lat: 46 + float64(number(0, 100, "lat"))/100, Lng: 126 + float64(number(0, 100, "lng"))/100,
			Venue: number(0, 4, "venue"), Lecturers: number(0, 2, "lecturers"),
		})
	}
	for i := range number(1, 3, "prefectures") {
		id := aid.AreaID(fmt.Sprintf("p.%d", i))
		add(id, rollout.Prefecture, "p")
		for j := range number(0, 6, "counties") {
			county := aid.AreaID(fmt.Sprintf("%s.%d", id, j))
			add(county, rollout.County, id)
			r.Audience = append(r.Audience,
				rollout.Audience{Area: county, Tier: rollout.County, Tree: rollout.Regional, Organisations: 1},
				rollout.Audience{Area: county, Tier: rollout.Community, Tree: rollout.Special, Organisations: number(0, 60, "teams")})
		}
	}
	r.Steps = []rollout.Step{
		{
			ID: "one", RunBy: rollout.Prefecture, Roles: []rollout.Role{rollout.Lead, rollout.Administrator},
			Kinds: []rollout.Kind{{Tier: rollout.County, Tree: rollout.Regional}}, Courses: []rollout.CourseID{"b"},
			Start: month(2029, 11), Target: month(2029, 11), Deadline: month(2030, 1), LeastSize: 3, MostSize: 6, TravelKm: number(0, 100, "travel"),
		},
		{
			ID: "two", RunBy: rollout.County, Roles: []rollout.Role{rollout.Lead},
			Kinds: []rollout.Kind{{Tier: rollout.Community, Tree: rollout.Special}}, Courses: []rollout.CourseID{"a", "b", "c"},
			Start: month(2030, 2), Deadline: month(2030, 7), After: []rollout.StepID{"one"}, LeastSize: 6, MostSize: 12, TravelKm: number(0, 100, "travel"),
		},
	}
	return r
}

func TestPlansOfProvincesPass(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := draw(t)
		p, err := planner.Plan(t.Context(), r)
		require.NoError(t, err)
		v, err := verify.Plan(r, p)
		require.NoError(t, err)
		require.True(t, v.Exact)
		// Where many areas hang together, the planner proves less than the check can.
		require.LessOrEqual(t, p.PriceBound, v.PriceBound)
		require.LessOrEqual(t, v.PriceBound, p.Objective)
		report := r.Report(p, v.Costs)
		require.Equal(t, p.Objective, v.Costs.Total())
		if len(report.Shortfalls) == 0 {
			require.Equal(t, report.People, report.Enrolled)
		}
	})
}

// small is a rollout whose plan can be overlooked.
func small() *rollout.Rollout {
	return &rollout.Rollout{
		Costs: rollout.Costs{LecturerKm: 2, TravellerKm: 1, EmptySeat: 30}, LecturerKm: 50, CohortsPerLecturer: 1, RoadPercent: 100,
		Areas: []rollout.Area{
			{ID: "x", Tier: rollout.County, Lat: 46, Lng: 126, Venue: 2, Lecturers: 1},
			{ID: "y", Tier: rollout.County, Lat: 46.1, Lng: 126, Venue: 1, Lecturers: 1},
			{ID: "z", Tier: rollout.County, Lat: 48, Lng: 126, Venue: 1},
		},
		Audience: []rollout.Audience{
			{Area: "x", Tier: rollout.Community, Tree: rollout.Regional, Organisations: 13},
			{Area: "y", Tier: rollout.Community, Tree: rollout.Regional, Organisations: 5},
		},
		Blackouts: []rollout.Blackout{{Areas: []aid.AreaID{"x"}, Months: []int{3}}},
		Courses:   []rollout.Course{{ID: "a"}},
		Steps: []rollout.Step{{
			ID: "s", RunBy: rollout.County, Roles: []rollout.Role{rollout.Lead}, Kinds: []rollout.Kind{{Tier: rollout.Community, Tree: rollout.Regional}},
			Courses: []rollout.CourseID{"a"}, Start: month(2030, 1), Deadline: month(2030, 3), LeastSize: 4, MostSize: 10, TravelKm: 30,
		}},
	}
}

// TestWrongPlansAreRefused changes one thing of a right plan at a time.
func TestWrongPlansAreRefused(t *testing.T) {
	t.Parallel()
	r := small()
	made := func() *rollout.Plan {
		p, err := planner.Plan(t.Context(), r)
		require.NoError(t, err)
		require.Len(t, p.Cohorts, 2, "ten of x, and three of x with five of y")
		return p
	}
	right := made()
	_, err := verify.Plan(r, right)
	require.NoError(t, err)
	whole := slices.IndexFunc(right.Cohorts, func(c rollout.Cohort) bool { return c.Whole })
	mixed := 1 - whole
	for name, change := range map[string]func(*rollout.Plan){
		"cheaper than it is":    func(p *rollout.Plan) { p.Objective-- },
		"a bound too good":      func(p *rollout.Plan) { p.PriceBound++ },
		"a bound above":         func(p *rollout.Plan) { p.Bound = p.Objective + 1 },
		"a negative price":      func(p *rollout.Plan) { p.Prices.Venues[0][0] = -1 },
		"a price for nothing":   func(p *rollout.Plan) { p.Prices.Venues[2][0] = 5 },
		"somebody forgotten":    func(p *rollout.Plan) { p.Cohorts[mixed].From[0].People-- },
		"nobody from an area":   func(p *rollout.Plan) { p.Cohorts[mixed].From[0].People = 0 },
		"a cohort forgotten":    func(p *rollout.Plan) { p.Cohorts = p.Cohorts[:1] },
		"a cohort twice":        func(p *rollout.Plan) { p.Cohorts = append(p.Cohorts, p.Cohorts[0]) },
		"before the start":      func(p *rollout.Plan) { p.Cohorts[whole].Month = month(2029, 12) },
		"after the deadline":    func(p *rollout.Plan) { p.Cohorts[whole].Month = month(2030, 4) },
		"in a blackout":         func(p *rollout.Plan) { p.Cohorts[whole].Venue, p.Cohorts[whole].Month = "x", month(2030, 3) },
		"too far for people":    func(p *rollout.Plan) { p.Cohorts[whole].Venue = "z" },
		"too far for lecturers": func(p *rollout.Plan) { p.Cohorts[whole].Venue, p.Cohorts[whole].Lecturers = "x", "z" },
		"no lecturer":           func(p *rollout.Plan) { p.Cohorts[whole].Lecturers = "" },
		"lecturer unsaid":       func(p *rollout.Plan) { p.Cohorts[whole].Lacks = rollout.NoLecturer },
		"more seats":            func(p *rollout.Plan) { p.Cohorts[whole].Seats++ },
		"not announced":         func(p *rollout.Plan) { p.Cohorts[whole].Fixed = true },
		"not whole":             func(p *rollout.Plan) { p.Cohorts[whole].Whole = false },
		"one lecturer for two": func(p *rollout.Plan) {
			for i := range p.Cohorts {
				p.Cohorts[i].Month, p.Cohorts[i].Lecturers = month(2030, 1), "x"
			}
		},
		"both in one place": func(p *rollout.Plan) {
			for i := range p.Cohorts {
				p.Cohorts[i].Month, p.Cohorts[i].Venue = month(2030, 1), "y"
			}
		},
	} {
		p := made()
		change(p)
		_, err := verify.Plan(r, p)
		require.Error(t, err, name)
	}
}

// TestThePenaltyOutweighsEverything: a plan that trains everybody is found
// though leaving somebody out would save much.
func TestThePenaltyOutweighsEverything(t *testing.T) {
	t.Parallel()
	r := small()
	r.Costs.EmptySeat = rollout.MaxCost
	r.Steps[0].TravelKm = 0
	p, err := planner.Plan(t.Context(), r)
	require.NoError(t, err)
	require.NotEmpty(t, p.Cohorts)
	for _, c := range p.Cohorts {
		require.Zero(t, c.Lacks)
	}
	require.Less(t, p.Objective, p.Penalty)
}

// TestShortfallsAreNamed: with what a plan says is missing, it stands.
func TestShortfallsAreNamed(t *testing.T) {
	t.Parallel()
	r := small()
	r.Audience[0].Organisations = 60
	r.Audience = append(r.Audience, rollout.Audience{Area: "z", Tier: rollout.Community, Tree: rollout.Regional, Organisations: 3})
	p, err := planner.Plan(t.Context(), r)
	require.NoError(t, err)
	v, err := verify.Plan(r, p)
	require.NoError(t, err)
	report := r.Report(p, v.Costs)
	reasons := map[string]bool{}
	seats, lecturers := 0, 0
	for _, s := range report.Shortfalls {
		for _, reason := range s.Reasons {
			reasons[reason] = true
		}
		seats += s.MissingSeats
		lecturers += s.MissingLecturers
	}
	require.True(t, reasons["lecturer"] && reasons["too_few"], "%v", report.Shortfalls)
	require.Equal(t, 3, seats, "three people of z are too few; there are places for all others")
	require.Equal(t, 2, lecturers, "seven cohorts, five lecturers in the open months")
	require.Equal(t, 68, report.People)

	// One more lecturer for each that is missing, in its area and month.
	for _, s := range report.Shortfalls {
		if s.MissingLecturers > 0 {
			at := slices.IndexFunc(r.Areas, func(a rollout.Area) bool { return a.ID == s.Area })
			more := r.Areas[at].Lecturers + s.MissingLecturers
			r.Changes = append(r.Changes, rollout.Change{Area: s.Area, From: s.Month, To: s.Month, Lecturers: &more})
		}
	}
	p, err = planner.Plan(t.Context(), r)
	require.NoError(t, err)
	v, err = verify.Plan(r, p)
	require.NoError(t, err)
	for _, s := range r.Report(p, v.Costs).Shortfalls {
		require.Equal(t, []string{"too_few"}, s.Reasons)
		require.Equal(t, rollout.Shortfall{Area: "z", Step: "s", Month: month(2030, 3), MissingSeats: 3, Reasons: []string{"too_few"}}, s)
	}
}
