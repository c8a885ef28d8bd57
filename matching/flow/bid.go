package flow

import "math"

// bidder is who bids. Prices only rise while bidders bid.
type bidder struct {
	kept
	outside int64 // what it costs to stay without a partner
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
	for i := range w.best[:w.n] {
		best = min(best, w.best[i].cost+a.price[w.best[i].object])
	}
	if -a.relief[b] <= best+a.step {
		return true
	}
	a.holder[w.held] = none
	return false
}

// bidFor makes one bid for a unit of b, or leaves it without a partner. It bids up to
// the bound and no further when the second best pair is not kept.
func (a *auction) bidFor(b int32) {
	w := &a.bidders[b]
	var skip func(int32) bool
	if w.units > 1 {
		skip = func(o int32) bool { return a.holds(b, o) }
	}
	a.scanned += int64(w.n)
	pair, best, second := w.look(a.price, w.outside, skip)
	if best > w.bound {
		a.keepBest(b, w, skip)
		pair, best, second = w.look(a.price, w.outside, skip)
	}
	if pair.object == none {
		w.closed, a.relief[b] = true, -w.outside
		return
	}
	second = min(second, w.bound)
	a.relief[b] = -(second + a.step)
	w.held = a.place(b, pair.object, a.price[pair.object]+second-best+a.step)
}

// keepBest finds the best pairs of b anew. Those kept so far, at their present
// prices, say how good a pair has to be.
func (a *auction) keepBest(b int32, w *bidder, skip func(int32) bool) {
	worst := w.outside // nothing as dear or dearer is kept
	if w.n == bestKept && w.units == 1 {
		worst = min(worst, w.dearest(a.price)+1)
	}
	a.choose(&w.kept, &a.pairs, b, 0, a.price, worst, skip)
	if w.bound == w.outside {
		w.bound = MaxTotal // what is dearer does not matter
	}
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
