package workflows_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/linli/linli/activities/memory"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/training/rolloutfile"
	"github.com/linli/linli/workflows/contract"
)

// oneIn is of how many organisations the test has one: every area of the province, but
// a plan of all their people would take ten seconds, of which there are two dozen.
const oneIn = 40

// province is the five-year rollout of the shipped file from its first day to its last,
// with all of its areas and steps. Cohorts of one person are allowed, since people are so
// few here. The north has no venue: what the plan cannot promise.
type province struct {
	t      *testing.T
	store  *memory.Rollouts
	in     contract.RolloutInput
	env    *campaign // of the run under way
	script []*act
	left   map[string]int // who left, by cohort
	failed func(p rollout.Planned) bool
}

// act is something that happens once, at its time.
type act struct {
	at   time.Time
	do   func()
	done bool
}

func newProvince(t *testing.T) *province {
	t.Helper()
	p := &province{t: t, in: contract.RolloutInput{Rollout: "p-1"}, left: map[string]int{}, failed: func(rollout.Planned) bool { return false }}
	dir := filepath.Join("..", "training", "rollouts")
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		return string(text)
	}
	source := rollout.Source{Text: read("heilongjiang.yaml"), Beside: map[string]string{
		"heilongjiang-areas.csv": read("heilongjiang-areas.csv"), "heilongjiang-audience.csv": read("heilongjiang-audience.csv"),
	}}
	source.Text = strings.ReplaceAll(source.Text, "least_size: 20", "least_size: 1")
	p.store = &memory.Rollouts{
		Kept:       rollout.Kept{ID: "p-1", Status: rollout.Planning, Version: 1, OpenedBy: "c-1"},
		Staff:      training.Staff{Rule: training.Definition{Version: 1}, Organisation: "org", AreaPath: "/hlj/", Trainers: []training.Busy{{Account: "t-1"}}},
		Amendments: map[string]memory.Amendment{},
	}
	p.store.Kept.Source = p.edited(source, func(r *rollout.Rollout) {
		for i := range r.Audience {
			r.Audience[i].Organisations = (r.Audience[i].Organisations + oneIn - 1) / oneIn
		}
		for i := range r.Areas {
			if north(r.Areas[i].ID) {
				r.Areas[i].Venue = 0
			}
		}
	})
	return p
}

// north tells whether an area is a county of the farthest north, from which no other
// venue is in reach.
func north(id aid.AreaID) bool { return strings.HasPrefix(string(id), "daxinganling.") }

// edited is a rollout's file with something else in its lists.
func (p *province) edited(source rollout.Source, edit func(r *rollout.Rollout)) rollout.Source {
	p.t.Helper()
	f, err := rolloutfile.Parse(source)
	require.NoError(p.t, err)
	r := f.Rollout
	r.Areas, r.Audience = slices.Clone(r.Areas), slices.Clone(r.Audience)
	edit(&r)
	out, err := f.Restate(source, &r)
	require.NoError(p.t, err)
	return out
}

// came says what came of a cohort whose month is over.
func (p *province) came(c rollout.Planned) (done []rollout.AtPath, settled bool) {
	if c.Month >= rollout.MonthOf(p.env.Now()) {
		return nil, false
	}
	left := p.left[c.CohortID("p-1")]
	for _, e := range c.From {
		people := max(0, e.People-left)
		left -= e.People - people
		if p.failed(c) {
			people = 0
		}
		done = append(done, rollout.AtPath{Path: aid.AreaPath("/hlj/" + e.Area + "/"), People: people})
	}
	return done, true
}

func (p *province) on(year int, month time.Month, day int, do func()) {
	p.script = append(p.script, &act{at: time.Date(year, month, day, 4, 0, 0, 0, time.UTC), do: do})
}

// run goes on from run to run until the process has ended.
func (p *province) run(from time.Time) {
	p.t.Helper()
	for at := from; ; at = p.env.Now() {
		p.env = goOn(p.t, p.store, p.in, at)
		p.env.SetTestTimeout(5 * time.Minute)
		p.store.Came = p.came
		for _, a := range p.script {
			if !a.done && a.at.After(at) {
				p.env.RegisterDelayedCallback(func() { a.done = true; a.do() }, a.at.Sub(at))
			}
		}
		p.env.run()
		err := p.env.GetWorkflowError()
		if err == nil {
			return
		}
		require.True(p.t, workflow.IsContinueAsNewError(err), "%v", err)
		p.in = next[contract.RolloutInput](p.t, err)
	}
}

// amend tells the process of an amendment.
func (p *province) amend(id string) {
	p.env.UpdateWorkflow(contract.UpdateAmendRollout, "u-"+id, &testsuite.TestUpdateCallback{
		OnAccept: func() {}, OnReject: func(err error) { require.NoError(p.t, err) }, OnComplete: func(_ any, err error) { require.NoError(p.t, err) },
	}, contract.AmendRollout{Rollout: "p-1", Amendment: id})
}

// line is where a step stands in an area.
type line struct {
	step rollout.StepID
	area aid.AreaID
}

func lines(c rollout.Checkpoint) map[line]rollout.Progress {
	all := map[line]rollout.Progress{}
	for _, p := range c.Progress {
		all[line{p.Step, p.Area}] = p
	}
	return all
}

func (p *province) last() rollout.Checkpoint {
	all := p.store.Checkpoints()
	require.NotEmpty(p.t, all)
	return all[len(all)-1]
}

// announced are the months of the cohorts that are announced.
func (p *province) announced() map[string]rollout.Month {
	months := map[string]rollout.Month{}
	for _, c := range p.store.Planned() {
		if c.Announced {
			months[c.CohortID("p-1")] = c.Month
		}
	}
	return months
}

