package planner_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

var testContext = context.Background()

// drawRollout makes a rollout of at most three counties, small enough that every
// plan of it can be tried.
func drawRollout(t *rapid.T) *rollout.Rollout {
	number := func(least, most int, name string) int { return rapid.IntRange(least, most).Draw(t, name) }
	r := &rollout.Rollout{
		Costs: rollout.Costs{
			LecturerKm: int64(number(0, 3, "lecturer km cost")), TravellerKm: int64(number(0, 2, "traveller km cost")),
			EmptySeat: int64(number(0, 9, "empty seat cost")), LateMonth: int64(number(0, 20, "late month cost")),
		},
		LecturerKm: number(0, 12, "lecturer km"), CohortsPerLecturer: number(1, 2, "cohorts per lecturer"), RoadPercent: 100,
	}
	counties := number(1, 3, "counties")
	for i := range counties {
		id := aid.AreaID(fmt.Sprintf("c%d", i))
		r.Areas = append(r.Areas, rollout.Area{ID: id, Tier: rollout.County, Venue: number(0, 2, "venue"), Lecturers: number(0, 2, "lecturers")})
		r.Audience = append(r.Audience, rollout.Audience{Area: id, Tier: rollout.Community, Tree: rollout.Regional, Organisations: number(0, 5, "organisations")})
		for j := range i {
			r.Distances = append(r.Distances, rollout.Distance{From: id, To: r.Areas[j].ID, Km: number(0, 15, "km")})
		}
	}
	if rapid.Bool().Draw(t, "blackout") {
		r.Blackouts = []rollout.Blackout{{Areas: []aid.AreaID{"c0"}, Months: []int{number(1, 3, "blackout month")}}}
	}
	if rapid.Bool().Draw(t, "change") {
		none := number(0, 1, "changed")
		r.Changes = []rollout.Change{{Area: "c0", From: month(1), To: month(2), Venue: &none, Lecturers: &none}}
	}
	r.Courses = []rollout.Course{{ID: "first"}, {ID: "second"}}
	if rapid.Bool().Draw(t, "one after the other") {
		r.Courses[1].After = []rollout.CourseID{"first"}
	}
	s := rollout.Step{
		ID: "s", RunBy: rollout.County, Roles: []rollout.Role{rollout.Lead}, Kinds: []rollout.Kind{{Tier: rollout.Community, Tree: rollout.Regional}},
		Courses: []rollout.CourseID{"first", "second"}[:number(1, 2, "courses")],
		Start:   month(1), Deadline: month(number(2, 3, "deadline")), MostSize: number(1, 4, "most"), TravelKm: number(0, 15, "travel km"),
	}
	s.LeastSize = number(1, s.MostSize, "least")
	s.Target = month(number(1, int(s.Deadline.Calendar()), "target"))
	r.Steps = []rollout.Step{s}
	for cohorts(r) > mostCohorts {
		for i := range r.Audience {
			r.Audience[i].Organisations = max(0, r.Audience[i].Organisations-1)
		}
	}
	if r.Areas[0].Venue > 0 && r.Areas[0].Lecturers > 0 && r.Audience[0].Organisations > 0 && len(r.Changes) == 0 && rapid.Bool().Draw(t, "announced") {
		r.Fixed = []rollout.Fixed{{Step: "s", Course: "first", Area: "c0", Venue: "c0", Lecturers: "c0", Month: month(1), Enrolled: number(1, min(s.MostSize, r.Audience[0].Organisations), "enrolled")}}
	}
	return r
}

// mostCohorts is how many cohorts brute force can place.
const mostCohorts = 5

func cohorts(r *rollout.Rollout) int {
	s, sum := &r.Steps[0], 0
	for i := range r.Audience {
		sum += len(s.Courses) * (r.Audience[i].Organisations + s.MostSize - 1) / s.MostSize
	}
	return sum
}

func month(m int) rollout.Month { return rollout.NewMonth(2030, time.Month(m)) }

// brute tries every plan of a rollout of one step.
type brute struct {
	r       *rollout.Rollout
	s       *rollout.Step
	penalty int64
	courses [][2]int // first and last month of each course
	people  [][]int  // [course][county]
	places  [][]int  // [county][month]
	lessons [][]int
	best    int64
	known   map[string]int64 // cost of the calendar of some cohorts
}

// unit is a cohort to be placed: where it may be, at what cost of travel.
type unit struct {
	course int
	venues []int
	travel []int64
}

func bruteForce(r *rollout.Rollout, penalty int64) int64 {
	b := &brute{r: r, s: &r.Steps[0], penalty: penalty, best: math.MaxInt64, known: map[string]int64{}}
	length := int(b.s.Deadline-b.s.Start) + 1
	for i, id := range b.s.Courses {
		window := [2]int{0, length - 1}
		if len(b.s.Courses) == 2 && len(r.Courses[1].After) > 0 {
			half := length / 2
			window = [][2]int{{0, half - 1}, {half, length - 1}}[i]
		}
		b.courses = append(b.courses, window)
		people := make([]int, len(r.Areas))
		for c := range people {
			people[c] = r.Audience[c].Organisations
			for _, f := range r.Fixed {
				if f.Course == id && f.Area == r.Areas[c].ID {
					people[c] -= f.Enrolled
				}
			}
		}
		b.people = append(b.people, people)
	}
	fixed := int64(0)
	for c := range r.Areas {
		places, lessons := make([]int, length), make([]int, length)
		for m := range length {
			places[m], lessons[m] = r.Areas[c].Venue, r.Areas[c].Lecturers
			if len(r.Changes) > 0 && c == 0 && m < 2 {
				places[m], lessons[m] = *r.Changes[0].Venue, *r.Changes[0].Lecturers
			}
			lessons[m] *= r.CohortsPerLecturer
			if len(r.Fixed) > 0 && c == 0 && m == 0 {
				places[m]--
				lessons[m]--
				fixed = int64(b.s.MostSize-r.Fixed[0].Enrolled)*r.Costs.EmptySeat + b.late(0)
			}
		}
		b.places, b.lessons = append(b.places, places), append(b.lessons, lessons)
	}
	b.share(0, 0, make([]int, len(r.Areas)), nil, fixed)
	return b.best
}

