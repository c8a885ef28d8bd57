package planner

import (
	"fmt"
	"slices"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

// instance is a rollout in numbers: areas, steps and courses by their index,
// months from the first start on.
type instance struct {
	*rollout.Rollout
	index  map[aid.AreaID]int
	above  []int // the parent of each area, -1 at the top
	first  rollout.Month
	months int

	venue    [][]int64 // [area][month] cohorts that can be held
	lecturer [][]int64 // [area][month] cohorts that lecturers can take
	shut     [][]bool  // [area][calendar month - 1]

	roads   map[[2]int]int
	reached map[int][]teacher // what teachers found so far
	steps   []stepPeople
	blocks  []block
	fixed   int64 // cost of what is announced
	penalty int64 // of a lack of one venue or one lecturer
}

// block is one course of one step: the smallest part whose people are shared out
// among cohorts by themselves.
type block struct {
	step, course int // indexes of the rollout
	window       window
	whole        []int64 // [home] cohorts that its people fill
	rest         []int64 // [home] people who are left
}

// window is the months in which a course may be held, counted from the first
// month of the instance, the last one included.
type window struct{ from, to int }

// since is what is left of a window from a month on. Whoever is left when it is over
// may come until the deadline; after that no month is left.
func (w window) since(month, deadline int) window {
	if month <= w.from {
		return w
	}
	w.from = min(month, deadline+1)
	if w.from > w.to {
		w.to = deadline
	}
	return w
}

// newInstance derives the numbers of a valid rollout.
func newInstance(r *rollout.Rollout) (*instance, error) {
	in := &instance{Rollout: r, index: map[aid.AreaID]int{}, roads: map[[2]int]int{}, reached: map[int][]teacher{}}
	for i := range r.Areas {
		in.index[r.Areas[i].ID] = i
	}
	for i := range r.Areas {
		up, ok := in.index[r.Areas[i].Parent]
		if !ok {
			up = -1
		}
		in.above = append(in.above, up)
	}
	for _, d := range r.Distances {
		from, to := in.index[d.From], in.index[d.To]
		in.roads[[2]int{from, to}], in.roads[[2]int{to, from}] = d.Km, d.Km
	}
	last := r.Steps[0].Deadline
	in.first = r.Steps[0].Start
	for i := range r.Steps {
		in.first, last = min(in.first, r.Steps[i].Start), max(last, r.Steps[i].Deadline)
	}
	in.months = int(last-in.first) + 1
	in.capacities()
	for s := range r.Steps {
		in.steps = append(in.steps, in.peopleOf(s))
	}
	if err := in.share(); err != nil {
		return nil, err
	}
	var fits bool
	if in.penalty, fits = in.outweighing(); !fits {
		return nil, aid.Errorf(aid.Invalid, "the costs are too great for the number of cohorts")
	}
	return in, nil
}

// capacities fills in what venues and lecturers can take, and blackouts.
func (in *instance) capacities() {
	for i := range in.Areas {
		a := &in.Areas[i]
		in.venue = append(in.venue, slices.Repeat([]int64{int64(a.Venue)}, in.months))
		in.lecturer = append(in.lecturer, slices.Repeat([]int64{int64(a.Lecturers * in.CohortsPerLecturer)}, in.months))
		in.shut = append(in.shut, make([]bool, 12))
	}
	for _, c := range in.Changes {
		i := in.index[c.Area]
		for t := max(0, int(c.From-in.first)); t <= min(in.months-1, int(c.To-in.first)); t++ {
			if c.Venue != nil {
				in.venue[i][t] = int64(*c.Venue)
			}
			if c.Lecturers != nil {
				in.lecturer[i][t] = int64(*c.Lecturers * in.CohortsPerLecturer)
			}
		}
	}
	for _, b := range in.Blackouts {
		for i := range in.Areas {
			if in.under(i, b.Areas) {
				for _, m := range b.Months {
					in.shut[i][m-1] = true
				}
			}
		}
	}
}

// under tells whether an area is one of these or below one of them.
func (in *instance) under(area int, these []aid.AreaID) bool {
	for ; area >= 0; area = in.above[area] {
		if slices.Contains(these, in.Areas[area].ID) {
			return true
		}
	}
	return false
}

func (in *instance) open(area, t int) bool {
	return !in.shut[area][(in.first+rollout.Month(t)).Calendar()-1]
}

// share takes off what is announced, and divides the people of every course into
// whole cohorts and rests.
func (in *instance) share() error {
	var c aid.Check
	taken := map[[3]int]int64{} // step, course, area
	for i, f := range in.Rollout.Fixed {
		at := fmt.Sprintf("fixed[%d]", i)
		s := slices.IndexFunc(in.Steps, func(s rollout.Step) bool { return s.ID == f.Step })
		course := slices.IndexFunc(in.Courses, func(c rollout.Course) bool { return c.ID == f.Course })
		venue, from, t := in.index[f.Venue], in.index[f.Lecturers], int(f.Month-in.first)
		empty := in.Steps[s].MostSize
		for _, e := range f.People() {
			area := in.index[e.Area]
			key := [3]int{s, course, area}
			taken[key] += int64(e.People)
			home := slices.Index(in.steps[s].homes, area)
			c.That(home >= 0 && taken[key] <= in.steps[s].people[max(0, home)], at+".enrolled", "brings %s to %d people, more than it has to train", e.Area, taken[key])
			in.fixed += in.Costs.TravellerKm * int64(in.km(area, venue)*e.People)
			empty -= e.People
		}
		in.venue[venue][t]--
		in.lecturer[from][t]--
		c.That(in.venue[venue][t] >= 0, at+".venue", "%s has no place left in %s", f.Venue, f.Month)
		c.That(in.lecturer[from][t] >= 0, at+".lecturer_area", "%s has no lecturer left in %s", f.Lecturers, f.Month)
		in.fixed += in.Costs.LecturerKm*int64(in.km(venue, from)) + in.Costs.EmptySeat*int64(empty) + in.late(s, t)
	}
	for s := range in.Steps {
		in.blocks = append(in.blocks, in.blocksOf(s, taken, &c)...)
	}
	return c.Err("rollout")
}

// blocksOf makes the blocks of a step. Courses that come after others are held
// in a later part of the window, which is cut by how many courses each part has.
func (in *instance) blocksOf(s int, taken map[[3]int]int64, c *aid.Check) []block {
	step := &in.Steps[s]
	layer := in.layers(step)
	length, begin := int(step.Deadline-step.Start)+1, int(step.Start-in.first)
	var blocks []block
	for i, id := range step.Courses {
		b := block{step: s, course: slices.IndexFunc(in.Courses, func(c rollout.Course) bool { return c.ID == id })}
		before, with := 0, 0
		for _, l := range layer {
			if l < layer[i] {
				before++
			} else if l == layer[i] {
				with++
			}
		}
		b.window = window{begin + length*before/len(layer), begin + length*(before+with)/len(layer) - 1}
		c.That(b.window.from <= b.window.to, fmt.Sprintf("steps[%d].deadline", s), "leaves no month for %s, among courses that come one after the other", id)
		b.window = b.window.since(int(in.NotBefore-in.first), int(step.Deadline-in.first))
		for home, people := range in.steps[s].people {
			people -= taken[[3]int{s, b.course, in.steps[s].homes[home]}]
			b.whole = append(b.whole, people/int64(step.MostSize))
			b.rest = append(b.rest, people%int64(step.MostSize))
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// layers says for each course of a step how many come one after the other before
// it.
func (in *instance) layers(step *rollout.Step) []int {
	depth := map[rollout.CourseID]int{}
	for i := range in.Courses { // what comes first is listed first
		c := &in.Courses[i]
		for _, before := range c.After {
			depth[c.ID] = max(depth[c.ID], depth[before]+1)
		}
	}
	layer := make([]int, len(step.Courses))
	for i, id := range step.Courses {
		layer[i] = depth[id]
	}
	return layer
}

// late is what a cohort of a step in a month costs for being late.
func (in *instance) late(s, t int) int64 {
	target := in.Steps[s].Target
	if target == 0 {
		return 0
	}
	return in.Costs.LateMonth * max(0, int64(t)-int64(target-in.first))
}

// out is the penalty for people who have no month or are too few for a cohort: more
// than any cohort without venue and lecturer costs, however late and far. Else it
// would be cheaper to say so of people who only lack these.
func (in *instance) out() int64 { return 3 * in.penalty }

// outweighing is more than all that a plan can cost, so that fewer lacks are
// always better than any saving. It is false if that does not fit 60 bits.
func (in *instance) outweighing() (more int64, fits bool) {
	const limit = int64(1) << 60
	more = 1
	for i := range in.blocks {
		b := &in.blocks[i]
		step := &in.Steps[b.step]
		most := in.Costs.LecturerKm*int64(in.LecturerKm) + in.late(b.step, b.window.to) +
			int64(step.MostSize)*(in.Costs.EmptySeat+in.Costs.TravellerKm*int64(step.TravelKm))
		for home, whole := range b.whole {
			cohorts := whole + min(1, b.rest[home])
			if most > 0 && cohorts > (limit-more)/most {
				return 0, false
			}
			more += most * cohorts
		}
	}
	return more, true
}
