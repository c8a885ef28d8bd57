package flow

import (
	"iter"
	"math"
)

// reverse lists the pairs of each volunteer: all of an explicit graph, the
// listed ones of an implicit graph. Nothing else can matter to a backward
// search: a pair past the horizon of its request costs at least y, so taking it
// is no better than staying free.
type reverse struct {
	first  []uint32 // volunteer v has offers[first[v]:first[v+1]] …
	offers []packedOffer
	wide   []int64 // costs of offers, when one of them does not fit in
	head   []int32 // … and the chain more[head[v]], 0 for none, of pairs added later
	more   []link
}

// packedOffer is an offer in half the memory.
type packedOffer struct {
	request int32
	cost    uint32
}

type link struct {
	Offer
	next int32
}

// buildReverse makes the reverse lists when they are first needed.
func (s *Solver) buildReverse() {
	if s.reverse != nil {
		return
	}
	first := make([]uint32, len(s.volunteers)+1)
	dearest := int64(0)
	s.eachPair(func(_, v int32, cost int64) {
		first[v]++
		dearest = max(dearest, cost)
	})
	total := uint32(0)
	for v, n := range first {
		first[v] = total
		total += n
	}
	b := &reverse{first: first, offers: make([]packedOffer, total), head: make([]int32, len(s.volunteers)), more: make([]link, 1)}
	if dearest > math.MaxUint32 {
		b.wide = make([]int64, total)
	}
	s.eachPair(func(r, v int32, cost int64) {
		b.offers[first[v]] = packedOffer{r, uint32(cost)}
		if b.wide != nil {
			b.wide[first[v]] = cost
		}
		first[v]++
	})
	copy(first[1:], first)
	first[0] = 0
	s.reverse = b
}

// eachPair visits the pairs that a search can meet.
func (s *Solver) eachPair(visit func(r, v int32, cost int64)) {
	for r := range int32(len(s.requests)) {
		if !s.written(r) {
			for _, a := range s.list(r) {
				visit(r, a.volunteer(), a.cost)
			}
			continue
		}
		for i := s.rows.first[r]; i < s.rows.first[r+1]; i++ {
			visit(r, s.rows.volunteers[i], s.rows.costs[i])
		}
	}
}

// add appends a pair to those of v.
func (b *reverse) add(v int32, o Offer) {
	for int(v) >= len(b.head) {
		b.head = append(b.head, 0)
	}
	b.more = append(b.more, link{o, b.head[v]})
	b.head[v] = int32(len(b.more) - 1)
}

// of gives the places in offers of the pairs of v that were there from the
// beginning, and the chain of the others.
func (b *reverse) of(v int32) (from, to uint32, chain int32) {
	if int(v)+1 < len(b.first) {
		from, to = b.first[v], b.first[v+1]
	}
	if int(v) < len(b.head) {
		chain = b.head[v]
	}
	return from, to, chain
}

// offer gives the offer at a place.
func (b *reverse) offer(at uint32) Offer {
	if b.wide != nil {
		return Offer{b.offers[at].request, b.wide[at]}
	}
	return Offer{b.offers[at].request, int64(b.offers[at].cost)}
}

// all visits the pairs of v.
func (b *reverse) all(v int32) iter.Seq[Offer] {
	return func(yield func(Offer) bool) {
		from, to, chain := b.of(v)
		for at := from; at < to; at++ {
			if !yield(b.offer(at)) {
				return
			}
		}
		for ; chain != 0; chain = b.more[chain].next {
			if !yield(b.more[chain].Offer) {
				return
			}
		}
	}
}

// cost finds what the pair of r and v costs. It has to be one.
func (b *reverse) cost(r, v int32) int64 {
	for o := range b.all(v) {
		if o.Request == r {
			return o.Cost
		}
	}
	panic("flow: not a pair")
}
