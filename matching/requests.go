package matching

import (
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/index"
)

// FromRequests makes the problem of a match round: the seats of the requests
// for which nobody is being asked, and the standby seats that the policy
// grants. Volunteers asked before are left out of a request, as are those who
// rest at this moment, and each volunteer is asked at most one thing in a round.
// People who have accepted or are being
// asked count towards the minimum of their request.
func FromRequests(requests []*aid.HelpRequest, policy aid.SearchPolicy, x *index.Index, now time.Time) Problem {
	p := Problem{Index: x, OneEach: true, Now: now}
	for _, r := range requests {
		vacancies := r.Vacancies(policy.AsksPerSeat[r.Urgency])
		if len(vacancies) == 0 {
			continue
		}
		need := len(p.Needs)
		p.Needs = append(p.Needs, Need{r.ID, r.MinPeople - r.Filled() - r.Pending()})
		for _, v := range vacancies {
			v.Standby = min(v.Standby, r.StandbyWanted(v.Role, policy, now))
			d := Demand{
				Need: need, Role: v.Role, Seats: v.Seats, Penalty: penalty(r.Urgency), Query: QueryOf(r, v.Role, policy, now),
			}
			if d.Seats > 0 {
				p.Demands = append(p.Demands, d)
			}
			if v.Standby > 0 {
				d.Seats, d.Penalty, d.Standby = v.Standby, StandbyPenalty, true
				p.Demands = append(p.Demands, d)
			}
		}
	}
	return p
}

// QueryOf is what one role of a request asks of one person at an instant, as far
// as its search reaches by now; under a policy that knows no stages, the zero one
// too, that is as far as it may go. People asked before and people kept apart from
// somebody there do not pass it.
func QueryOf(r *aid.HelpRequest, role int, policy aid.SearchPolicy, now time.Time) index.Query {
	q := index.Query{
		Place: r.Location, Skills: r.SkillsSought(role, policy), Courses: r.Roles[role].Courses,
		Within: r.Within(policy), Asked: askedBefore(r), Apart: r.Unsuited(), Category: r.Category, Now: now,
		Risk: r.Risk, Zone: r.Zone(),
	}
	if times := r.Times(); len(times) > 0 {
		q.Window, q.Also = times[0], times[1:]
	}
	return q
}

// askedBefore are those who must not be asked: whoever was, or is excluded.
func askedBefore(r *aid.HelpRequest) []aid.VolunteerID {
	asked := slices.Clone(r.Excluded)
	for _, o := range r.Offers {
		if r.Asked(o.Volunteer) {
			asked = append(asked, o.Volunteer)
		}
	}
	return asked
}
