package index

import (
	"math/bits"
	"slices"
)

// traits is who of a leaf has which word: for each word that anybody has, a set
// of slots as the bits of one integer. A filter over all volunteers of a leaf is
// one AND for each thing asked.
type traits struct {
	own  uint64   // union of the words' bits
	who  []uint64 // slots that have the word
	word []word   // ascending
}

func (t *traits) clone() traits {
	return traits{t.own, slices.Clone(t.who), slices.Clone(t.word)}
}

// emptied gives the memory back for others.
func (t *traits) emptied() traits { return traits{who: t.who[:0], word: t.word[:0]} }

// find gives the place of a word that somebody has.
func (t *traits) find(w word) (at int, found bool) {
	if w < ownBits {
		return bits.OnesCount64(t.own & (1<<w - 1)), t.own>>w&1 == 1
	}
	if t.own&rareBit == 0 {
		return 0, false
	}
	return slices.BinarySearch(t.word, w)
}

// has gives the slots that have a word.
func (t *traits) has(w word) uint64 {
	if at, found := t.find(w); found {
		return t.who[at]
	}
	return 0
}

// give notes that a slot has a word, and gives the word's place.
func (t *traits) give(slot int, w word) (at int) {
	at, found := slices.BinarySearch(t.word, w)
	if !found {
		t.own |= w.bit()
		t.word = slices.Insert(t.word, at, w)
		t.who = slices.Insert(t.who, at, 0)
	}
	t.who[at] |= 1 << slot
	return at
}

// close takes a slot out and moves the later ones down by one. Words that
// nobody has any more go too.
func (t *traits) close(slot int) {
	below := uint64(1)<<slot - 1
	kept := 0
	t.own = 0
	for i, who := range t.who {
		if who = who&below | who>>1&^below; who != 0 {
			t.who[kept], t.word[kept] = who, t.word[i]
			t.own |= t.word[i].bit()
			kept++
		}
	}
	t.who, t.word = t.who[:kept], t.word[:kept]
}

// holdings is who holds which course, and until when.
type holdings struct {
	traits
	until []day // course by course in the order of the words, in each by slot
}

func (h *holdings) clone() holdings {
	return holdings{h.traits.clone(), slices.Clone(h.until)}
}

func (h *holdings) emptied() holdings { return holdings{h.traits.emptied(), h.until[:0]} }

// end is the place in until of a slot for the course at a place: how many
// holdings come before it.
func (h *holdings) end(at, slot int) int {
	n := bits.OnesCount64(h.who[at] & (1<<slot - 1))
	for _, who := range h.who[:at] {
		n += bits.OnesCount64(who)
	}
	return n
}

// holds gives those of the slots that hold a course on a day.
func (h *holdings) holds(among uint64, w word, on day) uint64 {
	at, found := h.find(w)
	if !found {
		return 0
	}
	among &= h.who[at]
	if among == 0 {
		return 0
	}
	first := h.end(at, 0)
	for rest := among; rest != 0; rest &= rest - 1 {
		slot := rest & -rest
		if h.until[first+bits.OnesCount64(h.who[at]&(slot-1))] < on {
			among &^= slot
		}
	}
	return among
}

// give notes a course of a slot.
func (h *holdings) give(slot int, c course) {
	at := h.traits.give(slot, c.word)
	h.until = slices.Insert(h.until, h.end(at, slot), c.until)
}

// close takes a slot out like [traits.close].
func (h *holdings) close(slot int) {
	for at := len(h.who) - 1; at >= 0; at-- {
		if h.who[at]>>slot&1 == 1 {
			i := h.end(at, slot)
			h.until = slices.Delete(h.until, i, i+1)
		}
	}
	h.traits.close(slot)
}
