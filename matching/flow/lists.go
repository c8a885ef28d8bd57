package flow

import (
	"math"
	"slices"
)

const (
	firstGuess = 1024 // where the search for a good first horizon starts
	fewArcs    = 6    // a first list shorter than this makes the next one longer
	manyArcs   = 48   // a first list longer than this is cut
	nearArcs   = 8    // length of a first list of explicit rows
)

// lists holds the pairs looked at so far: for each request all that cost less
// than its horizon, in cost order. Lists grow at their ends only, and may
// move when they do.
type lists struct {
	store   store
	guess   int64   // first horizon of an implicit graph, learnt from the lists so far
	fetched []Arc   // room for answers
	named   []int32 // per volunteer, the listing that named it last
	listing int32
	room    keyRoom
	source  Source
	rows    *Rows // the source, when it is explicit
}

// list gives the listed pairs of r.
func (s *Solver) list(r int32) []arc {
	row := &s.requests[r]
	return s.store.at(row.first, row.listed)
}

// grow lists more pairs of r: the next few of an explicit row, all up to twice
// the horizon of an implicit graph.
func (s *Solver) grow(r int32) error {
	row := &s.requests[r]
	if s.rows != nil {
		return s.growRow(r, row)
	}
	first := row.horizon == 0
	limit := s.guess
	if !first {
		limit = 2 * row.horizon
	}
	limit = min(limit, s.asked[r].dearest())
	fresh, err := s.fetch(r, limit)
	if err != nil {
		return err
	}
	if first {
		fresh, limit = trim(fresh, limit, &s.guess)
	}
	if err := s.extend(r, fresh); err != nil {
		return err
	}
	row.horizon = limit
	return nil
}

func (s *Solver) growRow(r int32, row *request) error {
	if s.rows.first[r] == s.rows.first[r+1] {
		row.horizon = MaxTotal
		return nil
	}
	last, m := Arc{Volunteer: none, Cost: -1}, nearArcs
	if row.listed > 0 {
		a := s.list(r)[row.listed-1]
		last, m = Arc{a.volunteer(), a.cost}, few
	}
	var whole bool
	fresh := s.fetched[:0]
	switch {
	case s.rows.dearest >= keyedCost:
		fresh, whole = s.rows.after(fresh, r, last, max(m, 3*int(row.listed)))
	case row.listed >= nearArcs+few:
		fresh, whole = s.rows.keysAfter(fresh, &s.room, r, last, 3*int(row.listed))
	default:
		fresh, whole = s.rows.nearest(fresh, r, last, m)
	}
	s.fetched = fresh[:0]
	if err := s.extend(r, fresh); err != nil {
		return err
	}
	row.horizon = MaxTotal
	if !whole {
		row.horizon = fresh[len(fresh)-1].Cost
	}
	return nil
}

// extend appends pairs, which are in cost order, to the list of r.
func (s *Solver) extend(r int32, fresh []Arc) error {
	row := &s.requests[r]
	old, all := int(row.listed), int(row.listed)+len(fresh)
	if all > roomFor(old) {
		place, ok := s.store.reserve(all)
		if !ok {
			return &ProblemError{"source", "more pairs matter than the 2^32 that the solver can hold"}
		}
		copy(s.store.at(place, row.listed), s.list(r))
		s.store.leave(row.first, old)
		row.first = place
	}
	// Pairs matched from the volunteer's side may come up only now.
	hidden := s.hidden(r)
	row.listed = int32(all)
	arcs := s.list(r)[old:]
	for i, a := range fresh {
		to := a.Volunteer
		if hidden > 0 && s.owns(r, to) {
			to = ^to
			hidden--
		}
		arcs[i] = arc{cost: a.Cost, to: to}
	}
	s.stats.Listings++
	s.stats.Listed += int64(len(fresh))
	if s.reverse != nil && !s.written(r) {
		for _, a := range fresh {
			s.reverse.add(a.Volunteer, Offer{r, a.Cost})
		}
	}
	return nil
}