func (b *brute) km(i, j int) int {
	for _, d := range b.r.Distances {
		if d.From == b.r.Areas[i].ID && d.To == b.r.Areas[j].ID || d.To == b.r.Areas[i].ID && d.From == b.r.Areas[j].ID {
			return d.Km
		}
	}
	return 0
}

func (b *brute) late(m int) int64 {
	return b.r.Costs.LateMonth * int64(max(0, m-int(b.s.Target-b.s.Start)))
}

// mayGo tells whether people of county i may be sent to j. A county without a
// venue that trains nobody is no place to go.
func (b *brute) mayGo(i, j int) bool {
	holds := b.r.Areas[j].Venue > 0
	if len(b.r.Changes) > 0 && j == 0 { // in its first two months
		holds = *b.r.Changes[0].Venue > 0 || holds && len(b.places[j]) > 2
	}
	ever := b.r.Audience[j].Organisations > 0 || holds
	return i == j || ever && b.km(i, j) <= b.s.TravelKm
}

// share sends the rest of every county in every course everywhere it may go, or
// leaves it.
func (b *brute) share(course, county int, to []int, units []unit, cost int64) {
	if cost >= b.best {
		return
	}
	if course == len(b.courses) {
		key := fmt.Sprint(units) // another way to share out can come to the same cohorts
		if _, there := b.known[key]; !there {
			b.known[key] = b.calendar(0, units, map[string]int64{})
		}
		b.best = min(b.best, cost+b.known[key])
		return
	}
	if county == len(to) {
		more, extra, ok := b.gather(course, to)
		if ok {
			b.share(course+1, 0, make([]int, len(to)), append(slices.Clone(units), more...), cost+extra)
		}
		return
	}
	if b.people[course][county]%b.s.MostSize == 0 {
		to[county] = -1
		b.share(course, county+1, to, units, cost)
		return
	}
	for j := range to {
		if b.mayGo(county, j) {
			to[county] = j
			b.share(course, county+1, to, units, cost)
		}
	}
	to[county] = -1
	b.share(course, county+1, to, units, cost+3*b.penalty)
}

// gather makes the cohorts of a course.
func (b *brute) gather(course int, to []int) (units []unit, cost int64, ok bool) {
	for c, n := range b.people[course] {
		var venues []int
		var travel []int64
		for j := range to {
			if b.mayGo(c, j) {
				venues, travel = append(venues, j), append(travel, b.r.Costs.TravellerKm*int64(b.km(c, j)*b.s.MostSize))
			}
		}
		for range n / b.s.MostSize {
			units = append(units, unit{course, venues, travel})
		}
	}
	for j := range to {
		people := 0
		for c, at := range to {
			if at == j {
				people += b.people[course][c] % b.s.MostSize
				cost += b.r.Costs.TravellerKm * int64(b.people[course][c]%b.s.MostSize*b.km(c, j))
			}
		}
		cohorts := (people + b.s.MostSize - 1) / b.s.MostSize
		if people+b.people[course][j]/b.s.MostSize*(b.s.MostSize-b.s.LeastSize) < cohorts*b.s.LeastSize {
			return nil, 0, false
		}
		cost += b.r.Costs.EmptySeat * int64(cohorts*b.s.MostSize-people)
		for range cohorts {
			units = append(units, unit{course, []int{j}, []int64{0}})
		}
	}
	return units, cost, true
}

func flat(table [][]int) []byte {
	var bytes []byte
	for _, row := range table {
		for _, n := range row {
			bytes = append(bytes, byte(n))
		}
	}
	return bytes
}

// calendar places the cohorts from one on in every way.
func (b *brute) calendar(i int, units []unit, known map[string]int64) int64 {
	if i == len(units) {
		return 0
	}
	key := string(append(flat(b.places), append(flat(b.lessons), byte(i))...))
	if cost, there := known[key]; there {
		return cost
	}
	u := &units[i]
	best := 3*b.penalty + b.calendar(i+1, units, known) // in no month
	for v, venue := range u.venues {
		for m := b.courses[u.course][0]; m <= b.courses[u.course][1]; m++ {
			if venue == 0 && len(b.r.Blackouts) > 0 && b.r.Blackouts[0].Months[0] == m+1 {
				continue
			}
			for _, place := range []int64{0, b.penalty} {
				if place == 0 && b.places[venue][m] == 0 {
					continue
				}
				if place == 0 {
					b.places[venue][m]--
				}
				at := u.travel[v] + b.late(m) + place
				best = min(best, at+b.penalty+b.calendar(i+1, units, known))
				for l := range b.lessons {
					if km := b.km(l, venue); b.lessons[l][m] > 0 && km <= b.r.LecturerKm {
						b.lessons[l][m]--
						best = min(best, at+b.r.Costs.LecturerKm*int64(km)+b.calendar(i+1, units, known))
						b.lessons[l][m]++
					}
				}
				if place == 0 {
					b.places[venue][m]++
				}
			}
		}
	}
	known[key] = best
	return best
}
