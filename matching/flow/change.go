package flow

import (
	"context"
	"math"
	"slices"
)

// detach copies what the problem lent before the first change.
func (s *Solver) detach() {
	if !s.own {
		s.asked, s.capacity = slices.Clone(s.asked), slices.Clone(s.capacity)
		s.own = true
	}
}

// SetRequest changes what request r wants: its seats, its penalty, the seats to
// keep. Seats 0 closes it. The plan is optimal again afterwards.
//
// All changes return a [*ProblemError] and change nothing when they make no
// sense, the context's error when it ends before the plan is optimal again (the
// next change or [Solver.Settle] goes on), and an [*InfeasibleError] as long as
// mandatory seats cannot be filled.
func (s *Solver) SetRequest(ctx context.Context, r int32, q Request) error {
	if r < 0 || int(r) >= len(s.requests) {
		return problemErrorf("requests", int(r), "", "is not one of the %d requests", len(s.requests))
	}
	next := s.ranges
	next.remove(s.asked[r])
	if err := next.add(int(r), q); err != nil {
		return err
	}
	if next.mandatory > s.ranges.mandatory && s.dearest() > next.maxCost(len(s.requests)) {
		return problemErrorf("requests", int(r), ".penalty", "makes seats mandatory, and the pairs cost too much for that to be computed exactly")
	}
	s.detach()
	row := &s.requests[r]
	s.leaveOpen(r, -row.open) // they are decided anew
	s.ranges, s.asked[r] = next, q
	row.ceiling = min(q.penaltyOf(0), MaxTotal)
	s.waiting = append(s.waiting, r)
	if q.Seats == 0 {
		s.cap(r, 0)
	} else {
		s.cap(r, row.ceiling)
	}
	return s.Settle(ctx)
}

// cap brings the price of r down to so much, and gives up the people who cost
// more than that.
func (s *Solver) cap(r int32, price int64) {
	s.note(r)
	row := &s.requests[r]
	row.price = min(row.price, price)
	for u := row.units; u != noUnit; {
		o, next := s.units[u], s.units[u].nextOfRequest
		if o.cost+s.volunteers[o.volunteer].price > row.price {
			s.release(u)
			s.loose = append(s.loose, o.volunteer)
		}
		u = next
	}
}

// SetCapacity changes how many seats volunteer v takes. Capacity 0 makes the
// volunteer leave. The plan is optimal again afterwards; errors are as for
// [Solver.SetRequest].
func (s *Solver) SetCapacity(ctx context.Context, v int32, capacity int64) error {
	switch {
	case v < 0 || int(v) >= len(s.volunteers):
		return problemErrorf("capacity", int(v), "", "is not of one of the %d volunteers", len(s.volunteers))
	case capacity < 0:
		return problemErrorf("capacity", int(v), "", "is %d; a capacity is 0 or more", capacity)
	}
	s.detach()
	if at := &s.volunteers[v]; at.price > 0 || at.units != noUnit { // else it is in no proof
		s.noteVolunteer(v)
	}
	s.capacity[v] = capacity
	s.loose = append(s.loose, v)
	return s.Settle(ctx)
}

// AddRequest adds a request and gives its index, which is the number of requests
// before. An explicit graph needs all its eligible pairs; any other source is
// asked for them, and row must be nil. Errors are as for [Solver.SetRequest]; the
// request exists unless the error is a [*ProblemError].
func (s *Solver) AddRequest(ctx context.Context, q Request, row []Arc) (int32, error) {
	r := int32(len(s.requests))
	if len(s.requests) >= math.MaxInt32-1 {
		return none, &ProblemError{"problem", "more than 2^31 - 2 requests"}
	}
	if row != nil && s.rows == nil {
		return none, &ProblemError{"row", "is for explicit graphs; this one has a source to be asked"}
	}
	next := s.ranges
	if err := next.add(int(r), q); err != nil {
		return none, err
	}
	row = slices.Clone(row)
	slices.SortFunc(row, func(a, b Arc) int { return int(a.Volunteer) - int(b.Volunteer) })
	for i, a := range row {
		switch {
		case a.Volunteer < 0 || int(a.Volunteer) >= len(s.volunteers):
			return none, problemErrorf("row", i, "", "names volunteer %d of %d", a.Volunteer, len(s.volunteers))
		case i > 0 && row[i-1].Volunteer == a.Volunteer:
			return none, problemErrorf("row", i, "", "names volunteer %d twice", a.Volunteer)
		case a.Cost < 0 || a.Cost > next.maxCost(len(s.requests)+1):
			return none, problemErrorf("row", i, "", "costs %d; give 0 to %d", a.Cost, next.maxCost(len(s.requests)+1))
		}
	}
	slices.SortFunc(row, compareArcs)
	s.detach()
	s.ranges = next
	s.asked = append(s.asked, q)
	s.requests = append(s.requests, request{ceiling: min(q.penaltyOf(0), MaxTotal)})
	if s.rows != nil {
		if err := s.extend(r, row); err != nil {
			return none, err
		}
		s.requests[r].horizon = MaxTotal
	}
	s.note(r)
	s.waiting = append(s.waiting, r)
	return r, s.Settle(ctx)
}

