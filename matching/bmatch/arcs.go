package bmatch

import (
	"cmp"
	"slices"
	"sort"
)

// Arcs is a graph known in full, as compressed rows in cost order. It is a
// [Source], safe for concurrent use.
type Arcs struct {
	first []int
	arcs  []Arc
}

// NewArcs builds the graph from the pairs of each request. It does not keep
// the argument. A volunteer named twice by one request is found by the solver.
func NewArcs(rows [][]Arc) *Arcs {
	total := 0
	for _, row := range rows {
		total += len(row)
	}
	a := &Arcs{first: make([]int, 1, len(rows)+1), arcs: make([]Arc, 0, total)}
	for _, row := range rows {
		start := len(a.arcs)
		a.arcs = append(a.arcs, row...)
		slices.SortFunc(a.arcs[start:], compareArcs)
		a.first = append(a.first, len(a.arcs))
	}
	return a
}

// AppendBelow implements [Source].
func (a *Arcs) AppendBelow(dst []Arc, r int32, limit int64) []Arc {
	row := a.arcs[a.first[r]:a.first[r+1]]
	n := sort.Search(len(row), func(i int) bool { return row[i].Cost >= limit })
	return append(dst, row[:n]...)
}

// compareArcs orders by cost, then by volunteer, so that plans do not depend on
// the order in which a source lists.
func compareArcs(a, b Arc) int {
	if c := cmp.Compare(a.Cost, b.Cost); c != 0 {
		return c
	}
	return cmp.Compare(a.Volunteer, b.Volunteer)
}
