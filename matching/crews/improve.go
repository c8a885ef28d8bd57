package crews

import (
	"cmp"
	"slices"
)

const (
	improveRounds = 3
	volumeRounds  = 600
	mostRegions   = 64
)

// cuts are how far from 0 and 1 the mean of a crew may be for it to be shut out
// and forced in without a trial.
var cuts = [...]float64{0.05, 0.2, 0.4}

// improve works on the regions where the plan loses most against the bound.
func (s *search) improve() error {
	sv := newSurveyor(s)
	for range improveRounds {
		losses, order, err := s.losses()
		if err != nil {
			return err
		}
		visited, regions := make([]bool, len(s.all)), 0
		for _, seed := range order {
			if s.spent() || s.closeEnough() || regions == mostRegions || losses[seed] < s.cost()>>20 {
				break
			}
			if visited[seed] {
				continue
			}
			g, err := sv.around(seed)
			if err != nil {
				return err
			}
			for _, crew := range g.crews {
				visited[crew] = true
			}
			regions++
			if err := s.rework(g); err != nil {
				return err
			}
		}
	}
	return nil
}

// losses gives what the plan spends on each crew at the prices of the bound
// beyond its share, and the crews by falling loss.
func (s *search) losses() (losses []int64, order []party, err error) {
	losses = make([]int64, len(s.all))
	for _, crew := range s.all {
		if err := s.bound.know(crew); err != nil {
			return nil, nil, err
		}
		losses[crew] = s.spending(crew) - s.bound.shares[crew]
	}
	order = slices.Clone(s.all)
	slices.SortStableFunc(order, func(a, b party) int { return cmp.Compare(losses[b], losses[a]) })
	return losses, order, nil
}

// spending is what the plan spends on a crew at the prices of the bound.
func (s *search) spending(crew party) (sum int64) {
	if s.fates[crew] == closed {
		return s.empty[crew]
	}
	for _, r := range s.crews[crew].Members {
		sum += s.net.Open(r) * s.asked[r].Penalty
		s.pairs = s.net.AppendAssigned(s.pairs[:0], r)
		for _, a := range s.pairs {
			sum = saturated(sum, a.Cost+s.bound.price[a.Volunteer])
		}
	}
	return sum
}

// rework raises the bound in a region and makes the plan there anew.
func (s *search) rework(g *region) error {
	v := newVolume(g)
	v.run(float64(s.cost()-s.bound.value), volumeRounds)
	s.volumed += int64(len(g.pairs)+len(g.fixed)) * volumeRounds / pairsPerNode
	s.ray.clear()
	s.ray.volunteers = append(s.ray.volunteers, g.volunteers...)
	for i, at := range g.volunteers {
		s.ray.by = append(s.ray.by, int64(min(v.price[i], float64(s.bound.highest)))-s.bound.price[at])
	}
	if err := s.bound.ascend(s.ray); err != nil {
		return err
	}
	level := make(map[party]float64, len(g.crews))
	for i, at := range g.parties {
		level[at] = v.meanServed[i]
	}
	for _, cut := range cuts {
		if s.spent() {
			return nil
		}
		if err := s.ctx.Err(); err != nil {
			return err
		}
		if err := s.remake(g, level, cut); err != nil {
			return err
		}
	}
	return nil
}

// pairsPerNode is how many pairs of the volume algorithm take as long as a node
// of a search.
const pairsPerNode = 32

// remake decides about the crews of a region anew, led by how much the mean plan
// has each of them in, and takes that back unless the plan gets cheaper.
func (s *search) remake(g *region, level map[party]float64, cut float64) error {
	cost, fates := s.cost(), slices.Clone(s.fates)
	order := slices.Clone(g.crews)
	slices.SortStableFunc(order, func(a, b party) int { return cmp.Compare(level[b], level[a]) })
	for _, crew := range order {
		var err error
		if level[crew] <= cut {
			err = s.dismiss(crew)
		} else {
			err = s.release(crew)
		}
		if err != nil {
			return err
		}
	}
	for _, crew := range order {
		if level[crew] < 1-cut {
			break
		}
		ok, err := s.admit(crew)
		if err == nil && !ok {
			err = s.dismiss(crew)
		}
		if err != nil {
			return err
		}
	}
	if err := s.complete(g.crews); err != nil {
		return err
	}
	if s.cost() < cost {
		return nil
	}
	return s.restore(fates)
}

// complete decides what is left undecided among some crews, and about crews
// elsewhere that lost people to them.
func (s *search) complete(crews []party) error {
	if err := s.dive(crews); err != nil {
		return err
	}
	if err := s.dive(s.all); err != nil {
		return err
	}
	if err := s.settle(crews); err != nil {
		return err
	}
	return s.polish(crews)
}
