package matching

import "github.com/linli/linli/aid"

// Method is how a plan was made.
type Method string

// The methods.
const (
	MethodOptimal Method = "optimal" // least cost, proven
	MethodGreedy  Method = "greedy"  // in the order of the demands, each the cheapest left: the yardstick
)

// Plan says who is to be asked for what.
type Plan struct {
	Method Method
	Picks  []Pick
	Open   []Open // demands with open seats, standby left aside

	Seats  int // asked for, standby left aside
	Filled int // of them

	Objective int64   // Σ cost of the picks + Σ penalty of the open seats, standby counted
	DualBound int64   // no plan costs less
	Gap       float64 // (Objective − DualBound) ÷ Objective; 0 when they are equal
	Seconds   float64 // wall-clock time that making and checking it took

	// Of a plan that a ledger keeps: the time of the solve alone, and whether it
	// went on from the plan before.
	SolveSeconds float64
	Warm         bool

	Scarcity []aid.Scarcity // if it was asked for, see [Ledger.Scarcity]
}

// Pick is a volunteer chosen for a demand.
type Pick struct {
	Request   aid.RequestID
	Role      int
	Volunteer aid.VolunteerID
	Cost      aid.Cost
	Standby   bool
}

// Cause says why seats stay open.
type Cause string

// The causes.
const (
	CauseNobody Cause = "nobody" // too few people could ever take the seats: nobody else, or fewer than the minimum
	CauseBusy   Cause = "busy"   // those who could are bound to other tasks now
	CauseOutbid Cause = "outbid" // those who could are needed more elsewhere in this plan
	CauseQuorum Cause = "quorum" // the minimum of people could not be had in this plan, so nobody was taken
)

// Open is a demand with open seats.
type Open struct {
	Request aid.RequestID
	Role    int
	Seats   int
	Cause   Cause
	// Reasons counts the volunteers who cannot take the seats. Those who could
	// but are used up by other picks count as capacity.
	Reasons aid.ReasonCounts

	could int // how many of the seats could be filled if nobody were bound or picked elsewhere
}

// ByRequest gives the picks of each request as the domain takes them. Offer ids
// are left empty, for the caller to make.
func (p *Plan) ByRequest() map[aid.RequestID][]aid.Pick {
	out := make(map[aid.RequestID][]aid.Pick)
	for _, k := range p.Picks {
		out[k.Request] = append(out[k.Request], aid.Pick{Role: k.Role, Volunteer: k.Volunteer, Cost: k.Cost})
	}
	return out
}

// Unmatchable gives the requests for which nobody else can be asked, now or
// when others fall free, with the reasons summed over their roles. A request of
// which one role can still find somebody is not among them, unless its minimum
// is out of reach.
func (p *Plan) Unmatchable() map[aid.RequestID]aid.ReasonCounts {
	out := make(map[aid.RequestID]aid.ReasonCounts)
	for _, o := range p.Open {
		if o.Cause == CauseNobody {
			out[o.Request] = add(out[o.Request], o.Reasons)
		}
	}
	for _, o := range p.Open {
		if o.Cause != CauseNobody {
			delete(out, o.Request)
		}
	}
	for _, k := range p.Picks {
		delete(out, k.Request)
	}
	return out
}

func add(a, b aid.ReasonCounts) aid.ReasonCounts {
	return aid.ReasonCounts{
		TooFar: a.TooFar + b.TooFar, Skill: a.Skill + b.Skill, Course: a.Course + b.Course,
		Check: a.Check + b.Check, Minor: a.Minor + b.Minor,
		Time: a.Time + b.Time, Capacity: a.Capacity + b.Capacity, Asked: a.Asked + b.Asked,
		Unsuited: a.Unsuited + b.Unsuited,
		Parked:   a.Parked + b.Parked, Resting: a.Resting + b.Resting,
	}
}
