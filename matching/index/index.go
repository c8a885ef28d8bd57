package index

import (
	"slices"
	"sync"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/grid"
)

// Index is the volunteers by place. It is safe for concurrent use: queries run
// side by side, updates one at a time; a query sees each update wholly or not
// at all.
type Index struct {
	mu     sync.RWMutex
	words  words
	store  store
	people map[aid.VolunteerID]*record
}

// New makes an empty index.
func New() *Index {
	return &Index{
		words:  newWords(),
		store:  store{blocks: map[aid.Cell]*block{}, rings: &grid.Rings{}},
		people: map[aid.VolunteerID]*record{},
	}
}

// Len is the number of volunteers.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.people)
}

// Upsert adds a volunteer or replaces the one with the same id. A record that
// cannot be placed is refused with [aid.Invalid], and the index stays as it was.
// The slices of v must not be changed afterwards.
func (x *Index) Upsert(v Volunteer) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	e, err := x.words.newEntry(v)
	if err != nil {
		return err
	}
	if old := x.people[v.ID]; old != nil {
		x.store.remove(old)
		delete(x.people, v.ID)
	}
	if err := x.store.add(e); err != nil {
		return err
	}
	x.people[v.ID] = e.person
	return nil
}

// Remove takes a volunteer out and tells whether they were there.
func (x *Index) Remove(id aid.VolunteerID) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	p := x.people[id]
	if p == nil {
		return false
	}
	x.store.remove(p)
	delete(x.people, id)
	return true
}

// Near visits the eligible volunteers who cost less than limit, ring by ring
// outward, until visit returns false. Updates wait meanwhile, and visit must not
// call the index.
func (x *Index) Near(q Query, limit int64, visit func(Match) bool) error {
	x.mu.RLock()
	defer x.mu.RUnlock()
	s, err := x.words.search(q)
	if err != nil {
		return err
	}
	bound, stopped := costBound(limit), false
	return x.store.walk(s, &bound, func(e *entry) {
		if stopped {
			return
		}
		if rule, metres := s.fails(e); rule == "" {
			if cost := s.cost(e, metres); cost.Total() < limit && !visit(Match{e.person.id, cost}) {
				stopped, bound = true, -1
			}
		}
	})
}

// Candidates gives the k cheapest eligible volunteers, cheapest first and equal
// ones by id. The walk ends as soon as nobody farther out can be cheaper.
func (x *Index) Candidates(q Query, k int) ([]Match, error) {
	if k <= 0 {
		return nil, nil
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	s, err := x.words.search(q)
	if err != nil {
		return nil, err
	}
	var best []Match // ascending
	bound := everywhere
	err = x.store.walk(s, &bound, func(e *entry) {
		rule, metres := s.fails(e)
		if rule != "" {
			return
		}
		m := Match{e.person.id, s.cost(e, metres)}
		at, _ := slices.BinarySearchFunc(best, m, compareMatches)
		if at >= k {
			return
		}
		if len(best) == k {
			best = best[:k-1]
		}
		best = slices.Insert(best, at, m)
		if len(best) == k {
			bound = min(bound, costBound(best[k-1].Cost.Total()))
		}
	})
	return best, err
}
