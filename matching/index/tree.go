package index

import (
	"cmp"
	"slices"

	"github.com/linli/linli/matching/grid"
)

// key is the place of a volunteer in a tree: the rank of their home's cell, then
// their handle, so that no two are equal.
type key uint64

const (
	handleBits = 64 - grid.RankBits
	maxHandles = 1 << handleBits
)

func keyOf(rank uint64, h handle) key { return key(rank<<handleBits | uint64(h)) }

func (k key) handle() handle { return handle(k & (maxHandles - 1)) }

// summary bounds what a search could find in a leaf or a node.
type summary struct {
	box     box     // of the homes
	reach   float32 // the largest reach of a spot: nobody goes farther
	count   int32   // volunteers
	skills  uint64  // bits of all the words that anybody has
	courses uint64
	least   key // no key is smaller
}

// misses tells whether a search can find nobody there: too far away for the
// bound or the ring, out of everybody's reach, or without something that is asked.
func (s *summary) misses(q *search, bound, away float64) bool {
	return away > min(bound, float64(min(s.reach, q.spot.reach))) || q.skillBits&^s.skills|q.courseBits&^s.courses != 0
}

// node is an inner node of a tree: the root of all the volunteers below it. Like
// a leaf it never changes.
type node struct {
	parts  []summary // of the children, ascending by least key
	nodes  []*node   // the children; one of the two lists is empty
	leaves []*leaf
	digest digest // of the leaves
	first  int32  // in a view: the number of its first leaf
}

const (
	// fan is the most children of a node.
	fan = 32
	// sparse is the size below which leaves, with room for twice as many, and
	// nodes are joined with a neighbour.
	sparse = 16
)

func (n *node) count() int {
	if n == nil {
		return 0
	}
	total := 0
	for i := range n.parts {
		total += int(n.parts[i].count)
	}
	return total
}

// summary bounds the whole node.
func (n *node) summary() summary {
	s := summary{box: noBox(), least: n.parts[0].least}
	for i := range n.parts {
		p := &n.parts[i]
		s.box.union(&p.box)
		s.reach = max(s.reach, p.reach)
		s.count += p.count
		s.skills |= p.skills
		s.courses |= p.courses
	}
	return s
}

// child is the place of the child in which a key is or belongs.
func (n *node) child(k key) int {
	at, found := slices.BinarySearchFunc(n.parts, k, func(s summary, k key) int { return cmp.Compare(s.least, k) })
	if !found && at > 0 {
		at--
	}
	return at
}

// leafOf gives the leaf in which a key is, if it is anywhere.
func (n *node) leafOf(k key) *leaf {
	for len(n.nodes) > 0 {
		n = n.nodes[n.child(k)]
	}
	return n.leaves[n.child(k)]
}

// piece is a leaf or a node on its way into its parent.
type piece struct {
	summary
	node *node
	leaf *leaf
}

func leafPiece(l *leaf, least key) piece { return piece{summary: l.summary(least), leaf: l} }

func nodePiece(n *node) piece { return piece{summary: n.summary(), node: n} }

// newNode makes a node of pieces that are all leaves or all nodes.
func newNode(pieces []piece) *node {
	n := &node{parts: make([]summary, len(pieces))}
	if pieces[0].leaf != nil {
		n.leaves = make([]*leaf, len(pieces))
	} else {
		n.nodes = make([]*node, len(pieces))
	}
	for i := range pieces {
		n.parts[i] = pieces[i].summary
		if pieces[i].leaf != nil {
			n.leaves[i] = pieces[i].leaf
		} else {
			n.nodes[i] = pieces[i].node
		}
	}
	n.digest = newDigest(n.parts, n.leaves)
	return n
}

// with gives a copy with a piece in the place of a child.
func (n *node) with(at int, p piece) *node {
	c := &node{parts: slices.Clone(n.parts), nodes: slices.Clone(n.nodes), leaves: slices.Clone(n.leaves)}
	c.parts[at] = p.summary
	if p.leaf == nil {
		c.nodes[at] = p.node
		return c
	}
	c.leaves[at] = p.leaf
	c.digest = n.digest.with(c.parts, c.leaves, at)
	return c
}

// size is how many volunteers or children the piece has.
func (p *piece) size() int {
	if p.leaf != nil {
		return p.leaf.n
	}
	return len(p.node.parts)
}

// piece gives a child back.
func (n *node) piece(i int) piece {
	p := piece{summary: n.parts[i]}
	if len(n.leaves) > 0 {
		p.leaf = n.leaves[i]
	} else {
		p.node = n.nodes[i]
	}
	return p
}

// stack puts nodes on top of pieces, in their order, until one is left; nil
// when there is none.
func stack(pieces []piece) *node {
	if len(pieces) == 0 {
		return nil
	}
	for {
		var above []piece
		for chunk := range slices.Chunk(pieces, packedFan) {
			above = append(above, nodePiece(newNode(chunk)))
		}
		if len(above) == 1 {
			return above[0].node
		}
		pieces = above
	}
}

// packedFan and packedLeaf are how full nodes and leaves are when many are made
// at once: a little room is left for those who come later.
const (
	packedFan  = fan - 4
	packedLeaf = leafSize - 4
)
