package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/bench/matching/report"
	"github.com/linli/linli/embedded/embeddedtest"
	"github.com/linli/linli/matching"
	"github.com/linli/linli/matching/files"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

func villagers(t *testing.T) people {
	t.Helper()
	p, err := province(t.Context(), 6_000, 40, 5)
	require.NoError(t, err)
	return p
}

// TestTheScanAgreesWithTheIndex: the yardstick of the SQL ways knows the same
// hard rules as the product. Where fewer than most are eligible both find all.
func TestTheScanAgreesWithTheIndex(t *testing.T) {
	t.Parallel()
	p := villagers(t)
	m, err := matching.FromFiles(p.Volunteers, nil)
	require.NoError(t, err)
	compared := 0
	for _, q := range p.Needs {
		matches, err := m.Index.Candidates(query(q), most)
		require.NoError(t, err)
		found := scan(p, needOf(q))
		require.Len(t, found, len(matches))
		if len(matches) == 0 || len(matches) == most {
			continue
		}
		var metres []float64
		for _, c := range matches {
			metres = append(metres, float64(c.Cost.Distance))
		}
		slices.Sort(metres)
		require.InDeltaSlice(t, metres, found, 0.51)
		compared++
	}
	require.Greater(t, compared, 5)
}

func TestSQLFindsWhomTheScanFinds(t *testing.T) {
	t.Parallel()
	empty := func(context.Context, string) error { return nil }
	db, err := pgx.Connect(t.Context(), embeddedtest.Database(t, empty, "empty"))
	require.NoError(t, err)
	defer db.Close(context.WithoutCancel(t.Context()))
	p := villagers(t)
	ways, err := measureSQL(t.Context(), db, p, budget{Time: time.Millisecond, Queries: 1}, io.Discard)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(ways), len(resolutions))
	require.Equal(t, 6_000, ways[0].Volunteers)

	// Where anybody will do, there are enough people on this side of the border
	// of the cells that were asked for, and nearer ones beyond it.
	var anybody []need
	for _, q := range p.Needs {
		q.Skills, q.Courses = nil, nil
		anybody = append(anybody, needOf(q))
	}
	for _, res := range resolutions {
		for i := range len(anybody) / checked {
			require.NoError(t, check(t.Context(), cellWay(db, res), p, anybody[i*checked:]))
		}
	}

	// The same ways are refused when the table is of other people.
	other := p
	other.Volunteers = slices.Clone(p.Volunteers)
	for i := range other.Volunteers {
		other.Volunteers[i].Skills = nil
	}
	var needs []need
	for _, q := range p.Needs {
		needs = append(needs, needOf(q))
	}
	require.ErrorContains(t, check(t.Context(), cellWay(db, 6), other, needs), "finds")
}

func TestRowsHoldWhatTheRulesNeed(t *testing.T) {
	t.Parallel()
	v := files.Volunteer{
		ID: "v", Home: aid.Point{Lat: 45.8, Lng: 126.5}, Skills: []aid.Skill{"elder_care", "nursing"}, MaxDistance: 3_000,
		Courses: []aid.CourseHeld{{Course: "working_norm"}, {Course: "care_basics", Until: aid.Date{Year: 2026, Month: 7, Day: 1}}},
	}
	r, err := rowOf(3, v)
	require.NoError(t, err)
	require.Equal(t, int64(3), r.id)
	require.Equal(t, bitsOf([]aid.Skill{"elder_care"})|bitsOf([]aid.Skill{"nursing"}), r.skills)
	require.Positive(t, bitsOf([]aid.Skill{"nursing"}))
	require.Equal(t, day(aid.Date{}), r.courses[courseNumber("working_norm")])
	require.Equal(t, day(aid.Date{Year: 2026, Month: 7, Day: 1}), r.courses[courseNumber("care_basics")])
	require.Zero(t, r.courses[courseNumber("first_aid_certificate")])
	require.Less(t, day(aid.Date{Year: 2026, Month: 7, Day: 31}), day(aid.Date{Year: 2026, Month: 8, Day: 1}))
	require.Equal(t, []time.Time{longAgo, never}, []time.Time{r.from, r.until})
	v.Home.Lat = 99
	_, err = rowOf(3, v)
	require.Error(t, err)
}

func TestMeasureCountsAndFails(t *testing.T) {
	t.Parallel()
	clock := 0.0
	cpu := func() (float64, error) { clock += 0.5; return clock, nil }
	n, err := measure(report.Nearest{Way: "x"}, 3, budget{Time: time.Minute, Queries: 7}, cpu, func(int) error { return nil })
	require.NoError(t, err)
	require.Equal(t, 7, n.Queries)
	require.InDelta(t, 14, n.PerSecond, 1e-9, "per processor second, whatever the clock says")

	broken := errors.New("broken")
	_, err = measure(report.Nearest{Way: "x"}, 3, budget{Time: time.Minute, Queries: 7}, cpu, func(int) error { return broken })
	require.ErrorIs(t, err, broken)
	_, err = measure(report.Nearest{Way: "x"}, 0, budget{Time: time.Minute, Queries: 7}, cpu, func(int) error { return nil })
	require.Error(t, err)
}

func TestProcessorTimesGrow(t *testing.T) {
	t.Parallel()
	before, err := ownCPU()
	require.NoError(t, err)
	for after, spun := before, 0; after <= before; spun++ {
		require.Less(t, spun, 1_000_000)
		after, err = ownCPU()
		require.NoError(t, err)
	}
	_, err = cpuOf(-1)
	require.Error(t, err)
}
