package flow

// Objects that nobody holds at the end of a phase must be free of charge, but
// those that a coarser phase made dear are not. They ask in turn (D. P. Bertsekas,
// D. A. Castañon, A forward/reverse auction algorithm for asymmetric assignment
// problems, Computational Optimization and Applications 1, 1992): the object goes
// to the bidder who gains most by it, at the price that the next would pay, and
// what that bidder held before asks next.
type reversal struct {
	pairs pairs   // who wants each object; where objects are requests, these are the rows
	queue []int32 // units that may be unheld and dear
	of    []int32 // per unit, its object

	fallen []bool // per object, whether its price has fallen in this phase
	askers []kept // per object, who gains most by it; gains only fall while objects ask
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
	if b.of == nil {
		a.turnRound()
	}
	for o := range b.askers {
		b.askers[o].bound = -MaxTotal // they have gained since
	}
	for ; len(b.queue) > 0 && a.scanned <= a.limit; a.bids++ {
		u := b.queue[len(b.queue)-1]
		b.queue = b.queue[:len(b.queue)-1]
		a.ask(u)
	}
	for o, fallen := range b.fallen {
		if fallen {
			a.tell(int32(o))
			b.fallen[o] = false
		}
	}
}

// ask offers unit u to whoever gains most by it.
func (a *auction) ask(u int32) {
	b := &a.back
	o := b.of[u]
	w := &b.askers[o]
	b.fallen[o] = true
	var skip func(int32) bool
	if a.units[o+1]-a.units[o] > 1 {
		skip = func(bidder int32) bool { return a.isHeld(o, bidder) }
	}
	a.scanned += int64(w.n)
	pair, best, second := w.look(a.relief, 0, skip) // what is free of charge is worth asking nobody
	if best > w.bound {
		worst := int64(0)
		if w.n == bestKept {
			worst = min(worst, w.dearest(a.relief)+1)
		}
		a.choose(w, &b.pairs, o, a.lessOf(o), a.relief, worst, skip)
		pair, best, second = w.look(a.relief, 0, skip)
	}
	if -best <= a.step {
		a.bid[u] = 0
		a.priceOf(o)
		return
	}
	a.bid[u] = max(0, -min(second, w.bound)-a.step)
	a.priceOf(o)
	taker := &a.bidders[pair.object]
	a.relief[pair.object] = -(pair.cost + a.bid[u])
	if out := taker.held; out != none {
		a.holder[out] = none
		if a.bid[out] > 0 {
			b.queue = append(b.queue, out)
		}
	}
	a.holder[u], taker.held, taker.closed = pair.object, u, false
}

// isHeld says whether that bidder has a unit of the object.
func (a *auction) isHeld(o, bidder int32) bool {
	u := a.bidders[bidder].held
	return u != none && a.back.of[u] == o
}

// tell lets all who want an object know that its price has fallen.
func (a *auction) tell(o int32) {
	bidders, costs := a.back.pairs.of(o)
	less := a.lessOf(o)
	for i, bidder := range bidders {
		w := &a.bidders[bidder]
		w.bound = min(w.bound, (costs[i]-less)*a.scale+a.price[o])
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
	b.fallen, b.askers = make([]bool, len(a.price)), make([]kept, len(a.price))
	if a.byRequest {
		b.pairs = a.pairs.turned(len(a.price), func(int) int64 { return 0 })
	}
}

// lessOf is what has to be taken off the costs of the pairs of an object: a request
// saves its penalty.
func (a *auction) lessOf(o int32) int64 {
	if a.byRequest {
		return 0
	}
	return a.penalty(int(o))
}
