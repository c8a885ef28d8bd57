package index

import (
	"math"

	"github.com/linli/linli/aid"
)

// View is the volunteers with capacity left as they were at one moment,
// numbered from 0 in the order of their cells, so that near volunteers have
// near numbers. It never changes, and is safe for concurrent use.
type View struct {
	vocabulary

	root   *node   // with its leaves numbered
	leaves []*leaf // by number
	begin  []int32 // of each leaf, the number of its first volunteer; then how many there are
	guess  []int32 // of each 32nd volunteer, the number of the leaf
}

// View freezes the volunteers who could be asked for a need at one of the
// places; others may be left out. It shares their memory with the index, so
// that it takes a millisecond or two for all of a province.
func (x *Index) View(places []aid.Point) (*View, error) {
	around, err := around(places)
	if err != nil {
		return nil, err
	}
	state := x.state.Load()
	return newView(state.vocabulary, state.available, around), nil
}

// newView numbers the part of a tree from which somebody could go to one of the
// boxes.
func newView(words vocabulary, root *node, around []box) *View {
	v := &View{vocabulary: words, begin: []int32{0}}
	if root != nil {
		v.root = v.freeze(root, around)
	}
	for number := range v.leaves {
		for 32*len(v.guess) < int(v.begin[number+1]) {
			v.guess = append(v.guess, int32(number))
		}
	}
	return v
}

// around gives boxes that hold the places, neighbours together.
func around(places []aid.Point) ([]box, error) {
	const bits = 21 // of an axis that a cube takes up: 6 km
	var boxes []box
	seen := map[[3]int16]int{}
	for _, p := range places {
		if err := p.Validate(); err != nil {
			return nil, err
		}
		s := newSpot(p, 0)
		cube := [3]int16{int16(s.x >> bits), int16(s.y >> bits), int16(s.z >> bits)}
		at, known := seen[cube]
		if !known {
			at = len(boxes)
			seen[cube] = at
			boxes = append(boxes, noBox())
		}
		boxes[at].include(&s)
	}
	return boxes, nil
}

// freeze copies the part of a tree from which somebody could go to one of the
// boxes, and numbers its leaves; nil when there is none.
func (v *View) freeze(n *node, around []box) *node {
	kept := &node{first: int32(len(v.leaves))}
	for i := range n.parts {
		p := &n.parts[i]
		var near []box
		for j := range around {
			if p.box.apart(&around[j]) <= float64(p.reach) {
				near = append(near, around[j])
				if len(n.leaves) > 0 {
					break
				}
			}
		}
		switch {
		case len(near) == 0:
		case len(n.leaves) > 0:
			kept.parts = append(kept.parts, *p)
			kept.leaves = append(kept.leaves, n.leaves[i])
			v.leaves = append(v.leaves, n.leaves[i])
			v.begin = append(v.begin, v.begin[len(v.begin)-1]+int32(n.leaves[i].n))
		default:
			if below := v.freeze(n.nodes[i], near); below != nil {
				kept.parts = append(kept.parts, *p)
				kept.nodes = append(kept.nodes, below)
			}
		}
	}
	if len(kept.parts) == 0 {
		return nil
	}
	return kept
}

// locate gives the place of a number.
func (v *View) locate(number int32) (*leaf, int) {
	at := v.guess[number/32]
	for v.begin[at+1] <= number {
		at++
	}
	return v.leaves[at], int(number - v.begin[at])
}

// Len is the number of volunteers in the view.
func (v *View) Len() int { return int(v.begin[len(v.leaves)]) }

// ID is the volunteer of a number.
func (v *View) ID(number int32) aid.VolunteerID {
	l, slot := v.locate(number)
	return l.id(slot)
}

// Free is the capacity that the volunteer has left: at least 1.
func (v *View) Free(number int32) int {
	l, slot := v.locate(number)
	return int(l.people[slot].free)
}

// Search is a query made ready for a view. It is safe for concurrent use.
type Search struct {
	view *View
	s    *search
}

// Search makes a query ready. It fails with [aid.Invalid] when the place is none.
func (v *View) Search(q Query) (Search, error) {
	s := new(search)
	err := s.prepare(&v.vocabulary, &q)
	return Search{v, s}, err
}

// In is the same search in a view whose volunteers are some of those of its own.
func (q Search) In(v *View) Search { return Search{v, q.s} }

// Below visits every eligible volunteer who costs less than limit, in no
// promised order, but always the same.
func (q Search) Below(limit int64, visit func(number int32, cost aid.Cost)) error {
	if q.s.hopeless() {
		return nil
	}
	d := newDesk()
	defer d.done()
	bound := costBound(limit)
	q.view.root.within(q.s, bound, func(l *leaf, number int32) {
		first := q.view.begin[number]
		q.s.below(l, q.s.skilled(l), limit, bound, &d.seen, func(slot int, cost aid.Cost) { visit(first+int32(slot), cost) })
	})
	return nil
}

// Cost is what the volunteer of a number would cost, and the first rule failed.
func (q Search) Cost(number int32) (aid.Cost, Rule) {
	d := newDesk()
	defer d.done()
	l, slot := q.view.locate(number)
	rule, metres := q.s.judge(l, slot, &d.seen)
	return q.s.cost(l, slot, int64(math.Round(metres))), rule
}
