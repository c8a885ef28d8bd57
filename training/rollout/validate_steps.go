package rollout

import (
	"fmt"
	"slices"

	"github.com/linli/linli/aid"
)

func (c *checker) allCourses() {
	for i, course := range c.r.Courses {
		at := fmt.Sprintf("courses[%d]", i)
		c.That(aid.ValidID(course.ID), at+".id", "%q must be 1 to 64 letters, digits or any of . _ -", course.ID)
		_, twice := c.courses[course.ID]
		c.That(!twice, at+".id", "%q is there already", course.ID)
		for j, before := range course.After {
			_, known := c.courses[before]
			c.That(known, fmt.Sprintf("%s.after[%d]", at, j), "%q must be a course that is listed before this one", before)
		}
		c.courses[course.ID] = i
	}
}

func (c *checker) allSteps() {
	for i := range c.r.Steps {
		s := &c.r.Steps[i]
		at := fmt.Sprintf("steps[%d]", i)
		c.That(aid.ValidID(s.ID), at+".id", "%q must be 1 to 64 letters, digits or any of . _ -", s.ID)
		_, twice := c.steps[s.ID]
		c.That(!twice, at+".id", "%q is there already", s.ID)
		c.people(s, at)
		c.taught(s, at)
		c.time(s, at)
		c.within(int64(s.MostSize), 1, MaxSize, "%s.most_size", at)
		c.within(int64(s.LeastSize), 1, int64(max(1, s.MostSize)), "%s.least_size", at)
		c.within(int64(s.TravelKm), 0, MaxKm, "%s.travel_km", at)
		c.steps[s.ID] = i
	}
	if first, last := c.r.span(); first > 0 && last >= first {
		c.That(last-first < MaxMonths, "steps", "go from %s to %s, more than %d months", first, last, MaxMonths)
	}
}

func (c *checker) people(s *Step, at string) {
	c.That(slices.Contains(Tiers, s.RunBy), at+".run_by", "%q must be one of %v", s.RunBy, Tiers)
	c.That(len(s.Roles) > 0, at+".roles", "must name lead, administrator or both")
	for j, role := range s.Roles {
		c.That(role == Lead || role == Administrator, fmt.Sprintf("%s.roles[%d]", at, j), "%q must be lead or administrator", role)
		c.That(!slices.Contains(s.Roles[:j], role), fmt.Sprintf("%s.roles[%d]", at, j), "%q is there already", role)
	}
	c.That(len(s.Kinds) > 0, at+".organisations", "must name a kind, such as {tier: county, tree: regional}")
	for j, k := range s.Kinds {
		field := fmt.Sprintf("%s.organisations[%d]", at, j)
		c.That(slices.Contains(Tiers, k.Tier), field+".tier", "%q must be one of %v", k.Tier, Tiers)
		c.That(k.Tree == Regional || k.Tree == Special, field+".tree", "%q must be regional or special", k.Tree)
		c.That(!slices.Contains(s.Kinds[:j], k), field, "is there already")
	}
	for j, a := range s.Areas {
		c.area(a, "%s.areas[%d]", at, j)
	}
}

func (c *checker) taught(s *Step, at string) {
	c.That(len(s.Courses) > 0, at+".courses", "must name a course")
	for j, id := range s.Courses {
		field := fmt.Sprintf("%s.courses[%d]", at, j)
		i, known := c.courses[id]
		c.That(known, field, "%q is not the id of a course", id)
		c.That(!slices.Contains(s.Courses[:j], id), field, "%q is there already", id)
		if !known {
			continue
		}
		for _, before := range c.r.Courses[i].After {
			c.That(slices.Contains(s.Courses, before), field, "%q comes after %q, which the step does not teach", id, before)
		}
	}
}

func (c *checker) time(s *Step, at string) {
	start, deadline := c.month(s.Start, "%s.start", at), c.month(s.Deadline, "%s.deadline", at)
	if !start || !deadline {
		return
	}
	c.That(s.Start <= s.Deadline, at+".deadline", "%s is before the start, %s", s.Deadline, s.Start)
	if s.Target != 0 && c.month(s.Target, "%s.target", at) {
		c.That(s.Target >= s.Start && s.Target <= s.Deadline, at+".target", "%s must lie between start and deadline", s.Target)
	}
	for j, id := range s.After {
		field := fmt.Sprintf("%s.after[%d]", at, j)
		i, known := c.steps[id]
		c.That(known, field, "%q must be a step that is listed before this one", id)
		if known {
			c.That(c.r.Steps[i].Deadline < s.Start, field, "%q may last until %s, so that this one cannot start in %s", id, c.r.Steps[i].Deadline, s.Start)
		}
	}
}

// allFixed checks what is announced, by itself; whether it fits the capacities
// is looked at by the planner.
func (c *checker) allFixed() {
	for i, f := range c.r.Fixed {
		at := fmt.Sprintf("fixed[%d]", i)
		step, known := c.steps[f.Step]
		c.That(known, at+".step", "%q is not the id of a step", f.Step)
		c.area(f.Area, "%s.area", at)
		c.area(f.Venue, "%s.venue", at)
		c.area(f.Lecturers, "%s.lecturer_area", at)
		if !c.month(f.Month, "%s.month", at) || !known {
			continue
		}
		s := &c.r.Steps[step]
		c.That(slices.Contains(s.Courses, f.Course), at+".course", "%q is not a course of step %q", f.Course, f.Step)
		c.That(f.Month >= s.Start && f.Month <= s.Deadline, at+".month", "%s is not in the months of step %q, %s to %s", f.Month, f.Step, s.Start, s.Deadline)
		if len(f.From) == 0 {
			c.within(int64(f.Enrolled), 1, int64(s.MostSize), "%s.enrolled", at)
			continue
		}
		c.That(f.Enrolled == 0, at+".enrolled", "must not be given beside from")
		sum := 0
		for j, e := range f.From {
			c.area(e.Area, "%s.from[%d].area", at, j)
			c.within(int64(e.People), 1, int64(s.MostSize), "%s.from[%d].people", at, j)
			sum += e.People
		}
		c.That(sum <= s.MostSize, at+".from", "brings %d people, more than the greatest size, %d", sum, s.MostSize)
	}
}
