package crews

const (
	widePairs   = 32 // pairs of a request that a region wants to know, …
	widePerSeat = 4  // … and more for each seat
)

// region is a part of the problem in which plan and bound are worked on alone:
// everything else keeps its prices and its people.
type region struct {
	crews      []party // that are decided anew, in order
	volunteers []int32 // whose prices may move
	parties    []party // to whom these prices matter, in order

	price, capacity []float64 // of each volunteer
	floor           []float64 // the least price that each may have
	shared          []bool    // whether others count on the price of each as it is
	members         []rows    // of each party
	rows            []row
	pairs           []pick // with volunteers of the region; the price is not in the gain
	fixed           []pick // with others; it is, and the volunteer is the complement of the number
}

// rows are the requests of a party, rows first to last − 1 of the region.
type rows struct{ first, last, minimum int }

// row is a request: pairs first to last − 1 and fixed ones, those in order.
type row struct{ first, last, firstFixed, lastFixed, seats int }

// widen lists more pairs of r, so that the region knows whom else it could have
// when prices rise.
func (s *surveyor) widen(r int32) error {
	q := &s.asked[r]
	for {
		var horizon int64
		s.plan.pairs, horizon = s.net.AppendListed(s.plan.pairs[:0], r)
		if horizon >= q.Penalty || int64(len(s.plan.pairs)) >= widePairs+widePerSeat*min(q.Seats, widePairs) {
			return nil
		}
		if err := s.net.Extend(r, min(q.Penalty, max(1, 2*horizon))); err != nil {
			return err
		}
	}
}

// enter writes a party into the rows of the region.
func (s *surveyor) enter(g *region, at party) error {
	first := len(g.rows)
	for _, r := range s.requests(at) {
		q := &s.asked[r]
		if err := s.widen(r); err != nil {
			return err
		}
		w := row{first: len(g.pairs), firstFixed: len(g.fixed), seats: int(min(q.Seats, int64(len(s.bound.price))))}
		for _, a := range s.plan.pairs {
			if place := s.place[a.Volunteer]; place > 0 {
				g.pairs = append(g.pairs, pick{float64(a.Cost - q.Penalty), place - 1})
			} else {
				g.fixed = append(g.fixed, pick{float64(a.Cost + s.bound.price[a.Volunteer] - q.Penalty), ^a.Volunteer})
			}
		}
		sortPicks(g.fixed, w.firstFixed, w.firstFixed)
		g.fixed = g.fixed[:min(len(g.fixed), w.firstFixed+w.seats)]
		w.last, w.lastFixed = len(g.pairs), len(g.fixed)
		g.rows = append(g.rows, w)
	}
	g.members = append(g.members, rows{first, len(g.rows), int(s.minimum(at))})
	return nil
}
