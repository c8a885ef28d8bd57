package workflows_test

import (
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/activities/memory"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/workflows"
	"github.com/linli/linli/workflows/contract"
)

// counties is a rollout of one step and two courses, of which one comes after the
// other, for 15 people of north and 6 of south, from June to November of the year.
const counties = `name: counties
name_zh: 县
costs: {lecturer_km: 1, traveller_km: 1, empty_seat: 1, late_month: 50}
announce_weeks: 4
lecturer_km: 10
cohorts_per_lecturer: 2
road_percent: 100
areas:
  - {id: north, tier: county, lat: 45, lng: 126, venue_cohorts: 2, lecturers: 1}
  - {id: south, tier: county, lat: 47, lng: 126, venue_cohorts: 2, lecturers: 1}
audience:
  - {area: north, tier: community, tree: regional, organisations: 15}
  - {area: south, tier: community, tree: regional, organisations: 6}
courses: [{id: one}, {id: two, after: [one]}]
steps:
  - id: s
    run_by: county
    roles: [lead]
    organisations: [{tier: community, tree: regional}]
    courses: [one, two]
    start: 2026-06
    target: 2026-07
    deadline: 2026-11
    least_size: 1
    most_size: 6
    travel_km: 0
`

// campaign is one rollout with its process in the time-skipping environment, over
// the real activities, planner and check. Everybody comes unless a test says
// otherwise; results are settled when a cohort's month is over.
type campaign struct {
	*testsuite.TestWorkflowEnvironment
	t     *testing.T
	store *memory.Rollouts
	in    contract.RolloutInput
	came  func(p rollout.Planned) int // of those planned; nil is all
}

func newCampaign(t *testing.T, text string) *campaign {
	t.Helper()
	return goOn(t, &memory.Rollouts{
		Kept: rollout.Kept{ID: "p-1", Status: rollout.Planning, Version: 1, Source: rollout.Source{Text: text}, OpenedBy: "c-1"},
		Staff: training.Staff{
			Rule: training.Definition{Version: 1}, Organisation: "org", AreaPath: "/north/", Trainers: []training.Busy{{Account: "t-1"}},
		},
		Amendments: map[string]memory.Amendment{},
	}, contract.RolloutInput{Rollout: "p-1"}, noon)
}

// goOn makes the environment of one run of the process.
func goOn(t *testing.T, store *memory.Rollouts, in contract.RolloutInput, at time.Time) *campaign {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	c := &campaign{TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment(), t: t, store: store, in: in}
	c.SetStartTime(at)
	c.SetTestTimeout(30 * time.Second)
	store.Came = func(p rollout.Planned) ([]rollout.AtPath, bool) {
		if p.Month >= rollout.MonthOf(c.Now()) {
			return nil, false
		}
		done := p.Enrolled()
		if c.came != nil {
			done = c.came(p)
		}
		return []rollout.AtPath{{Path: aid.AreaPath("/" + p.Area + "/"), People: done}}, true
	}
	(&activities.Rollouts{Store: store, Cell: func(aid.Point) (aid.Cell, error) { return 7, nil }}).Register(c)
	workflows.Register(c)
	return c
}

// on does something at a day of 2026, or of a later year as further months.
func (c *campaign) on(month time.Month, day int, do func()) {
	c.RegisterDelayedCallback(do, time.Date(2026, month, day, 0, 0, 0, 0, time.UTC).Sub(c.Now()))
}

func (c *campaign) run() {
	c.t.Helper()
	c.ExecuteWorkflow(contract.WorkflowRollout, c.in)
	require.True(c.t, c.IsWorkflowCompleted())
}

// amend puts an amendment to the process.
func (c *campaign) amend(id string, base int, text string) *answer {
	c.store.Amendments[id] = memory.Amendment{Source: rollout.Source{Text: text}, Base: base}
	a := &answer{}
	c.UpdateWorkflow(contract.UpdateAmendRollout, "u-"+id, &testsuite.TestUpdateCallback{
		OnAccept: func() {}, OnReject: func(err error) { a.err = err }, OnComplete: func(_ any, err error) { a.err = err },
	}, contract.AmendRollout{Rollout: c.in.Rollout, Amendment: id})
	return a
}

// last is the last checkpoint's line of an area, or of the whole step.
func (c *campaign) last(area aid.AreaID) rollout.Progress {
	c.t.Helper()
	all := c.store.Checkpoints()
	require.NotEmpty(c.t, all)
	for _, p := range all[len(all)-1].Progress {
		if p.Area == area {
			return p
		}
	}
	require.Fail(c.t, "no such line", "%s in %+v", area, all[len(all)-1])
	return rollout.Progress{}
}

