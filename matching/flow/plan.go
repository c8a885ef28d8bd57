package flow

// take gives r a free unit of a volunteer. The caller marks the listed pair.
func (s *Solver) take(r, at int32, cost int64) {
	s.note(r)
	s.noteVolunteer(at)
	v, row := &s.volunteers[at], &s.requests[r]
	u := s.spare
	if u == noUnit {
		u = int32(len(s.units))
		s.units = append(s.units, unit{})
	} else {
		s.spare = s.units[u].nextOfOwner
	}
	s.units[u] = unit{cost: cost, request: r, volunteer: at, nextOfRequest: row.units, nextOfOwner: v.units}
	row.units, v.units = u, u
	v.left--
	s.filled++
	s.cost += cost
}

// pass hands unit u over to r. The caller marks the listed pair of r.
func (s *Solver) pass(u, r int32, cost int64) {
	o := &s.units[u]
	s.note(o.request)
	s.note(r)
	s.unmark(o.request, o.volunteer)
	s.unlinkSeat(u)
	s.cost += cost - o.cost
	row := &s.requests[r]
	o.request, o.cost, o.nextOfRequest = r, cost, row.units
	row.units = u
}

// release makes unit u free again.
func (s *Solver) release(u int32) {
	o := &s.units[u]
	s.note(o.request)
	s.noteVolunteer(o.volunteer)
	s.unmark(o.request, o.volunteer)
	s.unlinkSeat(u)
	v := &s.volunteers[o.volunteer]
	link := &v.units
	for *link != u {
		link = &s.units[*link].nextOfOwner
	}
	*link = o.nextOfOwner
	v.left++
	o.nextOfOwner, s.spare = s.spare, u
	o.request = none
	s.filled--
	s.cost -= o.cost
}

func (s *Solver) unlinkSeat(u int32) {
	link := &s.requests[s.units[u].request].units
	for *link != u {
		link = &s.units[*link].nextOfRequest
	}
	*link = s.units[u].nextOfRequest
}

// owns says whether r has a unit of a volunteer.
func (s *Solver) owns(r, v int32) bool {
	for u := s.volunteers[v].units; u != noUnit; u = s.units[u].nextOfOwner {
		if s.units[u].request == r {
			return true
		}
	}
	return false
}

// mark notes in the list of r, if the pair is listed, that it is matched, and
// gives its cost.
func (s *Solver) mark(r, v int32) (cost int64) { return s.flip(r, v) }

// unmark takes mark back.
func (s *Solver) unmark(r, v int32) { s.flip(r, ^v) }

func (s *Solver) flip(r, to int32) (cost int64) {
	arcs := s.list(r)
	for i := range arcs {
		if arcs[i].to == to {
			arcs[i].to = ^to
			return arcs[i].cost
		}
	}
	return 0
}

// leaveOpen counts seats of r as open, or as open no more when seats is negative.
func (s *Solver) leaveOpen(r int32, seats int64) {
	s.note(r)
	row, q := &s.requests[r], &s.asked[r]
	s.cost -= q.costOf(row.open)
	row.open += seats
	s.cost += q.costOf(row.open)
	row.ceiling = min(q.penaltyOf(row.open), MaxTotal)
	if s.opts.Reopened != nil {
		s.opts.Reopened(r)
	}
}

// sameCeiling is how many seats of r can be left open until one costs more.
func (s *Solver) sameCeiling(r int32) int64 {
	if q, open := &s.asked[r], s.requests[r].open; open < q.Seats-q.Keep {
		return q.Seats - q.Keep - open
	}
	return MaxTotal
}

// floor is what filling one of the open seats of r saves, and so the least price
// that r can have; 0 when none is open.
func (s *Solver) floor(r int32) int64 {
	if open := s.requests[r].open; open > 0 {
		return min(s.asked[r].penaltyOf(open-1), MaxTotal)
	}
	return 0
}
