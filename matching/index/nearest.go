package index

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/linli/linli/aid"
)

// Match is an eligible volunteer with the parts of the cost.
type Match struct {
	Volunteer aid.VolunteerID
	Cost      aid.Cost
}

func compareMatches(a, b Match) int {
	return cmp.Or(cmp.Compare(a.Cost.Total(), b.Cost.Total()), cmp.Compare(a.Volunteer, b.Volunteer))
}

// Candidates gives the k cheapest eligible volunteers, cheapest first and equal
// ones by id. The walk ends as soon as nobody farther out can be cheaper. It
// fails with [aid.Invalid] when the place is none.
func (x *Index) Candidates(q Query, k int) ([]Match, error) {
	if k <= 0 {
		return nil, nil
	}
	d, state := newDesk(), x.state.Load()
	defer d.done()
	s := &d.search
	if err := s.prepare(&state.vocabulary, &q); err != nil || s.hopeless() {
		return nil, err
	}
	d.best.size, d.best.bound = k, squared(everywhere)
	d.frontier.nearest(state.available, s, &d.best.bound, d.consider)
	return d.best.sorted(), nil
}

// consider offers a leaf's eligible volunteers to the shortlist. Most are ruled
// out by the least that they can cost, before anything exact is computed. All
// distances come first, so that the processor fetches them side by side.
func (d *desk) consider(l *leaf, skilled uint64) {
	s := &d.search
	fit := s.trained(l, skilled)
	var aways [leafSize]float32
	for who := fit; who != 0; who &= who - 1 {
		i := bits.TrailingZeros64(who) % leafSize
		aways[i] = s.spot.away(&l.spots[i])
	}
	for who := fit; who != 0; who &= who - 1 {
		i := bits.TrailingZeros64(who) % leafSize
		spare := aid.SpareSkillCost * int64(int(l.count[i])-len(s.skills))
		if aways[i] > min(l.spots[i].reach, d.best.bound) || !d.best.mayTake(aways[i], spare) {
			continue
		}
		metres, reached := s.distance(l, i)
		if !reached || !d.best.wants(int64(math.Round(metres))+spare, l, i) || s.fails(l, i, &d.seen) != "" {
			continue
		}
		d.best.take(pick{int64(math.Round(metres)) + spare, spare, l, i})
	}
}

// shortlist is the cheapest so far: a heap, the dearest on top.
type shortlist struct {
	size  int
	picks []pick
	bound float32 // square of a chord that whoever can still get in lies within
}

type pick struct {
	total, spare int64
	leaf         *leaf
	slot         int
}

// dearer orders by cost, and equal ones by id.
func (p *pick) dearer(o *pick) bool {
	if p.total != o.total {
		return p.total > o.total
	}
	return p.leaf.id(p.slot) > o.leaf.id(o.slot)
}

// mayTake tells whether somebody at about the squared chord could get in.
func (b *shortlist) mayTake(away float32, spare int64) bool {
	if len(b.picks) < b.size {
		return true
	}
	least := math.Sqrt(float64(away))*aid.EarthRadius - slack
	return least+float64(spare) < float64(b.picks[0].total)
}

// slack is by how many metres a cost that is estimated from a squared chord in
// single precision may be too high: the margin, and half a metre of rounding.
const slack = 3

// wants tells whether somebody of an exact cost would get in.
func (b *shortlist) wants(total int64, l *leaf, slot int) bool {
	return len(b.picks) < b.size || b.picks[0].dearer(&pick{total: total, leaf: l, slot: slot})
}

// take puts somebody in who is wanted, for the dearest if the list is full.
func (b *shortlist) take(p pick) {
	if len(b.picks) < b.size {
		b.picks = append(b.picks, p)
		for at := len(b.picks) - 1; at > 0; {
			above := (at - 1) / 2
			if !b.picks[at].dearer(&b.picks[above]) {
				break
			}
			b.picks[at], b.picks[above] = b.picks[above], b.picks[at]
			at = above
		}
	} else {
		b.replaceTop(p)
	}
	if len(b.picks) == b.size {
		b.bound = costBound(b.picks[0].total + 1)
	}
}

func (b *shortlist) replaceTop(p pick) {
	h, at := b.picks, 0
	for {
		below := 2*at + 1
		if below >= len(h) {
			break
		}
		if below+1 < len(h) && h[below+1].dearer(&h[below]) {
			below++
		}
		if !h[below].dearer(&p) {
			break
		}
		h[at], at = h[below], below
	}
	h[at] = p
}

// sorted gives the list as it is answered.
func (b *shortlist) sorted() []Match {
	if len(b.picks) == 0 {
		return nil
	}
	out := make([]Match, len(b.picks))
	for i, p := range b.picks {
		out[i] = Match{p.leaf.id(p.slot), aid.Cost{Distance: p.total - p.spare, SpareSkills: p.spare}}
	}
	slices.SortFunc(out, compareMatches)
	return out
}

func (b *shortlist) reset() {
	clear(b.picks)
	b.picks = b.picks[:0]
}

// Near visits the eligible volunteers who cost less than limit, neighbourhood by
// neighbourhood outward, until visit returns false. It fails with [aid.Invalid]
// when the place is none.
func (x *Index) Near(q Query, limit int64, visit func(Match) bool) error {
	d, state := newDesk(), x.state.Load()
	defer d.done()
	s := &d.search
	if err := s.prepare(&state.vocabulary, &q); err != nil || s.hopeless() {
		return err
	}
	bound := costBound(limit)
	d.frontier.nearest(state.available, s, &bound, func(l *leaf, skilled uint64) {
		s.below(l, skilled, limit, bound, &d.seen, func(slot int, cost aid.Cost) {
			if bound >= 0 && !visit(Match{l.id(slot), cost}) {
				bound = -1
			}
		})
	})
	return nil
}

// below visits the eligible of a leaf's skilled volunteers who cost less than
// limit, to which the bound belongs.
func (s *search) below(l *leaf, skilled uint64, limit int64, bound float32, seen *seen, visit func(slot int, cost aid.Cost)) {
	for who := s.trained(l, skilled); who != 0; who &= who - 1 {
		i := bits.TrailingZeros64(who)
		if at := &l.spots[i]; s.spot.away(at) > min(at.reach, bound) {
			continue
		}
		metres, reached := s.distance(l, i)
		if !reached || s.fails(l, i, seen) != "" {
			continue
		}
		if cost := s.cost(l, i, metres); cost.Total() < limit {
			visit(i, cost)
		}
	}
}
