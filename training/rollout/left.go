package rollout

import (
	"fmt"
	"slices"
	"strings"

	"github.com/linli/linli/aid"
)

// need names the people of an area in one course of a step.
type need struct {
	step   StepID
	course CourseID
	area   aid.AreaID
}

// needs counts who is to be trained.
func (r *Rollout) needs() map[need]int {
	all := map[need]int{}
	for i := range r.Steps {
		for area, n := range r.People(i) {
			for _, course := range r.Steps[i].Courses {
				all[need{r.Steps[i].ID, course, area}] = n
			}
		}
	}
	return all
}

// Left is what is left of a rollout to plan, for months from one on: its announced
// cohorts do not move. One whose results are settled trained those who completed it
// and are in office still, so that whoever missed it or left has to be trained
// again; any other will train whom it was made for; a cancelled one trains nobody.
//
// People of an area who are too few for a cohort of their own are sent to one that
// is announced for their area, not begun and has so many seats free: refilled are
// those cohorts, as they are now.
func (r *Rollout) Left(all []Turnout, from Month) (left *Rollout, refilled []Planned) {
	one := *r
	left = &one
	left.Fixed, left.NotBefore = slices.Clone(r.Fixed), from
	missing := r.needs()
	for i := range left.Fixed {
		f := &left.Fixed[i]
		for _, e := range f.People() {
			missing[need{f.Step, f.Course, e.Area}] -= e.People
		}
	}
	t := r.tree()
	open := map[int]*Turnout{} // by place in Fixed
	for i := range all {
		c := &all[i]
		if !c.Announced || c.Cancelled {
			continue
		}
		people := c.From
		if c.Settled {
			people = r.homes(t, c, c.Done)
		}
		var came []Enrolment
		for _, e := range people {
			k := need{c.Step, c.Course, e.Area}
			if e.People = min(e.People, missing[k]); e.People > 0 {
				missing[k] -= e.People
				came = append(came, e)
			}
		}
		if len(came) == 0 {
			continue
		}
		if !c.Settled && c.Month >= from {
			open[len(left.Fixed)] = c
		}
		left.Fixed = append(left.Fixed, Fixed{
			Step: c.Step, Course: c.Course, Area: c.Area, Venue: c.Venue, Month: c.Month, Lecturers: c.Lecturers, From: came,
		})
	}
	for i := range left.Fixed {
		if c := open[i]; c != nil && r.refill(&left.Fixed[i], c, missing) {
			again := c.Planned
			again.From = left.Fixed[i].From
			refilled = append(refilled, again)
		}
	}
	return left, refilled
}

// refill sends those of its areas to a cohort who are too few for one of their own.
func (r *Rollout) refill(f *Fixed, c *Turnout, missing map[need]int) bool {
	s := &r.Steps[slices.IndexFunc(r.Steps, func(s Step) bool { return s.ID == f.Step })]
	free := c.Seats
	for _, e := range f.From {
		free -= e.People
	}
	more := false
	for i := range f.From {
		k := need{f.Step, f.Course, f.From[i].Area}
		if rest := missing[k] % s.MostSize; missing[k] > 0 && rest > 0 && rest < s.LeastSize && rest <= free {
			f.From[i].People += rest
			missing[k] -= rest
			free -= rest
			more = true
		}
	}
	return more
}

// homes sums people up by the areas that gather them. Who lives in none of those
// whose people were to come counts for the area of the cohort.
func (r *Rollout) homes(t tree, c *Turnout, people []AtPath) []Enrolment {
	step := slices.IndexFunc(r.Steps, func(s Step) bool { return s.ID == c.Step })
	var sums []Enrolment
	for _, e := range c.From {
		sums = append(sums, Enrolment{Area: e.Area})
	}
	for _, p := range people {
		at := 0
		if step >= 0 {
			home := t.home(p.Path, r.Steps[step].RunBy)
			at = max(0, slices.IndexFunc(sums, func(e Enrolment) bool { return e.Area == home }))
		}
		sums[at].People += p.People
	}
	return sums
}

// LeftOut says in one line who has no seat in a calendar, given what is left with
// its announced cohorts, and the cohorts that are not announced. It is empty if
// everybody has one; one that differs from that of the plan asks for another plan.
func (r *Rollout) LeftOut(left *Rollout, ahead []Planned) string {
	missing := r.needs()
	for i := range left.Fixed {
		f := &left.Fixed[i]
		for _, e := range f.People() {
			missing[need{f.Step, f.Course, e.Area}] -= e.People
		}
	}
	for i := range ahead {
		for _, e := range ahead[i].From {
			missing[need{ahead[i].Step, ahead[i].Course, e.Area}] -= e.People
		}
	}
	var words []string
	for k, n := range missing {
		if n != 0 {
			words = append(words, fmt.Sprintf("%s/%s/%s:%d", k.step, k.course, k.area, n))
		}
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}
