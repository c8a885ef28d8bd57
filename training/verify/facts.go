package verify

import (
	"math"
	"sort"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

// facts is what follows from a rollout alone.
type facts struct {
	r     *rollout.Rollout
	areas map[aid.AreaID]*rollout.Area
	order map[aid.AreaID]int
	known map[[2]aid.AreaID]int
	above map[aid.AreaID][]aid.AreaID // itself first
	tiers map[rollout.Tier]int
}

func newFacts(r *rollout.Rollout) *facts {
	f := &facts{
		r: r, areas: map[aid.AreaID]*rollout.Area{}, order: map[aid.AreaID]int{}, known: map[[2]aid.AreaID]int{},
		above: map[aid.AreaID][]aid.AreaID{}, tiers: map[rollout.Tier]int{},
	}
	for i := range r.Areas {
		f.areas[r.Areas[i].ID], f.order[r.Areas[i].ID] = &r.Areas[i], i
	}
	for i := range r.Areas {
		id := r.Areas[i].ID
		for at := id; at != ""; at = f.areas[at].Parent {
			f.above[id] = append(f.above[id], at)
		}
	}
	for _, d := range r.Distances {
		f.known[[2]aid.AreaID{d.From, d.To}], f.known[[2]aid.AreaID{d.To, d.From}] = d.Km, d.Km
	}
	for i, t := range rollout.Tiers {
		f.tiers[t] = i
	}
	return f
}

func (f *facts) km(a, b aid.AreaID) int {
	if km, ok := f.known[[2]aid.AreaID{a, b}]; ok && a != b {
		return km
	}
	p, q := f.areas[a], f.areas[b]
	return int(math.Round(aid.Point{Lat: p.Lat, Lng: p.Lng}.Distance(aid.Point{Lat: q.Lat, Lng: q.Lng}) * float64(f.r.RoadPercent) / 100_000))
}

func (f *facts) isUnder(area aid.AreaID, these []aid.AreaID) bool {
	for _, up := range f.above[area] {
		for _, a := range these {
			if a == up {
				return true
			}
		}
	}
	return false
}

// people counts who a step trains by the area that gathers them.
func (f *facts) people(s *rollout.Step) map[aid.AreaID]int {
	count := map[aid.AreaID]int{}
	for _, a := range f.r.Audience {
		wanted := false
		for _, k := range s.Kinds {
			wanted = wanted || k.Tier == a.Tier && k.Tree == a.Tree
		}
		if !wanted || a.Organisations == 0 || len(s.Areas) > 0 && !f.isUnder(a.Area, s.Areas) {
			continue
		}
		ups := f.above[a.Area]
		gathered := ups[len(ups)-1]
		for _, up := range ups {
			if f.tiers[f.areas[up].Tier] <= f.tiers[s.RunBy] {
				gathered = up
				break
			}
		}
		count[gathered] += a.Organisations * len(s.Roles)
	}
	return count
}

// months gives the first and the last month in which a step may teach a course.
func (f *facts) months(s *rollout.Step, course rollout.CourseID) (from, to rollout.Month) {
	before := map[rollout.CourseID][]rollout.CourseID{}
	for _, c := range f.r.Courses {
		before[c.ID] = c.After
	}
	var depth func(id rollout.CourseID) int
	depth = func(id rollout.CourseID) int {
		deepest := 0
		for _, b := range before[id] {
			deepest = max(deepest, depth(b)+1)
		}
		return deepest
	}
	total, earlier, until := len(s.Courses), 0, 0
	for _, id := range s.Courses {
		if depth(id) < depth(course) {
			earlier++
		}
		if depth(id) <= depth(course) {
			until++
		}
	}
	length := int(s.Deadline-s.Start) + 1
	from, to = s.Start+rollout.Month(length*earlier/total), s.Start+rollout.Month(length*until/total)-1
	if f.r.NotBefore > to {
		to = s.Deadline
	}
	return max(from, min(f.r.NotBefore, s.Deadline+1)), to
}

// capacity of an area in a month: cohorts at its venues, and of its lecturers.
func (f *facts) capacity(area aid.AreaID, m rollout.Month) (venue, lecturers int) {
	a := f.areas[area]
	venue, lecturers = a.Venue, a.Lecturers
	for _, c := range f.r.Changes {
		if c.Area == area && m >= c.From && m <= c.To {
			if c.Venue != nil {
				venue = *c.Venue
			}
			if c.Lecturers != nil {
				lecturers = *c.Lecturers
			}
		}
	}
	return venue, lecturers * f.r.CohortsPerLecturer
}

func (f *facts) isShut(area aid.AreaID, m rollout.Month) bool {
	for _, b := range f.r.Blackouts {
		for _, month := range b.Months {
			if month == int(m.Calendar()) && f.isUnder(area, b.Areas) {
				return true
			}
		}
	}
	return false
}

// span is the months of all steps together.
func (f *facts) span() (first, last rollout.Month) {
	first, last = f.r.Steps[0].Start, f.r.Steps[0].Deadline
	for i := range f.r.Steps {
		first, last = min(first, f.r.Steps[i].Start), max(last, f.r.Steps[i].Deadline)
	}
	return first, last
}

// routes says how far it is from each home of a step to each area that it may
// send people to: its own, and those within reach where each of the two is among
// the four nearest of the other.
func (f *facts) routes(s *rollout.Step, people map[aid.AreaID]int) map[aid.AreaID]map[aid.AreaID]int {
	var homes, venues []aid.AreaID // homes come first where distances are equal
	for i := range f.r.Areas {
		id := f.r.Areas[i].ID
		if people[id] > 0 {
			homes = append(homes, id)
		} else if f.everHolds(id) {
			venues = append(venues, id)
		}
	}
	venues = append(append([]aid.AreaID{}, homes...), venues...)
	four := func(from aid.AreaID, list []aid.AreaID) map[aid.AreaID]int {
		var near []aid.AreaID
		for _, id := range list {
			if id != from && f.km(from, id) <= s.TravelKm {
				near = append(near, id)
			}
		}
		sort.SliceStable(near, func(i, j int) bool { return f.km(from, near[i]) < f.km(from, near[j]) })
		found := map[aid.AreaID]int{}
		for i := 0; i < len(near) && i < 4; i++ {
			found[near[i]] = f.km(from, near[i])
		}
		return found
	}
	to := map[aid.AreaID]map[aid.AreaID]int{}
	back := map[aid.AreaID]map[aid.AreaID]int{}
	for _, v := range venues {
		back[v] = four(v, homes)
	}
	for _, h := range homes {
		to[h] = map[aid.AreaID]int{h: 0}
		for v, km := range four(h, venues) {
			if _, mutual := back[v][h]; mutual {
				to[h][v] = km
			}
		}
	}
	return to
}

// everHolds tells whether an area can hold a cohort in some month.
func (f *facts) everHolds(area aid.AreaID) bool {
	first, last := f.span()
	for m := first; m <= last; m++ {
		if venue, _ := f.capacity(area, m); venue > 0 {
			return true
		}
	}
	return false
}
