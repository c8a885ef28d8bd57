package mcf

import (
	"context"
	"fmt"
	"math"
)

// State of an arc: the sign of the change of flow that would be admitted.
const (
	atLower = int8(1)
	inTree  = int8(0)
	atUpper = int8(-1)
)

// simplex is the working state of one solve. Arcs from len(from) on are the
// artificial ones, one for each node.
type simplex struct {
	*Network
	state []int8
	tree  tree
	next  int // arc at which the search for an entering arc goes on
	block int
}

// checkEvery is how many pivots pass between looks at the context.
const checkEvery = 1 << 10

// Solve finds a flow of least cost. The error is [ErrInfeasible], the context's,
// or says what is out of range.
func (n *Network) Solve(ctx context.Context) error {
	dearest, err := n.dearest()
	if err != nil {
		return err
	}
	s := n.start(dearest)
	defer s.drop(len(n.flow) - len(n.supply))
	for pivots := 0; ; pivots++ {
		if pivots%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		entering := s.entering()
		if entering < 0 {
			break
		}
		if err := s.pivot(entering); err != nil {
			return err
		}
	}
	for a := len(n.flow) - len(n.supply); a < len(n.flow); a++ {
		if n.flow[a] != 0 {
			return ErrInfeasible
		}
	}
	return nil
}

// start gives every node an artificial arc to or from the root, so dear that it
// is used for nothing that any other way can carry.
func (n *Network) start(dearest int64) *simplex {
	nodes, arcs := len(n.supply), len(n.from)
	s := &simplex{Network: n, state: make([]int8, arcs+nodes), tree: newTree(nodes + 1)}
	s.block = max(int(math.Sqrt(float64(arcs))), 20)
	for a := range arcs {
		s.state[a] = atLower
	}
	n.flow = make([]int64, arcs+nodes)
	n.potential = make([]int64, nodes+1)
	root := int32(nodes)
	artificial := (dearest + 1) * int64(nodes+1)
	for i := range int32(nodes) {
		from, to, cost := i, root, int64(0)
		if n.supply[i] < 0 {
			from, to, cost = root, i, artificial
			n.potential[i] = artificial
		}
		a := n.AddArc(from, to, Unbounded, cost)
		n.flow[a] = max(n.supply[i], -n.supply[i])
		s.tree.attach(i, root, a, from == i)
	}
	return s
}

// drop forgets the artificial arcs and the root.
func (s *simplex) drop(arcs int) {
	n := s.Network
	n.from, n.to, n.capacity, n.cost = n.from[:arcs], n.to[:arcs], n.capacity[:arcs], n.cost[:arcs]
	n.flow, n.potential = n.flow[:arcs], n.potential[:len(n.supply)]
}

// entering finds an arc whose reduced cost is wrong: the worst of the first block
// that has one. -1 says that the flow is of least cost.
func (s *simplex) entering() int32 {
	best, worst := int32(-1), int64(0)
	arcs := len(s.from) - len(s.supply)
	left := s.block
	for range arcs {
		a := s.next
		if s.next++; s.next == arcs {
			s.next = 0
		}
		if state := s.state[a]; state != inTree {
			wrong := int64(state) * (s.cost[a] + s.potential[s.from[a]] - s.potential[s.to[a]])
			if wrong < worst {
				best, worst = int32(a), wrong
			}
		}
		if left--; left == 0 {
			if best >= 0 {
				break
			}
			left = s.block
		}
	}
	return best
}

// pivot lets an arc enter, pushes what can go round, and exchanges it for the
// arc that stops the flow.
func (s *simplex) pivot(entering int32) error {
	t := &s.tree
	first, second := s.from[entering], s.to[entering]
	if s.state[entering] == atUpper {
		first, second = second, first
	}
	join := t.join(first, second)
	room, out, in := s.capacity[entering], int32(-1), first
	for u := first; u != join; u = t.parent[u] {
		if d := s.room(u, !t.up[u]); d < room {
			room, out, in = d, u, first
		}
	}
	for u := second; u != join; u = t.parent[u] {
		if d := s.room(u, t.up[u]); d <= room {
			room, out, in = d, u, second
		}
	}
	if room == Unbounded {
		return fmt.Errorf("arc %d is on a cycle of negative cost without a bound", entering)
	}
	s.push(entering, first, second, join, room)
	if out < 0 {
		s.state[entering] = -s.state[entering]
		return nil
	}
	leaving := t.arc[out]
	s.state[entering], s.state[leaving] = inTree, atUpper
	if s.flow[leaving] == 0 {
		s.state[leaving] = atLower
	}
	to := first + second - in
	t.reroot(in, out)
	t.attach(in, to, entering, s.from[entering] == in)
	shift := s.potential[to] - s.potential[in]
	if t.up[in] {
		shift -= s.cost[entering]
	} else {
		shift += s.cost[entering]
	}
	t.settle(in, shift, s.potential)
	return nil
}

// room is how much the tree arc above u can take, or give when it is against it.
func (s *simplex) room(u int32, along bool) int64 {
	a := s.tree.arc[u]
	switch {
	case !along:
		return s.flow[a]
	case s.capacity[a] == Unbounded:
		return Unbounded
	}
	return s.capacity[a] - s.flow[a]
}

// push sends units round the cycle: over the entering arc, from second up to the
// join and from there down to first.
func (s *simplex) push(entering, first, second, join int32, units int64) {
	if units == 0 {
		return
	}
	t := &s.tree
	s.flow[entering] += int64(s.state[entering]) * units
	for u := first; u != join; u = t.parent[u] {
		s.flow[t.arc[u]] += sign(!t.up[u]) * units
	}
	for u := second; u != join; u = t.parent[u] {
		s.flow[t.arc[u]] += sign(t.up[u]) * units
	}
}

func sign(plus bool) int64 {
	if plus {
		return 1
	}
	return -1
}
