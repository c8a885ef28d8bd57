package index

import "sync"

// within visits, in their order, the leaves in which somebody could be within
// the bound and their own reach and have what the search asks for, with their
// numbers in a view.
func (n *node) within(s *search, bound float32, visit func(l *leaf, number int32)) {
	if n == nil {
		return
	}
	for i := range n.parts {
		p := &n.parts[i]
		switch {
		case p.misses(s, bound, p.box.away(&s.spot)):
		case len(n.nodes) > 0:
			n.nodes[i].within(s, bound, visit)
		default:
			visit(n.leaves[i], n.first+int32(i))
		}
	}
}

// frontier is what a search from near to far has met and not yet looked into: a
// heap, the nearest on top.
type frontier []ahead

type ahead struct {
	away float32
	node *node
	leaf *leaf  // if node is nil
	who  uint64 // of the leaf: the slots that have the skills
}

// nearest visits the leaves of a tree in which somebody has the skills, from
// near to far, with the slots of those who have. Whatever is visited may lower
// the bound; the walk ends at the first leaf beyond it.
func (f *frontier) nearest(root *node, s *search, bound *float32, visit func(l *leaf, skilled uint64)) {
	if root == nil {
		return
	}
	defer f.reset()
	f.expand(root, s, *bound)
	for len(*f) > 0 {
		next := f.pop()
		switch {
		case next.away > *bound:
			return
		case next.node != nil:
			f.expand(next.node, s, *bound)
		default:
			visit(next.leaf, next.who)
		}
	}
}

// expand takes the children of a node in. That leaves are looked into here, all
// of a node in one go, is for speed: the processor fetches them side by side.
func (f *frontier) expand(n *node, s *search, bound float32) {
	for i := range n.parts {
		p := &n.parts[i]
		away := p.box.away(&s.spot)
		if p.misses(s, bound, away) {
			continue
		}
		if len(n.nodes) > 0 {
			f.push(ahead{away: away, node: n.nodes[i]})
		} else if who := s.skilled(n.leaves[i]); who != 0 {
			f.push(ahead{away: away, leaf: n.leaves[i], who: who})
		}
	}
}

func (f *frontier) push(a ahead) {
	*f = append(*f, a)
	h := *f
	at := len(h) - 1
	for at > 0 {
		above := (at - 1) / 2
		if h[above].away <= a.away {
			break
		}
		h[at], at = h[above], above
	}
	h[at] = a
}

func (f *frontier) pop() ahead {
	h := *f
	top, last := h[0], h[len(h)-1]
	h[len(h)-1] = ahead{} // keeps no old version of a tree alive
	h = h[:len(h)-1]
	*f = h
	at := 0
	for {
		below := 2*at + 1
		if below >= len(h) {
			break
		}
		if below+1 < len(h) && h[below+1].away < h[below].away {
			below++
		}
		if last.away <= h[below].away {
			break
		}
		h[at], at = h[below], below
	}
	if len(h) > 0 {
		h[at] = last
	}
	return top
}

func (f *frontier) reset() {
	clear(*f)
	*f = (*f)[:0]
}

// desk is the memory that a query works on.
type desk struct {
	search   search
	seen     seen
	frontier frontier
	best     shortlist
}

var desks = sync.Pool{New: func() any { return new(desk) }}

// atDesk gives a desk for a query.
func newDesk() *desk {
	d := desks.Get().(*desk)
	d.seen.forget()
	return d
}

// done gives the desk back.
func (d *desk) done() {
	d.best.reset()
	clear(d.search.asked)
	desks.Put(d)
}
