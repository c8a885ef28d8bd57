package index

import (
	"cmp"
	"slices"
	"sync"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/grid"
)

// near is a bucket that a search may have to look into, and how near it can be.
type near struct {
	beyond float64 // chord
	bucket *bucket
}

var nearPool = sync.Pool{New: func() any { return new([]near) }}

// walk visits, from near to far and never twice, every volunteer who is within
// the bound and within their own reach and has the skills of the filter; it may
// visit some who are slightly beyond either. The bound is a chord; visit may
// lower it. An error means that the grid failed.
func (s *store) walk(q *search, bound *float64, visit func(*entry)) error {
	scratch := nearPool.Get().(*[]near)
	defer func() {
		clear(*scratch)
		*scratch = (*scratch)[:0]
		nearPool.Put(scratch)
	}()
	if s.ringsCost(min(*bound, s.reach)) > len(s.blocks) {
		for _, b := range s.blocks {
			*scratch = b.gather(q, *bound, *scratch)
		}
		visitNearest(q, bound, *scratch, visit)
		return nil
	}
	for k := 0; ; k++ {
		ring, err := s.rings.At(q.block, k)
		if err != nil {
			return err
		}
		if ring.Beyond(q.at) > min(*bound, s.reach) || len(ring) == 0 {
			return nil
		}
		*scratch = (*scratch)[:0]
		for i := range ring {
			if b := s.blocks[ring[i].Cell]; b != nil {
				*scratch = b.gather(q, *bound, *scratch)
			}
		}
		visitNearest(q, bound, *scratch, visit)
	}
}

// ringStep is by how many metres a ring of blocks leads outward at the least,
// used only to guess how many rings a search takes.
const ringStep = 14_000

// ringsCost guesses how many cells the rings out to a chord have. Past the
// number of blocks that hold anybody it is quicker to look at those.
func (s *store) ringsCost(chord float64) int {
	n := int(grid.Metres(chord)/ringStep) + 1
	return 3*n*(n+1) + 1
}

// gather appends the block's buckets that the search may not skip.
func (b *block) gather(q *search, bound float64, dst []near) []near {
	if b.misses(q, bound) {
		return dst
	}
	for _, k := range b.buckets {
		if !k.misses(q, bound) {
			dst = append(dst, near{k.cap.Beyond(q.at), k})
		}
	}
	return dst
}

func visitNearest(q *search, bound *float64, found []near, visit func(*entry)) {
	slices.SortFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.beyond, b.beyond), cmp.Compare(a.bucket.cell, b.bucket.cell))
	})
	for _, f := range found {
		if f.beyond > *bound {
			return
		}
		most := squared(*bound)
		for i := range f.bucket.entries {
			e := &f.bucket.entries[i]
			if q.filter&^e.skills != 0 {
				continue
			}
			dx, dy, dz := q.x-e.x, q.y-e.y, q.z-e.z
			if dx*dx+dy*dy+dz*dz > min(most, e.reach) {
				continue
			}
			visit(e)
		}
	}
}

// costBound is a chord within which everybody lies who costs less than limit:
// rounding moves a distance by half a metre at most.
func costBound(limit int64) float64 { return grid.Chord(float64(limit) + 1) }

// everywhere is a bound that rules nobody out.
const everywhere = 2.0

// Match is an eligible volunteer with the parts of the cost.
type Match struct {
	Volunteer aid.VolunteerID
	Cost      aid.Cost
}

func compareMatches(a, b Match) int {
	return cmp.Or(cmp.Compare(a.Cost.Total(), b.Cost.Total()), cmp.Compare(a.Volunteer, b.Volunteer))
}
