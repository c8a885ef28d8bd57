package index

import (
	"sync"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/grid"
)

// ranking finds the places of volunteers in a tree, on another processor than
// the one that takes their records in.
type ranking struct {
	batch []ranked
	work  chan []ranked
	done  sync.WaitGroup

	// Of the other goroutine until it is done.
	keys  []key // by handle
	taken []bool
	err   error
}

// ranked is a record whose place is to be found. Of several with one handle the
// last counts.
type ranked struct {
	home   aid.Point
	handle handle
	taken  bool // no capacity left
}

// rankedAtOnce amortises the handing over, and waits for little at the end.
const rankedAtOnce = 4096

func newRanking() *ranking {
	r := &ranking{work: make(chan []ranked, 4)}
	r.done.Go(func() {
		for batch := range r.work {
			r.rank(batch)
		}
	})
	return r
}

func (r *ranking) add(one ranked) {
	if r.batch == nil {
		r.batch = make([]ranked, 0, rankedAtOnce)
	}
	if r.batch = append(r.batch, one); len(r.batch) == rankedAtOnce {
		r.work <- r.batch
		r.batch = nil
	}
}

// stop returns once all places are found. No more may be added.
func (r *ranking) stop() {
	r.work <- r.batch
	close(r.work)
	r.done.Wait()
}

func (r *ranking) rank(batch []ranked) {
	for _, one := range batch {
		rank, err := grid.Rank(one.home)
		if err != nil {
			r.err = err
		}
		for int(one.handle) >= len(r.keys) {
			r.keys, r.taken = append(r.keys, 0), append(r.taken, false)
		}
		r.keys[one.handle], r.taken[one.handle] = keyOf(rank, one.handle), one.taken
	}
}
