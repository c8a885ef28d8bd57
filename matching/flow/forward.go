package flow

import (
	"context"
	"math"
)

// search is the work space of one shortest-path search.
type search struct {
	stamp   uint32
	labels  []label // of the volunteers with a distance
	places  []int32 // per volunteer, the place of its label if it has one
	heap    heap
	seenReq []int32 // requests with a distance
	best    int64   // distance of the nearest end
	end     end
	effort  int // nodes left to take from the heap before the search gives up

	// Of a search that asks and changes nothing, see PairCost.
	toll   int64 // what every end costs beside its distance
	target int32 // a request that is an end without toll, or none
}

// endKind is how a shortest path ends.
type endKind uint8

const (
	endNone   endKind = iota // no end in reach, or the effort is used up
	endFree                  // forward: at a volunteer with capacity left; backward: at one who stays free
	endOpen                  // forward: at a request that leaves a seat open; backward: at one that fills an open seat
	endBorder                // forward: where the path may go on in another land; nothing has changed
)

// end is where a shortest path ends.
type end struct {
	kind    endKind
	request int32 // the last request on the path
	at      int32 // endFree: forward by which arc of the request's list, backward which unit becomes free
}

const (
	unlimited  = math.MaxInt
	hardEffort = 8 // what a request for which a search gave up counts for
)

// begin clears the search.
func (s *Solver) begin(effort int) {
	if s.stamp == math.MaxUint32 {
		for r := range s.requests {
			s.requests[r].stamp = 0
		}
		s.stamp = 0
	}
	s.stamp++
	s.heap = s.heap[:0]
	s.seenReq, s.labels = s.seenReq[:0], s.labels[:0]
	s.best, s.end = math.MaxInt64, end{}
	s.effort = effort
	s.stats.Searches++
}

// pause looks at the context now and then.
func (s *Solver) pause(ctx context.Context) error {
	s.stats.Pops++
	if s.stats.Pops&1023 == 0 {
		return ctx.Err()
	}
	return nil
}

// forward is Dijkstra's algorithm over the reduced costs from request r on,
// which wants one volunteer more. Afterwards best is the distance of the nearest
// end, and every node nearer than best has its exact distance. When the effort is
// used up, the end is endNone and nothing has changed.
func (s *Solver) forward(ctx context.Context, r int32, effort int) error {
	s.begin(effort)
	s.label(r, &s.requests[r], 0, noUnit)
	return s.runForward(ctx)
}

func (s *Solver) runForward(ctx context.Context) error {
	for len(s.heap) > 0 && s.heap[0].key < s.best {
		e := s.heap.pop()
		from := int32(0)
		r := e.node
		if r < 0 {
			r = ^r
		}
		row := &s.requests[r]
		if e.node >= 0 && row.dist != e.key {
			continue // its distance fell after this entry
		}
		if row.hard {
			s.effort -= hardEffort - 1
		}
		if s.effort--; s.effort < 0 {
			s.end = end{}
			return nil
		}
		if err := s.pause(ctx); err != nil {
			return err
		}
		if e.node < 0 {
			from = row.listed
			if err := s.grow(r); err != nil {
				return err
			}
		}
		if err := s.scan(r, row, from); err != nil {
			return err
		}
	}
	return nil
}

// scan relaxes the arcs of r from that place on.
func (s *Solver) scan(r int32, row *request, from int32) error {
	base := row.dist - row.price
	for {
		arcs := s.list(r)
		for i := int(from); i < len(arcs); i++ {
			a := arcs[i]
			if base+a.cost >= s.best {
				return nil // no later arc is nearer, as costs rise and p ≥ 0
			}
			if !s.land.has(a.to) {
				if !a.matched() {
					s.finish(base+a.cost, end{kind: endBorder}) // nearer than anybody there
				}
				continue
			}
			s.stats.Scanned++
			v := &s.volunteers[a.to]
			dist := base + a.cost + v.price
			switch {
			case dist >= s.best:
			case !v.full():
				s.finish(dist, end{endFree, r, int32(i)})
			case s.improve(a.to, dist, r):
				s.relaxOwners(v, dist)
			}
		}
		next := base + row.horizon
		if next >= s.best || row.horizon >= s.asked[r].dearest() {
			return nil
		}
		if len(s.heap) > 0 && s.heap[0].key < next {
			s.heap.push(next, ^r) // a pair past the horizon may still be the nearest
			return nil
		}
		from = row.listed
		if err := s.grow(r); err != nil {
			return err
		}
	}
}

