package planner

import (
	"slices"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

// crowd is the people of a block, shared out.
type crowd struct {
	in     *instance
	b      *block
	choice *grouping
}

func (c *crowd) step() *rollout.Step { return &c.in.Steps[c.b.step] }

func (c *crowd) id(h int) aid.AreaID { return c.in.Areas[c.in.steps[c.b.step].homes[h]].ID }

// cohort has no month yet, and the venue may change until it has one.
func (c *crowd) cohort(venue aid.AreaID, from []rollout.Enrolment) rollout.Cohort {
	return rollout.Cohort{Step: c.b.step, Course: c.b.course, Area: from[0].Area, Venue: venue, Seats: c.step().MostSize, From: from}
}

// missing is how many people a group lacks to the least size.
func (c *crowd) missing(g *group) int64 {
	return max(0, int64(c.step().LeastSize)*g.cohorts-g.people)
}

// lent is how many people go over from the whole cohorts of each home to the
// group that meets there.
func (c *crowd) lent() []int64 {
	lent := make([]int64, len(c.b.whole))
	for i := range c.choice.groups {
		g := &c.choice.groups[i]
		if own := c.in.steps[c.b.step].hosts[g.host].own; own >= 0 {
			lent[own] = c.missing(g)
		}
	}
	return lent
}

// whole makes the cohorts that a home fills, but for those people who are lent.
func (c *crowd) whole(h int, lent int64) []rollout.Cohort {
	var cohorts []rollout.Cohort
	for range c.b.whole[h] {
		from := min(lent, int64(c.step().MostSize-c.step().LeastSize))
		lent -= from
		one := c.cohort(c.id(h), []rollout.Enrolment{{Area: c.id(h), People: c.step().MostSize - int(from)}})
		one.Whole = true
		cohorts = append(cohorts, one)
	}
	return cohorts
}

// together makes the cohorts of a group, as even as can be. The host's own
// people are named first.
func (c *crowd) together(g group) []rollout.Cohort {
	h := &c.in.steps[c.b.step].hosts[g.host]
	own, venue := h.own, c.in.Areas[h.area].ID
	var people []rollout.Enrolment
	add := func(h int, n int64) {
		if n > 0 {
			people = append(people, rollout.Enrolment{Area: c.id(h), People: int(n)})
		}
	}
	if own >= 0 {
		count := c.missing(&g)
		if slices.Contains(g.homes, own) {
			count += c.b.rest[own]
		}
		add(own, count)
	}
	for _, h := range g.homes {
		if h != own {
			add(h, c.b.rest[h])
		}
	}
	total := int(g.people + c.missing(&g))
	var cohorts []rollout.Cohort
	for i := range int(g.cohorts) {
		size := total*(i+1)/int(g.cohorts) - total*i/int(g.cohorts)
		var from []rollout.Enrolment
		for size > 0 {
			n := min(size, people[0].People)
			from = append(from, rollout.Enrolment{Area: people[0].Area, People: n})
			size -= n
			if people[0].People -= n; people[0].People == 0 {
				people = people[1:]
			}
		}
		cohorts = append(cohorts, c.cohort(venue, from))
	}
	return cohorts
}
