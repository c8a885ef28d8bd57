package flow

import "context"

const (
	easyEffort = 32     // nodes that a first search may visit before its request counts as hard
	manyHard   = 100    // one hard seat in so many calls for a look at the zones
	roomToList = 1 << 22 // pairs that may be listed anew to find the zones of an implicit graph
)

// Where more seats compete for volunteers than there are, each forward search
// visits all of the place before it leaves a seat open. Such a zone is solved
// from its scarce side instead.
//
// A set of requests is a zone when all the volunteers whom its requests can have
// are taken by requests of the set, and some seat is still open. The zones are
// what a matching of greatest cardinality reaches by alternating paths from its
// open seats (A. L. Dulmage, N. S. Mendelsohn, Coverings of bipartite graphs,
// Canadian Journal of Mathematics 10, 1958). In them prices begin at their upper
// ends: all seats are open, y = P, p = max(P − c), and each unit of capacity is
// offered by a backward search, which finds an open seat nearby. Zones are only a
// good guess where to begin: what follows is exact wherever they lie.
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
	row     []Arc
}

// solveScarce looks for zones around the hard requests and prepares them for
// Settle, which has to follow.
func (s *Solver) solveScarce(ctx context.Context, hard []int32) error {
	z := &zones{
		s: s, owner: make([]int32, len(s.units)), head: make([]int32, len(s.volunteers)), next: make([]int32, len(s.units)),
		need:    make([]int32, len(s.requests)),
		visited: make([]int32, len(s.requests)), root: make([]int32, len(s.requests)), via: make([]int32, len(s.requests)),
		served: make([]int32, len(s.requests)),
		taker: make([]int32, len(s.volunteers)), seen: make([]int32, len(s.volunteers)),
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
	return z.reset()
}

// augment grows trees of alternating paths from all open seats at once, breadth
// first, and enlarges the matching by one path a tree. It says by how many.
func (z *zones) augment(hard []int32) (grown int, err error) {
	s := z.s
	z.phase++
	z.queue = z.queue[:0]
	for _, r := range hard {
		if z.need[r] > 0 {
			z.visited[r], z.root[r], z.via[r] = z.phase, r, noUnit
			z.queue = append(z.queue, r)
		}
	}
	for i := 0; i < len(z.queue); i++ {
		r := z.queue[i]
		root := z.root[r]
		if z.served[root] == z.phase {
			continue
		}
		if err := z.list(r); err != nil {
			return 0, err
		}
		for _, a := range z.row {
			v := a.Volunteer
			if z.seen[v] == z.phase || z.owns(r, v) {
				continue
			}
			z.seen[v], z.taker[v] = z.phase, r
			if !s.volunteers[v].full && int64(s.volunteers[v].used)+z.extra(v) < s.capacity[v] {
				z.shift(r, v)
				z.need[root]--
				z.served[root] = z.phase
				grown++
				break
			}
			z.visit(root, v)
		}
	}
	return grown, nil
}

// visit goes on from a taken volunteer to the requests that have it.
func (z *zones) visit(root, v int32) {
	see := func(u int32) {
		if o := z.owner[u]; z.visited[o] != z.phase {
			z.visited[o], z.root[o], z.via[o] = z.phase, root, u
			z.queue = append(z.queue, o)
		}
	}
	for u := z.s.volunteers[v].units; u != noUnit; u = z.s.units[u].nextOfOwner {
		see(u)
	}
	for u := z.head[v]; u != noUnit; u = z.next[u] {
		see(u)
	}
}

func (z *zones) owns(r, v int32) bool {
	for u := z.s.volunteers[v].units; u != noUnit; u = z.s.units[u].nextOfOwner {
		if z.owner[u] == r {
			return true
		}
	}
	for u := z.head[v]; u != noUnit; u = z.next[u] {
		if z.owner[u] == r {
			return true
		}
	}
	return false
}

// extra counts the new units of v.
func (z *zones) extra(v int32) (n int64) {
	for u := z.head[v]; u != noUnit; u = z.next[u] {
		n++
	}
	return n
}

// shift lets r take a new unit of v, and moves units along the path to r.
func (z *zones) shift(r, v int32) {
	z.owner = append(z.owner, r)
	z.next = append(z.next, z.head[v])
	z.of = append(z.of, v)
	z.head[v] = int32(len(z.owner) - 1)
	for u := z.via[r]; u != noUnit; u = z.via[r] {
		r = z.taker[z.volunteer(u)]
		z.owner[u] = r
	}
}

func (z *zones) volunteer(u int32) int32 {
	if int(u) < len(z.s.units) {
		return z.s.units[u].volunteer
	}
	return z.of[int(u)-len(z.s.units)]
}

// list reads all pairs of r that can matter.
func (z *zones) list(r int32) error {
	s := z.s
	dearest := s.asked[r].dearest()
	if s.written(r) {
		z.row = s.rows.AppendBelow(z.row[:0], r, dearest)
		return nil
	}
	for s.requests[r].horizon < dearest {
		if err := s.grow(r); err != nil {
			return err
		}
	}
	z.row = z.row[:0]
	for _, a := range s.list(r) {
		z.row = append(z.row, Arc{a.volunteer(), a.cost})
	}
	return nil
}

// reset opens all seats inside the zones, at the highest prices, and sets their
// volunteers free. The last phase saw just the zones.
func (z *zones) reset() error {
	s := z.s
	for v := range s.volunteers {
		if z.seen[v] != z.phase {
			continue
		}
		for u := s.volunteers[v].units; u != noUnit; u = s.volunteers[v].units {
			if r := s.units[u].request; z.visited[r] != z.phase {
				s.raiseTo(int32(v), s.requests[r].price-s.units[u].cost)
				s.waiting = append(s.waiting, r) // an outsider has to go elsewhere
			}
			s.release(u)
		}
		s.loose = append(s.loose, int32(v))
	}
	for r := range int32(len(s.requests)) {
		if z.visited[r] != z.phase {
			continue
		}
		s.leaveOpen(r, s.need(r))
		row := &s.requests[r]
		row.price = max(row.price, s.floor(r))
		if err := z.list(r); err != nil {
			return err
		}
		for _, a := range z.row {
			if worth := row.price - a.Cost; z.seen[a.Volunteer] == z.phase {
				s.raiseTo(a.Volunteer, worth)
			} else if s.volunteers[a.Volunteer].price < worth && !s.owns(r, a.Volunteer) {
				s.claim(r, a, worth)
			}
		}
		if row.price > row.ceiling {
			s.cap(r, row.ceiling) // a claim has used up the seats to keep
			s.waiting = append(s.waiting, r)
		}
	}
	return nil
}

func (s *Solver) raiseTo(at int32, price int64) {
	if v := &s.volunteers[at]; v.price < price {
		v.price = price
		s.priced[at/priceBlock] = true
	}
}

// claim settles a pair across the border of a zone that is worth more to r than
// the price of the volunteer: r gets it, unless whoever has it values it more.
func (s *Solver) claim(r int32, a Arc, worth int64) {
	v := &s.volunteers[a.Volunteer]
	if !v.full {
		s.leaveOpen(r, -1)
		s.take(r, a.Volunteer, a.Cost)
		s.mark(r, a.Volunteer)
		return
	}
	least, lessee := worth, noUnit
	for u := v.units; u != noUnit; u = s.units[u].nextOfOwner {
		if has := s.requests[s.units[u].request].price - s.units[u].cost; has < least {
			least, lessee = has, u
		}
	}
	s.raiseTo(a.Volunteer, least)
	if lessee != noUnit {
		s.waiting = append(s.waiting, s.units[lessee].request)
		s.leaveOpen(r, -1)
		s.pass(lessee, r, a.Cost)
		s.mark(r, a.Volunteer)
	}
}
