package dimacs

import (
	"math"

	"github.com/linli/linli/matching/bmatch"
)

// shape gathers what the node lines of a `p min` file say, and then which arcs
// to the sink there are.
type shape struct {
	*Network
	leftOf, rightOf []int32
	exit            []bool // per right node: it has its arc to the sink
}

// transport checks a `p min` file against the transport form.
func transport(f *file) (*Network, error) {
	s := &shape{Network: &Network{nodes: int(f.nodes)}}
	s.leftOf, s.rightOf = sides(f.nodes)
	if err := s.takeFlows(f); err != nil {
		return nil, err
	}
	for node := int32(1); int64(node) <= f.nodes; node++ {
		if s.leftOf[node] == noSide && node != s.sink {
			s.rightOf[node] = int32(len(s.right))
			s.right = append(s.right, right{node: node})
		}
	}
	s.exit = make([]bool, len(s.right))
	pairs := f.arcs[:0]
	for _, a := range f.arcs {
		var err error
		switch {
		case a.to == s.sink && s.rightOf[a.from] != noSide:
			err = s.takeExit(a)
		case a.to == s.sink && s.leftOf[a.from] != noSide:
			err = s.takeOpen(a)
		case s.leftOf[a.from] == noSide || s.rightOf[a.to] == noSide:
			err = refuse(a.line, "leads from node %d to node %d; arcs lead from requests to volunteers or the sink, and from volunteers to the sink", a.from, a.to)
		case a.capacity != 1:
			err = refuse(a.line, "has capacity %d; an arc from a request to a volunteer has 1", a.capacity)
		default:
			pairs = append(pairs, a)
		}
		if err != nil {
			return nil, err
		}
	}
	return s.Network, s.build(pairs, s.leftOf, s.rightOf)
}

func (s *shape) takeFlows(f *file) error {
	named := make(map[int32]bool, len(f.flows))
	for _, flow := range f.flows {
		switch {
		case named[flow.node]:
			return refuse(flow.line, "names node %d a second time", flow.node)
		case flow.flow < 0 && s.sink != 0:
			return refuse(flow.line, "makes node %d a second sink beside node %d", flow.node, s.sink)
		case flow.flow < 0:
			s.sink, s.demand = flow.node, -flow.flow
		case flow.flow > math.MaxInt64-s.supply:
			return refuse(flow.line, "brings the supply above 2^63 - 1")
		case flow.flow > 0:
			s.leftOf[flow.node] = int32(len(s.left))
			s.left = append(s.left, left{node: flow.node, seats: flow.flow, penalty: bmatch.Mandatory})
			s.supply += flow.flow
		}
		named[flow.node] = true
	}
	if s.sink == 0 {
		return refuse(f.last, "is the last, and no node is the sink; give one a negative flow")
	}
	return nil
}

// takeExit notes the capacity of a volunteer.
func (s *shape) takeExit(a arcLine) error {
	v := s.rightOf[a.from]
	if s.exit[v] {
		return refuse(a.line, "is a second arc from the volunteer %d to the sink", a.from)
	}
	s.exit[v] = true
	s.right[v].capacity, s.right[v].cost = a.capacity, a.cost
	return nil
}

// takeOpen notes the penalty of a request.
func (s *shape) takeOpen(a arcLine) error {
	l := &s.left[s.leftOf[a.from]]
	switch {
	case l.penalty != bmatch.Mandatory:
		return refuse(a.line, "is a second arc from the request %d to the sink", a.from)
	case a.capacity < l.seats:
		return refuse(a.line, "has capacity %d below the supply of %d; either all seats of a request may stay open or, without the arc, none", a.capacity, l.seats)
	}
	l.penalty = a.cost
	return nil
}
