package crews

import (
	"cmp"
	"slices"

	"github.com/linli/linli/matching/flow"
)

// search improves a plan and its bound together.
type search struct {
	*plan
	all      []party // the crews
	bound    *lagrangian
	ray      *ray
	offers   []flow.Offer
	watching bool // whether the ray notes prices that move
	frozen   bool // whether the prices of the bound stay as they are

	made   []Branch
	proven int64 // by the branches, over what the prices of the bound prove

	volumed  int64            // effort spent in volume algorithms
	limit    int64            // of effort
	modest   int64            // of effort once the gap is GoodEnough
	progress func(left int64) // seats that are not decided; may be nil
}

// effort is the work done, in nodes of shortest-path searches and what takes
// about as long.
func (s *search) effort() int64 { return s.net.Stats().Pops + s.bound.served + s.volumed }

func (s *search) spent() bool {
	effort := s.effort()
	return effort > s.limit || effort > s.modest && s.within(GoodEnough)
}

const (
	// CloseEnough is the gap below which plan and bound are no longer worked on:
	// one part in 5,000 of the cost.
	CloseEnough = 1.0 / 5000
	// GoodEnough is the gap below which the limit of effort is lower: one part in
	// 1,000 of the cost.
	GoodEnough = 1.0 / 1000
)

func (s *search) closeEnough() bool { return s.within(CloseEnough) }

// within says whether the gap is at most that part of the cost.
func (s *search) within(part float64) bool {
	return float64(s.cost()-s.bound.value-s.proven) <= part*float64(s.cost())
}

// progressEvery is how many decisions are made between reports.
const progressEvery = 64

// dive decides about torn crews until there are none.
func (s *search) dive() error {
	for {
		torn := s.listTorn()
		s.report(torn)
		if len(torn) == 0 {
			return nil
		}
		for i, crew := range torn {
			if !s.torn(crew) {
				continue
			}
			if err := s.decide(crew); err != nil {
				return err
			}
			if i%progressEvery == 0 {
				s.report(torn[i+1:])
			}
		}
	}
}

// report tells how many seats of torn crews are not decided.
func (s *search) report(torn []party) {
	if s.progress == nil {
		return
	}
	var left int64
	for _, crew := range torn {
		for _, r := range s.crews[crew].Members {
			left += s.asked[r].Seats
		}
	}
	s.progress(left)
}

// listTorn gives the torn crews, those that have the largest part of their
// minimum first.
func (s *search) listTorn() (torn []party) {
	for _, crew := range s.suspects {
		s.suspected[crew] = false
		if s.torn(crew) {
			torn = append(torn, crew)
		}
	}
	s.suspects = s.suspects[:0]
	slices.SortFunc(torn, func(a, b party) int {
		return cmp.Or(cmp.Compare(s.filled(b)*s.crews[a].MinPeople, s.filled(a)*s.crews[b].MinPeople), cmp.Compare(a, b))
	})
	return torn
}

// decide forces a crew in or shuts it out, whichever is cheaper while undecided
// crews may have any number of people.
func (s *search) decide(crew party) error {
	if s.spent() {
		return s.dismiss(crew)
	}
	if err := s.ctx.Err(); err != nil {
		return err
	}
	before := s.cost()
	s.watch()
	ok, err := s.admit(crew)
	if err != nil {
		return err
	}
	admitted := s.cost()
	if err := s.follow(admitted - before); err != nil {
		return err
	}
	if ok && admitted <= before {
		return nil
	}
	s.watch()
	if err := s.dismiss(crew); err != nil {
		return err
	}
	if err := s.follow(max(admitted, s.cost()) - before); err != nil {
		return err
	}
	if ok && admitted < s.cost() {
		_, err = s.admit(crew)
	}
	return err
}

func (s *search) watch() {
	s.ray.clear()
	s.watching = true
}

// follow raises the bound along the way that prices went while they were
// watched. A change of the plan that cost next to nothing promises nothing.
func (s *search) follow(jump int64) error {
	s.watching = false
	if s.frozen || jump < s.cost()>>20 {
		return nil
	}
	s.ray.aim(s.net.VolunteerPrice)
	return s.bound.ascend(s.ray)
}
