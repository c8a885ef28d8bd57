package flow

import "errors"

// ErrUnproven means that the prices do not prove the plan. It is a fault of this
// package, never of the problem.
var ErrUnproven = errors.New("flow: the prices do not prove the plan")

// Prove sums the cost of the plan and the bound of the prices anew, in one pass
// over the pairs, and gives their common value. Errors are [ErrUnproven].
func (s *Solver) Prove() (optimum int64, err error) {
	primal, ok := s.primal()
	if !ok {
		return 0, ErrUnproven
	}
	dual, ok := s.dual()
	if !ok || primal != dual || primal != s.cost {
		return 0, ErrUnproven
	}
	return primal, nil
}

// primal is the cost of the plan, and whether it respects seats and capacities.
func (s *Solver) primal() (cost int64, ok bool) {
	filled, used := 0, 0
	for r := range s.requests {
		row, q := &s.requests[r], &s.asked[r]
		left := q.Seats - row.open
		for u := row.units; u != noUnit && left > 0; u = s.units[u].nextOfRequest {
			o := &s.units[u]
			if o.request != int32(r) {
				return 0, false
			}
			cost += o.cost
			filled++
			left--
			if s.volunteers[o.volunteer].units == u {
				n, ok := s.unitsOf(o.volunteer)
				if !ok {
					return 0, false
				}
				used += n
			}
		}
		if row.open < 0 || left != 0 {
			return 0, false
		}
		cost += q.costOf(row.open)
	}
	return cost, filled == s.filled && used == s.filled
}

// unitsOf counts the units of a volunteer, as far as capacity goes. When these
// numbers add up to the filled seats, every one of those lies within a capacity.
func (s *Solver) unitsOf(v int32) (n int, ok bool) {
	left := s.capacity[v]
	for u := s.volunteers[v].units; u != noUnit; u = s.units[u].nextOfOwner {
		if left--; left < 0 || s.units[u].volunteer != v {
			return 0, false
		}
		n++
	}
	return n, true
}

// dual is the bound that the prices give, and whether they are in their ranges.
// No plan costs less, whatever the prices are.
func (s *Solver) dual() (bound int64, ok bool) {
	for r := range s.requests {
		row, q := &s.requests[r], &s.asked[r]
		if row.price < 0 {
			return 0, false
		}
		bound += q.Seats * row.price
		if over := row.price - min(q.Penalty, MaxTotal); over > 0 {
			bound -= (q.Seats - q.Keep) * over
			if q.Seats > 0 && (q.Keep == 0 || row.price > min(q.KeepPenalty, MaxTotal)) {
				return 0, false
			}
		}
		if s.written(int32(r)) {
			bound += s.rowGain(r, row.price) + s.addedGain(r, row.price)
			continue
		}
		if row.price > row.horizon && row.horizon < q.dearest() {
			return 0, false // a pair that is not listed might be gained by
		}
		for _, a := range s.list(int32(r)) {
			bound += min(0, a.cost+s.volunteers[a.volunteer()].price-row.price)
		}
	}
	for block, touched := range s.priced {
		if !touched {
			continue
		}
		from := block * priceBlock
		for v := from; v < min(from+priceBlock, len(s.volunteers)); v++ {
			p := s.volunteers[v].price
			if p < 0 {
				return 0, false
			}
			bound -= s.capacity[v] * p
		}
	}
	return bound, true
}

// addedGain is Σ min(0, c + p − y) over the pairs of an explicit row with
// volunteers added later.
func (s *Solver) addedGain(r int, y int64) (gain int64) {
	if len(s.volunteers) == s.lent {
		return 0
	}
	for _, a := range s.list(int32(r)) {
		if v := a.volunteer(); int(v) >= s.lent {
			gain += min(0, a.cost+s.volunteers[v].price-y)
		}
	}
	return gain
}

// rowGain is Σ min(0, c + p − y) over row r of an explicit graph.
func (s *Solver) rowGain(r int, y int64) (gain int64) {
	from, to := s.rows.first[r], s.rows.first[r+1]
	volunteers := s.rows.volunteers[from:to]
	for i, c := range s.rows.costs[from:to] {
		if c < y {
			gain += min(0, c+s.volunteers[volunteers[i]].price-y)
		}
	}
	return gain
}
