package flow

import (
	"cmp"
	"slices"
)

const (
	landRequests = 16384 // about so many requests make a land
	mostLands    = 16
	landSample   = 8 // one request in so many is looked at to find the borders
	fewCrossing  = 4 // lands suit when no more than one pair in so many crosses a border
)

// A large explicit graph whose two sides are numbered along the map is cut into
// lands: requests of neighbouring numbers, and the volunteers in reach of them. The
// first searches of each are made as if there was nothing beyond, side by side on as
// many processors as there are. A search ends at a border when its path might go on
// over it: then nothing has changed, and it is made again afterwards, when all lands
// are one. So the conditions hold all the time. The lands follow from the problem
// alone, so the plan does not depend on the machine.
type land struct {
	from, to           int32 // its requests
	firstOwn, boundary int32 // its volunteers
}

// everywhere is the land of a solver that is not one of several.
var everywhere = land{to: maxIndex, boundary: maxIndex}

const maxIndex = 1<<31 - 1

// has says whether a volunteer is of the land; the complement of one never is.
func (l *land) has(v int32) bool { return uint32(v-l.firstOwn) < uint32(l.boundary-l.firstOwn) }

// cut divides the problem into lands, or gives nil when it is small or not laid out
// along a map.
func (s *Solver) cut() []land {
	n := min(len(s.requests)/s.landSize, mostLands)
	switch {
	case n < 2, s.rows == nil, s.rows.Len() != len(s.requests), s.opts.Repriced != nil, s.opts.Reopened != nil:
		return nil
	case len(s.volunteers) >= maxIndex/2, s.rows.Pairs() >= maxIndex/2:
		return nil // numbers of volunteers and units are to stay in range
	}
	sample := s.sampleBlocks()
	for ; n >= 2; n /= 2 {
		if lands := s.cutInto(n, sample); fits(lands, sample) {
			return lands
		}
	}
	return nil
}

// cutInto makes n lands of as many pairs each.
func (s *Solver) cutInto(n int, sample []int32) []land {
	lands := make([]land, n)
	for i := range n - 1 {
		at := int32(firstAt(s.rows.first[:len(s.requests)], (i+1)*s.rows.Pairs()/n))
		border := border(sample, int(at)/landSample, len(s.volunteers)/priceBlock) * priceBlock
		lands[i].to, lands[i].boundary = at, border
		lands[i+1].from, lands[i+1].firstOwn = at, border
	}
	lands[n-1].to, lands[n-1].boundary = int32(len(s.requests)), int32(len(s.volunteers))
	return lands
}

// fits says whether every land has people, and few pairs of the sample cross.
func fits(lands []land, sample []int32) bool {
	for _, l := range lands {
		if l.boundary <= l.firstOwn || l.to <= l.from {
			return false
		}
	}
	crossing, i := 0, 0
	for at, block := range sample {
		for lands[i].to <= int32(at*landSample) {
			i++
		}
		if block != none && !lands[i].has(block*priceBlock) {
			crossing++
		}
	}
	return crossing*fewCrossing <= len(sample)
}

// sampleBlocks gives, for one request in landSample, the block in which somebody
// eligible is, or none.
func (s *Solver) sampleBlocks() []int32 {
	sample := make([]int32, 0, len(s.requests)/landSample+1)
	for r := 0; r < len(s.requests); r += landSample {
		block := none
		if first := s.rows.first[r]; first < s.rows.first[r+1] {
			block = s.rows.volunteers[first] / priceBlock
		}
		sample = append(sample, block)
	}
	return sample
}

// border finds the block of volunteers at which the fewest pairs of the sample cross
// when it is parted at a place.
func border(sample []int32, at, blocks int) int32 {
	gain := make([]int32, blocks+2) // by ending the first land behind a block
	for i, block := range sample {
		switch {
		case block == none:
		case i < at:
			gain[block+1]++
		default:
			gain[block+1]--
		}
	}
	best, sum, border := int32(0), int32(0), 0
	for block, g := range gain[:blocks+1] {
		if sum += g; sum > best {
			best, border = sum, block
		}
	}
	return int32(border)
}

// firstAt gives the first place whose value is so much or more.
func firstAt[T cmp.Ordered](sorted []T, value T) int {
	i, _ := slices.BinarySearch(sorted, value)
	return i
}
