package planner

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// width is how many states of the sharing out are kept side by side. Beyond it
// the plan drops the dearest ones, and the bound merges them.
const width = 1 << 9

// set is a set of homes, by their slot.
type set [4]uint64

func (s *set) has(slot int) bool { return s[slot/64]>>(slot%64)&1 == 1 }
func (s *set) add(slot int)      { s[slot/64] |= 1 << (slot % 64) }
func (s *set) drop(slot int)     { s[slot/64] &^= 1 << (slot % 64) }

// state is one point of a layer: which of the homes in question have a place.
type state struct {
	served set
	cost   int64
	parent int32  // in the layer before
	chosen uint16 // which of the host's homes came, by bit
}

// frontier shares out the rests of a block, host by host. Between two hosts only
// those homes are in question that could have gone to an earlier host and could
// still go to a later one: the state is the set of those that are served.
type frontier struct {
	in     *instance
	b      *block
	p      *stepPeople
	prices []int64 // [host] what the cheapest month costs a cohort
	width  int
	layers [][]state
	rows   []row

	relaxed bool // costs are those of the least superset
}

// row is what a host may do.
type row struct {
	homes []int   // with a rest
	slot  []int   // of each
	ends  []bool  // whether this is the last host that it can go to
	cost  []int64 // [subset of homes] with the price; negative where that is no group
	least []int64 // the least cost of any subset that holds this one
}

// newFrontier prepares the choices of every host. It is false if more than 256
// homes are in question at a time.
func newFrontier(in *instance, b *block, prices []int64) (*frontier, bool) {
	f := &frontier{in: in, b: b, p: &in.steps[b.step], prices: prices, width: width}
	slot := make([]int, len(f.p.homes))
	var free []int
	used := 0
	for j := range f.p.hosts {
		var r row
		for _, h := range f.p.hosts[j].homes {
			if b.rest[h] == 0 {
				continue
			}
			if f.p.ways[h][0] == j {
				if len(free) == 0 {
					free = append(free, used)
					used++
				}
				slot[h], free = free[len(free)-1], free[:len(free)-1]
			}
			r.homes, r.slot = append(r.homes, h), append(r.slot, slot[h])
			r.ends = append(r.ends, f.p.ways[h][len(f.p.ways[h])-1] == j)
		}
		for i, h := range r.homes {
			if r.ends[i] {
				free = append(free, slot[h])
			}
		}
		for subset := range 1 << len(r.homes) {
			g, cost := f.group(j, r.homes, subset)
			if cost >= 0 {
				cost += g.cohorts * prices[j]
			}
			r.cost = append(r.cost, cost)
		}
		r.least = leastOfSupersets(r.cost)
		f.rows = append(f.rows, r)
	}
	return f, used <= 256
}

// run goes through all hosts. With merge a layer that is too wide is narrowed by
// putting states together, so that the result is a bound; without, by dropping
// states, so that it is a way to share out. exact says that neither was needed.
//
// A merged state may hold for served who is not. A way to go on from one of the
// states in it serves them with others; without them that costs no more, if it
// counts as what the least superset costs, which may be a group where it is none.
func (f *frontier) run(merge bool) (cost int64, exact bool) {
	f.layers = [][]state{{{parent: -1, cost: -f.in.filled(sum(f.b.rest))}}}
	exact, f.relaxed = true, merge
	for j := range f.rows {
		next := f.expand(j)
		if len(next) > f.width {
			exact = false
			next = narrow(next, f.width, merge)
		}
		f.layers = append(f.layers, next)
	}
	return f.layers[len(f.rows)][0].cost, exact
}

// expand makes the layer after host j.
func (f *frontier) expand(j int) []state {
	var next []state
	at := map[set]int{}
	for parent, s := range f.layers[j] {
		f.moves(j, s.served, func(subset int, to set, cost int64) {
			cost += s.cost
			i, known := at[to]
			if !known {
				i = len(next)
				at[to] = i
				next = append(next, state{served: to, cost: math.MaxInt64})
			}
			if cost < next[i].cost {
				next[i].cost, next[i].parent, next[i].chosen = cost, int32(parent), uint16(subset)
			}
		})
	}
	return next
}

// moves calls do for everything that host j may do in a state.
func (f *frontier) moves(j int, served set, do func(subset int, to set, cost int64)) {
	r := &f.rows[j]
	costs := r.cost
	if f.relaxed {
		costs = r.least
	}
	for subset, cost := range costs {
		if cost < 0 {
			continue
		}
		to, twice := served, false
		for rest := uint(subset); rest != 0; rest &= rest - 1 {
			slot := r.slot[bits.TrailingZeros(rest)]
			twice = twice || to.has(slot)
			to.add(slot)
		}
		if twice {
			continue
		}
		for i, slot := range r.slot {
			if r.ends[i] {
				if !to.has(slot) {
					cost += f.leaving(r.homes[i])
				}
				to.drop(slot)
			}
		}
		do(subset, to, cost)
	}
}

// narrow keeps the cheapest states. Merged ones need serve only whom all of them
// still have to, which costs no more than any of them.
func narrow(layer []state, width int, merge bool) []state {
	slices.SortFunc(layer, func(a, b state) int {
		if c := cmp.Compare(a.cost, b.cost); c != 0 {
			return c
		}
		return slices.Compare(a.served[:], b.served[:])
	})
	if merge {
		last := &layer[width-1]
		for _, s := range layer[width:] {
			for i, w := range s.served {
				last.served[i] |= w
			}
		}
	}
	return layer[:width]
}

// best is the way to share out that run found.
func (f *frontier) best() grouping {
	chosen := make([]int, len(f.rows))
	at := int32(0)
	for j := len(f.rows) - 1; j >= 0; j-- {
		s := f.layers[j+1][at]
		chosen[j], at = int(s.chosen), s.parent
	}
	return f.grouping(chosen)
}

// shares is a simpler bound: every rest pays at least its share of a full cohort,
// at the host where that and the travel are cheapest.
func (f *frontier) shares() int64 {
	most, total := int64(f.in.Steps[f.b.step].MostSize), int64(0)
	for h, rest := range f.b.rest {
		best := f.in.out()
		for _, j := range f.p.ways[h] {
			km := f.p.hosts[j].km[slices.Index(f.p.hosts[j].homes, h)]
			best = min(best, rest*f.prices[j]/most+f.in.Costs.TravellerKm*rest*int64(km))
		}
		if rest > 0 {
			total += best
		}
	}
	return total
}
