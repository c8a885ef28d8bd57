package flow

import "slices"

// takeOver makes the prices those of the solver, and the pairs that fit them its
// plan. All other seats wait, and volunteers with a price and capacity left are
// loose.
func (a *auction) takeOver() {
	s := a.s
	for v := range int32(len(s.volunteers)) {
		for s.volunteers[v].units != noUnit {
			s.release(s.volunteers[v].units)
		}
	}
	s.waiting, s.loose = s.waiting[:0], s.loose[:0]
	held := a.held()
	a.round()
	if !a.byRequest {
		a.priceVolunteers()
	}
	mark := make([]int32, len(s.volunteers))
	for v := range s.volunteers {
		if a.byRequest {
			s.volunteers[v].price = a.price[v]
		}
		s.priced[v/priceBlock] = true
	}
	for r := range int32(len(s.requests)) {
		s.leaveOpen(r, -s.requests[r].open)
		row := &s.requests[r]
		for _, v := range held[r] {
			mark[v] = r + 1
		}
		row.price = row.ceiling
		from, to := s.rows.first[r], s.rows.first[r+1]
		volunteers := s.rows.volunteers[from:to]
		for i, c := range s.rows.costs[from:to] {
			if v := volunteers[i]; mark[v] != r+1 {
				row.price = min(row.price, c+s.volunteers[v].price)
			}
		}
		for i, c := range s.rows.costs[from:to] {
			if v := volunteers[i]; mark[v] == r+1 && c+s.volunteers[v].price <= row.price {
				s.take(r, v, c)
				s.mark(r, v)
			}
		}
		n := s.need(r)
		if n > 0 && row.price == row.ceiling {
			open := min(n, s.sameCeiling(r))
			s.leaveOpen(r, open) // nothing is cheaper
			n -= open
		}
		if n > 0 {
			s.waiting = append(s.waiting, r)
		}
	}
	for v := range int32(len(s.volunteers)) {
		if !s.volunteers[v].full() && s.volunteers[v].price > 0 {
			s.loose = append(s.loose, v)
		}
	}
}

// round brings the prices of objects to the scale of costs. Prices that are tied
// by a pair differ by whole costs, but for ε; so that these fall to the same side,
// the border is laid where the widest gap is.
func (a *auction) round() {
	rests := make([]int64, 0, len(a.price)+1)
	for _, p := range a.price {
		rests = append(rests, p%a.scale)
	}
	rests = append(rests, 0, a.scale)
	slices.Sort(rests)
	gap, border := int64(0), int64(1)
	for i, rest := range rests[1:] {
		if rest-rests[i] > gap {
			gap, border = rest-rests[i], rests[i]+(rest-rests[i]+1)/2
		}
	}
	for o, p := range a.price {
		a.price[o] = (p + a.scale - border) / a.scale
	}
}

// held gives the volunteers whom each request has.
func (a *auction) held() [][]int32 {
	held := make([][]int32, len(a.s.requests))
	for o := range int32(len(a.price)) {
		for u := a.units[o]; u < a.units[o+1]; u++ {
			switch b := a.holder[u]; {
			case b == none:
			case a.byRequest:
				held[b] = append(held[b], o)
			default:
				held[o] = append(held[o], b)
			}
		}
	}
	return held
}

// priceVolunteers gives the volunteers who bid their prices: what the best
// request would pay, if it were priced by the bids.
func (a *auction) priceVolunteers() {
	for v := range int32(len(a.bidders)) {
		price := int64(0)
		requests, costs := a.pairs.of(v)
		for i, r := range requests {
			price = max(price, -costs[i]-a.price[r])
		}
		a.s.volunteers[v].price = price
	}
}
