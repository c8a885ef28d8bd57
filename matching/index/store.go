package index

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/grid"
)

// summary bounds what a search could find in a group of volunteers. It is
// widened when one is added, and computed anew when one leaves.
type summary struct {
	cap    grid.Cap
	reach  float64 // chord: the farthest that any of them goes
	skills uint64  // all bits that any of them has
}

func (s *summary) widen(o summary) {
	s.cap.Radius = max(s.cap.Radius, s.cap.Centre.Chord(o.cap.Centre)+o.cap.Radius)
	s.reach = max(s.reach, o.reach)
	s.skills |= o.skills
}

// misses tells whether a search may skip the group.
func (s *summary) misses(q *search, bound float64) bool {
	return q.filter&^s.skills != 0 || s.cap.Beyond(q.at) > min(bound, s.reach)
}

// bucket holds the volunteers of one home cell in one block.
type bucket struct {
	summary
	cell    aid.Cell
	entries []entry // ascending by id
}

// block holds the buckets of one block of the grid.
type block struct {
	summary
	buckets []*bucket // ascending by cell
}

// store is the blocks, and the farthest that any volunteer in them goes.
type store struct {
	blocks map[aid.Cell]*block
	reach  float64 // chord
	rings  *grid.Rings
}

// add puts an entry in its place; its id must not be there yet.
func (s *store) add(e entry) error {
	b := s.blocks[e.person.block]
	if b == nil {
		c, err := grid.Centre(e.person.block)
		if err != nil {
			return err
		}
		b = &block{summary: summary{cap: grid.Cap{Centre: grid.VecOf(c)}}}
	}
	at, found := b.find(e.person.cell)
	if !found {
		c, err := grid.Centre(e.person.cell)
		if err != nil {
			return err
		}
		k := &bucket{summary: summary{cap: grid.Cap{Centre: grid.VecOf(c)}}, cell: e.person.cell}
		b.buckets = slices.Insert(b.buckets, at, k)
	}
	k := b.buckets[at]
	i, _ := k.find(e.person.id)
	k.entries = slices.Insert(k.entries, i, e)
	own := e.summary()
	k.widen(own)
	b.widen(own)
	s.reach = max(s.reach, own.reach)
	s.blocks[e.person.block] = b
	return nil
}

// remove takes an entry out and narrows the summaries that held it.
func (s *store) remove(p *record) {
	b := s.blocks[p.block]
	at, _ := b.find(p.cell)
	k := b.buckets[at]
	i, _ := k.find(p.id)
	k.entries = slices.Delete(k.entries, i, i+1)
	if len(k.entries) == 0 {
		b.buckets = slices.Delete(b.buckets, at, at+1)
	}
	k.narrow()
	b.narrow()
	if len(b.buckets) == 0 {
		delete(s.blocks, p.block)
	}
	if p.chord() >= s.reach {
		s.reach = 0
		for b := range maps.Values(s.blocks) {
			s.reach = max(s.reach, b.reach)
		}
	}
}

// entryOf finds the entry of a volunteer who is in the store.
func (s *store) entryOf(p *record) *entry {
	b := s.blocks[p.block]
	at, _ := b.find(p.cell)
	k := b.buckets[at]
	i, _ := k.find(p.id)
	return &k.entries[i]
}

func (b *block) find(c aid.Cell) (int, bool) {
	return slices.BinarySearchFunc(b.buckets, c, func(k *bucket, c aid.Cell) int { return cmp.Compare(k.cell, c) })
}

func (k *bucket) find(id aid.VolunteerID) (int, bool) {
	return slices.BinarySearchFunc(k.entries, id, func(e entry, id aid.VolunteerID) int {
		return strings.Compare(string(e.person.id), string(id))
	})
}

func (k *bucket) narrow() {
	k.summary = summary{cap: grid.Cap{Centre: k.cap.Centre}}
	for i := range k.entries {
		k.widen(k.entries[i].summary())
	}
}

func (b *block) narrow() {
	b.summary = summary{cap: grid.Cap{Centre: b.cap.Centre}}
	for _, k := range b.buckets {
		b.widen(k.summary)
	}
}
