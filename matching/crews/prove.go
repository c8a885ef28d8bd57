package crews

import "math"

// proof is what branching in a region has come to.
type proof struct {
	*region
	cases []Case
	base  []int64 // price of each volunteer for everybody else
	least int64   // that the cases prove for the region
	gain  int64   // of it over what the prices of the bound prove
	left  int64   // that it could be more at most
}

// prove sums in integers what the cases prove. People of the region matter to it
// alone, so everybody else may have them at the least price of all cases, except
// for those that are shared with another branch: they keep their price outside.
func (s *search) prove(g *region, leaves []leaf, most float64) (*proof, error) {
	p := &proof{region: g, least: math.MaxInt64, base: make([]int64, len(g.volunteers))}
	place := make(map[int32]int, len(g.volunteers))
	for i, v := range g.volunteers {
		place[v] = i
		p.base[i] = math.MaxInt64
		if g.shared[i] {
			p.base[i] = s.bound.price[v] // others count on it
		}
	}
	weakest := leaves[0].value
	for _, l := range leaves {
		weakest = min(weakest, l.value)
		c := Case{Prices: make([]int64, len(g.volunteers))}
		for i, v := range g.volunteers {
			if s.bound.movable(v) {
				c.Prices[i] = max(int64(g.floor[i]), int64(min(l.price[i], float64(s.bound.highest))))
			}
			p.base[i] = min(p.base[i], c.Prices[i])
		}
		value, err := s.valueOfCase(g, &c, l.fates, place)
		if err != nil {
			return nil, err
		}
		p.least = min(p.least, value)
		p.cases = append(p.cases, c)
	}
	p.gain, p.left = p.least-s.bound.valueOf(g), int64(most-weakest)
	return p, nil
}

// valueOfCase sums what a case proves and notes its fates.
func (s *search) valueOfCase(g *region, c *Case, fates []fate, place map[int32]int) (value int64, err error) {
	price := func(v int32) int64 {
		if i, inside := place[v]; inside {
			return c.Prices[i]
		}
		return s.bound.price[v]
	}
	for i, v := range g.volunteers {
		value -= s.bound.capacity[v] * c.Prices[i]
	}
	for i, at := range g.parties {
		share, err := s.bound.shareIf(at, fates[i], price)
		if err != nil {
			return 0, err
		}
		value = saturated(value, share)
		switch fates[i] {
		case kept:
			c.In = append(c.In, s.group[at])
		case closed:
			c.Out = append(c.Out, s.group[at])
		case undecided:
		}
	}
	return value, nil
}

// commit makes a branch of a proof.
func (s *search) commit(p *proof) error {
	s.bound.touchOnly(p.parties)
	if err := s.bound.set(p.volunteers, p.base); err != nil {
		return err
	}
	branch := Branch{Volunteers: p.volunteers, Cases: p.cases}
	for _, at := range p.parties {
		branch.Requests = append(branch.Requests, s.requests(at)...)
	}
	s.made = append(s.made, branch)
	s.proven += p.least - s.bound.valueOf(p.region)
	return nil
}
