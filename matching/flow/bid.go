package flow

import "math"

// bestKept is how many pairs a bidder keeps.
const bestKept = 4

// bidder is who bids. A bidder looks through all its pairs once in a while and
// keeps the best few; as prices only rise, these are the best as long as they cost
// no more than the bound.
type bidder struct {
	outside int64 // what it costs to stay without a partner
	bound   int64 // pairs that are not among the best cost at least this
	best    [bestKept]int32
	kept    int32
	units   int32
	closed  bool  // whether its units stay without a partner in this phase
	held    int32 // of a bidder with one unit, what it holds, or none
}

// content says whether b may keep what it holds in a phase with a smaller ε. If
// not, it gives it up.
func (a *auction) content(b int32, w *bidder) bool {
	if !a.single {
		return false
	}
	best := min(w.outside, w.bound)
	for _, i := range w.best[:w.kept] {
		p := &a.pairs[i]
		best = min(best, p.cost+a.price[p.object])
	}
	if a.level[b] <= best+a.step {
		return true
	}
	a.holder[w.held] = none
	return false
}

// bidFor makes one bid for a unit of b, or leaves it without a partner.
func (a *auction) bidFor(b int32) {
	w := &a.bidders[b]
	at, best, second := a.look(b, w, w.best[:w.kept])
	if second > w.bound {
		a.keepBest(b, w)
		at, best, second = a.look(b, w, w.best[:w.kept])
	}
	if at == none {
		w.closed, a.level[b] = true, w.outside
		return
	}
	o := a.pairs[at].object
	a.level[b] = second + a.step
	w.held = a.place(b, o, a.price[o]+second-best+a.step)
}

// look finds the best of so many pairs of b, and what the next best costs. Beyond
// the bound it does not matter what the next best costs.
func (a *auction) look(b int32, w *bidder, among []int32) (at int32, best, second int64) {
	at, best, second = none, w.outside, w.outside
	a.scanned += int64(len(among))
	for _, i := range among {
		p := &a.pairs[i]
		value := p.cost + a.price[p.object]
		switch {
		case value >= second || w.units > 1 && a.holds(b, p.object):
		case value < best:
			at, best, second = i, value, best
		default:
			second = value
		}
	}
	return at, best, second
}

// keepBest finds the best pairs of b anew. Those kept so far, at their present
// prices, say how good a pair has to be.
func (a *auction) keepBest(b int32, w *bidder) {
	var values [bestKept + 1]int64
	var places [bestKept + 1]int32
	n := 0
	from, to := a.first[b], a.first[b+1]
	a.scanned += int64(to - from)
	worst := w.outside // nothing as dear or dearer is kept
	if w.kept == bestKept && w.units == 1 {
		worst = min(worst, a.dearest(w)+1)
	}
	for i, p := range a.pairs[from:to] {
		value := p.cost + a.price[p.object]
		if value >= worst || w.units > 1 && a.holds(b, p.object) {
			continue
		}
		j := min(n, bestKept)
		for ; j > 0 && values[j-1] > value; j-- {
			values[j], places[j] = values[j-1], places[j-1]
		}
		values[j], places[j] = value, int32(from+i)
		if n <= bestKept {
			n++
		}
		if n > bestKept {
			worst = values[bestKept]
		}
	}
	w.kept, w.bound = int32(min(n, bestKept)), worst
	copy(w.best[:], places[:])
	if worst == w.outside {
		w.bound = MaxTotal // what is dearer does not matter
	}
}

// dearest is what the worst of the pairs that w keeps costs.
func (a *auction) dearest(w *bidder) int64 {
	top := -MaxTotal
	for _, i := range w.best[:w.kept] {
		top = max(top, a.pairs[i].cost+a.price[a.pairs[i].object])
	}
	return top
}

func (a *auction) holds(b, o int32) bool {
	for u := a.units[o]; u < a.units[o+1]; u++ {
		if a.holder[u] == b {
			return true
		}
	}
	return false
}

// place puts a bid in the place of the least one.
func (a *auction) place(b, o int32, bid int64) (unit int32) {
	from, to := a.units[o], a.units[o+1]
	least := from
	for u := from + 1; u < to; u++ {
		if a.bid[u] < a.bid[least] {
			least = u
		}
	}
	if out := a.holder[least]; out != none {
		a.queue = append(a.queue, out)
		a.bidders[out].held = none
	}
	a.holder[least], a.bid[least] = b, bid
	a.priceOf(o)
	return least
}

// priceOf sets the price of an object to the least bid of its units.
func (a *auction) priceOf(o int32) {
	price := int64(math.MaxInt64)
	for _, bid := range a.bid[a.units[o]:a.units[o+1]] {
		price = min(price, bid)
	}
	a.price[o] = price
}
