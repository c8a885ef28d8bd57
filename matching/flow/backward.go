package flow

import "context"

// backward is Dijkstra's algorithm against the arcs, from volunteer v on, which
// has capacity left: who would take it, and what would they give up for it? It
// ends at an open seat or at a volunteer who stays free, v itself at the latest.
// Afterwards best is the distance of the nearest end, and every node nearer than
// best has its exact distance.
func (s *Solver) backward(ctx context.Context, v int32) error {
	s.begin(unlimited)
	s.reach(v, &s.volunteers[v], 0, noUnit)
	return s.runBackward(ctx)
}

func (s *Solver) runBackward(ctx context.Context) error {
	for len(s.heap) > 0 && s.heap[0].key < s.best {
		e := s.heap.pop()
		v := &s.volunteers[e.node]
		if v.dist != e.key {
			continue
		}
		if err := s.pause(ctx); err != nil {
			return err
		}
		offers, chain := s.reverse.of(e.node)
		for i := range offers {
			s.relaxOffer(e.node, v, &offers[i])
		}
		for ; chain != 0; chain = s.reverse.more[chain].next {
			s.relaxOffer(e.node, v, &s.reverse.more[chain].Offer)
		}
	}
	return nil
}

// relaxOffer lets a request take a unit of v.
func (s *Solver) relaxOffer(at int32, v *volunteer, o *Offer) {
	s.stats.Scanned++
	row := &s.requests[o.Request]
	dist := v.dist + o.Cost + v.price - row.price
	if dist >= s.best || row.stamp == s.stamp && dist >= row.dist || s.owns(o.Request, at) {
		return
	}
	s.give(o.Request, row, dist, at)
}

// give gives a request a distance at which it would take a unit of volunteer at,
// in place of an open seat or of one of its people.
func (s *Solver) give(r int32, row *request, dist int64, at int32) {
	if row.stamp != s.stamp {
		row.stamp = s.stamp
		s.seenReq = append(s.seenReq, r)
	}
	row.dist, row.via = dist, at
	if row.open > 0 {
		if d := dist + row.price - s.floor(r); d < s.best {
			s.best, s.end = d, end{kind: endOpen, request: r}
		}
	}
	for u := row.units; u != noUnit; u = s.units[u].nextOfRequest {
		o := &s.units[u]
		v := &s.volunteers[o.volunteer]
		d := dist + row.price - o.cost - v.price
		if d < s.best && (v.stamp != s.stamp || d < v.dist) {
			s.reach(o.volunteer, v, d, u)
		}
	}
}

// reach gives a volunteer a distance at which unit u of theirs would become
// free. The path may end there.
func (s *Solver) reach(at int32, v *volunteer, dist int64, u int32) {
	if v.stamp != s.stamp {
		v.stamp = s.stamp
		s.seenVol = append(s.seenVol, at)
	}
	v.dist, v.via = dist, u
	s.heap.push(dist, at)
	if dist += v.price; dist < s.best {
		s.best, s.end = dist, end{kind: endFree, at: u}
	}
}

// lower takes the prices of all nodes nearer than the end down.
func (s *Solver) lower() {
	for _, r := range s.seenReq {
		if row := &s.requests[r]; row.dist < s.best {
			row.price -= s.best - row.dist
		}
	}
	for _, at := range s.seenVol {
		if v := &s.volunteers[at]; v.dist < s.best {
			if s.opts.Repriced != nil {
				s.opts.Repriced(at, v.price)
			}
			v.price -= s.best - v.dist
		}
	}
}

// pushBackward moves seats along the path that the search found, from its end
// back to its start.
func (s *Solver) pushBackward() {
	r := s.end.request
	if s.end.kind == endFree {
		if s.end.at == noUnit {
			return // the start stays free
		}
		r = s.units[s.end.at].request
		s.release(s.end.at)
	} else {
		s.leaveOpen(r, -1)
	}
	for s.requests[r].via != none {
		at := s.requests[r].via
		cost := s.reverse.cost(r, at)
		u := s.volunteers[at].via
		next := none
		if u == noUnit {
			s.take(r, at, cost)
		} else {
			next = s.units[u].request
			s.pass(u, r, cost)
		}
		s.mark(r, at)
		if u == noUnit {
			return
		}
		r = next
	}
}
