package crews

import "slices"

const (
	growths     = 8 // times that a region to branch in may grow
	branchPairs = 4_000
)

// bestProof branches in a region about a party that loses so much, which grows
// while it knows too little of what is around it. It gives what proves most, nil
// when that is next to nothing, and the crews of the last region.
func (s *search) bestProof(sv *surveyor, seed party, loss int64) (best *proof, tried []party, err error) {
	least := s.cost() >> 20
	most := extent{pairs: branchPairs, part: 1, price: loss / significant}
	for range growths {
		g, err := sv.around(seed, most)
		if err != nil {
			return nil, nil, err
		}
		tried = g.crews
		p, stuck, err := s.branch(g)
		if err != nil {
			return nil, nil, err
		}
		if p != nil && p.gain > least {
			best, least = p, p.gain
		}
		if stuck == nil || p != nil && p.left <= p.gain/10 || !sv.grow(&most, g, stuck) {
			break
		}
	}
	return best, tried, nil
}

// grow adds to an extent what its region lacked in the case that was stuck, and
// says whether that is anything: people outside of whom the case counts on more
// than there are, or who are scarce, and prices that others held up.
func (s *surveyor) grow(most *extent, g *region, stuck *leaf) (grown bool) {
	v := newVolume(g)
	v.fates, v.outside = stuck.fates, map[int32]int64{}
	v.evaluate(stuck.price)
	most.also = slices.Clone(g.volunteers)
	for at, n := range v.outside {
		if !s.owned[at] && (s.bound.price[at] > most.price || n > s.bound.capacity[at]) {
			most.also = append(most.also, at)
			grown = true
		}
	}
	slices.Sort(most.also[len(g.volunteers):])
	for i, at := range g.volunteers {
		unused := (g.capacity[i] - stuck.use[i]) * g.floor[i]
		if stuck.price[i] <= g.floor[i] && unused > float64(most.price) && !g.shared[i] && !slices.Contains(most.sunk, at) {
			most.sunk = append(most.sunk, at)
			grown = true
		}
	}
	return grown
}
