package crews

// steps are the parts of a ray that are tried: all of it, a half, a quarter, …
const steps = 5

// ray is a direction in which prices may move.
type ray struct {
	volunteers []int32
	from       []int64 // prices where the ray was noted
	by         []int64 // how far each price moves
	place      []int32 // per volunteer, 1 + the place above, or 0

	start, prices []int64
	peak          peak
}

func newRay(volunteers int) *ray { return &ray{place: make([]int32, volunteers)} }

func (d *ray) clear() {
	for _, v := range d.volunteers {
		d.place[v] = 0
	}
	d.volunteers, d.from, d.by = d.volunteers[:0], d.from[:0], d.by[:0]
}

// note remembers the price of a volunteer before it first moved.
func (d *ray) note(v int32, before int64) {
	if d.place[v] == 0 {
		d.volunteers = append(d.volunteers, v)
		d.from = append(d.from, before)
		d.place[v] = int32(len(d.volunteers))
	}
}

// aim points the ray from the prices noted to those that hold now, and leaves
// out volunteers whose price came back to where it was.
func (d *ray) aim(now priceOf) {
	kept := 0
	for i, v := range d.volunteers {
		d.place[v] = 0
		if by := now(v) - d.from[i]; by != 0 {
			d.volunteers[kept] = v
			d.by = append(d.by, by)
			kept++
		}
	}
	d.volunteers, d.from = d.volunteers[:kept], d.from[:0]
}

// ascend moves the prices of the bound along the ray as far as that raises it.
// L is concave, so a step that is worse than the longer one before ends it.
func (l *lagrangian) ascend(d *ray) error {
	if err := l.touch(d.volunteers); err != nil {
		return err
	}
	return l.climb(d)
}

// climb moves the prices along the ray as ascend does, when all parties to whom
// they matter have been touched.
func (l *lagrangian) climb(d *ray) error {
	if len(d.volunteers) == 0 {
		return nil
	}
	d.start = d.start[:0]
	for _, v := range d.volunteers {
		d.start = append(d.start, l.price[v])
	}
	d.peak.save(l, d.start)
	isPeak, risen := true, false
	for step := range steps {
		if !d.stepTo(l, step) {
			continue
		}
		if err := l.set(d.volunteers, d.prices); err != nil {
			return err
		}
		if isPeak = l.value > d.peak.value; isPeak {
			d.peak.save(l, d.prices)
			risen = true
		} else if risen {
			break
		}
	}
	if !isPeak {
		d.peak.restore(l, d.volunteers)
	}
	return nil
}

// peak is the best that has been met on a ray.
type peak struct {
	value          int64
	prices, shares []int64 // of the volunteers of the ray and of the parties touched
}

func (p *peak) save(l *lagrangian, prices []int64) {
	p.value, p.prices, p.shares = l.value, append(p.prices[:0], prices...), p.shares[:0]
	for _, at := range l.touched {
		p.shares = append(p.shares, l.shares[at])
	}
}

func (p *peak) restore(l *lagrangian, volunteers []int32) {
	l.value = p.value
	for i, v := range volunteers {
		l.price[v] = p.prices[i]
	}
	for i, at := range l.touched {
		l.shares[at] = p.shares[i]
	}
}

// stepTo works out the prices after a step and says whether they are in range.
func (d *ray) stepTo(l *lagrangian, step int) bool {
	d.prices = append(d.prices[:0], d.start...)
	for i, v := range d.volunteers {
		if l.movable(v) {
			d.prices[i] = max(0, d.start[i]+d.by[i]>>step)
		}
		if d.prices[i] > max(l.highest, d.start[i]) {
			return false
		}
	}
	return true
}
