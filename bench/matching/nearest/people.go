// Command nearest measures ways to find the 32 nearest volunteers who are
// eligible for a need: matching/index, and SQL in a private Postgres with and
// without PostGIS.
//
// All ways see the same volunteers, skills, courses, availabilities and reaches,
// prepared for them as well as we know how: SQL gets skills as bits and course
// ends as an array, so that no join is needed. The index orders by cost, which
// adds 250 for each spare skill to the metres; SQL orders by distance, which is
// less work, as a distance index can serve it directly.
//
// One client asks one query after the other. Queries a second are counted per
// processor second of the process that answers: ours, or the one backend of
// Postgres, whose client is not counted. Percentiles are wall times of the client.
package main

import (
	"context"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/files"
	"github.com/linli/linli/matching/grid"
	"github.com/linli/linli/matching/index"
	"github.com/linli/linli/matching/scenario"
)

// most is how many volunteers are asked for.
const most = 32

// people are the volunteers and the needs of a measurement.
type people struct {
	Volunteers []files.Volunteer
	Needs      []files.Request
}

// province makes so many volunteers and needs.
func province(ctx context.Context, volunteers, needs int, seed uint64) (people, error) {
	made, err := scenario.Generate(ctx, scenario.Config{Volunteers: volunteers, Requests: needs, Seed: seed})
	return people{made.Volunteers, made.Requests}, err
}

// available keeps every tenth volunteer, as on a busy day.
func (p people) available() people {
	var kept []files.Volunteer
	for i := 0; i < len(p.Volunteers); i += 10 {
		kept = append(kept, p.Volunteers[i])
	}
	return people{kept, p.Needs}
}

// query is a need as the index asks for it.
func query(q files.Request) index.Query {
	return index.Query{Place: q.Place, Skills: q.Skills, Courses: q.Courses, Window: q.Window}
}

// row is a volunteer as a table holds them.
type row struct {
	id          int64
	home        aid.Point
	at          grid.Vec
	cells       [len(resolutions)]int64
	skills      int64
	courses     []int32 // day until which each course of the catalogue holds; 0 when not held
	chord       float64 // of the reach on the unit sphere
	reach       float64 // metres
	from, until time.Time
}

// resolutions of the cell columns.
var resolutions = [...]grid.Resolution{5, 6, 7, 8}

// The ends of time for who is always available.
var (
	longAgo = time.Date(1970, time.January, 1, 0, 0, 0, 0, time.UTC)
	never   = time.Date(9999, time.January, 1, 0, 0, 0, 0, time.UTC)
)

func rowOf(number int, v files.Volunteer) (row, error) {
	r := row{
		id: int64(number), home: v.Home, at: grid.VecOf(v.Home), skills: bitsOf(v.Skills), reach: v.MaxDistance,
		chord: grid.Chord(v.MaxDistance), courses: make([]int32, len(scenario.Courses())), from: longAgo, until: never,
	}
	for i, res := range resolutions {
		cell, err := grid.CellOf(v.Home, res)
		if err != nil {
			return row{}, err
		}
		r.cells[i] = int64(cell)
	}
	for _, c := range v.Courses {
		r.courses[courseNumber(c.Course)] = day(c.Until)
	}
	if !v.Availability.From.IsZero() {
		r.from = v.Availability.From
	}
	if !v.Availability.Until.IsZero() {
		r.until = v.Availability.Until
	}
	return r, nil
}

func bitsOf(skills []aid.Skill) int64 {
	var bits int64
	for i, named := range scenario.Skills() {
		if slices.Contains(skills, aid.Skill(named.ID)) {
			bits |= 1 << i
		}
	}
	return bits
}

func courseNumber(id aid.CourseID) int {
	return slices.IndexFunc(scenario.Courses(), func(c aid.Named) bool { return c.ID == string(id) })
}

// day numbers dates in order; no date is the last of all.
func day(d aid.Date) int32 {
	if d.IsZero() {
		return 1 << 30
	}
	return int32(d.Year)*512 + int32(d.Month)*32 + int32(d.Day)
}
