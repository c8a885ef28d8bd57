package flow

import (
	"math"
	"slices"
)

// Rows is a graph known in full, as compressed rows in any order. It is a
// [Source]; the solver reads it in place and copies only the cheapest few pairs
// of each row. It does not change and is safe for concurrent use.
type Rows struct {
	first      []int // row r is first[r]:first[r+1]
	volunteers []int32
	costs      []int64
	count      int   // volunteers named: one more than the largest
	dearest    int64 // cost
}

// NewRows takes the rows over: pairs first[r] to first[r+1] are those of request
// r. It checks that each row names a volunteer once and costs lie between 0 and
// MaxTotal; the error is a [*ProblemError].
func NewRows(first []int, volunteers []int32, costs []int64) (*Rows, error) {
	if len(first) == 0 || first[0] != 0 || first[len(first)-1] != len(volunteers) || len(volunteers) != len(costs) {
		return nil, &ProblemError{"source", "first must lead from 0 to the number of pairs, and each pair has a volunteer and a cost"}
	}
	rows := &Rows{first: first, volunteers: volunteers, costs: costs}
	for _, v := range volunteers {
		if v < 0 || v == math.MaxInt32 {
			return nil, &ProblemError{"source", "names a volunteer outside 0 to 2^31 - 2"}
		}
		rows.count = max(rows.count, int(v)+1)
	}
	seen := make([]int32, rows.count)
	for r := range len(first) - 1 {
		if first[r] > first[r+1] || first[r+1] > len(volunteers) {
			return nil, problemErrorf("source", r, "", "ends before it begins")
		}
		for i := first[r]; i < first[r+1]; i++ {
			v, c := volunteers[i], costs[i]
			if seen[v] == int32(r)+1 {
				return nil, problemErrorf("source", r, "", "names volunteer %d twice", v)
			}
			if c < 0 || c > MaxTotal {
				return nil, problemErrorf("source", r, "", "gives volunteer %d a cost of %d; give 0 to 2^60", v, c)
			}
			seen[v] = int32(r) + 1
			rows.dearest = max(rows.dearest, c)
		}
	}
	return rows, nil
}

// AppendBelow implements [Source].
func (g *Rows) AppendBelow(dst []Arc, r int32, limit int64) []Arc {
	for i := g.first[r]; i < g.first[r+1]; i++ {
		if c := g.costs[i]; c < limit {
			dst = append(dst, Arc{g.volunteers[i], c})
		}
	}
	return dst
}

// Len is the number of rows.
func (g *Rows) Len() int { return len(g.first) - 1 }

// Pairs is the number of pairs in all rows.
func (g *Rows) Pairs() int { return len(g.costs) }

const (
	few       = 16      // bounds the pairs that nearest picks
	keyedCost = 1 << 32 // cheaper pairs have a key: cost, then volunteer, as one number
)

// nearest appends up to m pairs of row r to dst, those that come after the pair
// last in the order of cost, then volunteer, and says whether it came to the end
// of the row. m is at most few, and all pairs have keys.
func (g *Rows) nearest(dst []Arc, r int32, last Arc, m int) (out []Arc, whole bool) {
	var room [few]uint64
	keys := room[:m]
	for i := range keys {
		keys[i] = math.MaxUint64
	}
	least := keyOf(last.Cost, last.Volunteer) + 1 // wraps around to 0 at first
	farthest := uint64(math.MaxUint64)
	from, to := g.first[r], g.first[r+1]
	row := g.volunteers[from:to]
	before := 0
	for i, c := range g.costs[from:to] {
		if uint64(c) > farthest>>32 {
			continue
		}
		key := keyOf(c, row[i])
		if key < least {
			before++
			continue
		}
		// Which place it takes cannot be foreseen, so no branch depends on it.
		for at, k := range keys {
			keys[at], key = min(k, key), max(k, key)
		}
		farthest = keys[m-1]
	}
	found := len(row) - before
	for _, k := range keys[:min(found, m)] {
		dst = append(dst, Arc{int32(k), int64(k >> 32)})
	}
	return dst, found <= m
}

func keyOf(cost int64, volunteer int32) uint64 { return uint64(cost)<<32 | uint64(uint32(volunteer)) }

// after appends the m nearest pairs of row r after the pair last, all if there are
// fewer, in the order of cost, then volunteer, and says whether it came to the end
// of the row. It takes one pass over the row and sorts no more than it gives.
func (g *Rows) after(dst []Arc, r int32, last Arc, m int) (out []Arc, whole bool) {
	start := len(dst)
	for i := g.first[r]; i < g.first[r+1]; i++ {
		if a := (Arc{g.volunteers[i], g.costs[i]}); compareArcs(a, last) > 0 {
			dst = append(dst, a)
		}
	}
	rest := dst[start:]
	whole = len(rest) <= m
	if !whole {
		selectNearest(rest, m)
		rest = rest[:m]
	}
	slices.SortFunc(rest, compareArcs)
	return dst[:start+len(rest)], whole
}

// selectNearest moves the m nearest pairs to the front (C. A. R. Hoare, Algorithm
// 65: find, 1961, with the middle of three as pivot).
func selectNearest(arcs []Arc, m int) {
	low, high := 0, len(arcs)-1
	for low < high {
		pivot := middle(arcs[low], arcs[(low+high)/2], arcs[high])
		i, j := low, high
		for i <= j {
			for compareArcs(arcs[i], pivot) < 0 {
				i++
			}
			for compareArcs(arcs[j], pivot) > 0 {
				j--
			}
			if i <= j {
				arcs[i], arcs[j] = arcs[j], arcs[i]
				i++
				j--
			}
		}
		switch {
		case m <= j:
			high = j
		case m > i:
			low = i
		default:
			return
		}
	}
}

func middle(a, b, c Arc) Arc {
	if compareArcs(a, b) > 0 {
		a, b = b, a
	}
	if compareArcs(b, c) > 0 {
		b = c
	}
	if compareArcs(a, b) > 0 {
		return a
	}
	return b
}

// tooDear names a pair that costs more than can be computed exactly.
func (g *Rows) tooDear(dearest int64) error {
	for r := range g.Len() {
		for i := g.first[r]; i < g.first[r+1]; i++ {
			if a := (Arc{g.volunteers[i], g.costs[i]}); a.Cost > dearest {
				return tooDear(int32(r), a, dearest)
			}
		}
	}
	return nil
}