// AddVolunteer adds a volunteer with all eligible pairs and gives its index,
// which is the number of volunteers before. A source that is not explicit names
// the volunteer from now on. Errors are as for [Solver.AddRequest].
func (s *Solver) AddVolunteer(ctx context.Context, capacity int64, offers []Offer) (int32, error) {
	at := int32(len(s.volunteers))
	if len(s.volunteers) >= math.MaxInt32-1 {
		return none, &ProblemError{"problem", "more than 2^31 - 2 volunteers"}
	}
	if capacity < 0 {
		return none, problemErrorf("capacity", int(at), "", "is %d; a capacity is 0 or more", capacity)
	}
	if err := s.checkOffers(offers); err != nil {
		return none, err
	}
	s.buildReverse()
	s.detach()
	s.volunteers = append(s.volunteers, volunteer{})
	s.places = append(s.places, 0)
	s.capacity = append(s.capacity, capacity)
	if s.rows == nil {
		s.named = append(s.named, 0)
	}
	if block := int(at) / priceBlock; block == len(s.priced) {
		s.priced = append(s.priced, true)
	} else {
		s.priced[block] = true
	}
	for _, o := range offers {
		if err := s.insert(o, at); err != nil {
			return none, err
		}
	}
	s.proof.reach(s)
	s.volunteers[at].price = MaxTotal // nobody could do without
	s.noteVolunteer(at)
	s.volunteers[at].price = s.bestOffer(offers)
	s.loose = append(s.loose, at)
	return at, s.Settle(ctx)
}

func (s *Solver) checkOffers(offers []Offer) error {
	sorted := slices.Clone(offers)
	slices.SortFunc(sorted, func(a, b Offer) int { return int(a.Request) - int(b.Request) })
	for i, o := range sorted {
		switch {
		case o.Request < 0 || int(o.Request) >= len(s.requests):
			return problemErrorf("offers", i, "", "names request %d of %d", o.Request, len(s.requests))
		case i > 0 && sorted[i-1].Request == o.Request:
			return problemErrorf("offers", i, "", "names request %d twice", o.Request)
		case o.Cost < 0 || o.Cost > s.ranges.maxCost(len(s.requests)):
			return problemErrorf("offers", i, "", "costs %d; give 0 to %d", o.Cost, s.ranges.maxCost(len(s.requests)))
		}
	}
	return nil
}

// bestOffer is what the request that wants a new volunteer most would pay.
func (s *Solver) bestOffer(offers []Offer) (price int64) {
	for _, o := range offers {
		price = max(price, s.requests[o.Request].price-o.Cost)
	}
	return price
}

// insert puts the pair of a new volunteer into the list of its request, unless
// the source will name it when the list gets there.
func (s *Solver) insert(o Offer, at int32) error {
	row := &s.requests[o.Request]
	for s.rows != nil && row.horizon <= o.Cost {
		if err := s.grow(o.Request); err != nil {
			return err
		}
	}
	if row.horizon <= o.Cost {
		return nil
	}
	listings := s.stats.Listings
	if err := s.extend(o.Request, []Arc{{at, o.Cost}}); err != nil {
		return err
	}
	s.stats.Listings = listings
	if s.written(o.Request) {
		s.reverse.add(at, o)
	}
	arcs := s.list(o.Request)
	for i := len(arcs) - 1; i > 0 && arcs[i-1].cost > arcs[i].cost; i-- {
		arcs[i-1], arcs[i] = arcs[i], arcs[i-1]
	}
	return nil
}

// dearest is the cost of the dearest pair met so far.
func (s *Solver) dearest() (cost int64) {
	if s.rows != nil {
		cost = s.rows.dearest
	}
	for r := range int32(len(s.requests)) {
		if list := s.list(r); len(list) > 0 {
			cost = max(cost, list[len(list)-1].cost)
		}
	}
	return cost
}
