package flow

import "math"

const (
	none   int32 = -1
	noUnit int32 = 0 // units[0] stands for no unit, so that zeroed nodes are ready for use
)

// request is the state of a left node; 64 bytes, one line of cache.
type request struct {
	price   int64 // y
	ceiling int64 // what one more open seat would cost; y never exceeds it
	open    int64 // seats left open
	horizon int64 // every pair that is not listed costs at least this

	first  uint32 // place of its list in lists.store
	listed int32  // length of its list, which is in cost order
	units  int32  // head of the list of its filled seats
	hard   bool   // a search for it was given up, see scarce.go
	noted  bool   // in proof.requests

	// Of the present search, valid when stamp is the search's.
	stamp uint32
	via   int32 // forward: the unit it would lose; backward: the volunteer it would take
	dist  int64
}

// volunteer is the state of a right node; 16 bytes, as there are many and those
// near a request are looked at together.
type volunteer struct {
	price int64 // p
	left  int32 // capacity left; below zero when too much is in use
	units int32 // head of the list of its units
}

// full says whether no capacity is left.
func (v *volunteer) full() bool { return v.left <= 0 }

// roomOf is the capacity as far as it can be used.
func roomOf(capacity int64) int32 { return int32(min(capacity, math.MaxInt32)) }

// label is what the present search knows of a volunteer. Labels lie one after the
// other, as a search sees few volunteers; which is whose is looked up by place
// (P. Briggs, L. Torczon, An efficient representation for sparse sets, ACM Letters
// on Programming Languages and Systems 2, 1993).
type label struct {
	dist      int64
	volunteer int32
	via       int32 // forward: the request that would take it; backward: the unit that would become free
}

// unit is one filled seat, and at the same time one unit of a volunteer's
// capacity in use.
type unit struct {
	cost          int64
	request       int32
	volunteer     int32
	nextOfRequest int32 // next filled seat of the same request
	nextOfOwner   int32 // next unit of the same volunteer
}

// arc is a listed pair.
type arc struct {
	cost int64
	to   int32 // the volunteer, or its complement while the pair is matched
}

// matched says whether the plan uses the pair.
func (a arc) matched() bool { return a.to < 0 }

func (a arc) volunteer() int32 { return max(a.to, ^a.to) }
