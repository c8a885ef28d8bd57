package index

import (
	"sync"
	"sync/atomic"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/grid"
)

// Index is the volunteers by place. It is safe for concurrent use. Updates are
// made one at a time; queries neither wait for them nor for each other, and see
// each update wholly or not at all.
type Index struct {
	state atomic.Pointer[state]

	mu         sync.Mutex // one update at a time; guards what follows
	terms      terms
	roster     roster
	edit       editor
	fresh, old record // memory that updates use again and again
}

// state is all volunteers at one moment. It never changes.
type state struct {
	vocabulary

	// Volunteers with capacity left and the others are apart, since nearly all
	// questions are about the first, who are the fewer.
	available, taken *node
}

// New makes an empty index.
func New() *Index {
	x := &Index{terms: newTerms(), roster: newRoster()}
	x.edit.key = x.keyOf
	x.state.Store(&state{vocabulary: x.terms.vocabulary()})
	return x
}

// keyOf reads the roster anew each time, since a load replaces it.
func (x *Index) keyOf(h handle) key { return x.roster.keys[h] }

// Len is the number of volunteers.
func (x *Index) Len() int {
	s := x.state.Load()
	return s.available.count() + s.taken.count()
}

// Upsert adds a volunteer or replaces the one with the same id, in a few
// microseconds. A record that cannot be placed is refused with [aid.Invalid], and
// the index stays as it was. Nothing of v is kept.
func (x *Index) Upsert(v Volunteer) error {
	if err := v.Validate(); err != nil {
		return err
	}
	rank := grid.Rank(grid.VecOf(v.Home))
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := v.fill(&x.fresh, &x.terms); err != nil {
		return err
	}
	hash := x.roster.hash(v.ID)
	next := *x.state.Load()
	h, known := x.find(hash, v.ID)
	var err error
	if known {
		x.take(h)
	} else if h, err = x.roster.add(hash, rank); err != nil {
		x.terms.use(&x.fresh)
		x.terms.release(&x.fresh)
		return err
	}
	x.terms.use(&x.fresh)
	from, to := next.tree(known && x.old.free == 0), next.tree(x.fresh.free == 0)
	switch k := keyOf(rank, h); {
	case !known:
		*to = x.edit.add(*to, k, &x.fresh, h)
	case from == to && k == x.roster.keys[h]:
		*to = x.edit.replace(*to, k, &x.fresh, h)
	default:
		*from = x.edit.remove(*from, x.roster.keys[h], h)
		x.roster.keys[h] = k
		*to = x.edit.add(*to, k, &x.fresh, h)
	}
	if known {
		x.terms.release(&x.old)
	}
	x.publish(next)
	return nil
}

// Remove takes a volunteer out and tells whether they were there.
func (x *Index) Remove(id aid.VolunteerID) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	hash := x.roster.hash(id)
	h, known := x.find(hash, id)
	if !known {
		return false
	}
	x.take(h)
	next := *x.state.Load()
	from := next.tree(x.old.free == 0)
	*from = x.edit.remove(*from, x.roster.keys[h], h)
	x.roster.remove(hash, h)
	x.terms.release(&x.old)
	x.publish(next)
	return true
}

// tree gives the place of one of the two trees.
func (s *state) tree(taken bool) **node {
	if taken {
		return &s.taken
	}
	return &s.available
}

// publish makes a state the one that queries see from now on.
func (x *Index) publish(next state) {
	next.vocabulary = x.terms.vocabulary()
	x.state.Store(&next)
}

// find gives the handle of an id.
func (x *Index) find(hash uint32, id aid.VolunteerID) (handle, bool) {
	return x.roster.find(hash, func(h handle) bool {
		l, slot := x.locate(h)
		return l.id(slot) == id
	})
}

// locate gives the place of a volunteer who is in the index.
func (x *Index) locate(h handle) (*leaf, int) {
	s := x.state.Load()
	for _, root := range []*node{s.available, s.taken} {
		if root != nil {
			l := root.leafOf(x.roster.keys[h])
			if slot := l.slot(h); slot >= 0 {
				return l, slot
			}
		}
	}
	panic("index: a volunteer of the roster is in no tree")
}

// take copies a volunteer as they are now.
func (x *Index) take(h handle) {
	l, slot := x.locate(h)
	l.record(slot, &x.old)
}
