package crews

import (
	"math"
	"slices"

	"github.com/linli/linli/matching/flow"
)

// Branch is a part of the problem whose bound is proven case by case. Its
// requests and volunteers are in no other branch. One of the cases holds for
// every plan, so the least of what they prove counts for the part.
type Branch struct {
	Requests   []int32 // with all requests of their groups
	Volunteers []int32
	Cases      []Case
}

// Case is what is proven for plans in which some groups get people and others
// get nobody.
type Case struct {
	In, Out []int32 // indices of groups
	Prices  []int64 // of the volunteers of the branch
}

const (
	branchCases  = 256 // most cases of a branch
	mostBranches = 200
	caseRounds   = 120  // of the volume algorithm
	sureLevel    = 0.98 // of a crew that is in
)

// branchSizes are the pairs up to which a region to branch in grows, the next if
// much is left unproven in the one before.
var branchSizes = [...]int{1_000, 4_000}

// branches proves more than prices alone can, in small regions that lose much:
// there the crews in doubt are assumed in and out in turn.
func (s *search) branches() error {
	if s.spent() || s.closeEnough() {
		return nil
	}
	s.frozen = true
	sv := newSurveyor(s)
	order, err := s.losses()
	if err != nil {
		return err
	}
	for _, seed := range order {
		if s.spent() || s.closeEnough() || len(s.made) == mostBranches {
			return nil
		}
		if sv.taken[seed] {
			continue
		}
		if err := s.ctx.Err(); err != nil {
			return err
		}
		best, err := s.bestProof(sv, seed)
		if err != nil {
			return err
		}
		if best == nil {
			continue
		}
		if err := s.commit(best); err != nil {
			return err
		}
		sv.keep(best.region)
	}
	return nil
}

// bestProof branches in regions of several sizes about a party and gives what
// proves most, nil when that is next to nothing.
func (s *search) bestProof(sv *surveyor, seed party) (best *proof, err error) {
	least := s.cost() >> 20
	for _, size := range branchSizes {
		g, err := sv.around(seed, size)
		if err != nil {
			return nil, err
		}
		p, err := s.branch(g)
		if err != nil {
			return nil, err
		}
		if p == nil {
			continue
		}
		if p.gain > least {
			best, least = p, p.gain
		}
		if p.left <= p.gain/10 {
			break
		}
	}
	return best, nil
}

// leaf is a case that is not split further.
type leaf struct {
	fates  []fate // of each party of the region
	price  []float64
	value  float64
	levels []float64 // how much the mean plan serves each party
	choice int       // the crew most in doubt
	sure   bool      // whether the mean plan has every crew in or out
}

// branch splits the case that proves least, again and again. It gives nil when
// nothing comes of it.
func (s *search) branch(g *region) (*proof, error) {
	for _, at := range g.parties {
		for _, r := range s.requests(at) {
			if s.asked[r].Penalty >= flow.MaxTotal {
				return nil, nil // sums would leave the range
			}
		}
	}
	v := newVolume(g)
	start, most := v.best, s.mostOf(g)
	enough := most - max((most-start)/20, float64(s.cost()>>22))
	leaves := []leaf{s.solveCase(v, leaf{fates: make([]fate, len(g.parties)), price: g.price}, most)}
	for len(leaves) < branchCases && !s.spent() {
		weakest := 0
		for i := range leaves {
			if leaves[i].value < leaves[weakest].value {
				weakest = i
			}
		}
		l := leaves[weakest]
		if l.value >= enough {
			break
		}
		if l.sure {
			// The mean plan is one that costs less than what the region spends.
			cheaper, err := s.remake(g, g.levelsOf(l.levels), cuts[len(cuts)-1])
			if err != nil {
				return nil, err
			}
			if !cheaper {
				break // more prices or a larger region are needed, not more cases
			}
			most = s.mostOf(g)
			enough = most - max((most-start)/20, float64(s.cost()>>22))
			continue
		}
		without := leaf{fates: slices.Clone(l.fates), price: l.price}
		l.fates[l.choice], without.fates[l.choice] = kept, closed
		leaves[weakest] = s.solveCase(v, l, most)
		leaves = append(leaves, s.solveCase(v, without, most))
	}
	if len(leaves) == 1 {
		return nil, nil
	}
	return s.prove(g, leaves, most)
}

// mostOf is what the plan spends in the region beyond nobody, with the people of
// the region at no price: no bound of the region can be higher.
func (s *search) mostOf(g *region) (most float64) {
	inside := make(map[int32]bool, len(g.volunteers))
	for _, v := range g.volunteers {
		inside[v] = true
	}
	for _, at := range g.parties {
		if s.isCrew(at) && s.fates[at] == closed {
			continue
		}
		for _, r := range s.requests(at) {
			s.pairs = s.net.AppendAssigned(s.pairs[:0], r)
			for _, a := range s.pairs {
				most += float64(a.Cost - s.asked[r].Penalty)
				if !inside[a.Volunteer] {
					most += float64(s.bound.price[a.Volunteer])
				}
			}
		}
	}
	return most
}

// solveCase raises what a case proves.
func (s *search) solveCase(v *volume, l leaf, most float64) leaf {
	v.fates = l.fates
	v.restart(l.price)
	taken := v.run(most-v.best, caseRounds)
	s.volumed += int64((len(v.pairs)+len(v.fixed))*taken) / pairsPerNode
	l.price, l.levels, l.value, l.choice = slices.Clone(v.price), slices.Clone(v.meanServed), v.best, -1
	certainty := math.Inf(1)
	for i, level := range v.meanServed {
		if s.isCrew(v.parties[i]) && l.fates[i] == undecided && math.Abs(level-0.5) < certainty {
			certainty, l.choice = math.Abs(level-0.5), i
		}
	}
	l.sure = certainty > sureLevel-0.5
	return l
}
