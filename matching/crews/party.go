package crews

import "github.com/linli/linli/matching/flow"

// Group ties requests together, such as the roles of one help request: together
// they get at least MinPeople volunteers or nobody at all.
type Group struct {
	Members   []int32 // indices of requests; a request is in one group at most
	MinPeople int64   // up to 1 is no restriction
}

// party is what the bound serves at once: a crew or a request on its own. Crews
// come first, in the order of their groups.
type party int32

const nobody party = -1

// parties knows the crews and the other requests by their numbers.
type parties struct {
	crews []Group
	alone []int32 // request of each party that is no crew
	of    []party // of each request
	group []int32 // of each crew, its index among all groups
	empty []int64 // of each crew: what it costs to leave all its seats open

	one [1]int32
}

func newParties(asked []flow.Request, groups []Group) *parties {
	p := &parties{of: make([]party, len(asked))}
	for r := range p.of {
		p.of[r] = nobody
	}
	for i, group := range groups {
		if group.MinPeople <= 1 {
			continue
		}
		var empty int64
		for _, r := range group.Members {
			p.of[r] = party(len(p.crews))
			empty += asked[r].Seats * asked[r].Penalty
		}
		p.crews = append(p.crews, group)
		p.group = append(p.group, int32(i))
		p.empty = append(p.empty, empty)
	}
	for r := range p.of {
		if p.of[r] == nobody {
			p.of[r] = party(len(p.crews) + len(p.alone))
			p.alone = append(p.alone, int32(r))
		}
	}
	return p
}

func (p *parties) count() int { return len(p.crews) + len(p.alone) }

func (p *parties) isCrew(at party) bool { return int(at) < len(p.crews) }

// requests gives the requests of a party. The slice holds until the next call.
func (p *parties) requests(at party) []int32 {
	if p.isCrew(at) {
		return p.crews[at].Members
	}
	p.one[0] = p.alone[int(at)-len(p.crews)]
	return p.one[:]
}

// minimum is the fewest people that a party takes if it takes anybody.
func (p *parties) minimum(at party) int64 {
	if p.isCrew(at) {
		return p.crews[at].MinPeople
	}
	return 0
}
