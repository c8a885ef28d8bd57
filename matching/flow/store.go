package flow

import (
	"math/bits"
	"slices"
)

const (
	pageBits  = 16
	pageArcs  = 1 << pageBits
	firstPage = 1024 // arcs; small problems need no more
)

// store is the memory of lists. A list lies in one page, so nothing moves when pages
// are added, and what a list leaves behind when it grows goes to the next one of
// that size. A place is the number of the page and the offset in it.
type store struct {
	pages [][]arc
	used  int              // arcs of the last page
	gaps  map[int][]uint32 // by size
}

func newStore() store {
	return store{pages: [][]arc{make([]arc, firstPage)}, gaps: map[int][]uint32{}}
}

// roomFor is how many arcs a list of n has room for.
func roomFor(n int) int {
	if n == 0 {
		return 0
	}
	step := max(4, 1<<bits.Len(uint(n-1))>>3)
	return (n + step - 1) &^ (step - 1)
}

// at gives the n arcs at a place.
func (m *store) at(place uint32, n int32) []arc {
	return m.pages[place>>pageBits][place%pageArcs:][:n]
}

// reserve finds a place for a list of n arcs; ok is false when there is none left.
func (m *store) reserve(n int) (place uint32, ok bool) {
	size := roomFor(n)
	if gaps := m.gaps[size]; len(gaps) > 0 {
		m.gaps[size] = gaps[:len(gaps)-1]
		return gaps[len(gaps)-1], true
	}
	last := len(m.pages) - 1
	if m.used+size > len(m.pages[last]) {
		if last++; last == 1<<(32-pageBits) {
			return 0, false
		}
		m.pages = append(m.pages, make([]arc, max(size, min(2*len(m.pages[last-1]), pageArcs))))
		m.used = 0
	}
	place = uint32(last<<pageBits | m.used)
	m.used += size
	return place, true
}

// leave gives the place of a list of n arcs back.
func (m *store) leave(place uint32, n int) {
	if n > 0 {
		size := roomFor(n)
		m.gaps[size] = append(m.gaps[size], place)
	}
}

// branch gives a store with the same lists, whose new ones lie in pages of its own.
func (m *store) branch() store {
	pages := slices.Clip(m.pages)
	return store{pages: pages, used: len(pages[len(pages)-1]), gaps: map[int][]uint32{}}
}

// join takes over what a branch has added since there were so many pages, and gives
// what the places of that have to be raised by.
func (m *store) join(branch *store, pages int) (raise uint32) {
	raise = uint32(len(m.pages)-pages) << pageBits
	if len(branch.pages) > pages {
		m.pages = append(m.pages, branch.pages[pages:]...)
		m.used = branch.used
	}
	for size, places := range branch.gaps {
		for _, place := range places {
			if int(place>>pageBits) >= pages {
				place += raise
			}
			m.gaps[size] = append(m.gaps[size], place)
		}
	}
	return raise
}
