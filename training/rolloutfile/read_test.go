package rolloutfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

const good = `name: A rollout
name_zh: 计划
costs: {lecturer_km: 2, traveller_km: 1, empty_seat: 30, late_month: 9}
lecturer_km: 100
cohorts_per_lecturer: 2
road_percent: 130
areas:
  - {id: top, name: Top, tier: province, lat: 45, lng: 126, venue_cohorts: 1, lecturers: 1}
areas_csv: areas.csv
audience_csv: audience.csv
blackouts: [{name: festival, areas: [top], months: [2]}]
capacity_changes: [{area: top, from: 2030-01, to: 2030-02, lecturers: 0}]
courses: [{id: a}, {id: b, after: [a]}]
steps:
  - id: s
    run_by: county
    roles: [lead, administrator]
    organisations: [{tier: community, tree: special}]
    courses: [a, b]
    start: 2030-01
    target: 2030-03
    deadline: 2030-06
    least_size: 2
    most_size: 20
    travel_km: 60
fixed: [{step: s, course: a, area: c1, venue: c1, month: 2030-03, lecturer_area: c1, enrolled: 5}]
`

var beside = map[string]string{
	"areas.csv": "\ufeffname,id,name_zh,tier,parent,lng,lat,venue_cohorts,lecturers\r\nOne,c1,一,county,top,126.5,45.2,3,2\r\n\"Two, too\",c2,,county,top,127,45,0,0\r\n",
	"audience.csv": "area,tier,tree,organisations\nc1,community,special,40\nc2,community,special,7\n" +
		"c2,community,regional,9\n",
}

// read takes the good files with some texts replaced.
func read(replace ...string) (*File, error) {
	f := &File{path: "rollout.yaml"}
	r := strings.NewReplacer(replace...)
	return f, f.parse([]byte(r.Replace(good)), func(name string) ([]byte, error) {
		text, there := beside[name]
		if !there {
			return nil, errors.New("is not there")
		}
		return []byte(r.Replace(text)), nil
	})
}

func TestReading(t *testing.T) {
	t.Parallel()
	f, err := read()
	require.NoError(t, err)
	r := &f.Rollout
	require.Equal(t, "计划", r.NameZh)
	require.Equal(t, rollout.Area{ID: "c2", Name: "Two, too", Tier: rollout.County, Parent: "top", Lat: 45, Lng: 127}, r.Areas[2])
	require.Equal(t, rollout.Audience{Area: "c1", Tier: rollout.Community, Tree: rollout.Special, Organisations: 40}, r.Audience[0])
	require.Equal(t, "2030-03", r.Steps[0].Target.String())
	require.Equal(t, 0, *r.Changes[0].Lecturers)
	require.Nil(t, r.Changes[0].Venue)
	require.Equal(t, []rollout.CourseID{"a"}, r.Courses[1].After)
}

