package flow

import "errors"

// ErrUnproven means that the prices do not prove the plan. It is a fault of this
// package, never of the problem.
var ErrUnproven = errors.New("flow: the prices do not prove the plan")

// Prove sums the cost of the plan and the bound of the prices anew, in one pass
// over the pairs, and gives their common value. Errors are [ErrUnproven].
func (s *Solver) Prove() (optimum int64, err error) {
	primal, dual, ok := s.bothSides()
	if !ok || primal != dual || primal != s.cost {
		return 0, ErrUnproven
	}
	s.proof.begin(s)
	return primal, nil
}

// sides are the two sides of the proof, or the part of some requests in them.
type sides struct {
	primal, dual int64
	filled, used int // seats, and units of volunteers
	broken       bool
}

// proofChunk is how many requests are looked at one after the other.
const proofChunk = 4096

// bothSides gives the cost of the plan, and the bound of the prices, which no plan
// costs less than, whatever they are. It says whether the plan respects seats and
// capacities, and the prices their ranges.
func (s *Solver) bothSides() (primal, dual int64, ok bool) {
	chunks := make([]sides, (len(s.requests)+proofChunk-1)/proofChunk)
	sideBySide(len(chunks), func(i int) {
		chunks[i] = s.sidesOf(i*proofChunk, min((i+1)*proofChunk, len(s.requests)))
	})
	filled, used := 0, 0
	for _, c := range chunks {
		if c.broken {
			return 0, 0, false
		}
		primal += c.primal
		dual += c.dual
		filled += c.filled
		used += c.used
	}
	rent, ok := s.rent()
	return primal, dual - rent, ok && filled == s.filled && used == s.filled
}

// sidesOf is the part of the requests from one number to before another.
func (s *Solver) sidesOf(from, to int) (sum sides) {
	for r := int32(from); r < int32(to); r++ {
		c, n, isPlan := s.costOf(r)
		b, isPrice := s.boundOf(r)
		if !isPlan || !isPrice {
			return sides{broken: true}
		}
		sum.primal += c
		sum.filled += n
		sum.dual += b
		for u := s.requests[r].units; u != noUnit; u = s.units[u].nextOfRequest {
			if at := s.units[u].volunteer; s.volunteers[at].units == u {
				n, ok := s.unitsOf(at)
				if !ok {
					return sides{broken: true}
				}
				sum.used += n
			}
		}
	}
	return sum
}

// rent is Σ k·p, and whether no price is below zero.
func (s *Solver) rent() (sum int64, ok bool) {
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
			sum += s.capacity[v] * p
		}
	}
	return sum, true
}

// costOf is what r costs, its filled seats, and whether these and the open ones
// are all it wants.
func (s *Solver) costOf(r int32) (cost int64, filled int, ok bool) {
	row, q := &s.requests[r], &s.asked[r]
	left := q.Seats - row.open
	for u := row.units; u != noUnit; u = s.units[u].nextOfRequest {
		o := &s.units[u]
		if left--; left < 0 || o.request != r {
			return 0, 0, false
		}
		cost += o.cost
		filled++
	}
	return cost + q.costOf(row.open), filled, row.open >= 0 && left == 0
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

// boundOf is the share of r in the bound, d·y − max(0, y−P)·(d−Keep) +
// Σ min(0, c + p − y), and whether its price is in range.
func (s *Solver) boundOf(r int32) (bound int64, ok bool) {
	row, q := &s.requests[r], &s.asked[r]
	if row.price < 0 {
		return 0, false
	}
	bound = q.Seats * row.price
	if over := row.price - min(q.Penalty, MaxTotal); over > 0 {
		bound -= (q.Seats - q.Keep) * over
		if q.Seats > 0 && (q.Keep == 0 || row.price > min(q.KeepPenalty, MaxTotal)) {
			return 0, false
		}
	}
	if s.written(r) {
		return bound + s.rowGain(r, row.price) + s.addedGain(r, row.price), true
	}
	if row.price > row.horizon && row.horizon < q.dearest() {
		return 0, false // a pair that is not listed might be gained by
	}
	for _, a := range s.list(r) {
		bound += min(0, a.cost+s.volunteers[a.volunteer()].price-row.price)
	}
	return bound, true
}

// addedGain is Σ min(0, c + p − y) over the pairs of an explicit row with
// volunteers added later.
func (s *Solver) addedGain(r int32, y int64) (gain int64) {
	if len(s.volunteers) == s.lent {
		return 0
	}
	for _, a := range s.list(r) {
		if v := a.volunteer(); int(v) >= s.lent {
			gain += min(0, a.cost+s.volunteers[v].price-y)
		}
	}
	return gain
}

// rowGain is Σ min(0, c + p − y) over row r of an explicit graph.
func (s *Solver) rowGain(r int32, y int64) (gain int64) {
	from, to := s.rows.first[r], s.rows.first[r+1]
	volunteers := s.rows.volunteers[from:to]
	for i, c := range s.rows.costs[from:to] {
		if c < y {
			gain += min(0, c+s.volunteers[volunteers[i]].price-y)
		}
	}
	return gain
}
