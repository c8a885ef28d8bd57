package flow

import "math/bits"

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
	if skip == nil {
		// Who is best cannot be foreseen, so no branch depends on it.
		at := bestKept
		for i := range k.best[:k.n] {
			p := &k.best[i]
			value := p.cost + price[p.object]
			second = min(second, max(best, value))
			if value < best {
				at = i
			}
			best = min(best, value)
		}
		if at < bestKept {
			pair = k.best[at]
		}
		return pair, best, second
	}
	for i := range k.best[:k.n] {
		p := &k.best[i]
		value := p.cost + price[p.object]
		switch {
		case value >= second || skip(p.object):
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
	if len(a.room) < len(others) {
		a.room = make([]offered, len(others))
	}
	found := gather(a.room, others, costs, price, a.scale, less*a.scale, worst)
	k.n, k.bound = pick(&k.best, a.room[:found], worst, skip)
	for i := range k.best[:k.n] {
		p := &k.best[i]
		p.cost -= price[p.object]
	}
}

// gather puts the pairs that cost less than worst with their price into the room, and
// counts them. It is kept apart so that all its numbers stay in registers.
//
//go:noinline
func gather(room []offered, others []int32, costs, price []int64, scale, less, worst int64) (found int) {
	costs = costs[:len(others)]
	for i, o := range others {
		value := costs[i]*scale + price[o] - less
		// Who comes into question cannot be foreseen, so no branch depends on it.
		room[found] = offered{value, o}
		if value < worst {
			found++
		}
	}
	return found
}

// pick moves the cheapest of the pairs gathered to best, in order, and says what all
// others cost at least.
func pick(best *[bestKept]offered, gathered []offered, worst int64, skip func(int32) bool) (n int32, bound int64) {
	least := worst
	for _, p := range gathered {
		least = min(least, p.cost)
	}
	places := bits.Len(uint(len(gathered)))
	if skip != nil || uint64(worst-least) >= 1<<(63-places) {
		return pickInTurn(best, gathered, worst, skip)
	}
	// What a pair costs above the least and its place are one number. Which rank it
	// takes cannot be foreseen, so no branch depends on it.
	top := uint64(worst-least) << places
	a, b, c, d, e, f, g, h, i := top, top, top, top, top, top, top, top, top
	for at, p := range gathered {
		key := uint64(p.cost-least)<<places | uint64(at)
		a, key = min(a, key), max(a, key)
		b, key = min(b, key), max(b, key)
		c, key = min(c, key), max(c, key)
		d, key = min(d, key), max(d, key)
		e, key = min(e, key), max(e, key)
		f, key = min(f, key), max(f, key)
		g, key = min(g, key), max(g, key)
		h, key = min(h, key), max(h, key)
		i = min(i, key)
	}
	for _, key := range [bestKept]uint64{a, b, c, d, e, f, g, h} {
		if key == top {
			break
		}
		best[n] = gathered[key&(1<<places-1)]
		n++
	}
	return n, int64(i>>places) + least
}

// pickInTurn is pick for partners to be skipped, and for numbers too large for it.
func pickInTurn(best *[bestKept]offered, gathered []offered, worst int64, skip func(int32) bool) (n int32, bound int64) {
	for _, p := range gathered {
		if p.cost >= worst || skip != nil && skip(p.object) {
			continue
		}
		if n == bestKept {
			worst = max(p.cost, best[bestKept-1].cost)
			if p.cost == worst {
				continue
			}
			n--
		}
		j := n
		for ; j > 0 && best[j-1].cost > p.cost; j-- {
			best[j] = best[j-1]
		}
		best[j] = p
		n++
	}
	return n, worst
}

// dearest is what the worst of the pairs kept costs.
func (k *kept) dearest(price []int64) int64 {
	top := -MaxTotal
	for _, p := range k.best[:k.n] {
		top = max(top, p.cost+price[p.object])
	}
	return top
}
