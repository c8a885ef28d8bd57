package flow

import (
	"context"
	"math"
	"slices"
)

// priceBlock is the number of volunteers for whom it is noted together that one
// of them may have a price. Most never do, and their memory stays untouched.
const priceBlock = 256

// Solver holds a plan with its prices. It is not safe for concurrent use.
type Solver struct {
	asked    []Request // what each request wants
	capacity []int64   // of each volunteer
	own      bool      // asked and capacity are copies that may be changed
	lent     int       // volunteers in the problem; the others were added later
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

	priced  []bool  // per block of volunteers, whether one may have a price
	waiting []int32 // requests with seats that are neither filled nor open, or with too many filled
	loose   []int32 // volunteers with too much to do, or with capacity left and a price

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
		asked: p.Requests, capacity: p.Capacity, lent: len(p.Capacity),
		requests:   make([]request, len(p.Requests)),
		volunteers: make([]volunteer, len(p.Capacity)),
		units:      make([]unit, 1, len(p.Requests)+1),
		priced:     make([]bool, len(p.Capacity)/priceBlock+1),
		search:     search{target: none},
		opts:       opts,
	}
	for v, k := range p.Capacity {
		if k < 0 {
			return nil, problemErrorf("capacity", v, "", "is %d; a capacity is 0 or more", k)
		}
		if k == 0 {
			s.volunteers[v].full = true
		}
	}
	for r := range p.Requests {
		if err := s.ranges.add(r, p.Requests[r]); err != nil {
			return nil, err
		}
		s.requests[r].ceiling = min(p.Requests[r].penaltyOf(0), MaxTotal)
	}
	return s, s.connect(p.Source)
}

// connect attaches the source.
func (s *Solver) connect(source Source) error {
	s.source, s.guess = source, firstGuess
	rows, explicit := source.(*Rows)
	if !explicit {
		s.named = make([]int32, len(s.volunteers))
		return nil
	}
	s.rows = rows
	s.arcs = make([]arc, 0, min(rows.Pairs(), (nearArcs+2)*rows.Len()))
	switch dearest := s.ranges.maxCost(len(s.requests)); {
	case rows.Len() != len(s.requests):
		return &ProblemError{"source", "has not one row for each request"}
	case rows.count > len(s.volunteers):
		return problemErrorf("source", 0, "", "or another row names volunteer %d of %d", rows.count-1, len(s.volunteers))
	case rows.dearest > dearest && s.ranges.mandatory > 0:
		return rows.tooDear(dearest)
	}
	return nil
}

// Solve places all seats at the least cost and proves it. Errors are a
// [*ProblemError] for answers of the source that cannot be used, an
// [*InfeasibleError], the context's error, or [ErrUnproven].
func (s *Solver) Solve(ctx context.Context) error {
	var done, left int64
	var hard []int32
	for r := range s.requests {
		seats := s.asked[r].Seats
		n, err := s.place(ctx, int32(r), seats, easyEffort)
		if err != nil {
			return err
		}
		if n > 0 {
			left += n
			hard = append(hard, int32(r))
			s.requests[r].hard = true
		}
		done += seats
		if s.opts.Progress != nil && ((r+1)%256 == 0 || r+1 == len(s.requests)) {
			s.opts.Progress(done, s.ranges.seats)
		}
	}
	s.waiting = append(s.waiting, hard...)
	if left > s.ranges.seats/manyHard {
		if err := s.solveScarce(ctx, hard); err != nil {
			return err
		}
	}
	if err := s.Settle(ctx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := s.Prove()
	return err
}

// Stats counts the work done so far.
func (s *Solver) Stats() Stats { return s.stats }

// Cost is what the plan costs: Σ cost of the pairs + Σ penalty of the open
// seats. It is the least possible after every call that gave no error.
func (s *Solver) Cost() int64 { return s.cost }

// Requests is the number of requests, those added included.
func (s *Solver) Requests() int { return len(s.requests) }

// Volunteers is the number of volunteers, those added included.
func (s *Solver) Volunteers() int { return len(s.volunteers) }

// Filled is the number of seats filled in all.
func (s *Solver) Filled() int { return s.filled }

// Request is what r wants at present.
func (s *Solver) Request(r int32) Request { return s.asked[r] }

// Capacity is how many seats v takes at present.
func (s *Solver) Capacity(v int32) int64 { return s.capacity[v] }

// Open is the number of open seats of r.
func (s *Solver) Open(r int32) int64 { return s.requests[r].open }

// RequestPrice is y of r: what one more seat of r would cost at least.
func (s *Solver) RequestPrice(r int32) int64 { return s.requests[r].price }

// VolunteerPrice is p of v: what one more unit of v would save at most.
func (s *Solver) VolunteerPrice(v int32) int64 { return s.volunteers[v].price }

// AppendAssigned appends the pairs of r to dst, cheapest first.
func (s *Solver) AppendAssigned(dst []Arc, r int32) []Arc {
	start := len(dst)
	for u := s.requests[r].units; u != noUnit; u = s.units[u].nextOfRequest {
		dst = append(dst, Arc{s.units[u].volunteer, s.units[u].cost})
	}
	slices.SortFunc(dst[start:], compareArcs)
	return dst
}
