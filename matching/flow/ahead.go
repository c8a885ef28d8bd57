package flow

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// SideBySide is a [Source] that may be called from several goroutines at a time.
// The first lists of all requests are made so, before any seat is placed.
type SideBySide interface {
	Source
	SideBySide()
}

// chunkSize is how many requests are listed one after the other, so that each
// list tells how far to look for the next. Chunks are listed side by side.
const chunkSize = 256

// chunk is the first lists of neighbouring requests.
type chunk struct {
	lists []firstList
	arcs  []Arc
	err   error
}

type firstList struct {
	request int32
	end     int // in the arcs of the chunk
	horizon int64
}

// listAhead makes the first lists of all requests that will need one, if the
// source can be asked side by side. What is listed depends on nothing but the
// problem, and so does the plan.
func (s *Solver) listAhead(ctx context.Context) error {
	source, ok := s.source.(SideBySide)
	if !ok {
		return nil
	}
	chunks := make([]chunk, (len(s.requests)+chunkSize-1)/chunkSize)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(chunks)) {
		workers.Go(func() {
			for ctx.Err() == nil {
				at := int(next.Add(1)) - 1
				if at >= len(chunks) {
					return
				}
				chunks[at] = s.listChunk(source, at*chunkSize)
			}
		})
	}
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	for i := range chunks {
		if err := s.takeChunk(&chunks[i]); err != nil {
			return err
		}
		chunks[i] = chunk{}
	}
	return nil
}

// listChunk lists from a request on. It only reads the solver.
func (s *Solver) listChunk(source Source, from int) chunk {
	var c chunk
	guess, dearest := int64(firstGuess), s.ranges.maxCost(len(s.requests))
	var room []Arc
	for i := range s.requests[from:min(from+chunkSize, len(s.requests))] {
		r := int32(from + i)
		limit := min(guess, s.asked[r].dearest())
		if s.requests[r].horizon > 0 || limit == 0 || s.need(r) == 0 {
			continue
		}
		room = source.AppendBelow(room[:0], r, limit)
		for _, a := range room {
			if c.err = s.checkArc(r, a, limit, dearest); c.err != nil {
				return c
			}
		}
		slices.SortFunc(room, compareArcs)
		list, horizon := trim(room, limit, &guess)
		c.arcs = append(c.arcs, list...)
		c.lists = append(c.lists, firstList{r, len(c.arcs), horizon})
	}
	return c
}

// takeChunk takes over the lists of a chunk.
func (s *Solver) takeChunk(c *chunk) error {
	if c.err != nil {
		return c.err
	}
	begin := 0
	for _, l := range c.lists {
		list := c.arcs[begin:l.end]
		begin = l.end
		if err := s.nameOnce(l.request, list); err != nil {
			return err
		}
		if err := s.extend(l.request, list); err != nil {
			return err
		}
		s.requests[l.request].horizon = l.horizon
	}
	return nil
}
