package mcf

import (
	"errors"
	"fmt"
	"math"
)

// Unbounded is the capacity of an arc that never fills.
const Unbounded = math.MaxInt64

// ErrInfeasible says that no flow carries every supply.
var ErrInfeasible = errors.New("no flow carries every supply")

// Network is a problem, and its solution once [Network.Solve] was called. The
// zero value has no nodes. Not safe for concurrent use.
type Network struct {
	supply   []int64
	from, to []int32
	capacity []int64
	cost     []int64

	flow      []int64
	potential []int64
}

// AddNode gives the number of a new node.
func (n *Network) AddNode(supply int64) int32 {
	n.supply = append(n.supply, supply)
	return int32(len(n.supply) - 1)
}

// AddArc gives the number of a new arc that carries up to capacity ≥ 0 units.
func (n *Network) AddArc(from, to int32, capacity, cost int64) int32 {
	n.from, n.to = append(n.from, from), append(n.to, to)
	n.capacity, n.cost = append(n.capacity, capacity), append(n.cost, cost)
	return int32(len(n.from) - 1)
}

// SetSupply changes what a node gives. The next solve takes it up.
func (n *Network) SetSupply(node int32, supply int64) { n.supply[node] = supply }

// SetCapacity changes what an arc can carry. The next solve takes it up.
func (n *Network) SetCapacity(arc int32, capacity int64) { n.capacity[arc] = capacity }

// Arcs is how many arcs there are.
func (n *Network) Arcs() int { return len(n.from) }

// Flow is how many units arc a carries.
func (n *Network) Flow(a int32) int64 { return n.flow[a] }

// Potential is π of a node.
func (n *Network) Potential(node int32) int64 { return n.potential[node] }

// Cost is the cost of the flow found.
func (n *Network) Cost() int64 {
	var sum int64
	for a, x := range n.flow {
		sum += x * n.cost[a]
	}
	return sum
}

// dearest checks the ranges and gives the greatest |cost|.
func (n *Network) dearest() (int64, error) {
	const most = int64(1) << 60
	var balance, sent, dearest int64
	for i, b := range n.supply {
		balance += b
		if sent += max(b, 0); b > most || b < -most || sent > most {
			return 0, fmt.Errorf("supply of node %d is out of range", i)
		}
	}
	if balance != 0 {
		return 0, fmt.Errorf("supplies sum to %d, not to 0", balance)
	}
	for a, c := range n.cost {
		if c > most || c < -most || n.capacity[a] < 0 {
			return 0, fmt.Errorf("arc %d has cost %d and capacity %d, out of range", a, c, n.capacity[a])
		}
		dearest = max(dearest, c, -c)
	}
	if dearest+1 > most/int64(len(n.supply)+1) || sent > 0 && dearest > most/sent {
		return 0, fmt.Errorf("costs of up to %d are out of range for %d nodes and %d units", dearest, len(n.supply), sent)
	}
	return dearest, nil
}