// TestAProvinceIsTrainedInFiveYears from the first day to the last, over all areas, with
// people who leave, a season of lecturers that fails, an amendment and a merge of areas:
// in the end everybody is trained to whom the plan gave a seat, and exactly those are
// not whom it named from the first month on.
func TestAProvinceIsTrainedInFiveYears(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it plans a province some dozens of times")
	}
	p := newProvince(t)
	promised := map[line]int{} // who has no seat by the first plan
	p.on(2015, time.November, 20, func() {
		report := p.store.Plans()[0].Report
		for _, s := range report.Shortfalls {
			require.True(t, north(s.Area), "%+v", s)
			require.Contains(t, s.Reasons, "venue")
			promised[line{s.Step, s.Area}] += s.MissingSeats
		}
		require.NotEmpty(t, promised)
		for k, l := range lines(p.last()) {
			require.Equal(t, promised[k] > 0, k.area != "" && l.Misses, "named from the first month on: %v", k)
			if k.area != "" {
				require.Equal(t, promised[k], l.LeftOut, "%v", k)
			}
		}
	})

	var leavers int
	// One of every twentieth cohort that is over, of steps whose deadline is not.
	p.on(2018, time.September, 10, func() {
		for i, c := range p.store.Planned() {
			if c.Announced && c.Step != "step-1" && c.Month < rollout.NewMonth(2018, time.September) && i%20 == 0 {
				p.left[c.CohortID("p-1")]++
				leavers++
			}
		}
		require.Greater(t, leavers, 20)
	})
	// Nobody completes what the lecturers of a prefecture teach in three months.
	fail := func(c rollout.Planned) bool {
		return strings.HasPrefix(string(c.Lecturers), "qiqihar") && c.Step == "step-3" && c.Month < rollout.NewMonth(2018, time.April)
	}
	p.failed = fail
	p.on(2018, time.April, 15, func() {
		people := 0
		for _, c := range p.store.Planned() {
			if fail(c) && c.Announced {
				people += c.Enrolled()
			}
		}
		require.Greater(t, people, 100, "the season that failed was one")
		require.Positive(t, lines(p.last())[line{"step-3", ""}].Behind)
	})

	var before, moved map[line]rollout.Progress
	calendar := map[string]rollout.Month{}
	p.on(2019, time.March, 10, func() {
		amended := p.edited(p.store.Kept.Source, func(r *rollout.Rollout) {
			for i := range r.Audience {
				if a := &r.Audience[i]; strings.HasPrefix(string(a.Area), "suihua.") && a.Tier == rollout.Community {
					a.Organisations++
				}
			}
		})
		p.store.Amendments["a-1"] = memory.Amendment{Source: amended, Base: 1}
		p.amend("a-1")
	})
	area, into := aid.AreaID("harbin.acheng"), aid.AreaID("harbin.shuangcheng")
	p.on(2019, time.June, 10, func() {
		before, calendar = lines(p.last()), p.announced()
		require.Positive(t, before[line{"step-3", area}].Completed)
		require.NoError(t, p.store.Merge("m-1", area, aid.Area{ID: into}))
		moved = lines(p.last())
		p.amend("m-1")
	})
	p.run(time.Date(2015, time.October, 15, 4, 0, 0, 0, time.UTC))

	for _, a := range p.script {
		require.True(t, a.done, "%v", a.at)
	}
	require.Equal(t, rollout.Ended, p.store.Kept.Status)
	require.Equal(t, 3, p.store.Kept.Version)

	require.NotContains(t, moved, line{"step-3", area})
	require.Equal(t, before[line{"step-3", area}].Completed+before[line{"step-3", into}].Completed, moved[line{"step-3", into}].Completed)
	for _, step := range []rollout.StepID{"step-1", "step-2", "step-3"} {
		require.Equal(t, before[line{step, ""}], moved[line{step, ""}], "a merge changes nothing of the whole")
	}
	now := p.announced()
	for id, month := range calendar {
		require.Equal(t, month, now[id], "what is announced does not move")
	}

	end := lines(p.last())
	trained := map[rollout.StepID]int{}
	for k, l := range end {
		if k.area == "" {
			continue
		}
		require.Equal(t, l.People-promised[k], l.Completed, "as was promised: %v", k)
		require.Equal(t, promised[k], l.LeftOut, "%v", k)
		require.Equal(t, promised[k] > 0, l.Misses, "%v", k)
		trained[k.step] += l.Completed
	}
	for step, people := range trained {
		require.Equal(t, end[line{step, ""}].Completed, people)
	}
	for k := range promised {
		require.Contains(t, end, k)
	}
	f, err := rolloutfile.Parse(p.store.Kept.Source)
	require.NoError(t, err)
	for i := range f.Rollout.Steps {
		s := &f.Rollout.Steps[i]
		for of := range maps.Keys(f.Rollout.People(i)) {
			require.Contains(t, end, line{s.ID, of}, "no area is forgotten")
		}
		for _, c := range p.store.Planned() {
			require.True(t, c.Step != s.ID || c.Month >= s.Start && c.Month <= s.Deadline, "%+v", c)
			require.NotEqual(t, area, c.Area)
		}
	}
	months := map[rollout.Month]bool{}
	for _, c := range p.store.Checkpoints() {
		months[c.Month] = true
	}
	require.Len(t, months, 64, "October 2015 to January 2021, none left out")
	t.Logf("%d plans, %d cohorts, %d leavers, %v person-times", len(p.store.Plans()), len(p.store.Planned()), leavers, trained)
}
