package flow

import (
	"context"
	"errors"
	"math"
)

// patienceProbe is the part of the patience after which a forecast is made.
const patienceProbe = 16

// errTooLong says that searches take longer than an auction would.
var errTooLong = errors.New("flow: searches are too long")

// need is the number of seats of r that are neither filled nor open; below zero
// when too many are filled.
func (s *Solver) need(r int32) int64 {
	row := &s.requests[r]
	n := s.asked[r].Seats - row.open
	for u := row.units; u != noUnit; u = s.units[u].nextOfRequest {
		n--
	}
	return n
}

// Settle finishes what a change left undone when its context ended. Prices and
// plan fulfil all conditions then as before, but
// for the requests in waiting, some seats of which are nowhere, and for the
// volunteers in loose, who have too much or too little to do for their price.
// When the context ends it, the rest is done by the next call.
func (s *Solver) Settle(ctx context.Context) error {
	begun, all := s.stats.Scanned, len(s.waiting)+len(s.loose)
	for len(s.loose) > 0 {
		if s.tooLong(s.stats.Scanned-begun, all) {
			return errTooLong
		}
		if err := s.balance(ctx, s.loose[len(s.loose)-1]); err != nil {
			return err
		}
		s.loose = s.loose[:len(s.loose)-1]
	}
	for len(s.waiting) > 0 {
		if s.tooLong(s.stats.Scanned-begun, all) {
			return errTooLong
		}
		r := s.waiting[len(s.waiting)-1]
		for s.need(r) < 0 {
			if err := s.shed(ctx, r); err != nil {
				return err
			}
		}
		if _, err := s.place(ctx, r, s.need(r), unlimited); err != nil {
			return err
		}
		s.waiting = s.waiting[:len(s.waiting)-1]
	}
	return s.feasible()
}

// tooLong says whether the searches for all who wait, going by those done so far,
// will scan more than there is patience for.
func (s *Solver) tooLong(scanned int64, all int) bool {
	if s.patience == math.MaxInt64 || scanned <= s.patience/patienceProbe {
		return false
	}
	done := all - len(s.waiting) - len(s.loose)
	return float64(scanned)*float64(all) > float64(s.patience)*float64(done)
}

// balance brings use and price of a volunteer together.
func (s *Solver) balance(ctx context.Context, at int32) error {
	v := &s.volunteers[at]
	v.left = roomOf(s.capacity[at])
	for u := v.units; u != noUnit; u = s.units[u].nextOfOwner {
		v.left--
	}
	for v.left < 0 {
		s.beginAt(at)
		s.relaxOwners(v, 0)
		if err := s.runForward(ctx); err != nil {
			return err
		}
		s.raise()
		s.pushForward()
	}
	for !v.full() && v.price > 0 {
		s.buildReverse()
		if err := s.backward(ctx, at); err != nil {
			return err
		}
		s.lower()
		s.pushBackward()
	}
	return nil
}

// shed takes one filled seat from r, the one without which the plan is cheapest.
func (s *Solver) shed(ctx context.Context, r int32) error {
	s.buildReverse()
	s.begin(unlimited)
	s.give(r, &s.requests[r], 0, none)
	if err := s.runBackward(ctx); err != nil {
		return err
	}
	s.lower()
	s.pushBackward()
	return nil
}

// place fills seats of r, or leaves them open, and gives the number of those for
// which a search with so much effort found nothing.
func (s *Solver) place(ctx context.Context, r int32, seats int64, effort int) (left int64, err error) {
	near, err := s.placeNear(r, seats)
	if err != nil {
		return seats, err
	}
	row := &s.requests[r]
	for seats -= near; seats > 0; {
		if row.price == row.ceiling {
			n := min(seats, s.sameCeiling(r))
			s.leaveOpen(r, n) // nothing is cheaper than an open seat
			seats -= n
			continue
		}
		if err := s.forward(ctx, r, effort); err != nil {
			return seats, err
		}
		if s.end.kind == endNone || s.end.kind == endBorder {
			return seats, nil
		}
		s.raise()
		s.pushForward()
		seats--
	}
	return 0, nil
}

// placeNear is place for the seats whose cheapest volunteers have capacity left,
// which takes no search: all others cost more at their own prices already. When
// nobody at all is cheaper than an open seat, it raises the price of r to that.
func (s *Solver) placeNear(r int32, seats int64) (placed int64, err error) {
	row := &s.requests[r]
	limit, isAlone := row.ceiling, true // no free volunteer at this cost or above is surely the nearest
	arcs := s.list(r)
	for i := 0; placed < seats; i++ {
		for i == len(arcs) && row.horizon < limit {
			if err := s.grow(r); err != nil {
				return placed, err
			}
			arcs = s.list(r)
		}
		if i == len(arcs) || arcs[i].cost >= limit {
			if isAlone {
				s.note(r)
				row.price = limit
			}
			return placed, nil
		}
		a := &arcs[i]
		if !s.land.has(a.to) {
			if !a.matched() {
				limit, isAlone = min(limit, a.cost), false // nobody farther is surely the nearest
			}
			continue
		}
		s.stats.Scanned++
		if v := &s.volunteers[a.to]; v.full() {
			if near := a.cost + v.price; near < limit {
				limit, isAlone = near+1, false // who costs the same is as good
			}
			continue
		}
		s.note(r)
		row.price = a.cost
		s.take(r, a.to, a.cost)
		a.to = ^a.to
		placed++
	}
	return placed, nil
}

// feasible says whether every mandatory seat is filled.
func (s *Solver) feasible() error {
	if s.ranges.mandatory == 0 {
		return nil
	}
	for r := range s.requests {
		if row := &s.requests[r]; row.open > 0 && s.asked[r].penaltyOf(row.open-1) == Mandatory {
			return &InfeasibleError{int32(r)}
		}
	}
	return nil
}
