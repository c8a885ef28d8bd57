package flow

import "slices"

// offered is one pair, seen from its bidder.
type offered struct {
	cost   int64 // scaled
	object int32
}

// bestKept is how many pairs a node keeps in an auction.
const bestKept = 8

// kept is what a node of an auction remembers of its pairs. It looks through all of
// them once in a while and keeps the best few: as others only get dearer, these are
// the best as long as they cost no more than the bound.
type kept struct {
	bound int64 // pairs that are not among the best cost at least this
	n     int32
	best  [bestKept]offered
}

// look finds the best of the pairs kept that costs less than outside, and what the
// next best costs, when price is what each partner costs. Partners that are to be
// left out may be named by skip.
func (k *kept) look(price []int64, outside int64, skip func(int32) bool) (pair offered, best, second int64) {
	pair.object, best, second = none, outside, outside
	for i := range k.best[:k.n] {
		p := &k.best[i]
		value := p.cost + price[p.object]
		switch {
		case value >= second || skip != nil && skip(p.object):
		case value < best:
			pair, best, second = *p, value, best
		default:
			second = value
		}
	}
	return pair, best, second
}

// choose keeps the best of the pairs of a node, from whose costs less is taken off,
// among those that cost less than worst then.
func (a *auction) choose(k *kept, pairs *pairs, node int32, less int64, price []int64, worst int64, skip func(int32) bool) {
	others, costs := pairs.of(node)
	a.scanned += int64(len(others))
	if len(others) <= bestKept {
		worst, skip = MaxTotal, nil // all of them are kept
	}
	a.room = slices.Grow(a.room[:0], len(others))[:len(others)]
	// Who comes into question cannot be foreseen, so no branch depends on it.
	room, scale, found := a.room, a.scale, 0
	less *= scale
	for i, c := range costs {
		o := others[i]
		value := c*scale + price[o] - less
		room[found] = offered{value, o}
		if value < worst {
			found++
		}
	}
	var best [bestKept + 1]offered
	n := 0
	for _, p := range room[:found] {
		if p.cost >= worst || skip != nil && skip(p.object) {
			continue
		}
		j := n
		for ; j > 0 && best[j-1].cost > p.cost; j-- {
			best[j] = best[j-1]
		}
		best[j] = p
		if n++; n > bestKept {
			n, worst = bestKept, best[bestKept].cost
		}
	}
	k.n, k.bound = int32(n), worst
	for j, p := range best[:n] {
		k.best[j] = offered{p.cost - price[p.object], p.object}
	}
}

// dearest is what the worst of the pairs kept costs.
func (k *kept) dearest(price []int64) int64 {
	top := -MaxTotal
	for _, p := range k.best[:k.n] {
		top = max(top, p.cost+price[p.object])
	}
	return top
}
