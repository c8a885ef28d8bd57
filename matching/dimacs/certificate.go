package dimacs

import (
	"encoding/json"
	"io"
)

// Status says how a solve ended.
type Status string

// The ends of a solve.
const (
	StatusOptimal    Status = "optimal"
	StatusInfeasible Status = "infeasible"
)

// Certificate lets anybody check that a solution is optimal.
//
// Prices are the potentials π of the nodes 1 … NODES. With b the supply of a
// node (negative for demand; in an assignment 1 on the left and −1 on the
// right), the reduced cost of an arc i → j is
//
//	c(i,j) − π(i) + π(j)
//
// and it is ≥ 0 where the flow is below the capacity and ≤ 0 where the flow is
// above 0. So π(i) is what one more unit of supply at node i would cost; the
// sink of a min problem has 0. For any π the cost of every flow is at least
//
//	dual = Σ b(i)·π(i) + Σ capacity(i,j) · min(0, c(i,j) − π(i) + π(j))
//
// and for these it equals Cost. (In an assignment no term of the last sum is
// below 0: arcs there have no capacity but that of their nodes.)
//
// An infeasible problem has cost and dual 0 and no prices.
type Certificate struct {
	Status     Status  `json:"status"`
	Cost       int64   `json:"cost"`
	Dual       int64   `json:"dual"`
	CPUSeconds float64 `json:"cpu_seconds"` // process CPU time of the solve alone
	Prices     []int64 `json:"prices"`
}

// Certificate gives the proof of the solution.
func (s *Solution) Certificate() Certificate {
	n := s.network
	c := Certificate{
		Status:     StatusOptimal,
		Cost:       s.cost,
		Dual:       s.cost - (s.result.Objective - s.result.Bound),
		CPUSeconds: s.cpu.Seconds(),
		Prices:     make([]int64, n.nodes),
	}
	for i, l := range n.left {
		c.Prices[l.node-1] = s.result.RequestPrices[i] - l.shift
	}
	for i, r := range n.right {
		c.Prices[r.node-1] = s.result.VolunteerPrices[i] + r.cost
	}
	return c
}

// Write writes the certificate as one JSON object.
func (c Certificate) Write(w io.Writer) error { return json.NewEncoder(w).Encode(c) }
