package flow

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// swept is what a sweep left.
type swept struct {
	hard   []int32 // requests whose searches took too long
	strays []int32 // requests whose searches came to a border
	left   int64   // seats of the hard ones
}

// sweep makes the first searches for requests in that order.
func (s *Solver) sweep(ctx context.Context, requests []int32, done *progress) (w swept, err error) {
	effort := s.easyEffort
	for _, r := range requests {
		n, err := s.place(ctx, r, s.need(r), effort)
		switch {
		case err != nil:
			return w, err
		case n == 0:
			effort = s.easyEffort
		case s.end.kind == endBorder:
			w.strays = append(w.strays, r)
		default:
			effort = max(leastEffort, effort/2)
			w.left += n
			w.hard = append(w.hard, r)
			s.requests[r].hard = true
		}
		done.add(s.asked[r].Seats)
	}
	return w, nil
}

// sweepAll is sweep, land by land if there are several and then for those whom a
// border stopped.
func (s *Solver) sweepAll(ctx context.Context, tier []int32, done *progress) (swept, error) {
	if len(s.lands) == 0 {
		return s.sweep(ctx, tier, done)
	}
	parts := s.part(tier)
	sideBySide(len(parts), func(i int) {
		p := &parts[i]
		p.swept, p.err = p.sweep(ctx, p.requests, &progress{})
	})
	var all swept
	var fault error
	pages := len(s.store.pages)
	for i := range parts {
		s.join(&parts[i], pages)
		all.hard = append(all.hard, parts[i].hard...)
		all.strays = append(all.strays, parts[i].strays...)
		all.left += parts[i].left
		fault = cmp.Or(fault, parts[i].err)
	}
	if fault != nil {
		return all, fault
	}
	for _, r := range tier {
		done.add(s.asked[r].Seats)
	}
	strays, err := s.sweep(ctx, all.strays, &progress{})
	return swept{hard: append(all.hard, strays.hard...), left: all.left + strays.left}, err
}

// part is the solver of one land, for a sweep. It shares the nodes with the whole.
type part struct {
	Solver
	requests []int32
	lastUnit int // that it may take
	swept
	err error
}

// part makes solvers for the requests of a tier. Each takes units and lists of its
// own range, so that nothing is to be moved afterwards.
func (s *Solver) part(tier []int32) []part {
	parts := make([]part, len(s.lands))
	units := len(s.units)
	for i, l := range s.lands {
		p := &parts[i]
		p.Solver = *s
		p.land, p.lands, p.opts = l, nil, Options{}
		p.lists.store = s.store.branch()
		p.lists.fetched, p.lists.room = nil, keyRoom{}
		p.search = search{target: none, places: s.places, stamp: s.stamp}
		p.spare, p.filled, p.cost, p.stats = noUnit, 0, 0, Stats{}
		p.requests = tier[firstAt(tier, l.from):firstAt(tier, l.to)]
		p.lastUnit = units
		for _, r := range p.requests {
			p.lastUnit += int(min(s.need(r), int64(s.rows.first[r+1]-s.rows.first[r]))) // of nobody two
		}
		units = p.lastUnit
	}
	s.units = slices.Grow(s.units, units-len(s.units))
	begin := len(s.units)
	s.units = s.units[:units]
	for i := range parts {
		parts[i].units = s.units[:begin:parts[i].lastUnit]
		begin = parts[i].lastUnit
	}
	return parts
}

// join takes over what a land has done since the whole had so many pages.
func (s *Solver) join(p *part, pages int) {
	for u := len(p.units); u < p.lastUnit; u++ {
		s.units[u] = unit{request: none, nextOfOwner: s.spare}
		s.spare = int32(u)
	}
	if raise := s.store.join(&p.store, pages); raise > 0 {
		for r := p.land.from; r < p.land.to; r++ {
			if row := &s.requests[r]; int(row.first>>pageBits) >= pages {
				row.first += raise
			}
		}
	}
	s.filled += p.filled
	s.cost += p.cost
	s.stamp = max(s.stamp, p.stamp)
	s.stats.Searches += p.stats.Searches
	s.stats.Pops += p.stats.Pops
	s.stats.Scanned += p.stats.Scanned
	s.stats.Listings += p.stats.Listings
	s.stats.Listed += p.stats.Listed
}

// sideBySide does n things on all processors.
func sideBySide(n int, do func(i int)) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	workers.Wait()
}
