package flow

import (
	"fmt"
	"math"
	"math/bits"
)

const (
	// MaxTotal bounds Σ seats·penalty, and with it every price and distance.
	// Pairs that cost as much or more are never used.
	MaxTotal int64 = 1 << 60

	// Mandatory as a penalty forbids open seats: a solve ends in an
	// [InfeasibleError] when they cannot all be filled.
	Mandatory int64 = math.MaxInt64
)

// Arc is one eligible pair, seen from its request.
type Arc struct {
	Volunteer int32 // index into Problem.Capacity
	Cost      int64 // ≥ 0
}

// Offer is one eligible pair, seen from its volunteer.
type Offer struct {
	Request int32 // index into Problem.Requests
	Cost    int64 // ≥ 0
}

// Source lists the eligible pairs of a graph that is too large to be written
// out. [Rows] is one for a graph that is known in full.
//
// AppendBelow appends to dst every eligible volunteer of request r whose cost
// is below limit, in any order, each at most once. It gives the same answer for
// the same arguments as long as a solver uses it, but for volunteers added with
// [Solver.AddVolunteer], which it names from then on. It is called from one
// goroutine, unless it is [SideBySide].
type Source interface {
	AppendBelow(dst []Arc, r int32, limit int64) []Arc
}

// Request is a left node: seats that want one volunteer each.
type Request struct {
	Seats   int64 // ≥ 0
	Penalty int64 // for each seat left open; ≥ 0, or Mandatory

	// Keep of the seats are wanted more than the others: once Seats − Keep are
	// open, each further one costs KeepPenalty, which is Penalty or more. So a
	// crew that is in holds on to its minimum. Zero for none.
	Keep, KeepPenalty int64
}

// penaltyOf is what it costs to leave one more seat open beside so many.
func (q *Request) penaltyOf(open int64) int64 {
	if q.Keep > 0 && open >= q.Seats-q.Keep {
		return q.KeepPenalty
	}
	return q.Penalty
}

// dearest is the highest price that a seat can have. A pair that costs so much is
// never better than an open seat.
func (q *Request) dearest() int64 { return min(max(q.Penalty, q.penaltyOf(q.Seats)), MaxTotal) }

// costOf is what so many open seats cost. A mandatory one counts as MaxTotal, and
// sums that wrap around because of it come right again when it is filled.
func (q *Request) costOf(open int64) int64 {
	kept := max(0, open-(q.Seats-q.Keep))
	return (open-kept)*min(q.Penalty, MaxTotal) + kept*min(q.KeepPenalty, MaxTotal)
}

// Problem is one instance. Requests and volunteers that lie near each other
// should have near indices: the solver is twice as fast then.
type Problem struct {
	Requests []Request
	Capacity []int64 // of each volunteer, ≥ 0
	Source   Source
}

// ProblemError says what is wrong with a [Problem], with a change of it, or with
// what its source answered.
type ProblemError struct {
	Field   string // such as "requests[3].seats"
	Message string
}

func (e *ProblemError) Error() string { return e.Field + ": " + e.Message }

func problemErrorf(field string, index int, part, format string, args ...any) error {
	return &ProblemError{fmt.Sprintf("%s[%d]%s", field, index, part), fmt.Sprintf(format, args...)}
}

// InfeasibleError says that the seats of mandatory requests cannot all be filled.
type InfeasibleError struct {
	Request int32 // one of those that compete for too few volunteers
}

func (e *InfeasibleError) Error() string {
	return fmt.Sprintf("requests[%d]: too few eligible volunteers for this mandatory request and those that compete with it", e.Request)
}

// ranges keeps the sums that bound all arithmetic of a problem.
type ranges struct {
	seats     int64 // of all requests
	total     int64 // Σ seats·penalty of the seats that may stay open
	mandatory int64 // seats that may not
}

// add counts a request in, or refuses it.
func (g *ranges) add(r int, q Request) error {
	switch {
	case q.Seats < 0 || q.Seats > MaxTotal-g.seats:
		return problemErrorf("requests", r, ".seats", "is %d; give 0 or more, and up to 2^60 in all", q.Seats)
	case q.Penalty < 0:
		return problemErrorf("requests", r, ".penalty", "is %d; give 0 or more", q.Penalty)
	case q.Keep < 0 || q.Keep > q.Seats:
		return problemErrorf("requests", r, ".keep", "is %d; give 0 to the %d seats", q.Keep, q.Seats)
	case q.Keep > 0 && q.KeepPenalty < q.Penalty:
		return problemErrorf("requests", r, ".keepPenalty", "is %d; give the penalty of %d or more", q.KeepPenalty, q.Penalty)
	}
	next := *g
	next.seats += q.Seats
	if !next.count(q.Seats-q.Keep, q.Penalty) || !next.count(q.Keep, q.KeepPenalty) {
		return problemErrorf("requests", r, ".penalty", "brings the sum of seats × penalty above 2^60")
	}
	*g = next
	return nil
}

// count counts seats of one penalty in, or says that the sum would be too large.
func (g *ranges) count(seats, penalty int64) bool {
	if penalty == Mandatory {
		g.mandatory += seats
		return true
	}
	above, product := bits.Mul64(uint64(seats), uint64(penalty))
	if above > 0 || product > uint64(MaxTotal-g.total) {
		return false
	}
	g.total += int64(product)
	return true
}

// remove takes back what add counted.
func (g *ranges) remove(q Request) {
	g.seats -= q.Seats
	for _, tier := range [2]struct{ seats, penalty int64 }{{q.Seats - q.Keep, q.Penalty}, {q.Keep, q.KeepPenalty}} {
		if tier.penalty == Mandatory {
			g.mandatory -= tier.seats
		} else {
			g.total -= tier.seats * tier.penalty
		}
	}
}

// maxCost is the largest cost of a pair that can be computed exactly: with
// mandatory seats a path may have to pay for every one of them.
func (g *ranges) maxCost(requests int) int64 {
	if g.mandatory == 0 {
		return MaxTotal - 1
	}
	return (MaxTotal - g.total - 1) / (g.mandatory + int64(requests) + 1)
}
