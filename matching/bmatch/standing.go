package bmatch

import (
	"context"
	"slices"

	"github.com/linli/linli/matching/flow"
)

// None stands for a request or volunteer that is not there.
const None int32 = -1

// Next says what a problem has become. Requests and volunteers that stayed have
// the same eligible pairs with each other, at the same costs; seats, penalties
// and capacities may differ. Whoever differs in more is new.
type Next struct {
	Problem    *Problem // without minima in force
	Requests   []int32  // of each request of Problem, which it was before, or [None]
	Volunteers []int32  // of each volunteer of Problem, who they were before, or [None]
	Newcomers  Source   // of the pairs of Problem those whose volunteer is new
}

// standing is what a kept solver asks for pairs. The solver's numbers stay what
// they were while those of the problem change; who is gone keeps a number too.
type standing struct {
	problem   *Problem
	requests  []int32         // of the problem, by solver number; None for one that is gone
	nodes     []int32         // of the solver, by request of the problem
	people    []int32         // of the solver, by volunteer of the problem; None for one not yet added
	farewells map[int32][]Arc // by solver request, its listed pairs with volunteers who are gone
}

// newStanding numbers everything as the problem does.
func newStanding(p *Problem) *standing {
	g := &standing{problem: p, nodes: make([]int32, len(p.Requests)), people: make([]int32, len(p.Capacity))}
	for r := range g.nodes {
		g.nodes[r] = int32(r)
	}
	for v := range g.people {
		g.people[v] = int32(v)
	}
	g.requests, g.farewells = slices.Clone(g.nodes), map[int32][]Arc{}
	return g
}

// flow gives the problem with this for its source.
func (g *standing) flow() *flow.Problem {
	p := g.problem.flow()
	if _, ok := p.Source.(flow.SideBySide); ok {
		p.Source = sideBySide{g}
	} else {
		p.Source = g
	}
	return p
}

type sideBySide struct{ *standing }

// SideBySide implements [flow.SideBySide].
func (sideBySide) SideBySide() {}

// AppendBelow implements [Source].
func (g *standing) AppendBelow(dst []Arc, r int32, limit int64) []Arc {
	named := len(dst)
	all := g.problem.Source.AppendBelow(dst, g.requests[r], limit)
	dst = all[:named]
	for _, a := range all[named:] {
		if v := g.people[a.Volunteer]; v != None {
			dst = append(dst, Arc{Volunteer: v, Cost: a.Cost})
		}
	}
	for _, a := range g.farewells[r] {
		if a.Cost < limit {
			dst = append(dst, a)
		}
	}
	return dst
}

// Idle gives how many requests and volunteers the solver still carries though
// they are gone. Once they are many, a new solve is better.
func (s *Settled) Idle() (requests, volunteers int) {
	return s.net.Requests() - len(s.numbers.nodes), s.net.Volunteers() - len(s.numbers.people)
}

// Bytes is about how much memory the solver takes.
func (s *Settled) Bytes() int64 {
	return s.net.Bytes() + 4*int64(cap(s.numbers.people)+cap(s.numbers.nodes)+cap(s.numbers.requests))
}

// Roll solves what the problem has become from where the plan is, and proves it:
// the plan is one of least cost like that of [Settle]. s is of no use afterwards,
// whatever comes out. It needs an s that was made without minima in force.
// Errors are those of [Solve].
func (s *Settled) Roll(ctx context.Context, next Next) (*Settled, error) {
	if err := next.Problem.check(); err != nil {
		return nil, err
	}
	t := &turn{net: s.net, before: s.numbers, next: next}
	for _, step := range []func(context.Context) error{t.close, t.leave, t.arrive, t.open} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	if _, err := s.net.Prove(); err != nil {
		return nil, err
	}
	return &Settled{net: s.net, numbers: s.numbers, result: newResult(s.net, s.numbers), never: MaxTotal}, nil
}
