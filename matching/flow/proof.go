package flow

// proof notes what has changed since the plan was last proven, so that the next
// proof looks at nothing else.
//
// With k(v) split into the units in use and those left, the bound of the prices
// becomes a sum over single nodes, and so does what the plan costs above it:
//
//	r:  cost(r) + Σ p of its people − [d·y − max(0, y−P)·(d−Keep) + Σ min(0, c+p−y)]
//	v:  p · capacity left
//
// No term is below zero, so all are zero once the plan has been proven. The term
// of r can only change with y, its seats or its people, all of which note r, or
// with the price of somebody eligible, who is noted. Then it stays zero
// unless a matched pair has c + p − y > 0 after p rose, or another one has
// c + p − y < 0 after p fell.
type proof struct {
	valid      bool // there is a proof to go on from
	optimum    int64
	filled     int
	requests   []requestBefore
	volunteers []volunteerBefore
	noted      []uint64 // per volunteer one bit
}

type requestBefore struct {
	cost    int64
	request int32
	filled  int32
}

type volunteerBefore struct {
	price     int64
	volunteer int32
	used      int32
}

// begin takes the present state as proven.
func (p *proof) begin(s *Solver) {
	p.drop(s)
	p.valid, p.optimum, p.filled = true, s.cost, s.filled
	p.reach(s)
}

// reach makes room to note every volunteer.
func (p *proof) reach(s *Solver) {
	if words := len(s.volunteers)/64 + 1; len(p.noted) < words {
		p.noted = append(p.noted, make([]uint64, words-len(p.noted))...)
	}
}

// drop forgets the proof.
func (p *proof) drop(s *Solver) {
	for _, b := range p.requests {
		s.requests[b.request].noted = false
	}
	for _, b := range p.volunteers {
		p.noted[b.volunteer/64] = 0
	}
	p.requests, p.volunteers = p.requests[:0], p.volunteers[:0]
	p.valid = false
}

// note has to be called before the price, the seats or the people of r change.
func (s *Solver) note(r int32) {
	if s.proof.valid && !s.requests[r].noted {
		s.noteFirst(r)
	}
}

func (s *Solver) noteFirst(r int32) {
	cost, filled, _ := s.costOf(r)
	s.requests[r].noted = true
	s.proof.requests = append(s.proof.requests, requestBefore{cost, r, int32(filled)})
}

// noteVolunteer has to be called before the price, the capacity or the units of a
// volunteer change.
func (s *Solver) noteVolunteer(at int32) {
	if s.proof.valid && s.proof.noted[at/64]>>(at%64)&1 == 0 {
		s.noteVolunteerFirst(at)
	}
}

func (s *Solver) noteVolunteerFirst(at int32) {
	used, _ := s.unitsOf(at)
	s.proof.noted[at/64] |= 1 << (at % 64)
	s.proof.volunteers = append(s.proof.volunteers, volunteerBefore{s.volunteers[at].price, at, int32(used)})
}

// ProveChanges proves the plan like [Solver.Prove], going on from the last proof:
// it looks at the requests and volunteers whose part in plan or prices has
// changed since. A fault of memory in what has not changed since is found by
// Prove alone. Without a proof before, it is Prove.
func (s *Solver) ProveChanges() (optimum int64, err error) {
	p := &s.proof
	if !p.valid {
		return s.Prove()
	}
	optimum, filled, used := p.optimum, p.filled, p.filled
	for _, before := range p.requests {
		cost, n, ok := s.proveRequest(before.request)
		if !ok {
			return 0, ErrUnproven
		}
		optimum += cost - before.cost
		filled += n - int(before.filled)
	}
	for _, before := range p.volunteers {
		n, ok := s.proveVolunteer(before)
		if !ok {
			return 0, ErrUnproven
		}
		used += n - int(before.used)
	}
	if optimum != s.cost || filled != s.filled || used != s.filled {
		return 0, ErrUnproven
	}
	p.begin(s)
	return optimum, nil
}

// proveRequest gives what r costs and its filled seats, and whether its part of
// the plan costs no more than the prices say.
func (s *Solver) proveRequest(r int32) (cost int64, filled int, ok bool) {
	cost, filled, ok = s.costOf(r)
	if !ok {
		return 0, 0, false
	}
	bound, ok := s.boundOf(r)
	for u := s.requests[r].units; u != noUnit; u = s.units[u].nextOfRequest {
		bound -= s.volunteers[s.units[u].volunteer].price
	}
	return cost, filled, ok && cost == bound
}

// proveVolunteer counts the units of a volunteer and says whether capacity and
// price fit to them, and the price to the pairs that depend on it.
func (s *Solver) proveVolunteer(before volunteerBefore) (used int, ok bool) {
	at := before.volunteer
	used, ok = s.unitsOf(at)
	v := &s.volunteers[at]
	if !ok || v.price < 0 || v.price > 0 && int64(used) != s.capacity[at] {
		return 0, false
	}
	for u := v.units; u != noUnit; u = s.units[u].nextOfOwner {
		if o := &s.units[u]; o.cost+v.price > s.requests[o.request].price {
			return 0, false
		}
	}
	return used, v.price >= before.price || s.unwanted(at)
}

// unwanted says whether nobody would pay more for a volunteer than they cost but
// those who have them.
func (s *Solver) unwanted(at int32) bool {
	s.buildReverse()
	price := s.volunteers[at].price
	for o := range s.reverse.all(at) {
		if o.Cost+price < s.requests[o.Request].price && !s.owns(o.Request, at) {
			return false
		}
	}
	return true
}
