package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/uber/h3-go/v4"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/files"
	"github.com/linli/linli/matching/grid"
)

// farthest is the longest reach that volunteers of a scenario have.
const farthest = 30_000 // metres

// found is a volunteer with their distance, in the measure of the way.
type found struct {
	id   int64
	away float64
}

// way finds the most nearest eligible volunteers, nearest first.
type way struct {
	name string
	find func(ctx context.Context, q need) ([]found, error)
}

// need is a request as SQL asks for it.
type need struct {
	files.Request
	at           grid.Vec
	skills       int64
	courses      string // condition on the array of courses
	starts, ends time.Time
}

func needOf(q files.Request) need {
	n := need{Request: q, at: grid.VecOf(q.Place), skills: bitsOf(q.Skills), starts: q.Window.StartsAt, ends: q.Window.EndsAt}
	for _, c := range q.Courses {
		// Arrays of SQL count from 1.
		n.courses += fmt.Sprintf(" AND courses[%d] >= %d", courseNumber(c)+1, day(aid.DateOf(q.Window.StartsAt.In(time.UTC))))
	}
	return n
}

// eligible is the condition that all ways share; its parameters are $1 skills,
// $2 start, $3 end.
const eligible = `skills & $1 = $1 AND available_from <= $2 AND available_to >= $3`

// postgisWay lets a distance index give volunteers outward until enough pass.
// The bounding box of the farthest reach ends the search where few would do.
func postgisWay(db *pgx.Conn, name, column, place string) way {
	return way{name, func(ctx context.Context, q need) ([]found, error) {
		sql := strings.NewReplacer("{column}", column, "{place}", place, "{courses}", q.courses).Replace(`
			SELECT id, {column} <-> {place} FROM volunteers
			WHERE ` + eligible + `{courses}
			  AND ST_DWithin({column}, {place}, ` + fmt.Sprint(farthest) + `)
			  AND {column} <-> {place} <= reach
			ORDER BY {column} <-> {place} LIMIT ` + fmt.Sprint(most))
		return collect(db.Query(ctx, sql, q.skills, q.starts, q.ends, q.Place.Lng, q.Place.Lat))
	}}
}

// cellWay asks for the cells of the rings about a need, twice as many rings each
// time, until no later ring can hold anybody nearer.
func cellWay(db *pgx.Conn, res grid.Resolution) way {
	sql := func(q need) string {
		return fmt.Sprintf(`
			SELECT id, away FROM (
				SELECT id, sqrt((x-$5)*(x-$5) + (y-$6)*(y-$6) + (z-$7)*(z-$7)) AS away, chord FROM volunteers
				WHERE cell%d = ANY($4) AND %s%s) near
			WHERE away <= chord ORDER BY away LIMIT %d`, res, eligible, q.courses, most)
	}
	return way{fmt.Sprintf("SQL on the cell column, resolution %d", res), func(ctx context.Context, q need) ([]found, error) {
		origin, err := grid.CellOf(q.Place, res)
		if err != nil {
			return nil, err
		}
		var best []found
		for from, to := 0, 1; ; from, to = to+1, 2*to+1 {
			cells, reached, err := rings(h3.Cell(origin), q.at, from, to)
			if err != nil {
				return nil, err
			}
			more, err := collect(db.Query(ctx, sql(q), q.skills, q.starts, q.ends, cells, q.at.X, q.at.Y, q.at.Z))
			if err != nil {
				return nil, err
			}
			best = append(best, more...)
			slices.SortFunc(best, func(a, b found) int { return cmp.Compare(a.away, b.away) })
			best = best[:min(most, len(best))]
			if reached >= grid.Chord(farthest) || len(best) == most && best[most-1].away <= reached {
				return best, nil
			}
		}
	}}
}

// rings gives the cells from one ring to another, and a chord that everything
// beyond them is at least away. It asks H3 itself, as a client without our grid
// would: package grid makes more of every ring than is needed here.
func rings(origin h3.Cell, at grid.Vec, from, to int) (cells []int64, reached float64, err error) {
	all, err := origin.GridDiskDistances(to + 1)
	if err != nil {
		return nil, 0, err
	}
	for _, ring := range all[from : to+1] {
		for _, c := range ring {
			cells = append(cells, int64(c))
		}
	}
	reached = math.Inf(1)
	for _, c := range all[to+1] {
		around, err := grid.CapOf(aid.Cell(c))
		if err != nil {
			return nil, 0, err
		}
		reached = min(reached, around.Beyond(at))
	}
	return cells, reached, nil
}

func collect(rows pgx.Rows, err error) ([]found, error) {
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (found, error) {
		var f found
		err := r.Scan(&f.id, &f.away)
		return f, err
	})
}
