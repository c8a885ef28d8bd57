package verify

import (
	"fmt"
	"math"
)

// Mandatory as a penalty means that no seat of the request may stay open.
const Mandatory int64 = math.MaxInt64

// Request is what a plan must respect of a request.
type Request struct {
	Seats   int64
	Penalty int64 // for each open seat, or Mandatory
}

// Group is a set of requests that get at least MinPeople together, or nobody.
type Group struct {
	Members   []int32
	MinPeople int64
}

// Instance is the problem as the checker sees it.
type Instance struct {
	Requests []Request
	Capacity []int64 // of each volunteer
	Groups   []Group

	// Cost gives the cost of a pair, 0 or more, and false when it is not eligible.
	Cost func(request, volunteer int32) (cost int64, eligible bool)

	// Below visits every eligible volunteer of a request whose cost is below
	// limit, once each. It should not be what the solver listed from.
	Below func(request int32, limit int64, visit func(volunteer int32, cost int64))

	// Progress hears now and then how many requests are checked, of all. It may
	// be nil.
	Progress func(done, total int64)
}

// progressEvery is how many requests are looked at between reports.
const progressEvery = 256

// report tells that requests up to r are done in one of several passes.
func (in Instance) report(r, pass, passes int) {
	all := len(in.Requests)
	if in.Progress != nil && ((r+1)%progressEvery == 0 || r+1 == all) {
		in.Progress(int64((pass*all+r+1)/passes), int64(all))
	}
}

func (in Instance) has(r, v int32) bool {
	return r >= 0 && int(r) < len(in.Requests) && v >= 0 && int(v) < len(in.Capacity)
}

func (in Instance) hasAll(group Group) bool {
	for _, r := range group.Members {
		if r < 0 || int(r) >= len(in.Requests) {
			return false
		}
	}
	return true
}

// Pair is one filled seat.
type Pair struct {
	Request, Volunteer int32
	Cost               int64
}

// Prices are the proof: y of each request and p of each volunteer, and branches
// where the proof goes case by case.
type Prices struct {
	Requests, Volunteers []int64
	Branches             []Branch
}

// Fault says which rule is broken.
type Fault string

// What can be wrong with a plan.
const (
	UnknownNode    Fault = "unknown_node"    // a pair or a group names nothing that exists
	NotEligible    Fault = "not_eligible"    // the volunteer may not serve the request
	WrongCost      Fault = "wrong_cost"      // the pair costs something else
	ServedTwice    Fault = "served_twice"    // a volunteer has two seats of one request
	OverSeats      Fault = "over_seats"      // more people than seats
	OverCapacity   Fault = "over_capacity"   // more seats than the volunteer can take
	MandatoryOpen  Fault = "mandatory_open"  // a seat that may not stay open does
	BelowMinimum   Fault = "below_minimum"   // some people, but fewer than the minimum
	WrongObjective Fault = "wrong_objective" // the plan costs something else
)

// What can be wrong with a proof.
const (
	PricesMissing Fault = "prices_missing"  // not one price for each node
	BranchBroken  Fault = "branch_broken"   // a branch overlaps another, tears a group, or leaves a case out
	NegativePrice Fault = "negative_price"  // a price is below zero
	AbovePenalty  Fault = "above_penalty"   // y > P
	BoundTooHigh  Fault = "bound_too_high"  // the prices do not prove as much
	UnmatchedGain Fault = "unmatched_gain"  // c + p − y < 0, but the pair is not in the plan
	MatchedLoss   Fault = "matched_loss"    // c + p − y > 0, but the pair is in the plan
	PriceUnused   Fault = "price_unused"    // p > 0, but the volunteer has capacity left
	OpenTooCheap  Fault = "open_too_cheap"  // y < P, but a seat is open
	NotTheOptimum Fault = "not_the_optimum" // the bound proven is below the cost of the plan
)

// NoNode stands for the request or the volunteer of a [Violation] that is not
// about one.
const NoNode int32 = -1

// Violation is one broken rule, at a request, a volunteer or a pair.
type Violation struct {
	Fault     Fault
	Request   int32 // NoNode when it is not about a request
	Volunteer int32 // NoNode when it is not about a volunteer
	Detail    string
}

// String gives the violation in one line for logs.
func (v Violation) String() string {
	s := string(v.Fault)
	if v.Request >= 0 {
		s += fmt.Sprintf(" request %d", v.Request)
	}
	if v.Volunteer >= 0 {
		s += fmt.Sprintf(" volunteer %d", v.Volunteer)
	}
	if v.Detail != "" {
		s += ": " + v.Detail
	}
	return s
}

// findings gathers violations.
type findings []Violation

func (f *findings) add(fault Fault, request, volunteer int32, format string, args ...any) {
	*f = append(*f, Violation{fault, request, volunteer, fmt.Sprintf(format, args...)})
}
