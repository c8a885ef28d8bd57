package flow

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
		volunteers, costs, err := z.pairs(r)
		if err != nil {
			return 0, err
		}
		dearest := s.asked[r].dearest()
		for i, v := range volunteers {
			if z.seen[v] == z.phase || costs[i] >= dearest || z.owns(r, v) {
				continue
			}
			z.seen[v], z.taker[v] = z.phase, r
			if !s.volunteers[v].full() && z.extra(v) < int64(s.volunteers[v].left) {
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
