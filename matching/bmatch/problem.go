package bmatch

import (
	"fmt"
	"math"
)

const (
	// MaxTotal bounds Σ seats·penalty, and with it every price and distance.
	// Pairs that cost as much or more do not exist for the solver.
	MaxTotal int64 = 1 << 60

	// Mandatory as a penalty forbids open seats: Solve gives an
	// [InfeasibleError] when they cannot all be filled.
	Mandatory int64 = math.MaxInt64
)

// Arc is one eligible pair, seen from its request.
type Arc struct {
	Volunteer int32 // index into Problem.Capacity
	Cost      int64 // ≥ 0
}

// Source lists the implicit graph.
//
// AppendBelow appends to dst every eligible volunteer of request r whose cost
// is below limit, in any order, each at most once, and gives the same answer
// for the same arguments as long as a solve lasts. It is called from one
// goroutine. [Arcs] is a Source for a graph that is known in full.
type Source interface {
	AppendBelow(dst []Arc, r int32, limit int64) []Arc
}

// Request is a left node: seats that want one volunteer each.
type Request struct {
	Seats   int64 // ≥ 0
	Penalty int64 // for each seat left open; ≥ 0, or Mandatory
}

// Group ties requests together, such as the roles of one help request: together
// they get at least MinPeople volunteers or nobody at all.
type Group struct {
	Members   []int32 // indices into Problem.Requests; a request is in one group at most
	MinPeople int64   // up to 1 is no restriction
}

// Problem is one instance. Requests and volunteers that lie near each other
// should have near indices: the solver is twice as fast then.
type Problem struct {
	Requests []Request
	Capacity []int64 // of each volunteer, ≥ 0
	Groups   []Group
	Source   Source
}

// ProblemError says what is wrong with a [Problem] or with what its source
// answered.
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

// check refuses what the ranges of the package do not cover and gives the
// largest pair cost that they do.
func (p *Problem) check() (maxCost int64, err error) {
	if len(p.Requests) > math.MaxInt32-1 || len(p.Capacity) > math.MaxInt32-1 {
		return 0, &ProblemError{"problem", "more than 2^31 - 2 requests or volunteers"}
	}
	if p.Source == nil {
		return 0, &ProblemError{"source", "missing"}
	}
	for v, k := range p.Capacity {
		if k < 0 {
			return 0, problemErrorf("capacity", v, "", "is %d; a capacity is 0 or more", k)
		}
	}
	var seats, total, mandatory int64
	for r, q := range p.Requests {
		switch {
		case q.Seats < 0 || q.Seats > MaxTotal-seats:
			return 0, problemErrorf("requests", r, ".seats", "is %d; give 0 or more, and up to 2^60 in all", q.Seats)
		case q.Penalty < 0:
			return 0, problemErrorf("requests", r, ".penalty", "is %d; give 0 or more", q.Penalty)
		case q.Penalty == Mandatory:
			mandatory += q.Seats
		case q.Seats > 0 && q.Penalty > (MaxTotal-total)/q.Seats:
			return 0, problemErrorf("requests", r, ".penalty", "brings the sum of seats × penalty above 2^60")
		default:
			total += q.Seats * q.Penalty
		}
		seats += q.Seats
	}
	maxCost = MaxTotal - 1
	if mandatory > 0 {
		maxCost = (MaxTotal - total - 1) / (mandatory + int64(len(p.Requests)) + 1)
	}
	return maxCost, p.checkGroups()
}

func (p *Problem) checkGroups() error {
	if len(p.Groups) == 0 {
		return nil
	}
	grouped := make([]bool, len(p.Requests))
	for g, group := range p.Groups {
		for _, r := range group.Members {
			switch {
			case r < 0 || int(r) >= len(p.Requests):
				return problemErrorf("groups", g, ".members", "names request %d of %d", r, len(p.Requests))
			case grouped[r]:
				return problemErrorf("groups", g, ".members", "names request %d, which is in a group already", r)
			case group.MinPeople > 1 && p.Requests[r].Penalty == Mandatory:
				return problemErrorf("groups", g, ".members", "names request %d, which is mandatory; a group with a minimum may stay empty", r)
			}
			grouped[r] = true
		}
	}
	return nil
}
