package crews

// past is what a crew had when the plan was marked.
type past struct {
	crew party
	fate fate
	held []int64 // of each of its requests
}

// mark makes the present plan the one that restore goes back to.
func (p *plan) mark() {
	for _, b := range p.trail {
		p.trailed[b.crew] = false
	}
	p.trail, p.marked = p.trail[:0], true
}

// note remembers what a crew has before it changes for the first time since the
// mark.
func (p *plan) note(crew party) {
	if !p.marked || p.trailed[crew] {
		return
	}
	p.trailed[crew] = true
	b := past{crew: crew, fate: p.fates[crew]}
	for _, r := range p.crews[crew].Members {
		b.held = append(b.held, p.held[r])
	}
	p.trail = append(p.trail, b)
}

// restore gives crews back what they had at the mark, to the seat: the plan costs
// the same again.
func (p *plan) restore() error {
	for _, b := range p.trail {
		var err error
		switch {
		case b.fate == closed:
			err = p.dismiss(b.crew)
		case p.fates[b.crew] != b.fate || !p.holds(b):
			err = p.release(b.crew)
		}
		if err != nil {
			return err
		}
	}
	for _, b := range p.trail {
		if b.fate != kept || p.fates[b.crew] == kept {
			continue
		}
		if err := p.readmit(b.crew, b.held); err != nil {
			return err
		}
	}
	return nil
}

// readmit lets a crew keep its minimum again, by the same seats of each request.
func (p *plan) readmit(crew party, held []int64) error {
	if err := p.release(crew); err != nil {
		return err
	}
	p.note(crew)
	p.fates[crew] = kept
	for i, r := range p.crews[crew].Members {
		if _, err := p.hold(crew, r, held[i]); err != nil {
			return err
		}
	}
	return nil
}

// holds says whether the requests of a crew hold as many seats as at the mark.
func (p *plan) holds(b past) bool {
	for i, r := range p.crews[b.crew].Members {
		if p.held[r] != b.held[i] {
			return false
		}
	}
	return true
}
