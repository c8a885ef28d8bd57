package mcf

const none = int32(-1)

// tree is a rooted spanning tree. The children of a node are a list linked both
// ways, so that a subtree is cut off and hung elsewhere in constant time.
type tree struct {
	parent []int32
	arc    []int32 // between a node and its parent
	up     []bool  // whether that arc leads to the parent
	depth  []int32

	child, after, before []int32
	stack                []int32
}

func newTree(nodes int) tree {
	t := tree{
		parent: make([]int32, nodes), arc: make([]int32, nodes), up: make([]bool, nodes), depth: make([]int32, nodes),
		child: make([]int32, nodes), after: make([]int32, nodes), before: make([]int32, nodes),
	}
	for i := range nodes {
		t.parent[i], t.child[i], t.after[i], t.before[i] = none, none, none, none
	}
	return t
}

// attach hangs the root of a part under parent.
func (t *tree) attach(node, parent, arc int32, up bool) {
	t.parent[node], t.arc[node], t.up[node] = parent, arc, up
	t.depth[node] = t.depth[parent] + 1
	head := t.child[parent]
	t.before[node], t.after[node] = none, head
	if head != none {
		t.before[head] = node
	}
	t.child[parent] = node
}

func (t *tree) detach(node int32) {
	before, after := t.before[node], t.after[node]
	if before != none {
		t.after[before] = after
	} else {
		t.child[t.parent[node]] = after
	}
	if after != none {
		t.before[after] = before
	}
	t.parent[node] = none
}

// join is the lowest node above both.
func (t *tree) join(u, v int32) int32 {
	for u != v {
		if t.depth[u] < t.depth[v] {
			v = t.parent[v]
		} else {
			u = t.parent[u]
		}
	}
	return u
}

// reroot cuts the part below out off and makes node, which lies in it, its root.
// Depths are put right by settle.
func (t *tree) reroot(node, out int32) {
	u, arc, up := t.parent[node], t.arc[node], t.up[node]
	t.detach(node)
	for below := node; below != out; {
		next, nextArc, nextUp := t.parent[u], t.arc[u], t.up[u]
		t.detach(u)
		t.attach(u, below, arc, !up)
		below, u, arc, up = u, next, nextArc, nextUp
	}
}

// settle puts depths and potentials of the part below node right.
func (t *tree) settle(node int32, shift int64, potential []int64) {
	t.stack = append(t.stack[:0], node)
	for len(t.stack) > 0 {
		u := t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		potential[u] += shift
		t.depth[u] = t.depth[t.parent[u]] + 1
		for c := t.child[u]; c != none; c = t.after[c] {
			t.stack = append(t.stack, c)
		}
	}
}
