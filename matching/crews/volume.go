package crews

// volume is the volume algorithm (Barahona, Anbil 2000) on a region: a
// subgradient method that steps along the mean of the plans met so far, and
// whose mean plan comes near the optimum of the linear program. It works in
// floating point, as what it finds is only proposed: the bound is always summed
// again in integers.
type volume struct {
	*region
	best  float64 // value of the best prices, which region.price holds
	fates []fate  // that are assumed of the parties; nil if none is

	use, meanUse       []float64 // of each volunteer, by the present plan and in the mean
	served, meanServed []float64 // of each party, 1 if the present plan serves it, and the mean
	excess             []float64 // direction of the next step
	next               []float64 // prices that are tried
	picks              []pick
	outside            map[int32]int64 // use of volunteers outside the region, if it is to be counted
}

// pick is a pair that a party may take.
type pick struct {
	gain      float64 // c + price − P
	volunteer int32   // place in the region, or the complement of the number of somebody outside
}

const (
	firstScale = 0.5
	leastScale = 1e-5
	patience   = 8 // steps without gain until they get shorter
	hopeless   = 100
)

// pace is how long the volume algorithm goes on: for so many rounds, or until a
// lap of them has gained less than one part in hopeless of what is left to gain.
type pace struct{ rounds, lap int }

func newVolume(g *region) *volume {
	v := &volume{
		region: g,
		use:    make([]float64, len(g.price)), meanUse: make([]float64, len(g.price)),
		served: make([]float64, len(g.parties)), meanServed: make([]float64, len(g.parties)),
		excess: make([]float64, len(g.price)), next: make([]float64, len(g.price)),
	}
	v.restart(g.price)
	return v
}

// restart begins anew from these prices.
func (v *volume) restart(price []float64) {
	copy(v.price, price)
	v.best = v.evaluate(v.price)
	copy(v.meanUse, v.use)
	copy(v.meanServed, v.served)
}

// run steps towards a value that is room above the present one, which is at most
// what there is to gain. It gives the number of steps.
func (v *volume) run(room float64, p pace) (taken int) {
	target, scale, idle, before := v.best+room, firstScale, 0, v.best
	for round := range p.rounds {
		if (round+1)%p.lap == 0 {
			if v.best-before < (target-v.best)/hopeless {
				return round
			}
			before = v.best
		}
		length := v.aim()
		if length == 0 || v.best >= target {
			return round
		}
		stride := scale * (target - v.best) / length
		for i, e := range v.excess {
			v.next[i] = max(v.floor[i], v.price[i]+stride*e)
		}
		value := v.evaluate(v.next)
		v.blend(round > p.rounds/2)
		if value <= v.best {
			if idle++; idle == patience {
				scale, idle = max(scale*0.66, leastScale), 0
			}
			continue
		}
		if v.onward() {
			scale = min(2, scale*1.1)
		}
		v.best, idle = value, 0
		copy(v.price, v.next)
	}
	return p.rounds
}

// aim sets the direction to the mean excess over capacity and gives the square
// of its length. Prices at their floor do not fall.
func (v *volume) aim() (length float64) {
	for i, k := range v.capacity {
		e := v.meanUse[i] - k
		if e < 0 && v.price[i] <= v.floor[i] {
			e = 0
		}
		v.excess[i] = e
		length += e * e
	}
	return length
}

// onward says whether a longer step would have gained more.
func (v *volume) onward() bool {
	along := 0.0
	for i, k := range v.capacity {
		along += (v.use[i] - k) * v.excess[i]
	}
	return along > 0
}

// blend moves the means towards the present plan, by the part that makes the
// mean excess shortest, within limits that get narrower late.
func (v *volume) blend(late bool) {
	most := 0.1
	if late {
		most = 0.03
	}
	part, down, across := most, 0.0, 0.0
	for i, k := range v.capacity {
		mean, now := v.meanUse[i]-k, v.use[i]-k
		if v.price[i] <= v.floor[i] {
			mean, now = max(0, mean), max(0, now)
		}
		down -= mean * (now - mean)
		across += (now - mean) * (now - mean)
	}
	if across > 0 {
		part = min(max(down/across, most/10), most)
	}
	for i := range v.meanUse {
		v.meanUse[i] += part * (v.use[i] - v.meanUse[i])
	}
	for i := range v.meanServed {
		v.meanServed[i] += part * (v.served[i] - v.meanServed[i])
	}
}

// evaluate serves every party of the region at these prices and gives the sum.
func (v *volume) evaluate(price []float64) (sum float64) {
	clear(v.use)
	for i, party := range v.members {
		v.picks = v.picks[:0]
		for r := party.first; r < party.last; r++ {
			v.pickFor(&v.rows[r], price)
		}
		if party.last-party.first > 1 {
			sortPicks(v.picks, 0, 1)
		}
		gain, people := 0.0, 0
		for people < len(v.picks) && (v.picks[people].gain < 0 || people < party.minimum) {
			gain += v.picks[people].gain
			people++
		}
		v.served[i] = 0
		fate := undecided
		if v.fates != nil {
			fate = v.fates[i]
		}
		if fate == closed || people < party.minimum || gain >= 0 && fate != kept {
			continue
		}
		sum += gain
		v.served[i] = 1
		for _, p := range v.picks[:people] {
			if p.volunteer >= 0 {
				v.use[p.volunteer]++
			} else if v.outside != nil {
				v.outside[^p.volunteer]++
			}
		}
	}
	for i, k := range v.capacity {
		sum -= k * price[i]
	}
	return sum
}

// pickFor appends the best picks of a row, one for each seat, in order.
func (v *volume) pickFor(w *row, price []float64) {
	start := len(v.picks)
	v.picks = append(v.picks, v.fixed[w.firstFixed:w.lastFixed]...)
	for _, a := range v.pairs[w.first:w.last] {
		a.gain += price[a.volunteer]
		if len(v.picks)-start == w.seats {
			if w.seats == 0 || a.gain >= v.picks[len(v.picks)-1].gain {
				continue
			}
			v.picks = v.picks[:len(v.picks)-1]
		}
		v.picks = append(v.picks, a)
		sortPicks(v.picks, start, len(v.picks)-1)
	}
}

// sortPicks inserts the picks from place at on into those before, which are in
// order from place start on.
func sortPicks(picks []pick, start, at int) {
	for ; at < len(picks); at++ {
		p, i := picks[at], at
		for ; i > start && picks[i-1].gain > p.gain; i-- {
			picks[i] = picks[i-1]
		}
		picks[i] = p
	}
}
