package index

import (
	"maps"
	"slices"
	"time"
)

// Nobody is the number of nobody.
const Nobody int32 = -1

// Since compares the view with an earlier one of the same index, wherever its
// places were. It gives for each volunteer the number that they had, if they are
// just as they were then, else [Nobody]: also where somebody rested at the one time
// and not at the other. It takes time for the leaves that changed, and for those
// in which somebody rests or has quiet hours. ok is false when the two cannot be compared, because skills or courses
// have come or gone.
func (v *View) Since(old *View, then, now time.Time) (was []int32, ok bool) {
	if !maps.Equal(v.skills, old.skills) || !maps.Equal(v.courses, old.courses) {
		return nil, false
	}
	rest := make(map[*leaf]int32, len(old.leaves))
	for i, l := range old.leaves {
		rest[l] = old.begin[i]
	}
	was = make([]int32, v.Len())
	var changed []int // leaves
	for i, l := range v.leaves {
		first, same := rest[l]
		if !same {
			changed = append(changed, i)
			continue
		}
		for slot := range int32(l.n) {
			was[v.begin[i]+slot] = first + slot
		}
		delete(rest, l)
	}
	c := newComparison(old, rest)
	for _, i := range changed {
		l := v.leaves[i]
		for slot := range l.n {
			was[int(v.begin[i])+slot] = c.find(l, slot)
		}
	}
	v.woken(was, then, now)
	return was, true
}

// woken takes those out who rest at one of the times alone.
func (v *View) woken(was []int32, then, now time.Time) {
	if then.Equal(now) {
		return
	}
	past, present := search{now: then, micros: then.UnixMicro()}, search{now: now, micros: now.UnixMicro()}
	var before, after seen
	before.forget()
	after.forget()
	for i, l := range v.leaves {
		if l.pauses == nil && !l.hushed {
			continue
		}
		for slot := range l.n {
			if past.rests(l, slot, &before) != present.rests(l, slot, &after) {
				was[int(v.begin[i])+slot] = Nobody
			}
		}
	}
}

// comparison finds volunteers as they were in the leaves that changed.
type comparison struct {
	old    *View
	number []int32 // by handle: one more than the number they had, 0 for nobody
	a, b   record
}

// newComparison takes the leaves with the number of the first in each.
func newComparison(old *View, leaves map[*leaf]int32) *comparison {
	handles := 0
	for l := range leaves {
		for i := range l.n {
			handles = max(handles, int(l.people[i].handle)+1)
		}
	}
	c := &comparison{old: old, number: make([]int32, handles)}
	for l, first := range leaves {
		for i := range l.n {
			c.number[l.people[i].handle] = first + int32(i) + 1
		}
	}
	return c
}

// find gives the number of a volunteer who was just the same.
func (c *comparison) find(l *leaf, slot int) int32 {
	now := &l.people[slot]
	if int(now.handle) >= len(c.number) || c.number[now.handle] == 0 {
		return Nobody
	}
	number := c.number[now.handle] - 1
	before, at := c.old.locate(number)
	if before.people[at] != *now || before.when[at] != l.when[slot] || before.count[at] != l.count[slot] || before.id(at) != l.id(slot) {
		return Nobody
	}
	before.record(at, &c.a)
	l.record(slot, &c.b)
	if slices.Equal(c.a.skills, c.b.skills) && slices.Equal(c.a.held, c.b.held) && slices.Equal(c.a.bound, c.b.bound) &&
		c.a.pause.until == c.b.pause.until && slices.Equal(c.a.pause.parks(), c.b.pause.parks()) && c.a.vetting == c.b.vetting {
		return number
	}
	return Nobody
}

// Only gives a view of some of the volunteers, in the order of their numbers,
// which must ascend: number i of it is the i-th of them.
func (v *View) Only(numbers []int32) *View {
	var pieces []piece
	var b leafBuilder
	var r record
	for chunk := range slices.Chunk(numbers, packedLeaf) {
		for _, number := range chunk {
			l, slot := v.locate(number)
			l.record(slot, &r)
			b.add(&r, l.people[slot].handle)
		}
		pieces = append(pieces, leafPiece(b.done(), 0))
	}
	root := stack(pieces)
	if root == nil {
		return newView(v.vocabulary, nil, nil)
	}
	return newView(v.vocabulary, root, []box{root.summary().box})
}
