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
	trialCases   = 16  // from which on they must gain as fast as if half as many were to be enough
	mostBranches = 200
	sureLevel    = 0.98 // of a crew that is in
)

// casePace is that of a case; surePace of one whose crews are all decided, so that
// prices can prove what it costs.
var (
	casePace = pace{rounds: 120, lap: 40}
	surePace = pace{rounds: 600, lap: 600}
)

// branches proves more than prices alone can, in small regions that lose much:
// there the crews in doubt are assumed in and out in turn.
func (s *search) branches() error {
	if s.spent() || s.closeEnough() {
		return nil
	}
	s.frozen = true
	sv := newSurveyor(s)
	order, losses, err := s.losses()
	if err != nil {
		return err
	}
	visited := make([]bool, s.count())
	for _, seed := range order {
		if s.spent() || s.closeEnough() || len(s.made) == mostBranches {
			return nil
		}
		if sv.taken[seed] || visited[seed] {
			continue
		}
		if err := s.ctx.Err(); err != nil {
			return err
		}
		best, tried, err := s.bestProof(sv, seed, losses[seed])
		if err != nil {
			return err
		}
		if best == nil {
			for _, crew := range tried {
				visited[crew] = true
			}
			continue
		}
		if err := s.commit(best); err != nil {
			return err
		}
		sv.keep(best.region)
	}
	return nil
}

// leaf is a case that is not split further.
type leaf struct {
	fates  []fate // of each party of the region
	price  []float64
	value  float64
	levels []float64 // how much the mean plan serves each party
	use    []float64 // of each volunteer, by the mean plan
	choice int       // the crew most in doubt
	sure   bool      // whether the mean plan has every crew in or out
	tried  bool      // whether surePace has been taken
}

// branch splits the case that proves least, again and again. The proof is nil when
// nothing comes of it. A case is stuck if all its crews are decided, and yet no
// plan as cheap is found: the region knows too little of what is around it.
func (s *search) branch(g *region) (p *proof, stuck *leaf, err error) {
	for _, at := range g.parties {
		for _, r := range s.requests(at) {
			if s.asked[r].Penalty >= flow.MaxTotal {
				return nil, nil, nil // sums would leave the range
			}
		}
	}
	v := newVolume(g)
	start, most := v.best, s.mostOf(g)
	leaves := []leaf{s.solveCase(v, leaf{fates: make([]fate, len(g.parties)), price: g.price}, most)}
	for len(leaves) < branchCases && !s.spent() {
		weakest := 0
		for i := range leaves {
			if leaves[i].value < leaves[weakest].value {
				weakest = i
			}
		}
		l := leaves[weakest]
		room := most - start
		if most-l.value <= max(room/20, float64(s.cost()>>22)) ||
			len(leaves) >= trialCases && (l.value-start)*(branchCases/2) < room*float64(len(leaves)) {
			break
		}
		if l.sure {
			// The mean plan is one that costs less than what the region spends.
			cheaper, err := s.remake(g, g.levelsOf(l.levels), cuts[len(cuts)-1])
			if err != nil {
				return nil, nil, err
			}
			switch {
			case cheaper:
				most = s.mostOf(g)
				continue
			case !l.tried:
				l.tried = true
				leaves[weakest] = s.solveCase(v, l, most)
				continue
			}
			stuck = &l
		}
		if stuck != nil {
			break
		}
		without := leaf{fates: slices.Clone(l.fates), price: l.price}
		l.fates[l.choice], without.fates[l.choice], l.tried = kept, closed, false
		leaves[weakest] = s.solveCase(v, l, most)
		leaves = append(leaves, s.solveCase(v, without, most))
	}
	if len(leaves) > 1 {
		p, err = s.prove(g, leaves, most)
	}
	return p, stuck, err
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
	pace := casePace
	if l.tried {
		pace = surePace
	}
	taken := v.run(most-v.best, pace)
	s.volumed += int64((len(v.pairs)+len(v.fixed))*taken) / pairsPerNode
	l.price, l.value, l.choice = slices.Clone(v.price), v.best, -1
	l.levels, l.use = slices.Clone(v.meanServed), slices.Clone(v.meanUse)
	certainty := math.Inf(1)
	for i, level := range v.meanServed {
		if s.isCrew(v.parties[i]) && l.fates[i] == undecided && math.Abs(level-0.5) < certainty {
			certainty, l.choice = math.Abs(level-0.5), i
		}
	}
	l.sure = certainty > sureLevel-0.5
	return l
}
