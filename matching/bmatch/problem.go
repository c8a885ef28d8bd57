package bmatch

import (
	"fmt"

	"github.com/linli/linli/matching/crews"
	"github.com/linli/linli/matching/flow"
)

const (
	// MaxTotal bounds Σ seats·penalty, and with it every price and distance.
	// Pairs that cost as much or more do not exist for the solver.
	MaxTotal = flow.MaxTotal

	// Mandatory as a penalty forbids open seats: Solve gives an
	// [InfeasibleError] when they cannot all be filled.
	Mandatory = flow.Mandatory
)

// Arc is one eligible pair, seen from its request.
type Arc = flow.Arc

// Source lists the implicit graph. [Arcs] and [flow.Rows] are Sources for a
// graph that is known in full.
type Source = flow.Source

// Request is a left node: seats that want one volunteer each.
type Request struct {
	Seats   int64 // ≥ 0
	Penalty int64 // for each seat left open; ≥ 0, or Mandatory
}

// Group ties requests together, such as the roles of one help request: together
// they get at least MinPeople volunteers or nobody at all.
type Group = crews.Group

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
type ProblemError = flow.ProblemError

// InfeasibleError says that the seats of mandatory requests cannot all be filled.
type InfeasibleError = flow.InfeasibleError

func problemErrorf(field string, index int, part, format string, args ...any) error {
	return &ProblemError{Field: fmt.Sprintf("%s[%d]%s", field, index, part), Message: fmt.Sprintf(format, args...)}
}

// check refuses what a flow does not know of; package flow checks the rest.
func (p *Problem) check() error {
	if arcs, ok := p.Source.(*Arcs); ok && arcs.err != nil {
		return arcs.err
	}
	return p.checkGroups()
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
