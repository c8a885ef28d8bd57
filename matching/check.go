package matching

import (
	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/verify"
)

// check has package verify judge the result. Eligible pairs are found anew by a
// scan by latitude, so that a volunteer whom the grid lost would be seen.
func (m *model) check(res *bmatch.Result, method Method, progress func(done, total int64)) error {
	in := verify.Instance{Capacity: m.instance.Capacity, Progress: progress}
	for _, r := range m.instance.Requests {
		in.Requests = append(in.Requests, verify.Request{Seats: r.Seats, Penalty: r.Penalty})
	}
	for _, g := range m.instance.Groups {
		in.Groups = append(in.Groups, verify.Group{Members: g.Members, MinPeople: g.MinPeople})
	}
	in.Cost = func(r, v int32) (int64, bool) {
		cost, fails := m.searches[r].Cost(v)
		return cost.Total(), fails == ""
	}
	scanner := m.view.Scanner()
	in.Below = func(r int32, limit int64, visit func(int32, int64)) {
		scanner.Below(m.searches[r], limit, func(v int32, cost aid.Cost) { visit(v, cost.Total()) })
	}
	var pairs []verify.Pair
	for r := range m.instance.Requests {
		for _, a := range res.Assigned(r) {
			pairs = append(pairs, verify.Pair{Request: int32(r), Volunteer: a.Volunteer, Cost: a.Cost})
		}
	}
	prices := verify.Prices{Requests: res.RequestPrices, Volunteers: res.VolunteerPrices}
	for _, b := range res.Branches {
		branch := verify.Branch{Requests: b.Requests, Volunteers: b.Volunteers}
		for _, c := range b.Cases {
			branch.Cases = append(branch.Cases, verify.Case(c))
		}
		prices.Branches = append(prices.Branches, branch)
	}
	var wrong []verify.Violation
	if method == MethodOptimal && res.Objective == res.Dual {
		wrong = verify.Optimal(in, pairs, prices, res.Objective)
	} else {
		wrong = append(verify.Plan(in, pairs, res.Objective), verify.Bound(in, prices, res.Bound)...)
	}
	if len(wrong) > 0 {
		return aid.Errorf(aid.Internal, "the checker refuses the plan for %d reasons, the first: %s", len(wrong), wrong[0])
	}
	return nil
}
