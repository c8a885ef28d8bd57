package flow

// Objects that nobody holds at the end of a phase must be free of charge, but
// those that a coarser phase made dear are not. They ask in turn (D. P. Bertsekas,
// D. A. Castañon, A forward/reverse auction algorithm for asymmetric assignment
// problems, Computational Optimization and Applications 1, 1992): the object goes
// to the bidder who gains most by it, at the price that the next would pay, and
// what that bidder held before asks next.
type reversal struct {
	first []int     // object o is wanted by those in pairs[first[o]:first[o+1]]
	pairs []offered // the object of each is the bidder
	queue []int32   // units that may be unheld and dear
	of    []int32   // per unit, its object
}

// reverse ends a phase. It needs bidders of one unit each; others may keep more
// that is to be mended afterwards.
func (a *auction) reverse() {
	if !a.single {
		return
	}
	b := &a.back
	b.queue = b.queue[:0]
	for o := range int32(len(a.price)) {
		for u := a.units[o]; u < a.units[o+1]; u++ {
			if a.holder[u] == none && a.bid[u] > 0 {
				b.queue = append(b.queue, u)
			}
		}
	}
	if len(b.queue) == 0 {
		return
	}
	if b.first == nil {
		a.turnRound()
	}
	for len(b.queue) > 0 && a.scanned <= a.limit {
		u := b.queue[len(b.queue)-1]
		b.queue = b.queue[:len(b.queue)-1]
		a.ask(u)
	}
}

// ask offers unit u to whoever gains most by it.
func (a *auction) ask(u int32) {
	b := &a.back
	o := b.of[u]
	best, second := int64(0), int64(0) // what is free of charge is worth asking nobody
	at := -1
	from, to := b.first[o], b.first[o+1]
	a.scanned += int64(to - from)
	for i, p := range b.pairs[from:to] {
		gain := a.level[p.object] - p.cost
		if gain <= second || a.isHeld(o, p.object) {
			continue
		}
		if gain > best {
			best, second, at = gain, best, from+i
		} else {
			second = gain
		}
	}
	if best <= a.step {
		a.bid[u] = 0
		a.cheapen(o)
		return
	}
	taker := b.pairs[at].object
	w := &a.bidders[taker]
	a.bid[u] = max(0, second-a.step)
	a.cheapen(o)
	a.level[taker] = b.pairs[at].cost + a.bid[u]
	if out := w.held; out != none {
		a.holder[out] = none
		if a.bid[out] > 0 {
			b.queue = append(b.queue, out)
		}
	}
	a.holder[u], w.held, w.closed = taker, u, false
}

// isHeld says whether that bidder has a unit of the object.
func (a *auction) isHeld(o, bidder int32) bool {
	u := a.bidders[bidder].held
	return u != none && a.back.of[u] == o
}

// cheapen sets the price of an object whose bids have fallen.
func (a *auction) cheapen(o int32) {
	a.priceOf(o)
	b := &a.back
	for _, p := range b.pairs[b.first[o]:b.first[o+1]] {
		w := &a.bidders[p.object]
		w.bound = min(w.bound, p.cost+a.price[o])
	}
}

// turnRound lists the pairs of each object.
func (a *auction) turnRound() {
	b := &a.back
	b.of = make([]int32, len(a.holder))
	for o := range int32(len(a.price)) {
		for u := a.units[o]; u < a.units[o+1]; u++ {
			b.of[u] = o
		}
	}
	b.first = make([]int, len(a.price)+1)
	for _, p := range a.pairs {
		b.first[p.object+1]++
	}
	for o := range a.price {
		b.first[o+1] += b.first[o]
	}
	b.pairs = make([]offered, len(a.pairs))
	for i := range a.bidders {
		for _, p := range a.pairs[a.first[i]:a.first[i+1]] {
			b.pairs[b.first[p.object]] = offered{p.cost, int32(i)}
			b.first[p.object]++
		}
	}
	copy(b.first[1:], b.first)
	b.first[0] = 0
}
