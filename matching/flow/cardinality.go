package flow

// augment grows trees of alternating paths from all open seats at once, breadth
// first, and enlarges the matching by one path a tree, which ends the tree. It says
// by how many. Trees that found nobody stay, and whom the ended ones have left may be
// grafted onto them (A. Azad, A. Buluç, A. Pothen, Computing maximum cardinality
// matchings in parallel on bipartite graphs via tree-grafting, IEEE Transactions on
// Parallel and Distributed Systems 28, 2017).
func (z *zones) augment(hard []int32) (grown int, err error) {
	s := z.s
	z.queue = z.queue[:0]
	for _, root := range z.served {
		z.ended[root]++ // only from here on others may have whom it had: each once a round
		z.ending[root] = false
	}
	z.served = z.served[:0]
	z.prepareToGraft(hard)
	for _, r := range hard {
		if z.need[r] > 0 && !z.lives(r) {
			z.join(r, r, noUnit)
		}
	}
	grown = z.graft()
	for i := 0; i < len(z.queue); i++ {
		r := z.queue[i]
		if z.ending[z.tree[r].root] {
			continue
		}
		volunteers, costs, err := z.pairs(r)
		if err != nil {
			return 0, err
		}
		z.scanned += int64(len(volunteers))
		dearest := s.asked[r].dearest()
		for i, v := range volunteers {
			if costs[i] < dearest && !z.seen[v].in(z.ended) && !z.owns(r, v) && z.meet(r, v) {
				grown++
				break
			}
		}
	}
	return grown, nil
}

// prepareToGraft ends all trees, so that they grow anew, where grafting would take
// longer: as long as that has cost less than the reverse lists do, and when most have
// ended anyway.
func (z *zones) prepareToGraft(hard []int32) {
	pairs := z.s.stats.Listed
	if z.s.rows != nil {
		pairs = int64(z.s.rows.Pairs())
	}
	living := 0
	for _, v := range z.met {
		if z.seen[v].in(z.ended) {
			living++
		}
	}
	if 2*living > len(z.met) && (z.s.reverse != nil || z.scanned > pairs) {
		z.s.buildReverse()
		return
	}
	for _, r := range hard {
		if t := z.tree[r]; t.root == r {
			z.ended[r] = t.number
		}
	}
	z.met = z.met[:0]
}

// graft looks for trees that can have the volunteers of those that ended.
func (z *zones) graft() (grown int) {
	z.met, z.before = z.before[:0], z.met
	for _, v := range z.before {
		if z.seen[v].in(z.ended) {
			z.met = append(z.met, v)
			z.joinOwners(v, z.seen[v].root) // whom another tree had until it ended
			continue
		}
		for o := range z.s.reverse.all(v) {
			if z.lives(o.Request) && !z.ending[z.tree[o.Request].root] && o.Cost < z.s.asked[o.Request].dearest() && !z.owns(o.Request, v) {
				if z.meet(o.Request, v) {
					grown++
				}
				break
			}
		}
	}
	return grown
}

// meet takes volunteer v into the tree of r, and says whether that ends it.
func (z *zones) meet(r, v int32) bool {
	root := z.tree[r].root
	z.seen[v], z.taker[v] = z.tree[r], r
	z.met = append(z.met, v)
	if !z.s.volunteers[v].full() && z.extra(v) < int64(z.s.volunteers[v].left) {
		z.shift(r, v)
		z.need[root]--
		z.ending[root] = true
		z.served = append(z.served, root)
		return true
	}
	z.joinOwners(v, root)
	return false
}

// joinOwners goes on from a taken volunteer to the requests that have it.
func (z *zones) joinOwners(v, root int32) {
	for u := z.s.volunteers[v].units; u != noUnit; u = z.s.units[u].nextOfOwner {
		z.join(z.owner[u], root, u)
	}
	for u := z.head[v]; u != noUnit; u = z.next[u] {
		z.join(z.owner[u], root, u)
	}
}

// join takes a request that would lose unit u into a tree, unless it is in one.
func (z *zones) join(r, root, u int32) {
	if !z.lives(r) {
		z.tree[r], z.via[r] = tree{root, z.ended[root] + 1}, u
		z.queue = append(z.queue, r)
	}
}

// lives says whether a request is in a tree that has not ended.
func (z *zones) lives(r int32) bool { return z.tree[r].in(z.ended) }

// tree is that of an open seat, by its request and which one of its trees it is.
type tree struct{ root, number int32 }

// in says whether it is there and has not ended, given how many have by root.
func (t tree) in(ended []int32) bool { return t.number > ended[t.root] }

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

// pairs gives all pairs of r; those that cost as much as its dearest open seat
// cannot matter.
func (z *zones) pairs(r int32) (volunteers []int32, costs []int64, err error) {
	s := z.s
	if s.written(r) {
		from, to := s.rows.first[r], s.rows.first[r+1]
		return s.rows.volunteers[from:to], s.rows.costs[from:to], nil
	}
	for s.requests[r].horizon < s.asked[r].dearest() {
		if err := s.grow(r); err != nil {
			return nil, nil, err
		}
	}
	z.volunteers, z.costs = z.volunteers[:0], z.costs[:0]
	for _, a := range s.list(r) {
		z.volunteers = append(z.volunteers, a.volunteer())
		z.costs = append(z.costs, a.cost)
	}
	return z.volunteers, z.costs, nil
}
