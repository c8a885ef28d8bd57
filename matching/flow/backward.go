package flow

import "context"

// backward is Dijkstra's algorithm against the arcs, from volunteer v on, which
// has capacity left: who would take it, and what would they give up for it? It
// ends at an open seat or at a volunteer who stays free, v itself at the latest.
// Afterwards best is the distance of the nearest end, and every node nearer than
// best has its exact distance.
func (s *Solver) backward(ctx context.Context, v int32) error {
	s.begin(unlimited)
	s.reach(v, 0, noUnit)
	return s.runBackward(ctx)
}

func (s *Solver) runBackward(ctx context.Context) error {
	for len(s.heap) > 0 && s.heap[0].key < s.best {
		e := s.heap.pop()
		if s.labelOf(e.node).dist != e.key {
			continue
		}
		if err := s.pause(ctx); err != nil {
			return err
		}
		base := e.key + s.volunteers[e.node].price
		b := s.reverse
		from, to, chain := b.of(e.node)
		s.stats.Scanned += int64(to - from)
		if b.wide == nil {
			for _, o := range b.offers[from:to] {
				// Of most the price alone says that they are no good.
				if base+int64(o.cost)-s.requests[o.request].price < s.best {
					s.relaxOffer(e.node, base, Offer{o.request, int64(o.cost)})
				}
			}
		} else {
			for at := from; at < to; at++ {
				s.relaxOffer(e.node, base, b.offer(at))
			}
		}
		for ; chain != 0; chain = b.more[chain].next {
			s.stats.Scanned++
			s.relaxOffer(e.node, base, b.more[chain].Offer)
		}
	}
	return nil
}

// relaxOffer lets a request take a unit of volunteer at, whose distance and price
// add up to base.
func (s *Solver) relaxOffer(at int32, base int64, o Offer) {
	row := &s.requests[o.Request]
	dist := base + o.Cost - row.price
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
		if d := dist + row.price - o.cost - s.volunteers[o.volunteer].price; d < s.best {
			s.reach(o.volunteer, d, u)
		}
	}
}

// reach gives a volunteer a distance at which unit u of theirs would become
// free, unless it has one that is no longer. The path may end there.
func (s *Solver) reach(at int32, dist int64, u int32) {
	if !s.improve(at, dist, u) {
		return
	}
	s.heap.push(dist, at)
	if dist += s.volunteers[at].price; dist < s.best {
		s.best, s.end = dist, end{kind: endFree, at: u}
	}
}

// lower takes the prices of all nodes nearer than the end down.
func (s *Solver) lower() {
	for _, r := range s.seenReq {
		if row := &s.requests[r]; row.dist < s.best {
			s.note(r)
			row.price -= s.best - row.dist
		}
	}
	for _, l := range s.labels {
		if l.dist < s.best {
			s.reprice(l.volunteer, s.volunteers[l.volunteer].price-(s.best-l.dist))
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
		u := s.labelOf(at).via
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
