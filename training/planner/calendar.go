package planner

import (
	"cmp"
	"slices"

	"github.com/linli/linli/training/rollout"
)

// calendar turns the solved flow of the best choice into cohorts.
func (s *search) calendar() []rollout.Cohort {
	waiting := make([][]rollout.Cohort, len(s.net.classes))
	var cohorts []rollout.Cohort
	for i := range s.in.blocks {
		c := crowd{s.in, &s.in.blocks[i], &s.best.choice[i]}
		at := func(whole bool, place int) *[]rollout.Cohort {
			return &waiting[s.net.classOf[classKey{c.b.step, c.b.window, whole, place}]]
		}
		lent := c.lent()
		for h := range c.b.whole {
			list := at(true, h)
			*list = append(*list, c.whole(h, lent[h])...)
		}
		for _, g := range c.choice.groups {
			list := at(false, g.host)
			*list = append(*list, c.together(g)...)
		}
		for _, h := range c.choice.left {
			one := c.cohort(c.id(h), []rollout.Enrolment{{Area: c.id(h), People: int(c.b.rest[h])}})
			one.Lacks = rollout.TooFew
			cohorts = append(cohorts, one)
		}
	}
	cohorts = append(cohorts, s.place(waiting)...)
	cohorts = append(cohorts, s.in.announced()...)
	slices.SortStableFunc(cohorts, func(a, b rollout.Cohort) int {
		return cmp.Or(cmp.Compare(a.Step, b.Step), cmp.Compare(a.Month, b.Month),
			cmp.Compare(s.in.index[a.Venue], s.in.index[b.Venue]), cmp.Compare(a.Course, b.Course), cmp.Compare(a.Area, b.Area))
	})
	return cohorts
}

// place gives the cohorts of each class their months, the first courses first,
// and then those of each spot their lecturers. Who comes last goes without.
func (s *search) place(waiting [][]rollout.Cohort) []rollout.Cohort {
	n := s.net
	spots := make([][]rollout.Cohort, len(n.spots))
	var shut []rollout.Cohort
	for c := range n.classes {
		queue := waiting[c]
		ways := slices.Clone(n.classes[c].ways)
		slices.SortStableFunc(ways, func(a, b way) int { return cmp.Compare(n.spots[a.spot].t, n.spots[b.spot].t) })
		for _, w := range ways {
			taken := n.flow.Flow(w.arc)
			spots[w.spot] = append(spots[w.spot], queue[:taken]...)
			queue = queue[taken:]
		}
		for _, one := range queue {
			one.Lacks = rollout.NoMonth
			shut = append(shut, one)
		}
	}
	for i, cohorts := range spots {
		s.staff(&n.spots[i], cohorts)
		shut = append(shut, cohorts...)
	}
	return shut
}

// staff sets venue, month and lecturers of the cohorts of a spot.
func (s *search) staff(at *spot, cohorts []rollout.Cohort) {
	flow := &s.net.flow
	held := len(cohorts) - int(flow.Flow(at.over))
	next := 0
	for i := range cohorts {
		c := &cohorts[i]
		c.Venue, c.Month = s.in.Areas[at.area].ID, s.in.first+rollout.Month(at.t)
		if i >= held {
			c.Lacks |= rollout.NoVenue
		}
	}
	for _, l := range at.lecturers {
		for range flow.Flow(l.arc) {
			cohorts[next].Lecturers = s.in.Areas[l.area].ID
			next++
		}
	}
	for ; next < len(cohorts); next++ {
		cohorts[next].Lacks |= rollout.NoLecturer
	}
}

// announced are the cohorts that do not move.
func (in *instance) announced() []rollout.Cohort {
	var cohorts []rollout.Cohort
	for i := range in.Rollout.Fixed {
		f := &in.Rollout.Fixed[i]
		step := slices.IndexFunc(in.Steps, func(s rollout.Step) bool { return s.ID == f.Step })
		cohorts = append(cohorts, rollout.Cohort{
			Step: step, Course: slices.IndexFunc(in.Courses, func(c rollout.Course) bool { return c.ID == f.Course }),
			Area: f.Area, Venue: f.Venue, Month: f.Month, Lecturers: f.Lecturers, Seats: in.Steps[step].MostSize,
			From: slices.Clone(f.People()), Fixed: true,
		})
	}
	return cohorts
}
