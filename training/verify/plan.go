package verify

import (
	"errors"
	"fmt"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

// most is how many faults are named.
const most = 20

// Verdict is what a plan that keeps all rules costs, and what its prices prove.
type Verdict struct {
	Costs rollout.CostSums
	// PriceBound is recomputed. If it is below the plan's own, Exact is false: so many
	// areas hang together that a weaker bound was taken, and this one is what stands.
	PriceBound int64
	Exact      bool
}

// Plan checks a plan of a valid rollout. The error names what is wrong with it.
func Plan(r *rollout.Rollout, p *rollout.Plan) (Verdict, error) {
	f := newFacts(r)
	l := &ledger{facts: f, plan: p, steps: make([]stepFacts, len(r.Steps))}
	for i := range r.Steps {
		people := f.people(&r.Steps[i])
		l.steps[i] = stepFacts{people, f.routes(&r.Steps[i], people)}
	}
	for i := range p.Cohorts {
		l.cohort(&p.Cohorts[i])
	}
	l.totals()
	v := Verdict{Costs: l.cost}
	l.that(l.cost.Total() == p.Objective, "the cohorts cost %d, not %d", l.cost.Total(), p.Objective)
	v.PriceBound, v.Exact = l.bound()
	l.that(!v.Exact || v.PriceBound >= p.PriceBound, "the prices prove %d, not %d", v.PriceBound, p.PriceBound)
	l.that(p.Bound <= p.Objective && p.PriceBound <= p.Bound, "the bounds %d and %d and the objective %d are not in order", p.PriceBound, p.Bound, p.Objective)
	return v, errors.Join(l.wrong...)
}

// stepFacts is who a step trains, and where they may go.
type stepFacts struct {
	people map[aid.AreaID]int
	routes map[aid.AreaID]map[aid.AreaID]int
}

// group names people of one area in one course of one step.
type group struct {
	step, course int
	area         aid.AreaID
}

// place is an area in a month.
type place struct {
	area  aid.AreaID
	month rollout.Month
}

// ledger counts a plan.
type ledger struct {
	*facts
	plan  *rollout.Plan
	steps []stepFacts
	wrong []error
	cost  rollout.CostSums

	trained, whole, away, fixed map[group]int
	awayAt                      map[group]aid.AreaID
	venues, lecturers           map[place]int
	announced                   map[string]int // by all that is said of them
}

func (l *ledger) that(ok bool, format string, args ...any) {
	if !ok && len(l.wrong) < most {
		l.wrong = append(l.wrong, fmt.Errorf(format, args...))
	}
}

// cohort checks one cohort and adds it up.
func (l *ledger) cohort(c *rollout.Cohort) {
	if l.trained == nil {
		l.trained, l.whole, l.away, l.fixed = map[group]int{}, map[group]int{}, map[group]int{}, map[group]int{}
		l.awayAt, l.venues, l.lecturers = map[group]aid.AreaID{}, map[place]int{}, map[place]int{}
		l.announced = map[string]int{}
	}
	s := &l.r.Steps[c.Step]
	name := fmt.Sprintf("%s %s at %s in %s", s.ID, l.r.Courses[c.Course].ID, c.Venue, c.Month)
	for _, e := range c.From {
		l.that(e.People > 0, "%s: %d people of %s", name, e.People, e.Area)
		l.trained[group{c.Step, c.Course, e.Area}] += e.People
	}
	if c.Lacks&(rollout.NoMonth|rollout.TooFew) != 0 {
		l.homeless(c, name)
		return
	}
	l.that(c.Seats == s.MostSize && c.Enrolled() <= s.MostSize, "%s: %d people on %d seats", name, c.Enrolled(), c.Seats)
	if c.Fixed {
		l.announced[fmt.Sprint(s.ID, l.r.Courses[c.Course].ID, c.Area, c.Venue, c.Month, c.Lecturers, c.From)]++
		for _, e := range c.From {
			l.fixed[group{c.Step, c.Course, e.Area}] += e.People
		}
	} else {
		l.moved(c, s, name)
	}
	l.resources(c, name)
	l.cost.EmptySeats += int64(c.Seats-c.Enrolled()) * l.r.Costs.EmptySeat
	if s.Target != 0 && c.Month > s.Target {
		l.cost.Lateness += int64(c.Month-s.Target) * l.r.Costs.LateMonth
	}
	for _, e := range c.From {
		charged := e.People
		if c.Whole {
			charged = c.Seats
		}
		l.cost.Travellers += int64(charged*l.km(e.Area, c.Venue)) * l.r.Costs.TravellerKm
	}
}

// homeless adds up people who get no month at all.
func (l *ledger) homeless(c *rollout.Cohort, name string) {
	l.that(c.Month == 0 && c.Lecturers == "", "%s: is said to have no month", name)
	l.cost.Penalties += 3 * l.plan.Penalty
	if c.Whole {
		l.whole[group{c.Step, c.Course, c.Area}]++
	}
	if c.Lacks&rollout.TooFew != 0 {
		return
	}
	l.closed(c, name)
	l.cost.EmptySeats += int64(c.Seats-c.Enrolled()) * l.r.Costs.EmptySeat
	for _, e := range c.From {
		l.cost.Travellers += int64(e.People*l.km(e.Area, c.Venue)) * l.r.Costs.TravellerKm
	}
}

// closed checks that people who are said to have no month have none: a rest at the
// venue where it goes, a whole cohort wherever it may go.
func (l *ledger) closed(c *rollout.Cohort, name string) {
	s := &l.r.Steps[c.Step]
	from, to := l.months(s, l.r.Courses[c.Course].ID)
	for venue := range l.steps[c.Step].routes[c.Area] {
		for m := from; m <= to && (c.Whole || venue == c.Venue); m++ {
			l.that(l.isShut(venue, m), "%s: has no month, but %s is open in %s", name, venue, m)
		}
	}
}

// moved checks what holds for every cohort that the planner placed.
func (l *ledger) moved(c *rollout.Cohort, s *rollout.Step, name string) {
	course := l.r.Courses[c.Course].ID
	from, to := l.months(s, course)
	l.that(c.Month >= from && c.Month <= to, "%s: is outside %s to %s", name, from, to)
	l.that(!l.isShut(c.Venue, c.Month), "%s: is in a month without cohorts there", name)
	l.that(c.Enrolled() >= s.LeastSize, "%s: %d people, the least size is %d", name, c.Enrolled(), s.LeastSize)
	for _, e := range c.From {
		_, allowed := l.steps[c.Step].routes[e.Area][c.Venue]
		l.that(allowed, "%s: people of %s may not be sent there", name, e.Area)
		g := group{c.Step, c.Course, e.Area}
		switch {
		case c.Whole:
			l.that(len(c.From) == 1, "%s: a whole cohort has people of %d areas", name, len(c.From))
			l.whole[g]++
		case e.Area != c.Venue:
			at, before := l.awayAt[g]
			l.that(!before || at == c.Venue, "%s: the rest of %s is at %s too", name, e.Area, at)
			l.awayAt[g] = c.Venue
			l.away[g] += e.People
		}
	}
}

// resources counts what a cohort takes up.
func (l *ledger) resources(c *rollout.Cohort, name string) {
	if c.Lacks&rollout.NoVenue != 0 {
		l.cost.Penalties += l.plan.Penalty
	} else {
		l.venues[place{c.Venue, c.Month}]++
	}
	if c.Lecturers == "" {
		l.that(c.Lacks&rollout.NoLecturer != 0, "%s: has no lecturer", name)
		l.cost.Penalties += l.plan.Penalty
		return
	}
	l.that(c.Lacks&rollout.NoLecturer == 0, "%s: has a lecturer", name)
	l.lecturers[place{c.Lecturers, c.Month}]++
	km := l.km(c.Lecturers, c.Venue)
	l.that(c.Fixed || km <= l.r.LecturerKm, "%s: the lecturer comes from %d km away", name, km)
	l.cost.Lecturers += int64(km) * l.r.Costs.LecturerKm
}

// totals checks that everybody has a place and nothing is used twice.
func (l *ledger) totals() {
	made := 0
	for _, n := range l.announced {
		made += n
	}
	l.that(made == len(l.r.Fixed), "%d cohorts of %d that are announced", made, len(l.r.Fixed))
	for i := range l.r.Fixed {
		f := &l.r.Fixed[i]
		key := fmt.Sprint(f.Step, f.Course, f.Area, f.Venue, f.Month, f.Lecturers, f.People())
		l.announced[key]--
		l.that(l.announced[key] >= 0, "%s %s at %s in %s is announced and not there as it was", f.Step, f.Course, f.Venue, f.Month)
	}
	for at, n := range l.venues {
		room, _ := l.capacity(at.area, at.month)
		l.that(n <= room, "%d cohorts at %s in %s, which holds %d", n, at.area, at.month, room)
	}
	for at, n := range l.lecturers {
		_, room := l.capacity(at.area, at.month)
		l.that(n <= room, "%d cohorts with lecturers of %s in %s, who take %d", n, at.area, at.month, room)
	}
	taught := 0
	for i := range l.r.Steps {
		s := &l.r.Steps[i]
		for course := range l.r.Courses {
			if !teaches(s, l.r.Courses[course].ID) {
				continue
			}
			for area, people := range l.steps[i].people {
				g := group{i, course, area}
				taught++
				l.that(l.trained[g] == people, "%s %s: %d of the %d people of %s", s.ID, l.r.Courses[course].ID, l.trained[g], people, area)
				moving := people - l.fixed[g]
				l.that(l.whole[g] == moving/s.MostSize, "%s %s: %d whole cohorts of %s, not %d", s.ID, l.r.Courses[course].ID, l.whole[g], area, moving/s.MostSize)
				l.that(l.away[g] == 0 || l.away[g] == moving%s.MostSize, "%s %s: %d of the rest of %s are away", s.ID, l.r.Courses[course].ID, l.away[g], area)
			}
		}
	}
	l.that(len(l.trained) <= taught, "people are trained in what no step asks")
}

func teaches(s *rollout.Step, course rollout.CourseID) bool {
	for _, id := range s.Courses {
		if id == course {
			return true
		}
	}
	return false
}