// TestMistakesAreNamed: file, line or row, and field.
func TestMistakesAreNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ replace, want []string }{
		"unknown fields": {
			[]string{"lecturer_km: 100", "lecturers_km: 100", "most_size: 20", "biggest: 20"},
			[]string{"line 4: field lecturers_km is not known", "line 24: field biggest is not known"},
		},
		"wrong types": {
			[]string{"lecturer_km: 100", "lecturer_km: far", "months: [2]", "months: 2"},
			[]string{"line 4: is not what belongs here: !!str `far`, where a whole number belongs", "line 11: ", "where a list belongs"},
		},
		"no YAML": {[]string{"blackouts: [", "blackouts: [" + "["}, []string{"line 10"}},
		"no months": {
			[]string{"start: 2030-01", "start: 2030-13", "deadline: 2030-06", "deadline: soon", "from: 2030-01", "from: 2031-01"},
			[]string{
				"line 20: steps[0].start: must be a month such as 2016-03", "line 22: steps[0].deadline: must be",
				"line 12: capacity_changes[0].to: 2030-02 is before from, 2031-01",
			},
		},
		"rows": {
			[]string{"c2,community,special,7", "c9,community,special,x", "126.5,45.2", "126.5,north", "name,id", "name,id"},
			[]string{`areas.csv: row 2: lat: "north" must be a number of degrees`, `audience.csv: row 3: organisations: "x" must be a whole number`},
		},
		"rows that do not fit": {
			[]string{"c2,community,special,7", "c9,village,special,-1", "county,top,127", "county,c1,127", "id: top", "id: c1"},
			[]string{
				`areas.csv: row 2: id: "c1" is there already`, `areas.csv: row 2: parent: "top" is not the id of an area`,
				`areas.csv: row 3: parent: "c1" is a county, which is not above a county`,
				`audience.csv: row 3: area: "c9" is not`, `audience.csv: row 3: tier: "village" must be one of`, "audience.csv: row 3: organisations: is -1",
				`line 11: blackouts[0].areas[0]: "top"`,
			},
		},
		"columns":       {[]string{"area,tier,tree", "where,tier,tier"}, []string{`column "where" is not known`, `"tier" is there already`, `"area" is missing`, `"tree" is missing`}},
		"short row":     {[]string{"c1,community,special,40", "c1,community"}, []string{"audience.csv: record on line 2: wrong number of fields"}},
		"no such file":  {[]string{"areas_csv: areas.csv", "areas_csv: none.csv"}, []string{"line 9: areas_csv: is not there"}},
		"file above":    {[]string{"areas_csv: areas.csv", "areas_csv: ../areas.csv"}, []string{"line 9: areas_csv: must be a file beside this one"}},
		"two documents": {[]string{"name: A rollout", "name: A\n---\nname: B"}, []string{"holds more than one document"}},
		"steps": {
			[]string{"id: s", "id: s\n    after: [z]", "roles: [lead, administrator]", "roles: [lead, boss, lead]", "courses: [a, b]", "courses: [b, x]", "least_size: 2", "least_size: 21", "target: 2030-03", "target: 2031-01"},
			[]string{
				`line 16: steps[0].after[0]: "z" must be a step`, `line 18: steps[0].roles[1]: "boss"`, `steps[0].roles[2]: "lead" is there already`,
				`line 20: steps[0].courses[0]: "b" comes after "a"`, `steps[0].courses[1]: "x" is not the id of a course`,
				"line 22: steps[0].target: 2031-01 must lie between", "line 24: steps[0].least_size: is 21, must lie in 1 to 20",
			},
		},
		"announced": {[]string{"enrolled: 5", "enrolled: 21", "month: 2030-03", "month: 2030-09"}, []string{"line 26: fixed[0].enrolled: is 21", "line 26: fixed[0].month: 2030-09 is not in the months of step"}},
	} {
		_, err := read(c.replace...)
		require.Error(t, err, name)
		require.Equal(t, aid.Invalid, aid.KindOf(err), name)
		require.Contains(t, err.Error(), "rollout.yaml cannot be used:", name)
		for _, want := range c.want {
			require.Contains(t, err.Error(), want, name)
		}
		require.NotContains(t, err.Error(), "rollout.Rollout", name)
	}
}

func TestManyMistakesAreCounted(t *testing.T) {
	t.Parallel()
	f := &File{path: "rollout.yaml"}
	err := f.parse([]byte("courses:\n"+strings.Repeat("  - {ix: a}\n", 30)), nil)
	require.ErrorContains(t, err, "and 10 more")
	require.ErrorContains(t, (&File{path: "rollout.yaml"}).parse(nil, nil), "is empty")
}

// TestShippedRollout: the figures of the province are those that the file names.
func TestShippedRollout(t *testing.T) {
	t.Parallel()
	f, err := Read(filepath.Join("..", "rollouts", "heilongjiang.yaml"))
	require.NoError(t, err)
	r := &f.Rollout
	tiers := map[rollout.Tier]int{}
	for i := range r.Areas {
		tiers[r.Areas[i].Tier]++
	}
	require.Equal(t, 13+6, tiers[rollout.Prefecture])
	require.GreaterOrEqual(t, tiers[rollout.County], 121)
	organisations, teams, times := 0, 0, 0
	for _, a := range r.Audience {
		organisations += a.Organisations
		if a.Tier == rollout.Community && a.Tree == rollout.Special {
			teams += a.Organisations
		}
		for i := range r.Steps {
			for _, k := range r.Steps[i].Kinds {
				if k == (rollout.Kind{Tier: a.Tier, Tree: a.Tree}) {
					times += a.Organisations * len(r.Steps[i].Roles) * len(r.Steps[i].Courses)
				}
			}
		}
	}
	require.Equal(t, 67_000, organisations)
	require.Equal(t, 47_717, teams)
	require.Equal(t, 5*300_000, times)
	require.Len(t, r.Steps, 3)
	for i, years := range []rollout.Month{2, 3, 3} {
		require.Equal(t, 12*years, r.Steps[i].Deadline-r.Steps[i].Start+1)
	}
	require.EqualValues(t, 60, r.Steps[2].Deadline-r.Steps[0].Start+1)
}