// TestARolloutRunsFromItsFirstMonthToItsLast with a leaver and an amendment, and
// ends with the coverage that its plan promised.
func TestARolloutRunsFromItsFirstMonthToItsLast(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, counties)
	left := false
	c.came = func(p rollout.Planned) int {
		if left && p.Area == "north" && p.Course == "one" && p.Month == rollout.NewMonth(2026, time.June) {
			return p.Enrolled() - 1 // who completed it is not in office any more
		}
		return p.Enrolled()
	}
	announced := map[string]rollout.Month{}
	c.on(time.May, 30, func() {
		require.Len(t, c.store.Plans(), 1)
		require.Empty(t, c.store.Plans()[0].LeftOut, "the plan promises everybody a seat")
		for _, p := range c.store.Planned() {
			if p.Announced {
				announced[p.CohortID("p-1")] = p.Month
			}
		}
		require.NotEmpty(t, announced)
	})
	c.on(time.June, 15, func() { left = true })
	var more *answer
	c.on(time.July, 10, func() {
		more = c.amend("a-1", 1, strings.Replace(counties, "organisations: 6}", "organisations: 9}", 1))
	})
	c.run()
	require.NoError(t, c.GetWorkflowError())
	require.NoError(t, more.err)
	require.Equal(t, rollout.Ended, c.store.Kept.Status)
	require.Equal(t, 2, c.store.Kept.Version)

	whole, north, south := c.last(""), c.last("north"), c.last("south")
	require.Equal(t, 2*(15+9), whole.People)
	require.Equal(t, whole.People, whole.Completed, "as promised, for those who came in by the amendment and in place of the leaver too")
	require.Zero(t, whole.LeftOut)
	require.False(t, whole.Misses)
	require.Equal(t, 30, north.Completed)
	require.Equal(t, 18, south.Completed)
	moved := map[string]rollout.Month{}
	days := map[string]bool{}
	for _, p := range c.store.Planned() {
		cohort := c.store.Cohort(p)
		require.NotNil(t, cohort, "everything planned was announced in the end")
		require.Equal(t, p.Month, rollout.MonthOf(cohort.First().During.StartsAt))
		require.GreaterOrEqual(t, p.Month.Begins().Sub(cohort.OpenedAt), 24*time.Hour, "never in the month itself")
		if p.Plan == 1 && p.Month > rollout.NewMonth(2026, time.June) {
			require.GreaterOrEqual(t, p.Month.Begins().Sub(cohort.OpenedAt), 4*7*24*time.Hour, "so many weeks ahead")
		}
		day := cohort.First().During.StartsAt.String()
		require.False(t, days[day], "one trainer has one cohort at a time")
		days[day] = true
		if _, was := announced[p.CohortID("p-1")]; was {
			moved[p.CohortID("p-1")] = p.Month
		}
	}
	require.Equal(t, announced, moved, "what is announced does not move")
	require.Len(t, c.store.Checkpoints(), 8, "each month, May to December")
}

// TestARolloutEndsWithTheShortfallsThatItForecast: too few lecturers from the
// beginning.
func TestARolloutEndsWithTheShortfallsThatItForecast(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, strings.Replace(counties, "lng: 126, venue_cohorts: 2, lecturers: 1}", "lng: 126, venue_cohorts: 2, lecturers: 0}", 1))
	var shortfalls []rollout.Shortfall
	c.on(time.May, 30, func() {
		shortfalls = c.store.Plans()[0].Report.Shortfalls
		require.True(t, c.last("north").Misses, "named from the first month on")
		require.False(t, c.last("south").Misses)
	})
	c.run()
	require.NoError(t, c.GetWorkflowError())
	require.NotEmpty(t, shortfalls)
	for _, s := range shortfalls {
		require.EqualValues(t, "north", s.Area)
		require.Contains(t, s.Reasons, "lecturer")
	}
	require.Zero(t, c.last("north").Completed)
	require.Equal(t, 30, c.last("north").LeftOut)
	require.True(t, c.last("north").Misses)
	require.Equal(t, 12, c.last("south").Completed)
}

// TestPeopleWhoMissAreInvitedAgain as long as there are months for it.
func TestPeopleWhoMissAreInvitedAgain(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, counties)
	c.came = func(p rollout.Planned) int {
		if p.Plan == 1 && p.Area == "south" && p.Course == "two" {
			return 0
		}
		return p.Enrolled()
	}
	c.run()
	require.NoError(t, c.GetWorkflowError())
	require.Equal(t, 12, c.last("south").Completed)
	require.Greater(t, len(c.store.Plans()), 1)
}

