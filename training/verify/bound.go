package verify

import (
	"sort"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

// bound recomputes what the prices prove: every cohort is bought where it is
// cheapest at the prices, as if nothing were scarce, less what all capacity
// earns. exact is false where a rest was bounded by its share of a cohort.
func (l *ledger) bound() (total int64, exact bool) {
	p := &l.plan.Prices
	total, exact = l.fixedCost(), true
	first, last := l.span()
	free := l.free()
	for i := range l.r.Areas {
		id := l.r.Areas[i].ID
		for m := first; m <= last; m++ {
			venue, lecturer := p.Venues[i][m-first], p.Lecturers[i][m-first]
			l.that(venue >= 0 && lecturer >= 0, "a price of %s in %s is negative", id, m)
			have := free[place{id, m}]
			total -= venue*have[0] + lecturer*have[1]
		}
	}
	quotes := l.quotes(free)
	solved := map[string]int64{} // courses often pose one and the same question
	for i := range l.r.Steps {
		for course := range l.r.Courses {
			if teaches(&l.r.Steps[i], l.r.Courses[course].ID) {
				b := l.question(i, course, quotes)
				cost, ok := b.solve(solved)
				total += cost
				exact = exact && ok
			}
		}
	}
	return total, exact
}

// fixedCost is what the announced cohorts cost.
func (l *ledger) fixedCost() int64 {
	cost := int64(0)
	for i := range l.r.Fixed {
		f := &l.r.Fixed[i]
		var s *rollout.Step
		for j := range l.r.Steps {
			if l.r.Steps[j].ID == f.Step {
				s = &l.r.Steps[j]
			}
		}
		cost += int64(l.km(f.Lecturers, f.Venue))*l.r.Costs.LecturerKm + int64(s.MostSize)*l.r.Costs.EmptySeat
		for _, e := range f.People() {
			cost += int64(e.People) * (int64(l.km(e.Area, f.Venue))*l.r.Costs.TravellerKm - l.r.Costs.EmptySeat)
		}
		if s.Target != 0 && f.Month > s.Target {
			cost += int64(f.Month-s.Target) * l.r.Costs.LateMonth
		}
	}
	return cost
}

// free is what venues and lecturers can take beside what is announced.
func (l *ledger) free() map[place][2]int64 {
	have := map[place][2]int64{}
	first, last := l.span()
	for i := range l.r.Areas {
		for m := first; m <= last; m++ {
			venue, lecturers := l.capacity(l.r.Areas[i].ID, m)
			have[place{l.r.Areas[i].ID, m}] = [2]int64{int64(venue), int64(lecturers)}
		}
	}
	for _, f := range l.r.Fixed {
		venue, lecturers := have[place{f.Venue, f.Month}], have[place{f.Lecturers, f.Month}]
		venue[0]--
		have[place{f.Venue, f.Month}] = venue
		if f.Lecturers == f.Venue {
			lecturers[0]--
		}
		lecturers[1]--
		have[place{f.Lecturers, f.Month}] = lecturers
	}
	return have
}

// quotes is what a cohort costs at an area's venue in each month, with the
// cheapest lecturer.
func (l *ledger) quotes(free map[place][2]int64) map[aid.AreaID][]int64 {
	p, first := &l.plan.Prices, l.plan.Prices.First
	_, last := l.span()
	quotes := map[aid.AreaID][]int64{}
	for i := range l.steps {
		for _, routes := range l.steps[i].routes {
			for venue := range routes {
				if quotes[venue] != nil {
					continue
				}
				for m := first; m <= last; m++ {
					lecturer := l.plan.Penalty
					quotes[venue] = append(quotes[venue], lecturer)
				}
				l.cheapest(venue, quotes[venue], p, free)
			}
		}
	}
	return quotes
}

// cheapest lowers the quotes of a venue to those of the lecturers in reach, and
// adds what its own place costs.
func (l *ledger) cheapest(venue aid.AreaID, quote []int64, p *rollout.Prices, free map[place][2]int64) {
	for from := range l.r.Areas {
		id := l.r.Areas[from].ID
		km := l.km(venue, id)
		if km > l.r.LecturerKm {
			continue
		}
		for t := range quote {
			if free[place{id, p.First + rollout.Month(t)}][1] > 0 {
				quote[t] = min(quote[t], int64(km)*l.r.Costs.LecturerKm+p.Lecturers[from][t])
			}
		}
	}
	for t := range quote {
		quote[t] += min(l.plan.Penalty, p.Venues[l.order[venue]][t])
	}
}

// question is one course of one step at prices.
type question struct {
	rest        []int64 // of each home, those without one left out
	at          [][]int // [venue] homes that may come, by place in rest
	km          [][]int64
	price       []int64 // [venue] of a cohort in its cheapest month
	spare       []int64 // [venue] whom whole cohorts at home there can lend
	whole       int64   // what the whole cohorts cost
	least, most int64
	empty, per  int64 // costs of an empty seat, of a traveller's kilometre
	lost        int64 // of people without a cohort
}

// question puts together what has to be decided for a course.
func (l *ledger) question(step, course int, quotes map[aid.AreaID][]int64) *question {
	s, who := &l.r.Steps[step], &l.steps[step]
	from, to := l.months(s, l.r.Courses[course].ID)
	q := &question{
		least: int64(s.LeastSize), most: int64(s.MostSize), lost: 3 * l.plan.Penalty,
		empty: l.r.Costs.EmptySeat, per: l.r.Costs.TravellerKm,
	}
	price := func(venue aid.AreaID) int64 {
		best := q.lost
		for m := from; m <= to; m++ {
			if !l.isShut(venue, m) {
				late := int64(0)
				if s.Target != 0 && m > s.Target {
					late = int64(m-s.Target) * l.r.Costs.LateMonth
				}
				best = min(best, late+quotes[venue][m-l.plan.Prices.First])
			}
		}
		return best
	}
	venueAt := map[aid.AreaID]int{}
	var homes []aid.AreaID
	for home := range who.people {
		homes = append(homes, home)
	}
	// From west to east, so that what is still open when a venue is decided lies near it.
	sort.Slice(homes, func(i, j int) bool {
		a, b := l.areas[homes[i]], l.areas[homes[j]]
		return a.Lng < b.Lng || a.Lng == b.Lng && a.ID < b.ID
	})
	for _, home := range homes {
		moving := int64(who.people[home] - l.fixedOf(s.ID, l.r.Courses[course].ID, home))
		whole, rest := moving/q.most, moving%q.most
		cheapest := q.lost
		for _, venue := range l.inOrder(who.routes[home]) {
			km := who.routes[home][venue]
			v, there := venueAt[venue]
			if !there {
				v = len(q.price)
				venueAt[venue] = v
				q.price, q.spare = append(q.price, price(venue)), append(q.spare, 0)
				q.at, q.km = append(q.at, nil), append(q.km, nil)
			}
			cheapest = min(cheapest, q.price[v]+q.per*q.most*int64(km))
			if venue == home {
				q.spare[v] = whole * (q.most - q.least)
			}
			if rest > 0 {
				q.at[v], q.km[v] = append(q.at[v], len(q.rest)), append(q.km[v], int64(km))
			}
		}
		q.whole += whole * cheapest
		if rest > 0 {
			q.rest = append(q.rest, rest)
		}
	}
	return q
}

func (l *ledger) inOrder(routes map[aid.AreaID]int) []aid.AreaID {
	var venues []aid.AreaID
	for v := range routes {
		venues = append(venues, v)
	}
	sort.Slice(venues, func(i, j int) bool { return l.order[venues[i]] < l.order[venues[j]] })
	return venues
}

func (l *ledger) fixedOf(step rollout.StepID, course rollout.CourseID, home aid.AreaID) int {
	sum := 0
	for i := range l.r.Fixed {
		f := &l.r.Fixed[i]
		if f.Step != step || f.Course != course {
			continue
		}
		for _, e := range f.People() {
			if e.Area == home {
				sum += e.People
			}
		}
	}
	return sum
}
