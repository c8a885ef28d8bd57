package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/bench/matching/report"
	"github.com/linli/linli/matching"
)

// budget bounds the time that one way is measured for.
type budget struct {
	Time    time.Duration
	Queries int // at most
}

// askIndex measures matching/index.
func askIndex(p people, b budget) (report.Nearest, error) {
	m, err := matching.FromFiles(p.Volunteers, nil)
	if err != nil {
		return report.Nearest{}, err
	}
	return measure(report.Nearest{Volunteers: len(p.Volunteers), Way: report.IndexWay}, len(p.Needs), b, ownCPU, func(i int) error {
		_, err := m.Index.Candidates(query(p.Needs[i]), most)
		return err
	})
}

// measureSQL measures every way that the database has, and tells to log which are
// missing. Before that it checks that all ways find people at the same
// distances as a scan over everybody.
func measureSQL(ctx context.Context, db *pgx.Conn, p people, b budget, log io.Writer) ([]report.Nearest, error) {
	withPostGIS, err := hasPostGIS(ctx, db)
	if err != nil {
		return nil, err
	}
	if !withPostGIS {
		fmt.Fprintln(log, "PostGIS is missing: apt-get install postgresql-15-postgis-3")
	}
	if err := fill(ctx, db, p, withPostGIS); err != nil {
		return nil, err
	}
	var ways []way
	for _, res := range resolutions {
		ways = append(ways, cellWay(db, res))
	}
	if withPostGIS {
		ways = append(ways,
			postgisWay(db, "PostGIS nearest, geography", "home", "ST_MakePoint($4, $5)::geography"),
			postgisWay(db, "PostGIS nearest, plane", "flat", "ST_Transform(ST_SetSRID(ST_MakePoint($4, $5), 4326), 32652)"))
	}
	backendCPU := func() (float64, error) { return cpuOf(int(db.PgConn().PID())) }
	needs := make([]need, len(p.Needs))
	for i, q := range p.Needs {
		needs[i] = needOf(q)
	}
	var out []report.Nearest
	for _, w := range ways {
		if err := check(ctx, w, p, needs); err != nil {
			return nil, err
		}
		n, err := measure(report.Nearest{Volunteers: len(p.Volunteers), Way: w.name}, len(needs), b, backendCPU, func(i int) error {
			_, err := w.find(ctx, needs[i])
			return err
		})
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

// checked is how many needs are compared with a scan.
const checked = 10

// check refuses a way that finds other people than a scan. The plane of the one
// PostGIS way and the ellipsoid of the other differ from the sphere by a
// thousandth or so, which may swap people at the edge.
func check(ctx context.Context, w way, p people, needs []need) error {
	for _, q := range needs[:min(checked, len(needs))] {
		got, err := w.find(ctx, q)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		want := scan(p, q)
		if math.Abs(float64(len(got)-len(want))) > 1 {
			return fmt.Errorf("%s finds %d people for %s, a scan %d", w.name, len(got), q.ID, len(want))
		}
		for i := range min(len(got), len(want)) {
			metres := p.Volunteers[got[i].id].Home.Distance(q.Place)
			if math.Abs(metres-want[i]) > 0.01*want[i]+1 {
				return fmt.Errorf("%s: person %d for %s is %.0f m away, by a scan %.0f m", w.name, i, q.ID, metres, want[i])
			}
		}
	}
	return nil
}

// scan gives the metres of the most nearest eligible volunteers.
func scan(p people, q need) []float64 {
	var all []float64
	for _, v := range p.Volunteers {
		metres := v.Home.Distance(q.Place)
		if metres > v.MaxDistance || bitsOf(v.Skills)&q.skills != q.skills || !v.Availability.Covers(q.Window) {
			continue
		}
		isTrained := true
		for _, c := range q.Courses {
			isTrained = isTrained && slices.ContainsFunc(v.Courses, func(h aid.CourseHeld) bool {
				return h.Course == c && h.ValidOn(aid.DateOf(q.Window.StartsAt.In(time.UTC)))
			})
		}
		if isTrained {
			all = append(all, metres)
		}
	}
	slices.Sort(all)
	return all[:min(most, len(all))]
}

// measure asks for needs in turn, after a tenth of the budget to warm up. cpu
// tells the processor seconds, so far, of the process that does the work.
func measure(n report.Nearest, needs int, b budget, cpu func() (float64, error), ask func(i int) error) (report.Nearest, error) {
	if needs == 0 {
		return n, errors.New("no needs to ask for")
	}
	for begin, i := time.Now(), 0; i < b.Queries && time.Since(begin) < b.Time/10; i++ {
		if err := ask(i % needs); err != nil {
			return n, fmt.Errorf("%s: %w", n.Way, err)
		}
	}
	var micros []float64
	before, err := cpu()
	if err != nil {
		return n, err
	}
	for begin, i := time.Now(), 0; i < b.Queries && time.Since(begin) < b.Time; i++ {
		at := time.Now()
		if err := ask(i % needs); err != nil {
			return n, fmt.Errorf("%s: %w", n.Way, err)
		}
		micros = append(micros, float64(time.Since(at).Nanoseconds())/1000)
	}
	after, err := cpu()
	if err != nil {
		return n, err
	}
	if len(micros) == 0 {
		return n, fmt.Errorf("%s: no time was given to ask in", n.Way)
	}
	slices.Sort(micros)
	at := func(q float64) float64 { return micros[int(q*float64(len(micros)-1))] }
	n.Queries, n.PerSecond, n.P50Micros, n.P99Micros = len(micros), float64(len(micros))/(after-before), at(0.5), at(0.99)
	return n, nil
}
