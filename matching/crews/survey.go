package crews

import (
	"math"
	"slices"

	"github.com/linli/linli/matching/flow"
)

// extent says how far a region goes.
type extent struct {
	pairs int   // up to which it grows
	part  int64 // it counts on prices that fall to one in so many of what they are
	price int64 // above which it spreads from a volunteer to all crews who want them

	also []int32 // volunteers with whom it begins
	sunk []int32 // volunteers of whom it counts on any price
}

// surveyor finds regions.
type surveyor struct {
	*search
	place  []int32 // per volunteer, 1 + the place in the region, or 0
	roles  []role  // per party, in the region
	queue  []party
	taken  []bool // per party, whether another region has it for good
	owned  []bool // per volunteer, the same
	sunk   []bool // per volunteer, whether the region counts on any price
	limits []limit
	survey int32 // number of the region
}

// role is what a party is in a region.
type role uint8

const (
	absent role = iota
	guest       // it wants people of the region
	host        // and the region spreads over whom it wants
)

// limit is what the cheapest person whom a request does not take costs at most,
// at the prices of the bound.
type limit struct {
	cost   int64
	survey int32 // for which it was worked out
}

func newSurveyor(s *search) *surveyor {
	return &surveyor{
		search: s,
		place:  make([]int32, len(s.bound.price)), owned: make([]bool, len(s.bound.price)),
		roles: make([]role, s.count()), taken: make([]bool, s.count()),
		sunk: make([]bool, len(s.bound.price)), limits: make([]limit, len(s.asked)),
	}
}

// around gives the region about a party. It spreads from crews to the volunteers
// whom they have or want and, where these have a price, to the crews who have or
// want them too. Whoever would want them only below the least price that the
// region counts on stays outside, and that price is their floor.
func (s *surveyor) around(seed party, most extent) (*region, error) {
	g := &region{}
	s.survey++
	for _, v := range most.sunk {
		s.sunk[v] = true
	}
	s.invite(g, seed, host)
	pairs := 0
	for _, v := range most.also {
		n, err := s.take(g, v, most)
		if err != nil {
			return nil, err
		}
		pairs += n
	}
	for i := 0; i < len(s.queue) && pairs < most.pairs; i++ {
		if s.isCrew(s.queue[i]) {
			g.crews = append(g.crews, s.queue[i])
		}
		for _, r := range slices.Clone(s.requests(s.queue[i])) {
			n, err := s.gather(g, r, most)
			if err != nil {
				return nil, err
			}
			pairs += n
		}
	}
	s.queue = s.queue[:0]
	for _, v := range most.sunk {
		s.sunk[v] = false
	}
	slices.Sort(g.crews)
	slices.Sort(g.parties)
	for _, at := range g.parties {
		s.roles[at] = absent
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

// invite gives a party a role in the region, unless it has that already.
func (s *surveyor) invite(g *region, at party, as role) {
	if s.taken[at] {
		return
	}
	if s.roles[at] == absent {
		g.parties = append(g.parties, at)
	}
	if s.roles[at] < as {
		s.roles[at] = as
		if as == host {
			s.queue = append(s.queue, at)
		}
	}
}

// gather makes the volunteers whom a request wants part of the region and gives
// the number of pairs that come with them.
func (s *surveyor) gather(g *region, r int32, most extent) (pairs int, err error) {
	limit, err := s.limitOf(r)
	if err != nil {
		return 0, err
	}
	listed, _ := s.net.AppendListed(nil, r)
	for _, a := range listed {
		if s.place[a.Volunteer] != 0 || s.owned[a.Volunteer] {
			continue
		}
		if limit-a.Cost < s.leastOf(a.Volunteer, most.part) && !s.serves(a.Volunteer, r) {
			continue
		}
		n, err := s.take(g, a.Volunteer, most)
		if err != nil {
			return 0, err
		}
		pairs += n
	}
	return pairs, nil
}

// serves says whether a volunteer has a seat of r in the plan.
func (s *surveyor) serves(v, r int32) bool {
	s.plan.pairs = s.net.AppendAssigned(s.plan.pairs[:0], r)
	return slices.ContainsFunc(s.plan.pairs, func(a flow.Arc) bool { return a.Volunteer == v })
}

// leastOf is the least price of a volunteer that a region counts on.
func (s *surveyor) leastOf(v int32, part int64) int64 {
	if s.sunk[v] {
		return 0
	}
	return min(s.bound.price[v], max(s.bound.price[v], s.net.VolunteerPrice(v))/part)
}

// take makes a volunteer part of the region and gives the number of pairs with
// parties who want them.
func (s *surveyor) take(g *region, v int32, most extent) (pairs int, err error) {
	price := s.bound.price[v]
	g.volunteers = append(g.volunteers, v)
	g.price = append(g.price, float64(price))
	g.capacity = append(g.capacity, float64(s.bound.capacity[v]))
	s.place[v] = int32(len(g.volunteers))
	scarce := max(price, s.net.VolunteerPrice(v)) > most.price
	shared, floor, least := false, int64(0), s.leastOf(v, most.part)
	s.offers = s.net.AppendOffers(s.offers[:0], v)
	for _, o := range s.offers {
		at := s.of[o.Request]
		if s.taken[at] {
			shared = true
			continue
		}
		limit, err := s.limitOf(o.Request)
		if err != nil {
			return 0, err
		}
		switch {
		case limit-o.Cost < least && !s.serves(v, o.Request):
			floor = max(floor, limit-o.Cost)
			continue
		case scarce && s.isCrew(at):
			s.invite(g, at, host)
		default:
			s.invite(g, at, guest)
		}
		pairs++
	}
	if shared {
		floor = price // the cases of another region count on it
	}
	g.shared, g.floor = append(g.shared, shared), append(g.floor, roundedUp(floor))
	return pairs, nil
}

// roundedUp is the least floating-point number that is not below x.
func roundedUp(x int64) float64 {
	f := float64(x)
	if int64(f) < x {
		f = math.Nextafter(f, math.MaxFloat64)
	}
	return f
}

// limitOf is what a volunteer may cost a request, price included, if it is to
// want them at the present prices of all others.
func (s *surveyor) limitOf(r int32) (int64, error) {
	l := &s.limits[r]
	if l.survey == s.survey {
		return l.cost, nil
	}
	q, crew := &s.asked[r], s.isCrew(s.of[r])
	if err := s.bound.know(s.of[r]); err != nil {
		return 0, err
	}
	if err := s.bound.gainsOfRequest(r, 0, s.bound.at); err != nil {
		return 0, err
	}
	l.cost, l.survey = flow.MaxTotal, s.survey
	if s.bound.seated(q) && q.Seats > 0 {
		l.cost = s.bound.gains[q.Seats-1] + q.Penalty
	}
	if q.Seats == 0 {
		l.cost = -1
	} else if !crew {
		l.cost = min(l.cost, q.Penalty)
	}
	return l.cost, nil
}
