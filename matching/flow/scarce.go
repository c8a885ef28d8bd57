package flow

import (
	"context"
)

const (
	easyEffort  = 32      // nodes that a first search may visit before its request counts as hard …
	leastEffort = 4       // … or as few where searches for those before were given up
	manyHard    = 20      // one hard seat in so many calls for a look at the zones
	roomToList  = 1 << 22 // pairs that may be listed anew to find the zones of an implicit graph
)

// Where more seats compete for volunteers than there are, each forward search
// visits all of the place before it leaves a seat open. Such a zone is solved
// from its scarce side instead.
//
// A set of requests is a zone when all the volunteers whom its requests can have
// are taken by requests of the set, and some seat is still without one. The zones
// are what a matching of greatest cardinality reaches by alternating paths from
// its open seats (A. L. Dulmage, N. S. Mendelsohn, Coverings of bipartite graphs,
// Canadian Journal of Mathematics 10, 1958; J. E. Hopcroft, R. M. Karp, An n^5/2
// algorithm for maximum matchings in bipartite graphs, SIAM Journal on Computing
// 2, 1973). There prices go to their upper ends at once: the seats that found
// nobody are open, their requests are priced P, and all other prices in the zone
// rise with them. Requests whose own open seats are no dearer give up their
// people, each of whom then looks for the best seat by a backward search, which
// finds one nearby. Zones are only a good guess where to do this: every step
// keeps the conditions, and what follows is exact wherever zones lie.
type zones struct {
	s       *Solver
	owner   []int32 // of each unit in the matching; units of the plan first, then new ones
	head    []int32 // per volunteer, the newest of the new units, or 0
	next    []int32 // of each unit, the new unit before it of the same volunteer
	of      []int32 // of each new unit, its volunteer
	need    []int32 // seats without a volunteer; by request
	phase   int32
	visited []int32 // per request, the phase that saw it last
	root    []int32 // per request seen, whose open seat leads to it
	via     []int32 // per request seen, the unit that it would lose
	served  []int32 // per request, the last phase in which its tree found somebody
	taker   []int32 // per volunteer seen, the request that would take it
	seen    []int32 // per volunteer, the phase that saw it last
	queue   []int32

	// Room for the pairs of one request.
	volunteers []int32
	costs      []int64
}

// solveScarce looks for zones around the hard requests and prepares them for
// Settle, which has to follow.
func (s *Solver) solveScarce(ctx context.Context, hard []int32) error {
	z := &zones{
		s: s, owner: make([]int32, len(s.units)), head: make([]int32, len(s.volunteers)), next: make([]int32, len(s.units)),
		need:    make([]int32, len(s.requests)),
		visited: make([]int32, len(s.requests)), root: make([]int32, len(s.requests)), via: make([]int32, len(s.requests)),
		served: make([]int32, len(s.requests)),
		taker:  make([]int32, len(s.volunteers)), seen: make([]int32, len(s.volunteers)),
	}
	for u := range s.units {
		z.owner[u] = s.units[u].request
	}
	for _, r := range hard {
		z.need[r] = int32(min(s.need(r), 1<<30))
	}
	budget := s.stats.Listed + roomToList
	for grown := 1; grown > 0; {
		if err := ctx.Err(); err != nil {
			return err
		}
		var err error
		if grown, err = z.augment(hard); err != nil {
			return err
		}
		if s.rows == nil && s.stats.Listed > budget {
			return nil // too large to be looked through: forward searches list less
		}
	}
	return z.open(ctx, hard)
}

// open gives all seats up that the zones cannot fill: those requests get the
// price of an open seat. What that does to all other prices is a forward search
// from all of them at once, which ends where no price has to rise. A request
// whose price would rise above its own open seat gives up its people instead.
func (z *zones) open(ctx context.Context, hard []int32) error {
	s := z.s
	s.begin(unlimited)
	far := int64(0)
	for _, r := range hard {
		if z.need[r] > 0 {
			s.leaveOpen(r, s.need(r))
			far = max(far, s.floor(r)-s.requests[r].price)
		}
	}
	for _, r := range hard {
		if row := &s.requests[r]; z.need[r] > 0 {
			s.spread(r, row, far-max(0, s.floor(r)-row.price))
		}
	}
	s.best = far
	for len(s.heap) > 0 && s.heap[0].key < s.best {
		e := s.heap.pop()
		row := &s.requests[e.node]
		if row.dist != e.key {
			continue
		}
		if err := s.pause(ctx); err != nil {
			return err
		}
		volunteers, costs, err := z.pairs(e.node)
		if err != nil {
			return err
		}
		base := row.dist - row.price
		for i, at := range volunteers {
			if base+costs[i] >= s.best {
				continue
			}
			v := &s.volunteers[at]
			dist := base + costs[i] + v.price
			if dist >= s.best || s.owns(e.node, at) || !s.improve(at, dist, none) {
				continue
			}
			for u := v.units; u != noUnit; u = s.units[u].nextOfOwner {
				o := &s.units[u]
				if z.visited[o.request] != z.phase {
					continue // an outsider goes elsewhere
				}
				owner := &s.requests[o.request]
				if d := max(dist+owner.price-o.cost-v.price, far-(owner.ceiling-owner.price)); d < s.best && (owner.stamp != s.stamp || d < owner.dist) {
					s.spread(o.request, owner, d)
				}
			}
		}
	}
	s.raise()
	for _, l := range s.labels {
		s.giveUp(l.volunteer)
	}
	return nil
}

// spread gives a request a distance in the search of open.
func (s *Solver) spread(r int32, row *request, dist int64) {
	if row.stamp != s.stamp {
		row.stamp = s.stamp
		s.seenReq = append(s.seenReq, r)
	}
	row.dist = dist
	s.heap.push(dist, r)
}

// giveUp releases the units of a volunteer whose price has become too high for
// those who have them.
func (s *Solver) giveUp(at int32) {
	v := &s.volunteers[at]
	for u := v.units; u != noUnit; {
		o, next := s.units[u], s.units[u].nextOfOwner
		if row := &s.requests[o.request]; o.cost+v.price > row.price {
			s.release(u)
			if row.price == row.ceiling {
				s.leaveOpen(o.request, 1)
			} else {
				s.waiting = append(s.waiting, o.request)
			}
		}
		u = next
	}
	if !v.full() && v.price > 0 {
		s.loose = append(s.loose, at)
	}
}
