package dimacs

import (
	"cmp"
	"slices"

	"github.com/linli/linli/matching/bmatch"
)

// Network is a problem that was read, ready to be solved. It does not change
// and is safe for concurrent use.
type Network struct {
	left   []left
	right  []right
	rows   *bmatch.Arcs
	nodes  int
	sink   int32 // 0 in an assignment
	demand int64 // of the sink
	supply int64
}

// left is a request or a left node.
type left struct {
	node    int32
	seats   int64
	penalty int64 // before the shift, or bmatch.Mandatory
	shift   int64 // added to every cost of this node, so that the least is 0
}

// right is a volunteer or a right node.
type right struct {
	node     int32
	capacity int64
	cost     int64 // of its arc to the sink, which is added to the arcs that lead to it
}

// Nodes is the number of nodes that the file declares.
func (n *Network) Nodes() int { return n.nodes }

// build makes rows of the arcs between the sides. Pairs come in the order of
// the file; where a node has several arcs to another, the cheapest is kept if
// the node sends one unit at most, and the later line refused if it sends more.
func (n *Network) build(arcs []arcLine, leftOf, rightOf []int32) error {
	slices.SortStableFunc(arcs, func(a, b arcLine) int {
		return cmp.Or(cmp.Compare(leftOf[a.from], leftOf[b.from]), cmp.Compare(rightOf[a.to], rightOf[b.to]), cmp.Compare(a.cost, b.cost))
	})
	all := make([]bmatch.Arc, 0, len(arcs))
	rows := make([][]bmatch.Arc, len(n.left))
	for i := 0; i < len(arcs); {
		l := leftOf[arcs[i].from]
		start, node := len(all), &n.left[l]
		least := int64(0)
		if node.penalty != bmatch.Mandatory {
			least = min(least, node.penalty)
		}
		for ; i < len(arcs) && leftOf[arcs[i].from] == l; i++ {
			a, v := arcs[i], rightOf[arcs[i].to]
			if len(all) > start && all[len(all)-1].Volunteer == v {
				if node.seats > 1 {
					return refuse(max(a.line, arcs[i-1].line), "is a second arc from node %d to node %d; a volunteer serves a request once", a.from, a.to)
				}
				continue
			}
			cost := a.cost + n.right[v].cost
			least = min(least, cost)
			all = append(all, bmatch.Arc{Volunteer: v, Cost: cost})
		}
		node.shift = -least
		for j := range all[start:] {
			all[start+j].Cost += node.shift
		}
		rows[l] = all[start:]
	}
	n.rows = bmatch.NewArcs(rows)
	return nil
}

// problem gives what bmatch solves.
func (n *Network) problem() *bmatch.Problem {
	p := &bmatch.Problem{
		Requests: make([]bmatch.Request, len(n.left)),
		Capacity: make([]int64, len(n.right)),
		Source:   n.rows,
	}
	for i, l := range n.left {
		p.Requests[i] = bmatch.Request{Seats: l.seats, Penalty: l.penalty}
		if l.penalty != bmatch.Mandatory {
			p.Requests[i].Penalty += l.shift
		}
	}
	for i, r := range n.right {
		p.Capacity[i] = r.capacity
	}
	return p
}
