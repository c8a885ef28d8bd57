package bmatch

import (
	"math"
	"slices"
)

const (
	firstGuess = 1024 // where the search for a good first horizon starts
	fewArcs    = 6    // a first list shorter than this makes the next one longer
	manyArcs   = 48   // a first list longer than this is cut
)

// grow extends the list of r by at least one unit of cost: to the guessed
// horizon at first, to the double later. Pairs at or above the penalty are of
// no use unless a minimum of people forces them.
func (n *network) grow(r int32) error {
	row := &n.requests[r]
	first := row.horizon == 0
	limit := n.guess
	if !first {
		limit = 2 * row.horizon
	}
	limit = min(limit, MaxTotal)
	if !n.keepMin {
		limit = min(limit, row.penalty)
	}
	fresh, err := n.fetch(r, limit)
	if err != nil {
		return err
	}
	if first {
		fresh, limit = n.trim(fresh, limit)
	}
	if row.first+int(row.listed) != len(n.arcs) {
		// Move the list to the end, where it has room; places within it stay.
		at := len(n.arcs)
		n.arcs = append(n.arcs, n.list(r)...)
		row.first = at
	}
	for _, a := range fresh {
		n.arcs = append(n.arcs, arc{cost: a.Cost, volunteer: a.Volunteer})
	}
	row.listed += int32(len(fresh))
	row.horizon = limit
	n.stats.Listings++
	n.stats.Listed += int64(len(fresh))
	return nil
}

// fetch asks the source for the pairs of r below limit and gives those at or
// above the present horizon in cost order. It refuses answers that would make
// the proof worthless.
func (n *network) fetch(r int32, limit int64) ([]Arc, error) {
	row := &n.requests[r]
	if n.listing == math.MaxInt32 {
		clear(n.mark)
		n.listing = 0
	}
	n.listing++
	all := n.problem.Source.AppendBelow(n.fetched[:0], r, limit)
	n.fetched = all
	fresh := all[:0]
	for _, a := range all {
		switch {
		case a.Volunteer < 0 || int(a.Volunteer) >= len(n.volunteers):
			return nil, problemErrorf("source", int(r), "", "names volunteer %d of %d", a.Volunteer, len(n.volunteers))
		case a.Cost < 0 || a.Cost >= limit:
			return nil, problemErrorf("source", int(r), "", "gives volunteer %d a cost of %d; asked for costs from 0 to below %d", a.Volunteer, a.Cost, limit)
		case a.Cost > n.maxCost:
			return nil, problemErrorf("source", int(r), "", "gives volunteer %d a cost of %d; with mandatory requests of this number at most %d can be computed exactly", a.Volunteer, a.Cost, n.maxCost)
		case n.mark[a.Volunteer] == n.listing:
			return nil, problemErrorf("source", int(r), "", "names volunteer %d twice", a.Volunteer)
		}
		n.mark[a.Volunteer] = n.listing
		if a.Cost >= row.horizon {
			fresh = append(fresh, a)
		}
	}
	if len(all)-len(fresh) != int(row.listed) {
		return nil, problemErrorf("source", int(r), "", "listed %d volunteers below %d and now %d; its answers must not change", row.listed, row.horizon, len(all)-len(fresh))
	}
	slices.SortFunc(fresh, compareArcs)
	return fresh, nil
}

// trim cuts a first list that came out too long and learns a better guess for
// the next request, which is likely to lie near this one.
func (n *network) trim(arcs []Arc, limit int64) ([]Arc, int64) {
	switch {
	case len(arcs) < fewArcs:
		n.guess = min(2*n.guess, MaxTotal)
	case len(arcs) > manyArcs:
		n.guess = max(n.guess/2, 1)
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
