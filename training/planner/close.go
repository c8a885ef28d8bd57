package planner

import (
	"cmp"
	"context"
	"slices"
)

// Effort of the search for a better choice than those that prices gave.
const (
	mostAlternatives = 1024      // that are listed for one kind of block
	mostVisits       = 200_000   // of states on the way to them
	calendarWork     = 4_000_000 // arcs of all calendars that are made
	mostCalendars    = 20_000
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

// close exchanges how single courses share out their rests as long as that makes
// the best plan better. Then it tries every choice whose cost at the prices is
// below that of the best plan, if they are few enough: any other costs more by the
// bound. It tells whether it did, in which case the best plan is the best there is.
func (s *search) close(ctx context.Context) (done bool, err error) {
	if s.best.cost == s.bound {
		return true, nil
	}
	c := closing{search: s, left: min(mostCalendars, calendarWork/max(1, s.net.flow.Arcs()))}
	q := newQuotes(s.in, &s.proof)
	whole := true
	for _, k := range s.kinds {
		b := &s.in.blocks[k.blocks[0]]
		f, _ := newFrontier(s.in, b, q.hosts(b))
		list, all := f.alternatives(s.best.cost - s.bound - 1)
		whole = whole && all
		c.lists = append(c.lists, list)
	}
	if err := c.exchange(ctx); err != nil {
		return false, err
	}
	c.choice = slices.Clone(s.best.choice)
	if few := c.each(0, 0, 0, 0, func() bool { c.left--; return c.left >= 0 }); !whole || !few {
		return false, nil
	}
	c.each(0, 0, 0, 0, func() bool {
		err = c.try(ctx, c.choice)
		return err == nil
	})
	return err == nil, err
}

// exchange tries the alternatives of single blocks in turn, until none helps or
// half of the calendars are made.
func (c *closing) exchange(ctx context.Context) error {
	for until, better := c.left/2, true; better; {
		better = false
		for k := range c.kinds {
			for a := range c.lists[k] {
				was := c.best.cost
				for _, i := range c.differing(k, &c.lists[k][a]) {
					if c.left--; c.left < until {
						return nil
					}
					c.choice = slices.Clone(c.best.choice)
					c.choice[i] = c.lists[k][a].grouping
					if err := c.try(ctx, c.choice); err != nil {
						return err
					}
				}
				better = better || c.best.cost < was
			}
		}
	}
	return nil
}

// differing gives blocks of a kind that share out otherwise than an alternative,
// one for each way.
func (c *closing) differing(k int, a *alternative) []int {
	var blocks []int
	seen := []alternative{*a}
	for _, i := range c.kinds[k].blocks {
		units := unitsOf(&c.best.choice[i], len(a.units))
		if !slices.ContainsFunc(seen, func(s alternative) bool { return slices.Equal(s.units, units) }) {
			seen = append(seen, alternative{units: units})
			blocks = append(blocks, i)
		}
	}
	return blocks
}

// each calls do for every choice that could beat the best plan, from block i of
// kind k on, whose alternatives are taken from one on, given the excess of those
// before, until do gives false. Blocks of a kind can be exchanged, so that their
// alternatives are taken in ascending order.
func (c *closing) each(k, i, from int, excess int64, do func() bool) bool {
	if k == len(c.kinds) {
		return do()
	}
	if i == len(c.kinds[k].blocks) {
		return c.each(k+1, 0, 0, excess, do)
	}
	for a := from; a < len(c.lists[k]); a++ {
		one := &c.lists[k][a]
		if c.bound+excess+one.excess >= c.best.cost {
			break // they are in order of their excess
		}
		c.choice[c.kinds[k].blocks[i]] = one.grouping
		if !c.each(k, i+1, a, excess+one.excess, do) {
			return false
		}
	}
	return true
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
	one := alternative{grouping: f.grouping(chosen), excess: excess}
	one.units = unitsOf(&one.grouping, len(f.p.hosts))
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

// unitsOf is how many cohorts the groups make at each host.
func unitsOf(g *grouping, hosts int) []int64 {
	units := make([]int64, hosts)
	for i := range g.groups {
		units[g.groups[i].host] = g.groups[i].cohorts
	}
	return units
}
