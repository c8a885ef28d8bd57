package flow

// pairs lists those of each node on one side: node n has them in first[n]:first[n+1].
type pairs struct {
	first  []int
	others []int32 // the node on the other side
	costs  []int64
}

// of gives the pairs of a node.
func (p *pairs) of(n int32) (others []int32, costs []int64) {
	from, to := p.first[n], p.first[n+1]
	return p.others[from:to], p.costs[from:to]
}

// turned lists the same pairs by the nodes of the other side, so many. From their
// costs it takes off what less says of the node on this side.
func (p *pairs) turned(nodes int, less func(node int) int64) pairs {
	t := pairs{make([]int, nodes+1), make([]int32, len(p.others)), make([]int64, len(p.costs))}
	for _, o := range p.others {
		t.first[o+1]++
	}
	for n := range nodes {
		t.first[n+1] += t.first[n]
	}
	for n := range int32(len(p.first) - 1) {
		others, costs := p.of(n)
		off := less(int(n))
		for i, o := range others {
			at := t.first[o]
			t.others[at], t.costs[at] = n, costs[i]-off
			t.first[o]++
		}
	}
	copy(t.first[1:], t.first)
	t.first[0] = 0
	return t
}
