package index

import (
	"math"
	"sync"

	"github.com/linli/linli/aid"
)

// within visits, in their order, the leaves in which somebody could be within
// the bound and their own reach and have what the search asks for, with their
// numbers in a view.
func (n *node) within(s *search, bound float64, visit func(l *leaf, number int32)) {
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

// limit is what a walk from the cheapest on stops at.
type limit struct {
	cost  float64 // nobody dearer counts
	chord float64 // square of one that everybody else lives within
}

// limitOf is the limit of those who cost at most so much. Chords are by half a
// metre of rounding and the blur too long to tell a cost.
func limitOf(total int64) limit {
	return limit{float64(total) + 0.5 + blur, costBound(total + 1)}
}

// frontier is what a walk from cheap to dear has met and not yet looked into: a
// heap, on top what may hold the cheapest.
type frontier []ahead

// ahead is a node, or if who is not empty a leaf of it.
type ahead struct {
	least float64 // metres and spare skills that everybody there costs, before rounding
	who   uint64  // of the leaf: the slots that have what is asked
	node  *node
	leaf  int32
	spare int32 // of the leaf: skills beside those asked that each of them has at least
}

// cheapest visits the leaves of a tree in which somebody has the skills, in the
// order of the least that anybody there may cost, with the slots of those who
// have and the metres that they are at least away. Whatever is visited may lower the limit;
// the walk ends at the first leaf beyond it.
func (f *frontier) cheapest(root *node, s *search, most *limit, visit func(l *leaf, who uint64, near float64)) {
	if root == nil {
		return
	}
	defer f.reset()
	f.expand(root, s, most)
	for len(*f) > 0 {
		next := f.pop()
		switch {
		case next.least > most.cost:
			return
		case next.who == 0:
			f.expand(next.node, s, most)
		default:
			f.fetch()
			visit(next.node.leaves[next.leaf], next.who, next.least-spareCost(int(next.spare)))
		}
	}
}

// fetch lets the processor fetch the leaf that is likely to be next while another
// is looked at: the nil check reads it, and nothing waits for that. It saves a
// twelfth of a query's time.
func (f frontier) fetch() {
	if len(f) > 0 && f[0].who != 0 {
		_ = f[0].node.leaves[f[0].leaf].n
	}
}

// spareCost is the cost of so many skills that are not asked for.
func spareCost(skills int) float64 { return float64(aid.SpareSkillCost) * float64(skills) }

// expand takes the children of a node in.
func (f *frontier) expand(n *node, s *search, most *limit) {
	for i := range n.parts {
		p := &n.parts[i]
		away := p.box.away(&s.spot)
		if p.misses(s, most.chord, away) {
			continue
		}
		near := math.Sqrt(away) * unit
		if len(n.nodes) > 0 {
			f.push(ahead{least: near, node: n.nodes[i]})
			continue
		}
		who, spare := n.able(s, i)
		if least := near + spareCost(spare); who != 0 && least <= most.cost {
			f.push(ahead{least, who, n, int32(i), int32(spare)})
		}
	}
}

func (f *frontier) push(a ahead) {
	*f = append(*f, a)
	h := *f
	at := len(h) - 1
	for at > 0 {
		above := (at - 1) / 2
		if h[above].least <= a.least {
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
		if below+1 < len(h) && h[below+1].least < h[below].least {
			below++
		}
		if last.least <= h[below].least {
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
