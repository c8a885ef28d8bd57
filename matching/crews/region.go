package crews

import (
	"slices"

	"github.com/linli/linli/matching/flow"
)

const (
	widePairs   = 32 // pairs of a request that a region wants to know, …
	widePerSeat = 4  // … and more for each seat
)

// region is a part of the problem in which plan and bound are worked on alone:
// everything else keeps its prices and its people.
type region struct {
	crews      []party // that are decided anew, in order
	volunteers []int32 // whose prices may move
	parties    []party // to whom these prices matter, in order

	price, capacity []float64 // of each volunteer
	floor           []float64 // the least price that each may have
	shared          []bool    // whether others count on the price of each as it is
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
	queued []bool  // per party
	queue  []party
	taken  []bool // per party, whether another region has it for good
	owned  []bool // per volunteer, the same
}

func newSurveyor(s *search) *surveyor {
	return &surveyor{
		search: s,
		place:  make([]int32, len(s.bound.price)), owned: make([]bool, len(s.bound.price)),
		queued: make([]bool, s.count()), taken: make([]bool, s.count()),
	}
}

// around gives the region about a party, of about so many pairs. It spreads over
// the volunteers who have a price to the crews who might take them.
func (s *surveyor) around(seed party, most int) (*region, error) {
	g := &region{}
	s.enqueue(seed)
	pairs := 0
	for i := 0; i < len(s.queue) && pairs < most; i++ {
		if s.isCrew(s.queue[i]) {
			g.crews = append(g.crews, s.queue[i])
		}
		for _, r := range s.requests(s.queue[i]) {
			s.plan.pairs, _ = s.net.AppendListed(s.plan.pairs[:0], r)
			for _, a := range s.plan.pairs {
				if s.place[a.Volunteer] == 0 && !s.owned[a.Volunteer] {
					pairs += s.take(g, a.Volunteer)
				}
			}
		}
	}
	for _, at := range s.queue {
		s.queued[at] = false
	}
	s.queue = s.queue[:0]
	slices.Sort(g.crews)
	if err := s.bound.touch(g.volunteers); err != nil {
		return nil, err
	}
	g.parties = slices.DeleteFunc(slices.Clone(s.bound.touched), func(at party) bool { return s.taken[at] })
	slices.Sort(g.parties)
	for _, at := range g.parties {
		if err := s.enter(g, at); err != nil {
			return nil, err
		}
	}
	for _, v := range g.volunteers {
		s.place[v] = 0
	}
	return g, nil
}

// keep closes a region to all others.
func (s *surveyor) keep(g *region) {
	for _, at := range g.parties {
		s.taken[at] = true
	}
	for _, v := range g.volunteers {
		s.owned[v] = true
	}
}

func (s *surveyor) enqueue(at party) {
	if !s.queued[at] {
		s.queued[at] = true
		s.queue = append(s.queue, at)
	}
}

// shared says whether a volunteer matters to a party of another region. Its
// cases count on the price of the bound, so that price may only rise here.
func (s *surveyor) shared(offers []flow.Offer) bool {
	return slices.ContainsFunc(offers, func(o flow.Offer) bool { return s.taken[s.of[o.Request]] })
}

// take makes a volunteer part of the region and gives the number of their pairs.
func (s *surveyor) take(g *region, v int32) int {
	g.volunteers = append(g.volunteers, v)
	g.price = append(g.price, float64(s.bound.price[v]))
	g.capacity = append(g.capacity, float64(s.bound.capacity[v]))
	s.place[v] = int32(len(g.volunteers))
	s.offers = s.net.AppendOffers(s.offers[:0], v)
	shared, floor := s.shared(s.offers), 0.0
	if shared {
		floor = float64(s.bound.price[v])
	}
	g.shared, g.floor = append(g.shared, shared), append(g.floor, floor)
	if s.bound.price[v] > 0 || s.net.VolunteerPrice(v) > 0 {
		for _, o := range s.offers {
			if at := s.of[o.Request]; s.isCrew(at) && !s.taken[at] {
				s.enqueue(at)
			}
		}
	}
	return len(s.offers)
}

// widen lists more pairs of r, so that the region knows whom else it could have
// when prices rise.
func (s *surveyor) widen(r int32) error {
	q := &s.asked[r]
	for {
		var horizon int64
		s.plan.pairs, horizon = s.net.AppendListed(s.plan.pairs[:0], r)
		if horizon >= q.Penalty || int64(len(s.plan.pairs)) >= widePairs+widePerSeat*min(q.Seats, widePairs) {
			return nil
		}
		if err := s.net.Extend(r, min(q.Penalty, max(1, 2*horizon))); err != nil {
			return err
		}
	}
}

// enter writes a party into the rows of the region.
func (s *surveyor) enter(g *region, at party) error {
	first := len(g.rows)
	for _, r := range s.requests(at) {
		q := &s.asked[r]
		if err := s.widen(r); err != nil {
			return err
		}
		w := row{first: len(g.pairs), firstFixed: len(g.fixed), seats: int(min(q.Seats, int64(len(s.bound.price))))}
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
	return nil
}
