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
	d.best.size, d.best.limit = k, limit{math.Inf(1), everywhere}
	d.frontier.cheapest(state.available, s, &d.best.limit, d.consider)
	return d.best.sorted(), nil
}

// consider offers a leaf's able volunteers to the shortlist. Most are ruled out
// by what they cost at least. All distances come first, so that the processor
// fetches them side by side.
func (d *desk) consider(l *leaf, able uint64, near float64) {
	s, best := &d.search, &d.best
	var aways [leafSize]float64
	var left uint64
	for who := able; who != 0; who &= who - 1 {
		i := bits.TrailingZeros64(who) % leafSize
		if near+spareCost(int(l.count[i])-len(s.skills)) > best.limit.cost {
			continue
		}
		aways[i] = s.spot.away(&l.spots[i])
		if aways[i] <= min(float64(l.spots[i].reach), best.limit.chord) {
			left |= 1 << i
		}
	}
	for who := left; who != 0; who &= who - 1 {
		i := bits.TrailingZeros64(who) % leafSize
		metres, reached := s.metres(l, i, aways[i])
		spare := aid.SpareSkillCost * int64(int(l.count[i])-len(s.skills))
		if !reached || !best.wants(metres+spare, l, i) || s.trained(l, 1<<i) == 0 || s.fails(l, i, &d.seen) != "" {
			continue
		}
		best.take(pick{metres + spare, spare, l, i})
	}
}

// shortlist is the cheapest so far: a heap, the dearest on top.
type shortlist struct {
	size  int
	picks []pick
	limit limit // of whoever can still get in
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
		b.limit = limitOf(b.picks[0].total)
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
	slices.SortFunc(b.picks, func(p, q pick) int {
		if q.dearer(&p) {
			return -1
		}
		return 1
	})
	out := make([]Match, len(b.picks))
	for i, p := range b.picks {
		out[i] = Match{p.leaf.id(p.slot), aid.Cost{Distance: p.total - p.spare, SpareSkills: p.spare}}
	}
	return out
}

func (b *shortlist) reset() {
	clear(b.picks)
	b.picks = b.picks[:0]
}

// Near visits the eligible volunteers who cost less than limit, the neighbourhoods
// of cheap ones first, until visit returns false. It fails with [aid.Invalid]
// when the place is none.
func (x *Index) Near(q Query, limit int64, visit func(Match) bool) error {
	d, state := newDesk(), x.state.Load()
	defer d.done()
	s := &d.search
	if err := s.prepare(&state.vocabulary, &q); err != nil || s.hopeless() {
		return err
	}
	most := limitOf(limit - 1)
	d.frontier.cheapest(state.available, s, &most, func(l *leaf, able uint64, _ float64) {
		s.below(l, able, limit, most.chord, &d.seen, func(slot int, cost aid.Cost) {
			if most.cost >= 0 && !visit(Match{l.id(slot), cost}) {
				most.cost = -1
			}
		})
	})
	return nil
}

// below visits the eligible of a leaf's skilled volunteers who cost less than
// limit, to which the bound belongs.
func (s *search) below(l *leaf, skilled uint64, limit int64, bound float64, seen *seen, visit func(slot int, cost aid.Cost)) {
	for who := s.trained(l, skilled); who != 0; who &= who - 1 {
		i := bits.TrailingZeros64(who)
		at := &l.spots[i]
		away := s.spot.away(at)
		if away > min(float64(at.reach), bound) {
			continue
		}
		metres, reached := s.metres(l, i, away)
		if !reached || s.fails(l, i, seen) != "" {
			continue
		}
		if cost := s.cost(l, i, metres); cost.Total() < limit {
			visit(i, cost)
		}
	}
}
