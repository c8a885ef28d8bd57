package flow

import "slices"

// Stats counts the work done so far.
func (s *Solver) Stats() Stats { return s.stats }

// Cost is what the plan costs: Σ cost of the pairs + Σ penalty of the open
// seats. It is the least possible after every call that gave no error.
func (s *Solver) Cost() int64 { return s.cost }

// Requests is the number of requests, those added included.
func (s *Solver) Requests() int { return len(s.requests) }

// Volunteers is the number of volunteers, those added included.
func (s *Solver) Volunteers() int { return len(s.volunteers) }

// Filled is the number of seats filled in all.
func (s *Solver) Filled() int { return s.filled }

// Request is what r wants at present.
func (s *Solver) Request(r int32) Request { return s.asked[r] }

// Capacity is how many seats v takes at present.
func (s *Solver) Capacity(v int32) int64 { return s.capacity[v] }

// Open is the number of open seats of r.
func (s *Solver) Open(r int32) int64 { return s.requests[r].open }

// RequestPrice is y of r: what one more seat of r would cost at least.
func (s *Solver) RequestPrice(r int32) int64 { return s.requests[r].price }

// VolunteerPrice is p of v: what one more unit of v would save at most.
func (s *Solver) VolunteerPrice(v int32) int64 { return s.volunteers[v].price }

// Horizon of r: every pair of r that is not listed costs at least that.
func (s *Solver) Horizon(r int32) int64 { return s.requests[r].horizon }

// Bytes is about how much memory the solver takes, its source left aside.
func (s *Solver) Bytes() int64 {
	const perRequest, perVolunteer, perPair, perUnit = 64 + 32, 16 + 16 + 8 + 8 + 4, 16, 24
	n := int64(cap(s.requests))*perRequest + int64(cap(s.volunteers))*perVolunteer + int64(cap(s.units))*perUnit
	for _, page := range s.store.pages {
		n += int64(len(page)) * perPair
	}
	if b := s.reverse; b != nil {
		n += int64(cap(b.offers)+cap(b.wide)+cap(b.head))*8 + int64(cap(b.more))*(perPair+8)
	}
	return n
}

// AppendAssigned appends the pairs of r to dst, cheapest first.
func (s *Solver) AppendAssigned(dst []Arc, r int32) []Arc {
	start := len(dst)
	for u := s.requests[r].units; u != noUnit; u = s.units[u].nextOfRequest {
		dst = append(dst, Arc{s.units[u].volunteer, s.units[u].cost})
	}
	slices.SortFunc(dst[start:], compareArcs)
	return dst
}
