package index

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/linli/linli/aid"
)

// Miss is the nearest of the volunteers who would be eligible but for one rule.
type Miss struct {
	Volunteer aid.VolunteerID
	Fails     Rule
	Distance  float64 // metres
}

// Almost gives for each rule the nearest volunteer who fails that rule and no
// other, the least id among equally near ones; rules in their order, those left
// out that nobody fails alone. Who is kept apart from somebody there, or may not
// come by their age, is never named: nothing that could be asked for would change
// it. It says what to ask for to get a seat filled: a longer way, a skill taught,
// another hour. How far the search reaches at present is left aside, since it will
// reach farther by itself. It fails with [aid.Invalid] when the
// place is none.
func (x *Index) Almost(q Query) ([]Miss, error) {
	d, state := newDesk(), x.state.Load()
	defer d.done()
	s := &d.search
	q.Within = 0
	if err := s.prepare(&state.vocabulary, &q); err != nil {
		return nil, err
	}
	a := almost{desk: d, nearest: map[Rule]Miss{}}
	if !s.hopeless() {
		a.beyond(state.available)
	}
	s.skillBits, s.courseBits = 0, 0 // to see those without them too
	for _, root := range []*node{state.available, state.taken} {
		root.within(s, everywhere, func(l *leaf, _ int32) { a.look(l) })
	}
	var misses []Miss
	for _, rule := range Rules {
		if m, found := a.nearest[rule]; found {
			misses = append(misses, m)
		}
	}
	return misses, nil
}

// almost is the nearest misses so far.
type almost struct {
	*desk
	nearest map[Rule]Miss
}

func (a *almost) note(rule Rule, l *leaf, slot int, metres float64) {
	m := Miss{l.id(slot), rule, metres}
	old, known := a.nearest[rule]
	if !known || cmp.Or(cmp.Compare(metres, old.Distance), cmp.Compare(m.Volunteer, old.Volunteer)) < 0 {
		a.nearest[rule] = m
	}
}

// look notes who in a leaf is within reach and fails one rule.
func (a *almost) look(l *leaf) {
	s := &a.search
	reached := s.reached(l)
	skilled := reached & s.skilled(l)
	trained := s.trained(l, reached)
	for who := skilled | trained; who != 0; who &= who - 1 {
		slot := bits.TrailingZeros64(who)
		if rule, alone := a.onlyOne(l, slot, skilled>>slot&1 == 0, trained>>slot&1 == 0); alone {
			metres, _ := s.distance(l, slot)
			a.note(rule, l, slot, metres)
		}
	}
}

// onlyOne gives the rule that a volunteer within reach fails, if it is just one.
func (a *almost) onlyOne(l *leaf, slot int, skill, course bool) (rule Rule, alone bool) {
	s, fails := &a.search, 0
	note := func(failed bool, r Rule) {
		if failed {
			rule = r
			fails++
		}
	}
	note(skill, Skill)
	note(course, Course)
	barred := s.bars(l, slot)
	note(barred == Check, Check)
	note(s.wasAsked(l, slot), AlreadyAsked)
	note(!s.covered(l, slot, &a.seen) || !s.unbound(l, slot), Time)
	note(l.taken, Capacity)
	note(s.parks(l, slot), Parks)
	note(s.rests(l, slot, &a.seen), Resting)
	return rule, fails == 1 && barred != Minor && !s.keptApart(l, slot)
}

// beyond notes the nearest below a node who does not go as far as the place and
// fails nothing else: near children first, none beyond the nearest found.
func (a *almost) beyond(n *node) {
	if n == nil {
		return
	}
	s := &a.search
	type child struct {
		away float64
		at   int
	}
	var order []child
	for i := range n.parts {
		p := &n.parts[i]
		if s.skillBits&^p.skills|s.courseBits&^p.courses == 0 {
			order = append(order, child{p.box.away(&s.spot), i})
		}
	}
	slices.SortFunc(order, func(x, y child) int { return cmp.Compare(x.away, y.away) })
	for _, c := range order {
		switch {
		case c.away > a.bound():
			return
		case len(n.nodes) > 0:
			a.beyond(n.nodes[c.at])
		default:
			a.lookBeyond(n.leaves[c.at])
		}
	}
}

// bound is the square of a chord that a nearer one than the nearest too far lies
// within.
func (a *almost) bound() float64 {
	m, found := a.nearest[TooFar]
	if !found {
		return everywhere
	}
	return costBound(int64(math.Ceil(m.Distance)) + 1)
}

func (a *almost) lookBeyond(l *leaf) {
	s, bound := &a.search, a.bound()
	for who := s.trained(l, s.skilled(l)); who != 0; who &= who - 1 {
		slot := bits.TrailingZeros64(who)
		if s.spot.away(&l.spots[slot]) > bound {
			continue
		}
		if metres, reached := s.distance(l, slot); !reached && s.fails(l, slot, &a.seen) == "" {
			a.note(TooFar, l, slot, metres)
		}
	}
}
