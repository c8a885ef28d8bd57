package matching

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/grid"
	"github.com/linli/linli/matching/index"
)

// Step is what a solve is at.
type Step string

// The steps, in their order.
const (
	StepSeats Step = "seats"            // decided; the number can fall while minima are weighed
	StepCheck Step = "requests checked" // by the independent checker
)

// Progress hears now and then how far a step has come. It is called from the
// goroutine that solves.
type Progress func(step Step, done, total int64)

// of gives what hears of one step.
func (p Progress) of(step Step) func(done, total int64) {
	if p == nil {
		return nil
	}
	return func(done, total int64) { p(step, done, total) }
}

// Optimal gives the plan of [Settle], with the same errors.
func Optimal(ctx context.Context, p Problem, progress Progress) (*Plan, error) {
	l, err := Settle(ctx, p, progress)
	if err != nil {
		return nil, err
	}
	return l.plan, nil
}

// Greedy serves the demands in their order, each with the cheapest volunteers
// left. Its bound is valid but weak. Errors are those of [Settle].
func Greedy(ctx context.Context, p Problem, progress Progress) (*Plan, error) {
	begin := time.Now()
	if err := p.validate(); err != nil {
		return nil, err
	}
	m, err := newModel(p, MethodGreedy, nil)
	if err != nil {
		return nil, err
	}
	res, err := bmatch.Greedy(ctx, &m.instance, bmatch.Options{Progress: progress.of(StepSeats)})
	if err = cmp.Or(m.sourceErr, asDomain(err)); err != nil {
		return nil, err
	}
	return m.finish(ctx, res, MethodGreedy, progress, begin)
}

// asDomain gives solver errors their kind.
func asDomain(err error) error {
	if bad, ok := errors.AsType[*bmatch.ProblemError](err); ok {
		return &aid.Error{Kind: aid.Invalid, Message: "the matching problem is out of range: " + bad.Error(), Err: err}
	}
	if errors.Is(err, bmatch.ErrUnproven) {
		return &aid.Error{Kind: aid.Internal, Message: "the plan could not be proven", Err: err}
	}
	return err
}

// model is a problem laid out for the solver: demands as left nodes, the
// volunteers of a view as right nodes, arcs found in the view when asked for.
type model struct {
	problem   Problem
	demands   []int // problem demand of each left node
	searches  []index.Search
	view      *index.View
	places    []aid.Point // around which the view is
	instance  bmatch.Problem
	sourceErr error // first failure of an AppendBelow, which cannot return one

	sourceFailed sync.Once
}

// newModel lays a problem out, with the volunteers about its demands and about
// some further places.
func newModel(p Problem, method Method, also []aid.Point) (*model, error) {
	m := &model{problem: p, places: placesOf(p, also)}
	var err error
	if m.demands, err = order(p, method); err != nil {
		return nil, err
	}
	if m.view, err = p.Index.View(m.places); err != nil {
		return nil, err
	}
	m.instance = bmatch.Problem{Source: m, Capacity: make([]int64, m.view.Len())}
	for v := range m.instance.Capacity {
		m.instance.Capacity[v] = 1
		if !p.OneEach {
			m.instance.Capacity[v] = int64(m.view.Free(int32(v)))
		}
	}
	members := make([][]int32, len(p.Needs))
	for node, i := range m.demands {
		d := p.Demands[i]
		search, err := m.view.Search(d.Query)
		if err != nil {
			return nil, err
		}
		m.searches = append(m.searches, search)
		m.instance.Requests = append(m.instance.Requests, bmatch.Request{Seats: int64(d.Seats), Penalty: d.Penalty})
		if !d.Standby {
			members[d.Need] = append(members[d.Need], int32(node))
		}
	}
	for i, need := range p.Needs {
		if need.MinPeople > 1 && len(members[i]) > 0 {
			m.instance.Groups = append(m.instance.Groups, bmatch.Group{Members: members[i], MinPeople: int64(need.MinPeople)})
		}
	}
	return m, nil
}

// order gives the demands in the order in which they become nodes: by cell for
// the solver, which is twice as fast when neighbours have near numbers; as they
// come for greedy, whose order of service it is.
func order(p Problem, method Method) ([]int, error) {
	nodes := make([]int, len(p.Demands))
	cells := make([]aid.Cell, len(p.Demands))
	for i, d := range p.Demands {
		var err error
		if cells[i], err = grid.CellOf(d.Query.Place, grid.Home); err != nil {
			return nil, fmt.Errorf("request %s: %w", p.Needs[d.Need].Request, err)
		}
		nodes[i] = i
	}
	if method == MethodOptimal {
		slices.SortStableFunc(nodes, func(a, b int) int { return cmp.Compare(cells[a], cells[b]) })
	}
	return nodes, nil
}

// finish checks a result and makes the plan of it.
func (m *model) finish(ctx context.Context, res *bmatch.Result, method Method, progress Progress, begin time.Time) (*Plan, error) {
	if err := m.check(res, method, progress.of(StepCheck)); err != nil {
		return nil, err
	}
	plan, err := m.plan(ctx, res)
	if err != nil {
		return nil, err
	}
	plan.Method = method
	plan.Seconds = time.Since(begin).Seconds()
	return plan, nil
}

// AppendBelow implements [bmatch.Source].
func (m *model) AppendBelow(dst []bmatch.Arc, r int32, limit int64) []bmatch.Arc {
	err := m.searches[r].Below(limit, func(v int32, cost aid.Cost) {
		dst = append(dst, bmatch.Arc{Volunteer: v, Cost: cost.Total()})
	})
	m.note(err)
	return dst
}

// note keeps the first error of a source.
func (m *model) note(err error) {
	if err != nil {
		m.sourceFailed.Do(func() { m.sourceErr = err })
	}
}

// SideBySide implements [flow.SideBySide]: searches share nothing that changes.
func (m *model) SideBySide() {}
