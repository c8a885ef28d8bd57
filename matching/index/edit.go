package index

import "slices"

// editor makes new versions of trees. Only the path from the root to the leaf
// that changes is copied, about 10 kB; everything else is shared, so whoever
// still reads the old version is not disturbed.
type editor struct {
	key     func(handle) key // of a volunteer who is in a tree
	scratch record
}

// add gives the tree with one more volunteer.
func (e *editor) add(root *node, k key, r *record, h handle) *node {
	if root == nil {
		var b leafBuilder
		b.add(r, h)
		return newNode([]piece{leafPiece(b.done(), k)})
	}
	return rooted(e.edit(root, k, func(l *leaf, least key) []piece {
		least = min(least, k)
		if l.n < leafSize {
			return []piece{leafPiece(l.with(r, h), least)}
		}
		low, high, border := e.split(l)
		if k < border {
			low = low.with(r, h)
		} else {
			high = high.with(r, h)
		}
		return []piece{leafPiece(low, least), leafPiece(high, border)}
	}))
}

// remove gives the tree without a volunteer who is in it.
func (e *editor) remove(root *node, k key, h handle) *node {
	return rooted(e.edit(root, k, func(l *leaf, least key) []piece {
		if l.n == 1 {
			return nil
		}
		return []piece{leafPiece(l.without(l.slot(h)), least)}
	}))
}

// replace gives the tree with another record of a volunteer at the same place.
func (e *editor) replace(root *node, k key, r *record, h handle) *node {
	return rooted(e.edit(root, k, func(l *leaf, least key) []piece {
		return []piece{leafPiece(l.without(l.slot(h)).with(r, h), least)}
	}))
}

// edit replaces the leaf of a key and gives the nodes that take the place of n:
// none, one, or two after a split.
func (e *editor) edit(n *node, k key, change func(l *leaf, least key) []piece) []piece {
	at := n.child(k)
	var fresh []piece
	if len(n.leaves) > 0 {
		fresh = change(n.leaves[at], n.parts[at].least)
	} else {
		fresh = e.edit(n.nodes[at], k, change)
	}
	if len(fresh) == 1 && fresh[0].size() >= sparse {
		return []piece{nodePiece(n.with(at, fresh[0]))}
	}
	pieces := make([]piece, 0, fan+1)
	for i := range n.parts {
		if i == at {
			pieces = append(pieces, fresh...)
		} else {
			pieces = append(pieces, n.piece(i))
		}
	}
	if len(fresh) == 1 {
		pieces = e.join(pieces, at)
	}
	switch half := len(pieces) / 2; {
	case len(pieces) == 0:
		return nil
	case len(pieces) > fan:
		return []piece{nodePiece(newNode(pieces[:half])), nodePiece(newNode(pieces[half:]))}
	}
	return []piece{nodePiece(newNode(pieces))}
}

// join puts a piece that has become sparse together with a neighbour that has
// room for it.
func (e *editor) join(pieces []piece, at int) []piece {
	for _, low := range []int{at - 1, at} {
		if low < 0 || low+1 >= len(pieces) {
			continue
		}
		a, b := pieces[low], pieces[low+1]
		if a.leaf != nil && a.leaf.n+b.leaf.n <= leafSize*3/4 {
			return slices.Replace(pieces, low, low+2, leafPiece(e.joined(a.leaf, b.leaf), a.least))
		}
		if a.node != nil && len(a.node.parts)+len(b.node.parts) <= fan*3/4 {
			var all []piece
			for _, n := range []*node{a.node, b.node} {
				for i := range n.parts {
					all = append(all, n.piece(i))
				}
			}
			return slices.Replace(pieces, low, low+2, nodePiece(newNode(all)))
		}
	}
	return pieces
}

func (e *editor) joined(leaves ...*leaf) *leaf {
	var b leafBuilder
	for _, l := range leaves {
		for i := range l.n {
			l.record(i, &e.scratch)
			b.add(&e.scratch, l.people[i].handle)
		}
	}
	return b.done()
}

// split halves a leaf by key; border is the least key of the upper half.
func (e *editor) split(l *leaf) (low, high *leaf, border key) {
	slots := make([]int, l.n)
	for i := range slots {
		slots[i] = i
	}
	slices.SortFunc(slots, func(a, b int) int {
		if e.key(l.people[a].handle) < e.key(l.people[b].handle) {
			return -1
		}
		return 1
	})
	half := func(slots []int) *leaf {
		var b leafBuilder
		for _, i := range slots {
			l.record(i, &e.scratch)
			b.add(&e.scratch, l.people[i].handle)
		}
		return b.done()
	}
	middle := l.n / 2
	return half(slots[:middle]), half(slots[middle:]), e.key(l.people[slots[middle]].handle)
}

// slot finds a volunteer who is in the leaf.
func (l *leaf) slot(h handle) int {
	return slices.IndexFunc(l.people[:l.n], func(p person) bool { return p.handle == h })
}

// rooted makes a tree of what is left or came of its root.
func rooted(pieces []piece) *node {
	switch len(pieces) {
	case 0:
		return nil
	case 1:
		n := pieces[0].node
		for len(n.nodes) == 1 {
			n = n.nodes[0]
		}
		return n
	}
	return newNode(pieces)
}
