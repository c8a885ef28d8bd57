package planner

import (
	"cmp"
	"context"
	"slices"
)

// Effort of the search for a better choice than the one that prices gave.
const (
	mostAlternatives = 256       // that are listed for one kind of block
	mostVisits       = 200_000   // of states on the way to them
	calendarWork     = 4_000_000 // arcs of all calendars that are made
)

// alternative is a way to share out the rests of a block, with what it costs
// more at the prices than the cheapest.
type alternative struct {
	grouping
	units  []int64 // [host] cohorts
	excess int64
}

// closing looks through every choice that could beat the best plan.
type closing struct {
	*search
	lists  [][]alternative // of each kind
	choice []grouping
	left   int // calendars that may still be made
}

// close tries every choice whose cost at the prices is below that of the best
// plan: any other costs more than it by the bound. It tells whether it came to
// an end, in which case the best plan is the best there is.
func (s *search) close(ctx context.Context) (done bool, err error) {
	if s.best.cost == s.bound {
		return true, nil
	}
	c := closing{search: s, choice: slices.Clone(s.best.choice), left: calendarWork / max(1, s.net.flow.Arcs())}
	q := newQuotes(s.in, &s.proof)
	for _, k := range s.kinds {
		b := &s.in.blocks[k.blocks[0]]
		f, _ := newFrontier(s.in, b, q.hosts(b))
		list, whole := f.alternatives(s.best.cost - s.bound - 1)
		if !whole {
			return false, nil
		}
		c.lists = append(c.lists, list)
	}
	return c.kind(ctx, 0, 0)
}

// kind goes through the choices for one kind and those after it, given the
// excess of those before.
func (c *closing) kind(ctx context.Context, k int, excess int64) (done bool, err error) {
	if k == len(c.kinds) {
		if c.left == 0 {
			return false, nil
		}
		c.left--
		_, err := c.try(ctx, c.choice)
		return err == nil, err
	}
	return c.block(ctx, k, 0, 0, excess)
}

// block goes through the alternatives from one on for a block of a kind. Blocks
// of a kind can be exchanged, so that theirs are taken in ascending order.
func (c *closing) block(ctx context.Context, k, i, from int, excess int64) (done bool, err error) {
	if i == len(c.kinds[k].blocks) {
		return c.kind(ctx, k+1, excess)
	}
	done = true
	for a := from; a < len(c.lists[k]); a++ {
		one := &c.lists[k][a]
		if c.bound+excess+one.excess >= c.best.cost {
			break // they are in order of their excess
		}
		c.choice[c.kinds[k].blocks[i]] = one.grouping
		ended, err := c.block(ctx, k, i+1, a, excess+one.excess)
		if err != nil {
			return false, err
		}
		done = done && ended
	}
	return done, nil
}

// alternatives lists the ways to share out that cost at most so much more than
// the cheapest, of those with the same cohorts at every host only the cheapest.
// whole says that none is missing.
func (f *frontier) alternatives(slack int64) (list []alternative, whole bool) {
	least, exact := f.run(false)
	if !exact {
		return nil, false
	}
	toGo := f.toGo()
	chosen := make([]int, len(f.rows))
	whole = true
	visits := 0
	var visit func(j int, at set, cost int64)
	visit = func(j int, at set, cost int64) {
		if visits++; len(list) > mostAlternatives || visits > mostVisits {
			whole = false
			return
		}
		if j == len(f.rows) {
			list = f.note(list, chosen, cost-least)
			return
		}
		f.moves(j, at, func(subset int, to set, more int64) {
			if cost+more+toGo[j+1][to] <= least+slack {
				chosen[j] = subset
				visit(j+1, to, cost+more)
			}
		})
	}
	visit(0, set{}, f.layers[0][0].cost)
	slices.SortStableFunc(list, func(a, b alternative) int { return cmp.Compare(a.excess, b.excess) })
	return list, whole
}

// toGo is what it costs at least from each state on.
func (f *frontier) toGo() []map[set]int64 {
	costs := make([]map[set]int64, len(f.layers))
	last := len(f.rows)
	costs[last] = map[set]int64{{}: 0}
	for j := last - 1; j >= 0; j-- {
		costs[j] = map[set]int64{}
		for _, s := range f.layers[j] {
			f.moves(j, s.served, func(_ int, to set, cost int64) {
				cost += costs[j+1][to]
				if known, there := costs[j][s.served]; !there || cost < known {
					costs[j][s.served] = cost
				}
			})
		}
	}
	return costs
}

// note adds a way to share out unless one like it is there that costs no more.
func (f *frontier) note(list []alternative, chosen []int, excess int64) []alternative {
	one := alternative{f.grouping(chosen), make([]int64, len(f.p.hosts)), excess}
	for _, g := range one.groups {
		one.units[g.host] = g.cohorts
	}
	for i := range list {
		if slices.Equal(list[i].units, one.units) {
			if one.excess < list[i].excess {
				list[i] = one
			}
			return list
		}
	}
	return append(list, one)
}
