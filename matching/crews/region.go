package crews

import (
	"slices"

	"github.com/linli/linli/matching/flow"
)

// regionPairs is the size up to which a region grows.
const regionPairs = 20_000

// region is a part of the problem in which plan and bound are worked on alone:
// everything else keeps its prices and its people.
type region struct {
	crews      []party // that are decided anew, in order
	volunteers []int32 // whose prices may move
	parties    []party // to whom these prices matter, in order

	price, capacity []float64 // of each volunteer
	members         []rows    // of each party
	rows            []row
	pairs           []pick // with volunteers of the region; the price is not in the gain
	fixed           []pick // with others; it is
}

// rows are the requests of a party, rows first to last − 1 of the region.
type rows struct{ first, last, minimum int }

// row is a request: pairs first to last − 1 and fixed ones, those in order.
type row struct{ first, last, firstFixed, lastFixed, seats int }

// surveyor finds regions.
type surveyor struct {
	*search
	place  []int32 // per volunteer, 1 + the place in the region, or 0
	queued []bool  // per crew
	queue  []party
	offers []flow.Offer
}

func newSurveyor(s *search) *surveyor {
	return &surveyor{search: s, place: make([]int32, len(s.bound.price)), queued: make([]bool, len(s.crews))}
}

// around gives the region about a crew. It spreads over the volunteers who have
// a price to the crews who might take them.
func (s *surveyor) around(seed party) (*region, error) {
	g := &region{}
	s.enqueue(seed)
	pairs := 0
	for i := 0; i < len(s.queue) && pairs < regionPairs; i++ {
		g.crews = append(g.crews, s.queue[i])
		for _, r := range s.plan.crews[s.queue[i]].Members {
			s.plan.pairs, _ = s.net.AppendListed(s.plan.pairs[:0], r)
			for _, a := range s.plan.pairs {
				if s.place[a.Volunteer] == 0 {
					pairs += s.take(g, a.Volunteer)
				}
			}
		}
	}
	for _, crew := range s.queue {
		s.queued[crew] = false
	}
	s.queue = s.queue[:0]
	slices.Sort(g.crews)
	if err := s.bound.touch(g.volunteers); err != nil {
		return nil, err
	}
	g.parties = slices.Clone(s.bound.touched)
	slices.Sort(g.parties)
	for _, at := range g.parties {
		s.enter(g, at)
	}
	for _, v := range g.volunteers {
		s.place[v] = 0
	}
	return g, nil
}

func (s *surveyor) enqueue(crew party) {
	if !s.queued[crew] {
		s.queued[crew] = true
		s.queue = append(s.queue, crew)
	}
}

// take makes a volunteer part of the region and gives the number of their pairs.
func (s *surveyor) take(g *region, v int32) int {
	g.volunteers = append(g.volunteers, v)
	g.price = append(g.price, float64(s.bound.price[v]))
	g.capacity = append(g.capacity, float64(s.bound.capacity[v]))
	s.place[v] = int32(len(g.volunteers))
	s.offers = s.net.AppendOffers(s.offers[:0], v)
	if s.bound.price[v] > 0 || s.net.VolunteerPrice(v) > 0 {
		for _, o := range s.offers {
			if at := s.of[o.Request]; s.isCrew(at) {
				s.enqueue(at)
			}
		}
	}
	return len(s.offers)
}

// enter writes a party into the rows of the region.
func (s *surveyor) enter(g *region, at party) {
	first := len(g.rows)
	for _, r := range s.requests(at) {
		q := &s.asked[r]
		w := row{first: len(g.pairs), firstFixed: len(g.fixed), seats: int(min(q.Seats, int64(len(s.bound.price))))}
		s.plan.pairs, _ = s.net.AppendListed(s.plan.pairs[:0], r)
		for _, a := range s.plan.pairs {
			if place := s.place[a.Volunteer]; place > 0 {
				g.pairs = append(g.pairs, pick{float64(a.Cost - q.Penalty), place - 1})
			} else {
				g.fixed = append(g.fixed, pick{float64(a.Cost + s.bound.price[a.Volunteer] - q.Penalty), none})
			}
		}
		sortPicks(g.fixed, w.firstFixed, w.firstFixed)
		g.fixed = g.fixed[:min(len(g.fixed), w.firstFixed+w.seats)]
		w.last, w.lastFixed = len(g.pairs), len(g.fixed)
		g.rows = append(g.rows, w)
	}
	g.members = append(g.members, rows{first, len(g.rows), int(s.minimum(at))})
}
