package flow

import (
	"context"
	"math"
)

// PairCost says by how much the whole plan would get dearer if volunteer v had
// to serve request r at that cost, all else decided anew. It is 0 for a pair of
// the plan. The plan stays as it is. Errors are a [*ProblemError] when r has no
// seat or v no capacity, and the context's.
func (s *Solver) PairCost(ctx context.Context, r, v int32, cost int64) (int64, error) {
	switch {
	case r < 0 || int(r) >= len(s.requests) || s.asked[r].Seats == 0:
		return 0, problemErrorf("requests", int(r), "", "has no seat")
	case v < 0 || int(v) >= len(s.volunteers) || s.capacity[v] == 0:
		return 0, problemErrorf("capacity", int(v), "", "leaves no room")
	case s.owns(r, v):
		return 0, nil
	}
	// The seat given to v is one that r takes from elsewhere, …
	s.buildReverse()
	s.begin(unlimited)
	s.give(r, &s.requests[r], 0, none)
	if err := s.runBackward(ctx); err != nil {
		return 0, err
	}
	shed := s.best
	// … and who had v goes elsewhere; both at once when the two paths meet.
	forced := cost + s.volunteers[v].price - s.requests[r].price
	if !s.volunteers[v].full() {
		return forced + shed, nil
	}
	s.beginAt(v)
	s.toll, s.target = shed, r
	s.relaxOwners(&s.volunteers[v], 0)
	err := s.runForward(ctx)
	s.toll, s.target = 0, none
	return forced + s.best, err
}

// beginAt clears the search for a forward one that starts at a full volunteer.
func (s *Solver) beginAt(at int32) {
	s.begin(unlimited)
	s.improve(at, 0, none)
}

// UnitValue says by how much the whole plan would get cheaper if volunteer v
// could take one seat more. The plan stays as it is; the error is the context's
// or a [*ProblemError].
func (s *Solver) UnitValue(ctx context.Context, v int32) (int64, error) {
	if v < 0 || int(v) >= len(s.volunteers) {
		return 0, problemErrorf("capacity", int(v), "", "is not of one of the %d volunteers", len(s.volunteers))
	}
	price := s.volunteers[v].price
	if price == 0 {
		return 0, nil
	}
	s.buildReverse()
	if err := s.backward(ctx, v); err != nil {
		return 0, err
	}
	return price - s.best, nil
}

// VolunteerValue says by how much the whole plan would get cheaper with one
// volunteer more, who takes one seat and has these eligible pairs. The plan
// stays as it is; errors are as for [Solver.UnitValue].
func (s *Solver) VolunteerValue(ctx context.Context, offers []Offer) (int64, error) {
	if err := s.checkOffers(offers); err != nil {
		return 0, err
	}
	price := s.bestOffer(offers)
	if price == 0 {
		return 0, nil
	}
	s.buildReverse()
	s.begin(unlimited)
	s.best = price
	for _, o := range offers {
		row := &s.requests[o.Request]
		if dist := o.Cost + price - row.price; dist < s.best && (row.stamp != s.stamp || dist < row.dist) {
			s.give(o.Request, row, dist, math.MaxInt32)
		}
	}
	if err := s.runBackward(ctx); err != nil {
		return 0, err
	}
	return price - s.best, nil
}
