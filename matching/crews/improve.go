package crews

import (
	"cmp"
	"slices"
)

// stage is one way through the regions.
type stage struct {
	extent
	pace
}

// stages begin with regions of parties who want their people at the present
// prices. They leave to the larger ones what is really hard.
var stages = [...]stage{
	{extent{pairs: 3_000, part: 1}, pace{rounds: 200, lap: 100}},
	{extent{pairs: 3_000, part: 2}, pace{rounds: 300, lap: 100}},
}

// cuts are how far from 0 and 1 the mean of a crew may be for it to be shut out
// and forced in without a trial.
var cuts = [...]float64{0.05, 0.2, 0.4}

// significant says to how small a part of a loss prices still matter.
const significant = 64

// improve works on the regions where the plan loses most against the bound.
func (s *search) improve() error {
	sv := newSurveyor(s)
	for _, stage := range stages {
		order, losses, err := s.losses()
		if err != nil {
			return err
		}
		visited := make([]bool, s.count())
		for _, seed := range order {
			if s.spent() || s.closeEnough() {
				return nil
			}
			if visited[seed] {
				continue
			}
			stage.price = losses[seed] / significant
			g, err := sv.around(seed, stage.extent)
			if err != nil {
				return err
			}
			visited[seed] = true
			for _, crew := range g.crews {
				visited[crew] = true
			}
			if err := s.rework(g, stage); err != nil {
				return err
			}
		}
	}
	return nil
}

// losses gives what the plan spends on each party at the prices of the bound over
// its share, and the parties with a loss, those with the largest first.
func (s *search) losses() (order []party, losses []int64, err error) {
	losses = make([]int64, s.count())
	for at := range party(len(losses)) {
		if err := s.bound.know(at); err != nil {
			return nil, nil, err
		}
		losses[at] = s.spending(at) - s.bound.shares[at]
	}
	s.blame(losses)
	for at, loss := range losses {
		if loss > s.cost()>>20 {
			order = append(order, party(at))
		}
	}
	slices.SortStableFunc(order, func(a, b party) int { return cmp.Compare(losses[b], losses[a]) })
	return order, losses, nil
}

// blame adds to the loss of each crew the price of capacity that is left unused
// by people whom it might take.
func (s *search) blame(losses []int64) {
	left := slices.Clone(s.bound.capacity)
	for r := range s.asked {
		s.pairs = s.net.AppendAssigned(s.pairs[:0], int32(r))
		for _, a := range s.pairs {
			left[a.Volunteer]--
		}
	}
	for v, n := range left {
		loss := n * s.bound.price[v]
		if loss <= 0 {
			continue
		}
		s.offers = s.net.AppendOffers(s.offers[:0], int32(v))
		for _, o := range s.offers {
			if at := s.of[o.Request]; s.isCrew(at) {
				losses[at] = saturated(losses[at], loss)
			}
		}
	}
}

// spending is what the plan spends on a party at the prices of the bound.
func (s *search) spending(at party) (sum int64) {
	if s.isCrew(at) && s.fates[at] == closed {
		return s.empty[at]
	}
	for _, r := range s.requests(at) {
		sum += s.net.Open(r) * s.asked[r].Penalty
		s.pairs = s.net.AppendAssigned(s.pairs[:0], r)
		for _, a := range s.pairs {
			sum = saturated(sum, a.Cost+s.bound.price[a.Volunteer])
		}
	}
	return sum
}

// rework raises the bound in a region and, where much is left to gain, makes the
// plan there anew.
func (s *search) rework(g *region, stage stage) error {
	v := newVolume(g)
	room := s.mostOf(g) - v.best
	taken := v.run(room, stage.pace)
	s.volumed += int64((len(g.pairs)+len(g.fixed))*taken) / pairsPerNode
	s.ray.clear()
	s.ray.volunteers = append(s.ray.volunteers, g.volunteers...)
	for i, at := range g.volunteers {
		price := max(int64(g.floor[i]), int64(min(v.price[i], float64(s.bound.highest))))
		s.ray.by = append(s.ray.by, price-s.bound.price[at])
	}
	s.bound.touchOnly(g.parties) // no price falls below what matters to others
	if err := s.bound.climb(s.ray); err != nil {
		return err
	}
	if room < float64(s.cost()>>16) {
		return nil
	}
	levels := g.levelsOf(v.meanServed)
	for _, cut := range cuts {
		if s.spent() {
			return nil
		}
		if err := s.ctx.Err(); err != nil {
			return err
		}
		if _, err := s.remake(g, levels, cut); err != nil {
			return err
		}
	}
	return nil
}

// levelsOf keys the levels of the parties by party.
func (g *region) levelsOf(levels []float64) map[party]float64 {
	of := make(map[party]float64, len(levels))
	for i, at := range g.parties {
		of[at] = levels[i]
	}
	return of
}

// pairsPerNode is how many pairs of the volume algorithm take as long as a node
// of a search.
const pairsPerNode = 128

// remake decides about the crews of a region anew, led by how much the mean plan
// has each of them in, and takes that back unless the plan gets cheaper.
func (s *search) remake(g *region, level map[party]float64, cut float64) (cheaper bool, err error) {
	cost := s.cost()
	s.mark()
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
			return false, err
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
			return false, err
		}
	}
	if err := s.complete(g.crews); err != nil {
		return false, err
	}
	if s.cost() < cost {
		return true, nil
	}
	return false, s.restore()
}

// complete decides what is left undecided among some crews, and about crews
// elsewhere that lost people to them.
func (s *search) complete(crews []party) error {
	if err := s.dive(); err != nil {
		return err
	}
	if err := s.settle(crews); err != nil {
		return err
	}
	return s.polish(crews)
}
