package matching

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/index"
)

// AnewError says why a ledger is not worth rolling on, or cannot be: the plan has
// to be made anew, by [Settle].
type AnewError struct{ Reason string }

func (e *AnewError) Error() string { return "the plan is to be made anew: " + e.Reason }

// When more than one in so many demands or volunteers have come or gone, or are
// carried along though they are gone, a new solve is about as fast.
const (
	rollShare = 4
	rollFloor = 64 // changes that are always few
)

// Roll makes the ledger of the problem as it is now out of this one: demands and
// volunteers that came, went or changed are taken in one by one, each to the
// optimum. The plan costs what that of [Settle] costs, to the unit, and is checked
// in the same way; among plans of equal cost it may be another. The same calls
// give the same plan. This ledger is of no use afterwards, whatever comes out.
//
// Minima of people and another index or OneEach than before give an [*AnewError],
// and so do too many changes. All errors but the context's are cured by [Settle].
func (l *Ledger) Roll(ctx context.Context, p Problem) (*Ledger, error) {
	begin := time.Now()
	if err := p.validate(); err != nil {
		return nil, err
	}
	if p.Index != l.model.problem.Index || p.OneEach != l.model.problem.OneEach {
		return nil, &AnewError{"it is another kind of problem"}
	}
	m, err := newModel(p, MethodOptimal, l.model.places)
	if err != nil {
		return nil, err
	}
	if len(m.instance.Groups)+len(l.model.instance.Groups) > 0 {
		return nil, &AnewError{"a minimum of people is in force"}
	}
	solving := time.Now()
	next, err := l.next(m)
	if err != nil {
		return nil, err
	}
	settled, err := l.settled.Roll(ctx, next)
	if err = cmp.Or(m.sourceErr, asDomain(err)); err != nil {
		return nil, err
	}
	solved := time.Since(solving)
	rolled := newLedger(m, settled)
	if rolled.plan, err = m.finish(ctx, settled.Result(), MethodOptimal, nil, begin); err != nil {
		return nil, err
	}
	rolled.plan.Warm, rolled.plan.SolveSeconds = true, solved.Seconds()
	return rolled, nil
}

// Bytes is about how much memory the ledger takes that nothing else does.
func (l *Ledger) Bytes() int64 {
	const perDemand, perVolunteer = 500, 200 // model and old versions of leaves
	return l.settled.Bytes() + perDemand*int64(len(l.model.demands)) + perVolunteer*int64(l.model.view.Len())
}

// next tells the solver what has changed, unless that is too much.
func (l *Ledger) next(m *model) (bmatch.Next, error) {
	next := bmatch.Next{Problem: &m.instance, Requests: l.stayed(m)}
	var known bool
	if next.Volunteers, known = m.view.Since(l.model.view, l.model.problem.Now, m.problem.Now); !known {
		return next, &AnewError{"skills or courses have come or gone"}
	}
	var newcomers []int32
	for v, was := range next.Volunteers {
		if was == index.Nobody {
			newcomers = append(newcomers, int32(v))
		}
	}
	fresh := 0
	for _, was := range next.Requests {
		if was == bmatch.None {
			fresh++
		}
	}
	idleRequests, idleVolunteers := l.settled.Idle()
	if tooMany(len(l.model.demands), len(m.demands), fresh, idleRequests) ||
		tooMany(l.model.view.Len(), m.view.Len(), len(newcomers), idleVolunteers) {
		return next, &AnewError{"too much has changed"}
	}
	next.Newcomers = &newcomersOf{m, m.view.Only(newcomers), newcomers}
	return next, nil
}

// tooMany weighs who came, who went and who is carried along though gone.
func tooMany(before, now, fresh, idle int) bool {
	few := max(rollFloor, max(before, now)/rollShare)
	gone := before - (now - fresh)
	return fresh+gone > few || idle+gone > 2*few
}

// stayed gives for each node of a model the node of this ledger with the same
// query for the same seats, or none.
func (l *Ledger) stayed(m *model) []int32 {
	type standing struct {
		seats
		standby bool
	}
	of := func(m *model, node int) (standing, *Demand) {
		d := &m.problem.Demands[m.demands[node]]
		return standing{seats{m.problem.Needs[d.Need].Request, d.Role}, d.Standby}, d
	}
	known := make(map[standing]int32, len(l.model.demands))
	for node := range l.model.demands {
		at, _ := of(l.model, node)
		known[at] = int32(node)
	}
	was := make([]int32, len(m.demands))
	for node := range m.demands {
		at, d := of(m, node)
		was[node] = bmatch.None
		if before, found := known[at]; found {
			if _, old := of(l.model, int(before)); old.Query.Same(&d.Query) {
				was[node] = before
				delete(known, at)
			}
		}
	}
	return was
}

// newcomersOf lists the pairs of a model with some of its volunteers.
type newcomersOf struct {
	model   *model
	view    *index.View
	numbers []int32 // in the model, ascending, by number in the view
}

// AppendBelow implements [bmatch.Source].
func (n *newcomersOf) AppendBelow(dst []bmatch.Arc, r int32, limit int64) []bmatch.Arc {
	err := n.model.searches[r].In(n.view).Below(limit, func(v int32, cost aid.Cost) {
		dst = append(dst, bmatch.Arc{Volunteer: n.numbers[v], Cost: cost.Total()})
	})
	n.model.note(err)
	return dst
}

// placesOf gives where the demands are, once for each place, after those before.
func placesOf(p Problem, before []aid.Point) []aid.Point {
	all := slices.Clone(before)
	for _, d := range p.Demands {
		all = append(all, d.Query.Place)
	}
	slices.SortFunc(all, func(a, b aid.Point) int { return cmp.Or(cmp.Compare(a.Lat, b.Lat), cmp.Compare(a.Lng, b.Lng)) })
	return slices.Compact(all)
}