func TestWriting(t *testing.T) {
	t.Parallel()
	f, err := read()
	require.NoError(t, err)
	p := &rollout.Plan{Cohorts: []rollout.Cohort{
		{
			Area: "c1", Venue: "c1", Month: f.Rollout.Steps[0].Start, Lecturers: "top", Seats: 20,
			From: []rollout.Enrolment{{Area: "c1", People: 12}, {Area: "c2", People: 4}},
		},
		{Area: "c1", Venue: "c1", Month: f.Rollout.Steps[0].Start, Seats: 20, From: []rollout.Enrolment{{Area: "c1", People: 1}}, Lacks: rollout.NoLecturer},
	}}
	var calendar, report bytes.Buffer
	require.NoError(t, WriteCalendar(&calendar, &f.Rollout, p))
	require.Equal(t, "step,course,area,venue,month,lecturer_area,seats,enrolled,from\ns,a,c1,c1,2030-01,top,20,16,c1:12;c2:4\n", calendar.String())
	require.NoError(t, WriteReport(&report, f.Rollout.Report(p, rollout.CostSums{})))
	var back map[string]any
	require.NoError(t, json.Unmarshal(report.Bytes(), &back))
	require.Equal(t, []any{map[string]any{
		"area": "c1", "step": "s", "month": "2030-01", "missing_seats": 0.0, "missing_lecturers": 1.0, "reasons": []any{"lecturer"},
	}}, back["shortfalls"])
	for _, field := range []string{"objective", "dual_bound", "gap", "seconds", "coverage"} {
		require.Contains(t, back, field)
	}
}

// TestWhatIsHandedOverIsReadLikeFiles, with announced cohorts of several areas.
func TestWhatIsHandedOverIsReadLikeFiles(t *testing.T) {
	t.Parallel()
	text := strings.Replace(good, "enrolled: 5}", "from: [{area: c1, people: 3}, {area: c2, people: 2}]}", 1) + "not_before: 2030-03\nannounce_weeks: 6\n"
	f, err := Parse(rollout.Source{Text: text, Beside: beside})
	require.NoError(t, err)
	require.Equal(t, []rollout.Enrolment{{Area: "c1", People: 3}, {Area: "c2", People: 2}}, f.Rollout.Fixed[0].People())
	require.Equal(t, "2030-03", f.Rollout.NotBefore.String())
	require.Equal(t, 6, f.Rollout.NoticeWeeks())
	for bad, want := range map[string]string{
		strings.Replace(text, "people: 3", "people: 19", 1):           "line 26: fixed[0].from: brings 21 people",
		strings.Replace(text, "people: 3", "people: 0", 1):            "line 26: fixed[0].from[0].people: is 0",
		strings.Replace(text, "area: c2, people", "area: x, p", 1):    "line 26",
		strings.Replace(text, "not_before: 2030-03", "x: 1", 1):       "x",
		strings.Replace(text, "2030-03\nann", "soon\nann", 1):         "not_before: must be a month",
		strings.Replace(text, "areas.csv", "places.csv", 1):           "places.csv is not among the files",
		strings.Replace(text, "from: [{", "enrolled: 5, from: [{", 1): "fixed[0].enrolled: must not be given",
	} {
		_, err := Parse(rollout.Source{Text: bad, Beside: beside})
		require.ErrorContains(t, err, want)
		require.Equal(t, aid.Invalid, aid.KindOf(err))
	}
}

// FuzzParse: whatever is read is a sound rollout or a mistake that is named.
func FuzzParse(f *testing.F) {
	f.Add([]byte(good), []byte(beside["areas.csv"]))
	f.Add([]byte("a: &a [*a]"), []byte("id\n"))
	f.Add([]byte("areas: [{id: x}]\nareas_csv: a.csv"), []byte("\"\n"))
	f.Fuzz(func(t *testing.T, text, side []byte) {
		file := &File{path: "rollout.yaml"}
		err := file.parse(text, func(string) ([]byte, error) { return side, nil })
		if err != nil {
			require.Equal(t, aid.Invalid, aid.KindOf(err))
			return
		}
		require.NoError(t, file.Rollout.Validate())
	})
}
