package flow

import "slices"

// AppendListed appends the pairs of r that are listed to dst, cheapest first.
// Every other pair of r costs at least horizon.
func (s *Solver) AppendListed(dst []Arc, r int32) (pairs []Arc, horizon int64) {
	for _, a := range s.list(r) {
		dst = append(dst, Arc{a.volunteer(), a.cost})
	}
	return dst, s.requests[r].horizon
}

// Extend lists all pairs of r that cost less than limit. The error is a
// [*ProblemError] for an answer of the source that cannot be used.
func (s *Solver) Extend(r int32, limit int64) error {
	row := &s.requests[r]
	limit = min(limit, MaxTotal)
	for s.rows != nil && row.horizon < limit {
		if err := s.grow(r); err != nil {
			return err
		}
	}
	if row.horizon >= limit {
		return nil
	}
	fresh, err := s.fetch(r, limit)
	if err != nil {
		return err
	}
	if err := s.extend(r, fresh); err != nil {
		return err
	}
	row.horizon = limit
	return nil
}

// AppendOffers appends the pairs of v that a search can meet to dst: all of an
// explicit graph, the listed ones of an implicit graph.
func (s *Solver) AppendOffers(dst []Offer, v int32) []Offer {
	s.buildReverse()
	return slices.AppendSeq(dst, s.reverse.all(v))
}
