package matching

import (
	"context"
	"slices"
	"strings"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/bmatch"
)

// plan maps the solver's result back to requests and volunteers.
func (m *model) plan(ctx context.Context, res *bmatch.Result) (*Plan, error) {
	plan := &Plan{Objective: res.Objective, DualBound: res.Bound}
	use := m.usage(res)
	nodes := make([]int, len(m.demands)) // node of each demand
	for node, i := range m.demands {
		nodes[i] = node
	}
	for i, d := range m.problem.Demands {
		node := nodes[i]
		arcs := res.Assigned(node)
		if d.Standby {
			if use.closed(d.Need) { // nobody stands by where nobody is taken
				for _, a := range arcs {
					plan.Objective += d.Penalty - a.Cost
				}
				continue
			}
		} else {
			plan.Seats += d.Seats
			plan.Filled += len(arcs)
		}
		plan.Picks = append(plan.Picks, m.picks(node, d, arcs)...)
		if open := d.Seats - len(arcs); open > 0 && !d.Standby {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			o, err := m.open(d, open, use)
			if err != nil {
				return nil, err
			}
			plan.Open = append(plan.Open, o)
		}
	}
	m.giveUpQuorums(plan, use)
	if plan.Objective != plan.DualBound {
		plan.Gap = float64(plan.Objective-plan.DualBound) / float64(plan.Objective)
	}
	return plan, nil
}

// picks gives the volunteers of one node, cheapest first and equal ones by id.
func (m *model) picks(node int, d Demand, arcs []bmatch.Arc) []Pick {
	var out []Pick
	for _, a := range arcs {
		cost, _ := m.searches[node].Cost(a.Volunteer)
		out = append(out, Pick{m.problem.Needs[d.Need].Request, d.Role, m.view.ID(a.Volunteer), cost, d.Standby})
	}
	slices.SortFunc(out, func(a, b Pick) int {
		if c := a.Cost.Total() - b.Cost.Total(); c != 0 {
			return int(min(max(c, -1), 1))
		}
		return strings.Compare(string(a.Volunteer), string(b.Volunteer))
	})
	return out
}

// usage is who is taken, and by which need.
type usage struct {
	left  map[aid.VolunteerID]int64      // capacity left of those picked
	picks []map[aid.VolunteerID]struct{} // of each need, standby too
	seats []seatCount                    // of each need, standby left aside
}

type seatCount struct{ asked, filled, min int }

func (m *model) usage(res *bmatch.Result) usage {
	u := usage{
		left:  map[aid.VolunteerID]int64{},
		picks: make([]map[aid.VolunteerID]struct{}, len(m.problem.Needs)),
		seats: make([]seatCount, len(m.problem.Needs)),
	}
	for node, i := range m.demands {
		if d := m.problem.Demands[i]; !d.Standby {
			s := &u.seats[d.Need]
			s.asked += d.Seats
			s.filled += len(res.Assigned(node))
			s.min = m.problem.Needs[d.Need].MinPeople
		}
	}
	for node, i := range m.demands {
		d := m.problem.Demands[i]
		if d.Standby && u.closed(d.Need) {
			continue
		}
		for _, a := range res.Assigned(node) {
			u.take(d.Need, m.view.ID(a.Volunteer), m.instance.Capacity[a.Volunteer])
		}
	}
	return u
}

func (u usage) take(need int, id aid.VolunteerID, capacity int64) {
	if _, known := u.left[id]; !known {
		u.left[id] = capacity
	}
	u.left[id]--
	if u.picks[need] == nil {
		u.picks[need] = map[aid.VolunteerID]struct{}{}
	}
	u.picks[need][id] = struct{}{}
}

// closed tells whether a need got nobody because it could not get enough.
func (u usage) closed(need int) bool {
	s := u.seats[need]
	return s.asked > 0 && s.filled == 0 && s.min > 1
}

// open finds out why seats of a demand stay open.
func (m *model) open(d Demand, seats int, use usage) (Open, error) {
	here := use.picks[d.Need]
	picked := 0 // for this need, who would pass again
	tally, err := m.problem.Index.Reasons(d.Query, func(id aid.VolunteerID) bool {
		if _, mine := here[id]; mine {
			picked++
			return false
		}
		left, used := use.left[id]
		return used && left == 0
	})
	if err != nil {
		return Open{}, err
	}
	free := tally.Eligible - picked
	o := Open{Request: m.problem.Needs[d.Need].Request, Role: d.Role, Seats: seats, Reasons: tally.Reasons}
	o.could = min(d.Seats, free+tally.Taken+tally.Busy)
	switch {
	case o.could == 0:
		o.Cause = CauseNobody
	case use.closed(d.Need):
		o.Cause = CauseQuorum
	case free+tally.Taken == 0:
		o.Cause = CauseBusy
	default:
		o.Cause = CauseOutbid
	}
	return o, nil
}

// giveUpQuorums finds the needs whose minimum is out of reach even if everybody
// who could come were free: there is nobody to wait for.
func (m *model) giveUpQuorums(plan *Plan, use usage) {
	could := map[aid.RequestID]int{}
	for _, o := range plan.Open {
		could[o.Request] += o.could
	}
	hopeless := map[aid.RequestID]bool{}
	for i, need := range m.problem.Needs {
		hopeless[need.Request] = use.closed(i) && could[need.Request] < need.MinPeople
	}
	for i := range plan.Open {
		if o := &plan.Open[i]; hopeless[o.Request] {
			o.Cause = CauseNobody
		}
	}
}
