package scenario

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/files"
)

// BaseDate is the day from which scenarios count their time.
var BaseDate = time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC)

// Config says what to make up.
type Config struct {
	Volunteers int
	Requests   int
	Seed       uint64
	Territory  Territory // the zero value is [NorthEast]
}

// Most is the largest number of volunteers or requests.
const Most = 10_000_000

// Scenario is what was made up.
type Scenario struct {
	Volunteers []files.Volunteer
	Requests   []files.Request
}

// Generate makes a scenario. It fails with [aid.Invalid] on a config that makes
// no sense, and when ctx ends.
func Generate(ctx context.Context, c Config) (Scenario, error) {
	if c.Territory.Centres == nil {
		c.Territory = NorthEast()
	}
	var check aid.Check
	check.That(c.Volunteers >= 0 && c.Volunteers <= Most, "volunteers", "is %d, must lie in 0 to %d", c.Volunteers, Most)
	check.That(c.Requests >= 0 && c.Requests <= Most, "requests", "is %d, must lie in 0 to %d", c.Requests, Most)
	check.Within("territory", c.Territory.validate())
	if err := check.Err("scenario"); err != nil {
		return Scenario{}, err
	}
	w := newWorld(c)
	var s Scenario
	r := newRandom(c.Seed, streamVolunteers)
	for i := range c.Volunteers {
		if i%4096 == 0 && ctx.Err() != nil {
			return Scenario{}, ctx.Err()
		}
		s.Volunteers = append(s.Volunteers, w.volunteer(r, i))
	}
	r = newRandom(c.Seed, streamRequests)
	for i := range c.Requests {
		if i%4096 == 0 && ctx.Err() != nil {
			return Scenario{}, ctx.Err()
		}
		s.Requests = append(s.Requests, w.request(r, i))
	}
	return s, nil
}

// world is a territory made ready to draw from.
type world struct {
	weights []int
	centres []settlements
	wanted  []int // weight of each skill among requests
}

func newWorld(c Config) world {
	var w world
	r := newRandom(c.Seed, streamTowns)
	for _, at := range c.Territory.Centres {
		w.weights = append(w.weights, at.Weight)
		w.centres = append(w.centres, at.settle(r))
	}
	for _, s := range skills {
		w.wanted = append(w.wanted, s.wanted)
	}
	return w
}

func (w world) home(r random) aid.Point {
	return w.centres[r.pick(w.weights)].home(r).point()
}

func (w world) volunteer(r random, i int) files.Volunteer {
	v := files.Volunteer{
		ID:          aid.VolunteerID(fmt.Sprintf("v%07d", i+1)),
		Home:        w.home(r),
		MaxDistance: float64(oneOf(r, 2, 3, 3, 5, 5, 5, 8, 8, 10, 10, 15, 20, 30) * 1000),
		Capacity:    oneOf(r, 1, 1, 1, 2, 2, 3),
	}
	for _, s := range skills {
		if r.chance(s.have) {
			v.Skills = append(v.Skills, s.id)
		}
	}
	slices.Sort(v.Skills)
	for _, c := range courses {
		if !r.chance(c.have) {
			continue
		}
		held := aid.CourseHeld{Course: c.id}
		if c.lapses > 0 {
			held.Until = aid.DateOf(BaseDate.AddDate(0, 0, r.between(-c.lapses/10, c.lapses)))
		}
		v.Courses = append(v.Courses, held)
	}
	if r.chance(150) {
		v.Availability.From = BaseDate.AddDate(0, 0, r.between(-10, 10))
	}
	if r.chance(150) {
		v.Availability.Until = BaseDate.AddDate(0, 0, r.between(11, 40))
	}
	return v
}

// beijing is how far the territory's clocks are ahead.
const beijing = 8 * time.Hour

func (w world) request(r random, i int) files.Request {
	main := skills[r.pick(w.wanted)]
	q := files.Request{
		ID: aid.RequestID(fmt.Sprintf("r%07d", i+1)), Place: w.home(r), Skills: []aid.Skill{main.id},
		People: 1, MinPeople: 1, Urgency: oneOf(r, aid.Routine, aid.Routine, aid.Routine, aid.Routine, aid.Routine, aid.Routine, aid.Soon, aid.Soon, aid.Soon, aid.Urgent),
	}
	if r.chance(120) {
		second := skills[r.below(len(skills)/2)] // a common one
		q.Skills = append(q.Skills, second.id)
		slices.Sort(q.Skills)
		q.Skills = slices.Compact(q.Skills)
	}
	if r.chance(500) {
		q.Courses = main.courses
	}
	if r.chance(300) {
		q.People = oneOf(r, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8, 10)
		if r.chance(250) {
			q.MinPeople = r.between(2, max(2, q.People*2/3))
		}
	}
	start := BaseDate.AddDate(0, 0, r.between(1, 21)).Add(time.Duration(r.between(8*4, 18*4))*15*time.Minute - beijing)
	q.Window = aid.Window{StartsAt: start, EndsAt: start.Add(time.Duration(oneOf(r, 1, 1, 2, 2, 2, 3, 4, 8)) * time.Hour)}
	return q
}

func oneOf[T any](r random, values ...T) T { return values[r.below(len(values))] }