// written says whether r has a row of an explicit graph, which other parts read
// in full and not only as far as it is listed.
func (s *Solver) written(r int32) bool { return s.rows != nil && int(r) < s.rows.Len() }

// hidden counts the filled seats of a request whose pair is not listed.
func (s *Solver) hidden(r int32) int {
	n := 0
	for u := s.requests[r].units; u != noUnit; u = s.units[u].nextOfRequest {
		n++
	}
	for _, a := range s.list(r) {
		if a.matched() {
			n--
		}
	}
	return n
}

// fetch asks the source for the pairs of r below limit and gives those at or
// above the present horizon in cost order. It refuses answers that would make
// the proof worthless.
func (s *Solver) fetch(r int32, limit int64) ([]Arc, error) {
	row := &s.requests[r]
	all := s.source.AppendBelow(s.fetched[:0], r, limit)
	s.fetched = all
	dearest := s.ranges.maxCost(len(s.requests))
	for _, a := range all {
		if err := s.checkArc(r, a, limit, dearest); err != nil {
			return nil, err
		}
	}
	if err := s.nameOnce(r, all); err != nil {
		return nil, err
	}
	fresh := slices.DeleteFunc(all, func(a Arc) bool { return a.Cost < row.horizon })
	if len(all)-len(fresh) != int(row.listed) {
		return nil, problemErrorf("source", int(r), "", "listed %d volunteers below %d and now %d; its answers must not change", row.listed, row.horizon, len(all)-len(fresh))
	}
	slices.SortFunc(fresh, compareArcs)
	return fresh, nil
}

// checkArc refuses a pair of r that cannot be, or was not asked for.
func (s *Solver) checkArc(r int32, a Arc, limit, dearest int64) error {
	switch {
	case a.Volunteer < 0 || int(a.Volunteer) >= len(s.volunteers):
		return problemErrorf("source", int(r), "", "names volunteer %d of %d", a.Volunteer, len(s.volunteers))
	case a.Cost < 0 || a.Cost >= limit:
		return problemErrorf("source", int(r), "", "gives volunteer %d a cost of %d; asked for costs from 0 to below %d", a.Volunteer, a.Cost, limit)
	case a.Cost > dearest:
		return tooDear(r, a, dearest)
	}
	return nil
}

// nameOnce refuses an answer that names a volunteer twice.
func (s *Solver) nameOnce(r int32, answer []Arc) error {
	if s.listing == math.MaxInt32 {
		clear(s.named)
		s.listing = 0
	}
	s.listing++
	for _, a := range answer {
		if s.named[a.Volunteer] == s.listing {
			return problemErrorf("source", int(r), "", "names volunteer %d twice", a.Volunteer)
		}
		s.named[a.Volunteer] = s.listing
	}
	return nil
}

func tooDear(r int32, a Arc, dearest int64) error {
	return problemErrorf("source", int(r), "", "gives volunteer %d a cost of %d; with mandatory requests of this number at most %d can be computed exactly", a.Volunteer, a.Cost, dearest)
}

// trim cuts a first list that came out too long and learns a better guess for
// the next request, which is likely to lie near this one.
func trim(arcs []Arc, limit int64, guess *int64) (list []Arc, horizon int64) {
	switch {
	case len(arcs) < fewArcs:
		*guess = min(2**guess, MaxTotal)
	case len(arcs) > manyArcs:
		*guess = max(*guess/2, 1)
		cost := arcs[manyArcs].Cost
		cut := manyArcs
		for cut > 0 && arcs[cut-1].Cost == cost {
			cut--
		}
		if cut > 0 {
			return arcs[:cut], cost
		}
	}
	return arcs, limit
}

// compareArcs orders by cost, then by volunteer, so that plans do not depend on
// the order in which a source lists.
func compareArcs(a, b Arc) int {
	switch {
	case a.Cost < b.Cost:
		return -1
	case a.Cost > b.Cost:
		return 1
	}
	return int(a.Volunteer) - int(b.Volunteer)
}
