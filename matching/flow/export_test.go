package flow

import "slices"

// Tune makes small problems take the ways of large ones: every search that visits
// more than so many nodes is hard, and with impatience an auction follows.
func (s *Solver) Tune(effort int, impatient bool) {
	s.easyEffort = effort
	if impatient {
		s.auctionAfter = -1
	}
}

// CutInto makes lands of so few requests, and Lands says how many there were.
func (s *Solver) CutInto(requests int) { s.landSize = requests }
func (s *Solver) Lands() int           { return len(s.lands) }

// HideUnits makes a volunteer forget the seats taken.
func (s *Solver) HideUnits(v int32) { s.volunteers[v].units = noUnit }

// Changed gives the requests and volunteers that the next proof of changes is about.
func (s *Solver) Changed() (requests, volunteers []int32) {
	for _, b := range s.proof.requests {
		requests = append(requests, b.request)
	}
	for _, b := range s.proof.volunteers {
		volunteers = append(volunteers, b.volunteer)
	}
	return requests, volunteers
}

// HarmRequest changes the price of a request, its open seats, or what its first
// filled seat costs.
func (s *Solver) HarmRequest(r int32, what string, by int64) {
	row := &s.requests[r]
	switch what {
	case "price":
		row.price += by
	case "open seats":
		row.open += by
	case "cost":
		s.units[row.units].cost += by // of unit 0, which is nobody's, when there is none
	}
}

// HarmVolunteer changes the price of a volunteer, the capacity, or drops the units.
func (s *Solver) HarmVolunteer(v int32, what string, by int64) {
	switch what {
	case "price":
		s.volunteers[v].price += by
		s.priced[v/priceBlock] = true
	case "capacity":
		s.capacity[v] += by
	case "units":
		s.volunteers[v].units = noUnit
	}
}

// Clone copies what the proofs read and write.
func (s *Solver) Clone() *Solver {
	c := *s
	c.requests = slices.Clone(s.requests)
	return &c
}
