package bmatch

import "github.com/linli/linli/matching/flow"

// Arcs is a graph known in full. It is a [Source], safe for concurrent use.
type Arcs struct {
	rows *flow.Rows
	err  error // what NewArcs could not say
}

// NewArcs builds the graph from the pairs of each request. It does not keep
// the argument. A volunteer named twice by one request is found by the solver.
func NewArcs(rows [][]Arc) *Arcs {
	total := 0
	for _, row := range rows {
		total += len(row)
	}
	first := make([]int, 1, len(rows)+1)
	volunteers := make([]int32, 0, total)
	costs := make([]int64, 0, total)
	for _, row := range rows {
		for _, a := range row {
			if a.Cost < MaxTotal {
				volunteers = append(volunteers, a.Volunteer)
				costs = append(costs, a.Cost)
			}
		}
		first = append(first, len(costs))
	}
	a := &Arcs{}
	a.rows, a.err = flow.NewRows(first, volunteers, costs)
	return a
}

// AppendBelow implements [Source].
func (a *Arcs) AppendBelow(dst []Arc, r int32, limit int64) []Arc {
	return a.rows.AppendBelow(dst, r, limit)
}
