package dimacs

import "github.com/linli/linli/matching/bmatch"

const noSide int32 = -1

// assignment checks a `p asn` file. Each left node has one seat that has to be
// filled, each right node a capacity of one.
func assignment(f *file) (*Network, error) {
	n := &Network{nodes: int(f.nodes)}
	leftOf, rightOf := sides(f.nodes)
	for _, flow := range f.flows {
		if leftOf[flow.node] != noSide {
			return nil, refuse(flow.line, "names node %d a second time", flow.node)
		}
		leftOf[flow.node] = int32(len(n.left))
		n.left = append(n.left, left{node: flow.node, seats: 1, penalty: bmatch.Mandatory})
		n.supply++
	}
	for node := int32(1); int64(node) <= f.nodes; node++ {
		if leftOf[node] == noSide {
			rightOf[node] = int32(len(n.right))
			n.right = append(n.right, right{node: node, capacity: 1})
			n.demand++
		}
	}
	for _, a := range f.arcs {
		if leftOf[a.from] == noSide {
			return nil, refuse(a.line, "starts at node %d, which is no left node; arcs go from nodes with an n line to nodes without", a.from)
		}
		if rightOf[a.to] == noSide {
			return nil, refuse(a.line, "ends at the left node %d; arcs go from nodes with an n line to nodes without", a.to)
		}
	}
	return n, n.build(f.arcs, leftOf, rightOf)
}

// sides gives an index for each node on either side, none so far. Nodes count
// from 1.
func sides(nodes int64) (leftOf, rightOf []int32) {
	leftOf, rightOf = make([]int32, nodes+1), make([]int32, nodes+1)
	for i := range leftOf {
		leftOf[i], rightOf[i] = noSide, noSide
	}
	return leftOf, rightOf
}
