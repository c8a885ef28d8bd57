package flow

import (
	"context"
	"math"
	"slices"
)

// Costs that follow no geography, such as products, make shortest paths long.
// Prices then come from an auction first (D. P. Bertsekas, D. A. Castañon, The
// auction algorithm for the transportation problem, Annals of Operations Research
// 20, 1989). The side with fewer units bids: each unit offers for its best partner
// what makes the next best as good, and ε more; who is outbid bids again. Phases
// with falling ε keep the prices. Costs are scaled up so that the last phase is all
// but exact; what is left to mend is found when the plan is taken over, and mended
// by searches.
type auction struct {
	s         *Solver
	byRequest bool  // requests bid for volunteers; else volunteers for requests
	scale     int64 // of costs
	step      int64 // ε, in scaled costs

	bidders []bidder
	relief  []int64 // per bidder with one unit, minus what its partner costs it, or having none
	pairs   pairs
	queue   []int32 // a bidder for each of its units without a partner

	price  []int64 // per object, the least bid of its units
	units  []int32 // of object o units[o]:units[o+1]
	holder []int32 // per unit, the bidder whose bid stands, or none
	bid    []int64 // per unit

	room   []offered // for the pairs of one node, by what they cost with their price
	single bool      // every bidder has one unit at most
	bids   int       // made in this phase by either side
	back   reversal

	scanned, limit int64
}

const (
	auctionAfter  = 30  // pairs scanned by unlimited searches, per pair of the graph, before an auction is held
	auctionSooner = 150 // how much sooner where prices have no long way to rise
	auctionSteps  = 8   // how much ε falls from phase to phase …
	auctionLeap   = 512 // … and after one with hardly more bids than bidders
	auctionBegin  = 40  // what part of the dearest pair the first ε is
	auctionLimit  = 120 // pairs scanned in an auction, per pair of the graph, before it ends as it stands
	auctionReach  = 2   // how much more than pairs open seats may cost for an auction to suit
)

// hold runs the auction over an explicit graph and takes its plan over. Settle
// has to follow. It does nothing when the numbers are too large for it.
func (s *Solver) hold(ctx context.Context) (held bool, err error) {
	if s.rows.Len() != len(s.requests) || s.lent != len(s.volunteers) {
		return false, nil
	}
	a := s.announce()
	if a == nil {
		return false, nil
	}
	a.limit = auctionLimit * int64(s.rows.Pairs())
	for a.step = max(1, s.rows.dearest*a.scale/auctionBegin); ; {
		if err := a.phase(ctx); err != nil {
			return false, err
		}
		if a.step == 1 || a.scanned > a.limit {
			break
		}
		fall := int64(auctionSteps)
		if a.bids < len(a.bidders)*3/2 {
			fall = auctionLeap
		}
		a.step = max(1, a.step/fall)
	}
	s.stats.Scanned += a.scanned
	a.takeOver()
	return true, nil
}

// oneToOne says whether the graph is explicit and all have one unit at most.
func (s *Solver) oneToOne() bool {
	return s.rows != nil &&
		!slices.ContainsFunc(s.asked, func(q Request) bool { return q.Seats > 1 }) &&
		!slices.ContainsFunc(s.capacity, func(k int64) bool { return k > 1 })
}

// An auction is quick where prices have no long way to rise: open seats cost little
// more than pairs do …
func (s *Solver) nearPenalties() bool {
	return s.oneToOne() && !slices.ContainsFunc(s.asked, func(q Request) bool { return q.dearest() > auctionReach*s.rows.dearest })
}

// … or nobody has to stay without a volunteer, as far as the zones of the hard
// requests tell.
func (s *Solver) isMarket(hard []int32) bool {
	return s.oneToOne() && !slices.ContainsFunc(hard, func(r int32) bool { return s.requests[r].open > 0 })
}

// announce sets an auction up, or gives nil when its numbers would be too large.
func (s *Solver) announce() *auction {
	var seats, room int64
	dearest := s.rows.dearest
	for r := range s.asked {
		seats += min(s.asked[r].Seats, int64(len(s.volunteers)))
		dearest = max(dearest, min(s.asked[r].dearest(), 4*s.rows.dearest))
	}
	for _, k := range s.capacity {
		room += min(k, int64(len(s.requests)))
	}
	a := &auction{s: s, byRequest: seats <= room || s.ranges.mandatory > 0}
	a.scale = min(int64(min(len(s.requests), len(s.volunteers)))+1, MaxTotal/16/(dearest+1))
	if a.scale < 1 || seats > math.MaxInt32 || room > math.MaxInt32 {
		return nil
	}
	objects := a.invite()
	a.price = make([]int64, objects)
	a.units = make([]int32, objects+1)
	for o := range objects {
		n := a.unitsOf(o, !a.byRequest)
		if n == 0 {
			a.price[o] = MaxTotal // nobody gets this one
		}
		a.units[o+1] = a.units[o] + n
	}
	a.holder, a.bid = slices.Repeat([]int32{none}, int(a.units[objects])), make([]int64, a.units[objects])
	return a
}

// unitsOf is how many units a node of that side has.
func (a *auction) unitsOf(node int, request bool) int32 {
	if request {
		return int32(min(a.s.asked[node].Seats, int64(len(a.s.volunteers))))
	}
	return int32(min(a.s.capacity[node], int64(len(a.s.requests))))
}

// invite makes the bidders with their pairs, and gives the number of objects.
func (a *auction) invite() (objects int) {
	s, rows := a.s, a.s.rows
	bidders, objects := len(s.requests), len(s.volunteers)
	if !a.byRequest {
		bidders, objects = objects, bidders
	}
	a.bidders, a.relief = make([]bidder, bidders), make([]int64, bidders)
	a.single = true
	for b := range a.bidders {
		n := a.unitsOf(b, a.byRequest)
		a.single = a.single && n <= 1
		a.bidders[b] = bidder{kept: kept{bound: -MaxTotal}, units: n, held: none}
		a.relief[b] = MaxTotal
	}
	a.pairs = pairs{rows.first, rows.volunteers, rows.costs}
	if a.byRequest {
		for r := range a.bidders {
			a.bidders[r].outside = a.penalty(r) * a.scale
		}
		return objects
	}
	a.back.pairs = a.pairs
	a.pairs = a.pairs.turned(bidders, a.penalty) // what a volunteer brings by serving r, beside an open seat
	return objects
}

// penalty is what an open seat of r costs, as far as it can be scaled.
func (a *auction) penalty(r int) int64 {
	return min(a.s.asked[r].dearest(), MaxTotal/2/a.scale)
}

// phase lets all units bid from the present prices.
func (a *auction) phase(ctx context.Context) error {
	a.queue, a.bids = a.queue[:0], 0
	for b := len(a.bidders) - 1; b >= 0; b-- {
		w := &a.bidders[b]
		if w.units == 1 && w.held != none && a.content(int32(b), w) {
			continue
		}
		w.held, w.closed = none, false
		for range w.units {
			a.queue = append(a.queue, int32(b))
		}
	}
	if !a.single {
		for u := range a.holder {
			a.holder[u] = none
		}
	}
	for ; len(a.queue) > 0 && a.scanned <= a.limit; a.bids++ {
		if a.bids&1023 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		b := a.queue[len(a.queue)-1]
		a.queue = a.queue[:len(a.queue)-1]
		if !a.bidders[b].closed {
			a.bidFor(b)
		}
	}
	a.reverse()
	return nil
}
