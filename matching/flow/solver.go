package flow

import (
	"math"
)

// priceBlock is the number of volunteers for whom it is noted together that one
// of them may have a price. Most never do, and their memory stays untouched.
const priceBlock = 256

// roomForUnits bounds the filled seats for which room is made at once.
const roomForUnits = 1 << 22

// Solver holds a plan with its prices. It is not safe for concurrent use.
type Solver struct {
	asked    []Request // what each request wants
	capacity []int64   // of each volunteer
	own      bool      // asked and capacity are copies that may be changed
	lent     int       // volunteers in the problem; the others were added later
	land     land      // what of it this solver is for
	lands    []land    // into which it is cut for first searches; none when it is not
	ranges   ranges

	requests   []request
	volunteers []volunteer
	units      []unit
	spare      int32 // head of the list of units out of use, linked by nextOfOwner
	filled     int   // seats
	cost       int64 // of the plan so far

	lists
	search
	reverse *reverse // nil until a backward search needs it
	proof   proof

	priced  []bool  // per block of volunteers, whether one may have a price
	waiting []int32 // requests with seats that are neither filled nor open, or with too many filled
	loose   []int32 // volunteers with too much to do, or with capacity left and a price

	landSize     int   // requests of which a land is made
	easyEffort   int   // nodes that a first search may visit before its request counts as hard
	auctionAfter int64 // pairs that searches may scan, per pair of the graph, before an auction is held
	patience     int64 // pairs that Settle may scan before an auction is held instead

	opts  Options
	stats Stats
}

// Options tune a solver. The zero value is ready.
type Options struct {
	// Progress is called now and then, from the goroutine of the solve, with
	// the seats decided and the seats in all.
	Progress func(done, total int64)

	// Repriced is called from the goroutine of the call whenever a search is
	// about to move the price of a volunteer, with the price before.
	Repriced func(volunteer int32, before int64)

	// Reopened is called from the goroutine of the call whenever the number of
	// open seats of a request has changed.
	Reopened func(request int32)
}

// Stats counts the work done, for logs.
type Stats struct {
	Searches int64 // shortest paths sought
	Pops     int64 // nodes taken from the heap in them
	Scanned  int64 // pairs looked at in them
	Listings int64 // lists begun or extended
	Listed   int64 // pairs in the lists
}

// New prepares a solver for the problem, which must not be changed while the
// solver is in use. The error is a [*ProblemError].
func New(p *Problem, opts Options) (*Solver, error) {
	if len(p.Requests) > math.MaxInt32-1 || len(p.Capacity) > math.MaxInt32-1 {
		return nil, &ProblemError{"problem", "more than 2^31 - 2 requests or volunteers"}
	}
	if p.Source == nil {
		return nil, &ProblemError{"source", "missing"}
	}
	s := &Solver{
		asked: p.Requests, capacity: p.Capacity, lent: len(p.Capacity), land: everywhere,
		requests:   make([]request, len(p.Requests)),
		volunteers: make([]volunteer, len(p.Capacity)),
		priced:     make([]bool, len(p.Capacity)/priceBlock+1),
		search:     search{target: none, places: make([]int32, len(p.Capacity))},
		patience:   math.MaxInt64,
		landSize:   landRequests, easyEffort: easyEffort, auctionAfter: auctionAfter,
		opts: opts,
	}
	units := int64(0) // that can be filled at most
	for v, k := range p.Capacity {
		if k < 0 {
			return nil, problemErrorf("capacity", v, "", "is %d; a capacity is 0 or more", k)
		}
		s.volunteers[v].left = roomOf(k)
		units += min(k, int64(len(p.Requests)))
	}
	for r := range p.Requests {
		if err := s.ranges.add(r, p.Requests[r]); err != nil {
			return nil, err
		}
		s.requests[r].ceiling = min(p.Requests[r].penaltyOf(0), MaxTotal)
	}
	s.units = make([]unit, 1, 1+min(units, s.ranges.seats, roomForUnits))
	return s, s.connect(p.Source)
}

// connect attaches the source.
func (s *Solver) connect(source Source) error {
	s.source, s.guess, s.store = source, firstGuess, newStore()
	rows, explicit := source.(*Rows)
	if !explicit {
		s.named = make([]int32, len(s.volunteers))
		return nil
	}
	s.rows = rows
	switch dearest := s.ranges.maxCost(len(s.requests)); {
	case rows.Pairs() > math.MaxUint32:
		return &ProblemError{"source", "has more pairs than the 2^32 that the solver can hold"}
	case rows.Len() != len(s.requests):
		return &ProblemError{"source", "has not one row for each request"}
	case rows.count > len(s.volunteers):
		return problemErrorf("source", 0, "", "or another row names volunteer %d of %d", rows.count-1, len(s.volunteers))
	case rows.dearest > dearest && s.ranges.mandatory > 0:
		return rows.tooDear(dearest)
	}
	return nil
}
