package flow

// Tune makes small problems take the ways of large ones: every search that visits
// more than so many nodes is hard, and with impatience an auction follows.
func (s *Solver) Tune(effort int, impatient bool) {
	s.easyEffort = effort
	if impatient {
		s.auctionAfter = -1
	}
}

// HideUnits makes a volunteer forget the seats taken.
func (s *Solver) HideUnits(v int32) { s.volunteers[v].units = noUnit }
