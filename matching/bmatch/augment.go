package bmatch

// reprice raises the prices of all nodes nearer than the end, which makes the
// shortest path tight and leaves no residual arc with a negative reduced cost.
func (n *network) reprice() {
	for _, r := range n.seenReq {
		if row := &n.requests[r]; row.dist < n.best {
			n.journal.requestPrice(r, row.price)
			row.price += n.best - row.dist
		}
	}
	for _, at := range n.seenVol {
		if v := &n.volunteers[at]; v.dist < n.best {
			n.journal.volunteerPrice(at, v.price)
			v.price += n.best - v.dist
		}
	}
}

// augment moves seats along the path that the search found, from its end back
// to its start, and gives the request where it starts.
func (n *network) augment() (start int32) {
	r := n.end.request
	if n.end.kind == endFree {
		n.take(r, n.end.arc, n.end.volunteer)
	} else {
		n.journal.opened(r)
		n.leaveOpen(&n.requests[r], 1)
	}
	for n.requests[r].viaVolunteer != none {
		row := &n.requests[r]
		v := &n.volunteers[row.viaVolunteer]
		n.pass(row.viaOwner, v.viaRequest, v.viaArc)
		r = v.viaRequest
	}
	return r
}

// take gives r a free unit of a volunteer.
func (n *network) take(r, at, volunteer int32) {
	v := &n.volunteers[volunteer]
	a := &n.arcs[n.requests[r].first+int(at)]
	a.matched = true
	n.journal.taken(volunteer)
	n.owners = append(n.owners, owner{cost: a.cost, request: r, arc: at, next: v.owners})
	v.owners = int32(len(n.owners) - 1)
	v.free--
	n.cost += a.cost
}

// pass hands a unit of a volunteer over to r.
func (n *network) pass(unit, r, at int32) {
	n.journal.passed(unit, n.owners[unit].request, n.owners[unit].arc)
	n.reassign(unit, r, at)
}

func (n *network) reassign(unit, r, at int32) {
	o := &n.owners[unit]
	n.arcOf(*o).matched = false
	n.cost -= o.cost
	o.request, o.arc = r, at
	a := n.arcOf(*o)
	a.matched, o.cost = true, a.cost
	n.cost += a.cost
}

// seat counts a seat of r that was open as filled.
func (n *network) seat(r int32) {
	n.journal.seated(r)
	n.leaveOpen(&n.requests[r], -1)
}
