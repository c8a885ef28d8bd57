package flow

import (
	"context"
	"math/bits"
)

// Costs that follow no geography, such as products, make shortest paths long.
// Prices then come from an auction first (D. P. Bertsekas, D. A. Castañon, The
// auction algorithm for the transportation problem, Annals of Operations Research
// 20, 1989): each open seat bids for its best volunteer what makes the next best
// as good, and ε more; who is outbid bids again. Phases with falling ε keep the
// prices. Costs are scaled up so that the last phase is all but exact; what is
// left to mend is found when the plan is taken over, and mended by searches.
type auction struct {
	s      *Solver
	scale  int64   // of costs
	step   int64   // ε, in scaled costs
	price  []int64 // per volunteer, the least bid of its units
	first  []int32 // units of volunteer v are first[v]:first[v+1]
	holder []int32 // per unit, the request whose bid stands, or none
	bid    []int64 // per unit
	queue  []int32 // a request for each seat without a volunteer
	closed []bool  // per request, whether its seats are left open in this phase
}

const (
	auctionAfter = 30  // pairs scanned by unlimited searches, per pair of the graph, before an auction is held
	auctionSteps = 8   // how much ε falls from phase to phase
	auctionLimit = 400 // pairs scanned in an auction, per pair of the graph, before it ends as it stands
)

// hold runs the auction over an explicit graph and takes its plan over. Settle
// has to follow. It does nothing when the numbers are too large for it.
func (s *Solver) hold(ctx context.Context) (held bool, err error) {
	a := &auction{
		s: s, price: make([]int64, len(s.volunteers)), first: make([]int32, len(s.volunteers)+1), closed: make([]bool, len(s.requests)),
	}
	units := int64(0)
	for v, k := range s.capacity {
		units += min(k, int64(len(s.requests)))
		if units > 1<<31-1 {
			return false, nil
		}
		a.first[v+1] = int32(units)
		if k == 0 {
			a.price[v] = MaxTotal // nobody gets this volunteer
		}
	}
	a.holder, a.bid = make([]int32, units), make([]int64, units)
	a.scale = min(int64(len(s.requests))+1, MaxTotal/8/(s.rows.dearest+1))
	if a.scale < 1 {
		return false, nil
	}
	limit := s.stats.Scanned + auctionLimit*int64(s.rows.Pairs())
	for a.step = max(1, s.rows.dearest*a.scale/40); ; a.step = max(1, a.step/auctionSteps) {
		if err := a.phase(ctx, limit); err != nil {
			return false, err
		}
		if a.step == 1 || s.stats.Scanned > limit {
			break
		}
	}
	a.takeOver()
	return true, nil
}

// penalty is what an open seat of r costs, scaled.
func (a *auction) penalty(r int32) int64 {
	p := a.s.asked[r].dearest()
	if bits.Len64(uint64(p))+bits.Len64(uint64(a.scale)) > 60 {
		return MaxTotal
	}
	return p * a.scale
}

// phase lets all seats bid from the present prices.
func (a *auction) phase(ctx context.Context, limit int64) error {
	for u := range a.holder {
		a.holder[u] = none
	}
	a.queue = a.queue[:0]
	for r := len(a.s.requests) - 1; r >= 0; r-- {
		for range min(a.s.asked[r].Seats, int64(len(a.s.volunteers))) {
			a.queue = append(a.queue, int32(r))
		}
		a.closed[r] = false
	}
	for bids := 0; len(a.queue) > 0 && a.s.stats.Scanned <= limit; bids++ {
		if bids&1023 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		r := a.queue[len(a.queue)-1]
		a.queue = a.queue[:len(a.queue)-1]
		if !a.closed[r] {
			if err := a.bidFor(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// bidFor makes one bid for a seat of r, or leaves it open.
func (a *auction) bidFor(r int32) error {
	s := a.s
	row := &s.requests[r]
	best, second := a.penalty(r), a.penalty(r)
	at := none
	for i := 0; ; i++ {
		if i == int(row.listed) {
			if row.horizon >= MaxTotal || row.horizon*a.scale >= second {
				break
			}
			if err := s.grow(r); err != nil {
				return err
			}
			if i == int(row.listed) {
				break
			}
		}
		c := &s.arcs[int(row.first)+i]
		if c.cost*a.scale >= second {
			break // nobody further on is better, as prices are not below zero
		}
		s.stats.Scanned++
		v := c.volunteer()
		value := c.cost*a.scale + a.price[v]
		if value >= second || a.holds(r, v) {
			continue
		}
		if value < best {
			best, second, at = value, best, v
		} else {
			second = value
		}
	}
	if at == none {
		a.closed[r] = true
		return nil
	}
	a.place(r, at, a.price[at]+second-best+a.step)
	return nil
}

func (a *auction) holds(r, v int32) bool {
	for u := a.first[v]; u < a.first[v+1]; u++ {
		if a.holder[u] == r {
			return true
		}
	}
	return false
}

// place puts a bid in the place of the least one.
func (a *auction) place(r, v int32, bid int64) {
	from, to := a.first[v], a.first[v+1]
	least := from
	for u := from + 1; u < to; u++ {
		if a.bid[u] < a.bid[least] {
			least = u
		}
	}
	if out := a.holder[least]; out != none {
		a.queue = append(a.queue, out)
	}
	a.holder[least], a.bid[least] = r, bid
	a.price[v] = a.bid[from]
	for u := from + 1; u < to; u++ {
		a.price[v] = min(a.price[v], a.bid[u])
	}
}

// takeOver makes the prices those of the solver, and the pairs that fit them its
// plan. All other seats wait, and volunteers with a price and capacity left are
// loose.
func (a *auction) takeOver() {
	s := a.s
	held := make([][]int32, len(s.requests))
	for v := range int32(len(s.volunteers)) {
		for s.volunteers[v].units != noUnit {
			s.release(s.volunteers[v].units)
		}
		s.volunteers[v].price = a.price[v] / a.scale
		s.priced[v/priceBlock] = true
		for u := a.first[v]; u < a.first[v+1]; u++ {
			if r := a.holder[u]; r != none {
				held[r] = append(held[r], v)
			}
		}
	}
	mark := make([]int32, len(s.volunteers))
	s.waiting = s.waiting[:0]
	for r := range int32(len(s.requests)) {
		s.leaveOpen(r, -s.requests[r].open)
		row := &s.requests[r]
		for _, v := range held[r] {
			mark[v] = r + 1
		}
		row.price = row.ceiling
		for i := s.rows.first[r]; i < s.rows.first[r+1]; i++ {
			if v := s.rows.volunteers[i]; mark[v] != r+1 {
				row.price = min(row.price, s.rows.costs[i]+s.volunteers[v].price)
			}
		}
		for i := s.rows.first[r]; i < s.rows.first[r+1]; i++ {
			if v, c := s.rows.volunteers[i], s.rows.costs[i]; mark[v] == r+1 && c+s.volunteers[v].price <= row.price {
				s.take(r, v, c)
				s.mark(r, v)
			}
		}
		s.waiting = append(s.waiting, r)
	}
	for v := range int32(len(s.volunteers)) {
		if !s.volunteers[v].full() && s.volunteers[v].price > 0 {
			s.loose = append(s.loose, v)
		}
	}
}
