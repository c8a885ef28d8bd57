package matching

import (
	"cmp"
	"context"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/index"
)

// Ledger is a plan of least cost that answers what other choices would cost. It
// knows the volunteers as they were when it was made.
//
// It is not safe for concurrent use.
type Ledger struct {
	model   *model
	settled *bmatch.Settled
	plan    *Plan
	nodes   map[seats]int32 // of the demands that are no standby
}

// seats names the seats of one role of one request.
type seats struct {
	request aid.RequestID
	role    int
}

// Why says why a volunteer was not chosen for some seats, or what it would cost
// to choose them.
type Why struct {
	index.Verdict

	// Extra is by how much the objective of the whole plan would rise, all else
	// chosen anew but for which needs get people. It is 0 for somebody whom a
	// plan of least cost may choose. It counts only if Known.
	Extra int64
	// Known is false for somebody who fails a rule, and where the ledger cannot
	// tell: for seats that the plan did not seek people for, for a need that
	// gets nobody, where a minimum would break, and for a volunteer who changed
	// since the ledger was made.
	Known bool
}

// Settle makes a plan of least cost with its proof and keeps it ready for
// questions. progress may be nil. Errors: [aid.Invalid] for a problem that makes
// no sense, the context's error, [aid.Internal] when the proof does not hold.
func Settle(ctx context.Context, p Problem, progress Progress) (*Ledger, error) {
	begin := time.Now()
	if err := p.validate(); err != nil {
		return nil, err
	}
	m, err := newModel(p, MethodOptimal, nil)
	if err != nil {
		return nil, err
	}
	solving := time.Now()
	settled, err := bmatch.Settle(ctx, &m.instance, bmatch.Options{Progress: progress.of(StepSeats)})
	if err == nil {
		err = settled.Close(ctx, m.idleStandbys(settled.Result()))
	}
	if err = cmp.Or(m.sourceErr, asDomain(err)); err != nil {
		return nil, err
	}
	l := newLedger(m, settled)
	solved := time.Since(solving)
	if l.plan, err = m.finish(ctx, settled.Result(), MethodOptimal, progress, begin); err != nil {
		return nil, err
	}
	l.plan.SolveSeconds = solved.Seconds()
	return l, nil
}

// newLedger gives a ledger without a plan.
func newLedger(m *model, settled *bmatch.Settled) *Ledger {
	l := &Ledger{model: m, settled: settled, nodes: make(map[seats]int32, len(m.demands))}
	for node, i := range m.demands {
		if d := &m.problem.Demands[i]; !d.Standby {
			l.nodes[seats{m.problem.Needs[d.Need].Request, d.Role}] = int32(node)
		}
	}
	return l
}

// idleStandbys gives the standbys of needs that get nobody: there is nobody to
// stand by for.
func (m *model) idleStandbys(res *bmatch.Result) (nodes []int32) {
	use := m.usage(res)
	for node, i := range m.demands {
		if d := &m.problem.Demands[i]; d.Standby && use.closed(d.Need) {
			nodes = append(nodes, int32(node))
		}
	}
	return nodes
}

// Plan is the plan of least cost.
func (l *Ledger) Plan() *Plan { return l.plan }

// WhyNot judges a volunteer for the seats of one role of a request: the hard
// rule failed by now, or the extra cost of choosing them. It fails with
// [aid.NotFound] for a request or role of which the plan seeks nobody, and for a
// volunteer who is not in the index.
func (l *Ledger) WhyNot(ctx context.Context, request aid.RequestID, role int, volunteer aid.VolunteerID) (Why, error) {
	node, sought := l.nodes[seats{request, role}]
	if !sought {
		return Why{}, aid.Errorf(aid.NotFound, "the plan seeks nobody for role %d of request %s", role, request)
	}
	d := &l.model.problem.Demands[l.model.demands[node]]
	verdict, err := l.model.problem.Index.Explain(d.Query, volunteer)
	if err != nil {
		return Why{}, err
	}
	why := Why{Verdict: verdict}
	if why.Fails != "" || !l.settled.Wants(node) {
		return why, nil
	}
	number, found, err := l.find(node, volunteer, verdict.Cost)
	if err != nil || !found {
		return why, err
	}
	why.Extra, why.Known, err = l.settled.PairCost(ctx, node, number, verdict.Cost.Total())
	return why, cmp.Or(l.model.sourceErr, asDomain(err))
}

// find gives the number of a volunteer who costs as much for the demand of a
// node as when the ledger was made. The others in reach of that cost are looked
// through, since a view knows nobody by id.
func (l *Ledger) find(node int32, id aid.VolunteerID, at aid.Cost) (number int32, found bool, err error) {
	err = l.model.searches[node].Below(at.Total()+1, func(v int32, cost aid.Cost) {
		if cost == at && l.model.view.ID(v) == id {
			number, found = v, true
		}
	})
	return number, found, err
}
