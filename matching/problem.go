package matching

import (
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/index"
)

// Need is a help request as a plan sees it.
type Need struct {
	Request aid.RequestID
	// MinPeople is the fewest people that its demands must get together, standby
	// left aside, if they get anybody. Up to 1 is no restriction.
	MinPeople int
}

// Demand is seats that ask for the same kind of person at the same place and time.
type Demand struct {
	Need    int // index into Problem.Needs
	Role    int // index into the request's roles
	Query   index.Query
	Seats   int
	Penalty int64 // of each seat left open
	// Standby seats are for further people asked for a seat beside the first.
	// They count neither as seats nor for the minimum.
	Standby bool
}

// Problem is one matching to be made. It is not changed by solving.
type Problem struct {
	Index   *index.Index
	Now     time.Time // of every query; zero where nobody rests
	Needs   []Need
	Demands []Demand
	// OneEach lets every volunteer take one seat in all, whatever their
	// capacity. A problem in which a need has several demands must set it, since
	// nobody may take two roles of one request.
	OneEach bool
}

// StandbyPenalty is the cost of a standby seat left open: less than any open
// seat, more than any distance worth travelling.
const StandbyPenalty = 1_000_000

func penalty(u aid.Urgency) int64 { return aid.OpenSeatPenalty * u.Weight() }

func (p *Problem) validate() error {
	var c aid.Check
	c.That(p.Index != nil, "index", "is missing")
	demands := make([]int, len(p.Needs))
	for _, d := range p.Demands {
		if d.Need < 0 || d.Need >= len(p.Needs) {
			c.That(false, "demands", "name need %d of %d", d.Need, len(p.Needs))
			continue
		}
		c.That(d.Seats >= 0, "demands", "of request %s have %d seats", p.Needs[d.Need].Request, d.Seats)
		demands[d.Need]++
	}
	for i, n := range demands {
		c.That(n <= 1 || p.OneEach, "demands", "of request %s are %d, which needs OneEach", p.Needs[i].Request, n)
	}
	return c.Err("matching problem")
}