// improve gives a volunteer a distance, unless it has one that is no longer.
func (s *Solver) improve(at int32, dist int64, via int32) bool {
	if place := int(s.places[at]); place < len(s.labels) && s.labels[place].volunteer == at {
		l := &s.labels[place]
		if dist >= l.dist {
			return false
		}
		l.dist, l.via = dist, via
		return true
	}
	s.places[at] = int32(len(s.labels))
	s.labels = append(s.labels, label{dist: dist, volunteer: at, via: via})
	return true
}

// labelOf gives the label of a volunteer who has one.
func (s *Solver) labelOf(at int32) *label { return &s.labels[s.places[at]] }

// relaxOwners goes on from a full volunteer at that distance to the requests that
// have it.
func (s *Solver) relaxOwners(v *volunteer, at int64) {
	for u := v.units; u != noUnit; u = s.units[u].nextOfOwner {
		o := &s.units[u]
		if uint32(o.request-s.land.from) >= uint32(s.land.to-s.land.from) {
			s.finish(at, end{kind: endBorder})
			continue
		}
		row := &s.requests[o.request]
		dist := at + row.price - o.cost - v.price
		if dist < s.best && (row.stamp != s.stamp || dist < row.dist) {
			s.label(o.request, row, dist, u)
		}
	}
}

// label gives a request a distance at which it would lose unit u. The path may
// end there with an open seat.
func (s *Solver) label(r int32, row *request, dist int64, u int32) {
	if row.stamp != s.stamp {
		row.stamp = s.stamp
		s.seenReq = append(s.seenReq, r)
	}
	row.dist, row.via = dist, u
	s.heap.push(dist, r)
	if r == s.target {
		s.best = min(s.best, dist)
	}
	s.finish(dist+row.ceiling-row.price, end{kind: endOpen, request: r})
}

// finish notes an end at that distance, if it is the nearest.
func (s *Solver) finish(dist int64, e end) {
	if dist += s.toll; dist < s.best {
		s.best, s.end = dist, e
	}
}

// raise lifts the prices of all nodes nearer than the end, which makes the
// shortest path tight and leaves no residual arc with a negative reduced cost.
func (s *Solver) raise() {
	for _, r := range s.seenReq {
		if row := &s.requests[r]; row.dist < s.best {
			s.note(r)
			row.price += s.best - row.dist
		}
	}
	for _, l := range s.labels {
		if l.dist < s.best {
			s.reprice(l.volunteer, s.volunteers[l.volunteer].price+s.best-l.dist)
			s.priced[l.volunteer/priceBlock] = true
		}
	}
}

// reprice changes the price of a volunteer.
func (s *Solver) reprice(at int32, price int64) {
	v := &s.volunteers[at]
	if s.opts.Repriced != nil {
		s.opts.Repriced(at, v.price)
	}
	s.noteVolunteer(at)
	v.price = price
}

// pushForward moves seats along the path that the search found, from its end
// back to its start.
func (s *Solver) pushForward() {
	r := s.end.request
	if s.end.kind == endFree {
		a := &s.list(r)[s.end.at]
		s.take(r, a.to, a.cost)
		a.to = ^a.to
	} else {
		s.leaveOpen(r, 1)
	}
	for u := s.requests[r].via; u != noUnit; u = s.requests[r].via {
		at := s.units[u].volunteer
		if r = s.labelOf(at).via; r == none {
			s.release(u) // the search began at a volunteer with too much to do
			return
		}
		s.pass(u, r, s.mark(r, at))
	}
}
