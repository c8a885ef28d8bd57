package flow

// reverse lists the pairs of each volunteer: all of an explicit graph, the
// listed ones of an implicit graph. Nothing else can matter to a backward
// search: a pair past the horizon of its request costs at least y, so taking it
// is no better than staying free.
type reverse struct {
	first  []int // volunteer v has offers[first[v]:first[v+1]] …
	offers []Offer
	head   []int32 // … and the chain more[head[v]], 0 for none, of pairs added later
	more   []link
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
	first := make([]int, len(s.volunteers)+1)
	s.eachPair(func(_, v int32, _ int64) { first[v]++ })
	total := 0
	for v, n := range first {
		first[v] = total
		total += n
	}
	offers := make([]Offer, total)
	s.eachPair(func(r, v int32, cost int64) {
		offers[first[v]] = Offer{r, cost}
		first[v]++
	})
	copy(first[1:], first)
	first[0] = 0
	s.reverse = &reverse{first: first, offers: offers, head: make([]int32, len(s.volunteers)), more: make([]link, 1)}
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

// of gives the pairs of v that were there from the beginning, and the chain of
// the others.
func (b *reverse) of(v int32) (offers []Offer, chain int32) {
	if int(v)+1 < len(b.first) {
		offers = b.offers[b.first[v]:b.first[v+1]]
	}
	if int(v) < len(b.head) {
		chain = b.head[v]
	}
	return offers, chain
}

// cost finds what the pair of r and v costs.
func (b *reverse) cost(r, v int32) int64 {
	offers, chain := b.of(v)
	for _, o := range offers {
		if o.Request == r {
			return o.Cost
		}
	}
	for b.more[chain].Request != r {
		chain = b.more[chain].next
	}
	return b.more[chain].Cost
}