func TestAnAmendmentMustFitWhatIsAnnounced(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, counties)
	var late, unreadable, other, again *answer
	c.on(time.July, 10, func() {
		late = c.amend("a-late", 1, strings.Replace(counties, "start: 2026-06\n    target: 2026-07", "start: 2026-09", 1))
		unreadable = c.amend("a-odd", 1, "steps: 1")
	})
	c.on(time.July, 11, func() {
		c.amend("a-1", 1, counties)
		other = c.amend("a-2", 1, counties)
	})
	c.on(time.July, 12, func() { again = c.amend("a-3", 2, counties) })
	c.run()
	require.NoError(t, c.GetWorkflowError())
	require.Equal(t, aid.Invalid, late.detail(t).Kind)
	require.ErrorContains(t, late.err, "is announced")
	require.Equal(t, aid.Invalid, unreadable.detail(t).Kind)
	require.Equal(t, aid.ReasonChangedMeanwhile, other.detail(t).Reason)
	require.NoError(t, again.err)
	require.Equal(t, 3, c.store.Kept.Version)
	require.Equal(t, 42, c.last("").Completed)
}

// TestARolloutThatCannotBePlannedWaitsForAnAmendment: the window leaves no month
// for what comes after.
func TestARolloutThatCannotBePlannedWaitsForAnAmendment(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, strings.Replace(counties, "deadline: 2026-11", "deadline: 2026-06", 1))
	c.store.Kept.Source.Text = strings.Replace(c.store.Kept.Source.Text, "target: 2026-07", "target: 2026-06", 1)
	c.on(time.May, 20, func() {
		require.Equal(t, rollout.Refused, c.store.Kept.Status)
		require.Contains(t, c.store.Kept.Reason, "leaves no month for")
		c.amend("a-1", 1, counties)
	})
	c.run()
	require.NoError(t, c.GetWorkflowError())
	require.Equal(t, rollout.Ended, c.store.Kept.Status)
	require.Equal(t, 42, c.last("").Completed)
}

// TestAnAmendmentDuringPlanningIsPlannedToo: the plan of the version before is
// not kept.
func TestAnAmendmentDuringPlanningIsPlannedToo(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, counties)
	more := strings.Replace(counties, "organisations: 6}", "organisations: 9}", 1)
	c.store.Amendments["a-1"] = memory.Amendment{Source: rollout.Source{Text: more}, Base: 1}
	var once atomic.Bool
	c.store.Fault = func(call string, when memory.When) error {
		if call == "KeepPlan" && when == memory.Before && once.CompareAndSwap(false, true) {
			_, err := c.store.AmendRollout(t.Context(), "p-1", "a-1", func(*rollout.Amendment, []rollout.Turnout) error { return nil })
			require.NoError(t, err)
		}
		return nil
	}
	c.run()
	require.NoError(t, c.GetWorkflowError())
	for _, p := range c.store.Plans() {
		require.Equal(t, 2, p.Version)
	}
	require.Equal(t, 48, c.last("").Completed)
}

// TestARolloutOfYearsContinuesAsNew each year, and goes on as if it had not.
func TestARolloutOfYearsContinuesAsNew(t *testing.T) {
	t.Parallel()
	years := strings.NewReplacer("target: 2026-07", "target: 2027-05", "deadline: 2026-11", "deadline: 2027-09").Replace(counties)
	c := newCampaign(t, years)
	c.run()
	in := next[contract.RolloutInput](t, c.GetWorkflowError())
	require.Equal(t, 1, in.State)
	require.True(t, in.Planned)
	require.Equal(t, len(c.store.Plans()), in.Plans)

	again := goOn(t, c.store, in, c.Now())
	again.run()
	require.NoError(t, again.GetWorkflowError())
	require.Equal(t, 42, again.last("").Completed)
	months := map[rollout.Month]bool{}
	for _, p := range again.store.Checkpoints() {
		months[p.Month] = true
	}
	require.Len(t, months, 18, "May 2026 to October 2027, none left out")
}

func TestAStateOfTomorrowIsLeftToTomorrow(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, counties)
	c.in.State = 99
	c.ExecuteWorkflow(contract.WorkflowRollout, c.in)
	require.ErrorContains(t, c.GetWorkflowError(), "newer than this worker")
	require.Empty(t, c.store.Checkpoints())
}

func TestTheProcessOfNoRolloutEnds(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, counties)
	c.in.Rollout = "p-none"
	c.run()
	require.NoError(t, c.GetWorkflowError())
}

// TestARolloutWithoutTrainersSaysSo and announces what it can once there are some.
func TestARolloutWithoutTrainersSaysSo(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, counties)
	trainers := c.store.Staff.Trainers
	c.store.Staff.Trainers = nil
	c.on(time.June, 20, func() {
		for _, p := range c.store.Planned() {
			require.False(t, p.Announced)
		}
		require.Positive(t, c.last("").Hindered)
	})
	c.on(time.June, 30, func() { c.store.Staff.Trainers = trainers })
	c.run()
	require.NoError(t, c.GetWorkflowError())
	require.Equal(t, 42, c.last("").Completed, "what could not be announced in time was planned anew")
}
