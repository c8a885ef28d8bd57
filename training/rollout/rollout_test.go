package rollout_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/training/rollout"
)

func TestMonths(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		year, month := rapid.IntRange(1, 9999).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month"))
		m := rollout.NewMonth(year, month)
		require.Equal(t, month, m.Calendar())
		text, err := m.MarshalText()
		require.NoError(t, err)
		var back rollout.Month
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, m, back)
	})
	for _, bad := range []string{"", "2016", "2016-13", "2016-1", "0000-01", "2016-01-01", "soon"} {
		m := rollout.Month(7)
		require.NoError(t, m.UnmarshalText([]byte(bad)))
		require.Equal(t, rollout.BadMonth, m, bad)
	}
	require.Empty(t, rollout.Month(0).String())
	require.Equal(t, rollout.NewMonth(2017, time.January), rollout.NewMonth(2016, time.December)+1)
}

func TestABoundIsWeakenedToWhatIsChecked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ price, bound, checked, wantPrice, wantBound int64 }{
		{90, 90, 95, 90, 90},
		{90, 90, 80, 80, 80},
		{90, 100, 80, 80, 100}, // the search proved more than the prices
	} {
		p := rollout.Plan{Objective: 100, Bound: c.bound, PriceBound: c.price}
		p.Weaken(c.checked)
		require.Equal(t, c.wantPrice, p.PriceBound)
		require.Equal(t, c.wantBound, p.Bound)
	}
}

// TestReports counts a plan of two months, one of whose cohorts lacks a venue and
// one a lecturer.
func TestReports(t *testing.T) {
	t.Parallel()
	start := rollout.NewMonth(2030, time.May)
	r := &rollout.Rollout{
		Name: "R", CohortsPerLecturer: 2,
		Steps: []rollout.Step{{ID: "s", Start: start, Deadline: start + 1}},
	}
	cohort := func(month rollout.Month, lacks rollout.Lack) rollout.Cohort {
		return rollout.Cohort{Area: "home", Venue: "v", Month: month, Seats: 10, From: []rollout.Enrolment{{Area: "home", People: 8}}, Lacks: lacks}
	}
	report := r.Report(&rollout.Plan{
		Objective: 200, Bound: 150,
		Cohorts: []rollout.Cohort{
			cohort(start, 0), cohort(start, 0), cohort(start+1, 0), cohort(start+1, rollout.NoVenue|rollout.NoLecturer), cohort(start+1, rollout.NoLecturer),
			cohort(0, rollout.TooFew),
		},
	}, rollout.CostSums{EmptySeats: 6, Lateness: 1})
	require.InDelta(t, 0.25, report.Gap, 0)
	require.Equal(t, 48, report.People)
	require.Equal(t, 24, report.Enrolled)
	require.Equal(t, 3, report.Cohorts)
	require.Equal(t, 30, report.Seats)
	require.EqualValues(t, 7, report.Costs.Total())
	require.Equal(t, []rollout.StepCoverage{{Step: "s", People: 48, Months: []rollout.MonthCoverage{
		{Month: start, Cohorts: 2, Enrolled: 16, Share: 16. / 48}, {Month: start + 1, Cohorts: 1, Enrolled: 8, Share: 0.5},
	}}}, report.Coverage)
	require.Equal(t, []rollout.Shortfall{
		{Area: "home", Step: "s", Month: start + 1, MissingSeats: 8, Reasons: []string{"too_few"}},
		{Area: "v", Step: "s", Month: start + 1, MissingSeats: 8, MissingLecturers: 1, Reasons: []string{"venue", "lecturer"}},
	}, report.Shortfalls)
}
