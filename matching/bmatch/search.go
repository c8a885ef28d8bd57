package bmatch

import (
	"context"
	"math"
)

// begin clears the search. Ends farther than what start and offerOpen find are
// cut off by setting best.
func (n *network) begin() {
	if n.stamp == math.MaxUint32 {
		for r := range n.requests {
			n.requests[r].stamp = 0
		}
		for v := range n.volunteers {
			n.volunteers[v].stamp = 0
		}
		n.stamp = 0
	}
	n.stamp++
	n.heap.clear()
	n.seenReq, n.seenVol = n.seenReq[:0], n.seenVol[:0]
	n.best, n.end = math.MaxInt64, end{}
	n.effort = math.MaxInt
	n.stats.Searches++
}

// start makes r a place where the path may begin.
func (n *network) start(r int32, dist int64) {
	row := &n.requests[r]
	row.stamp, row.dist, row.cursor, row.viaVolunteer = n.stamp, dist, 0, none
	n.seenReq = append(n.seenReq, r)
	n.heap.push(r, dist)
}

// search is Dijkstra's algorithm from the starts. Afterwards best is the
// distance of the nearest end, and every node nearer than best has its exact
// distance.
func (n *network) search(ctx context.Context) error {
	for len(n.heap.items) > 0 && n.heap.keys[0] < n.best {
		n.stats.Pops++
		if n.stats.Pops&1023 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		if n.effort--; n.effort < 0 {
			n.end.kind = endNone
			return nil
		}
		if err := n.scan(n.heap.pop()); err != nil {
			return err
		}
	}
	return nil
}

// scan relaxes the arcs of r from its cursor on.
func (n *network) scan(r int32) error {
	row := &n.requests[r]
	base := row.dist - row.price
	if row.cursor == row.listed && row.horizon < MaxTotal && base+row.horizon < n.best {
		if err := n.grow(r); err != nil {
			return err
		}
	}
	arcs := n.list(r)
	i := int(row.cursor)
	for ; i < len(arcs); i++ {
		a := &arcs[i]
		if base+a.cost >= n.best {
			// No later arc is nearer, as costs rise and p ≥ 0.
			return nil
		}
		if a.matched {
			continue
		}
		n.stats.Scanned++
		v := &n.volunteers[a.volunteer]
		dist := base + a.cost + v.price
		switch {
		case dist >= n.best:
		case v.free > 0:
			n.best, n.end = dist, end{endFree, r, int32(i), a.volunteer}
		case v.stamp != n.stamp || dist < v.dist:
			if v.stamp != n.stamp {
				v.stamp = n.stamp
				n.seenVol = append(n.seenVol, a.volunteer)
			}
			v.dist, v.viaRequest, v.viaArc = dist, r, int32(i)
			n.relaxOwners(a.volunteer, v)
		}
	}
	row.cursor = int32(i)
	if row.horizon < MaxTotal && base+row.horizon < n.best {
		n.heap.push(r, base+row.horizon) // a pair past the horizon may still be the nearest
	}
	return nil
}

// relaxOwners goes on from a full volunteer to the requests that have it.
func (n *network) relaxOwners(at int32, v *volunteer) {
	for i := v.owners; i != none; i = n.owners[i].next {
		o := &n.owners[i]
		row := &n.requests[o.request]
		dist := v.dist + row.price - o.cost - v.price
		if dist >= n.best {
			continue
		}
		switch {
		case row.stamp != n.stamp:
			row.stamp, row.cursor = n.stamp, 0
			n.seenReq = append(n.seenReq, o.request)
			n.heap.push(o.request, dist)
		case dist < row.dist:
			n.heap.lower(o.request, dist)
		default:
			continue
		}
		row.dist, row.viaVolunteer, row.viaOwner = dist, at, i
		n.offerOpen(o.request, dist)
	}
}

// offerOpen lets the path end at r, which would leave a seat open.
func (n *network) offerOpen(r int32, dist int64) {
	row := &n.requests[r]
	if n.keepMin && !n.quorum.mayOpen(row.group) {
		return
	}
	// A minimum in force may have raised y above P; the end is then no nearer
	// than r itself, so that the path stays tight when prices move.
	if dist += max(0, row.penalty-row.price); dist < n.best {
		n.best, n.end = dist, end{kind: endOpen, request: r}
	}
}
