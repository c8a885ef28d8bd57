package crews

import (
	"context"
	"errors"

	"github.com/linli/linli/matching/flow"
)

// fate is what is decided about a crew.
type fate uint8

const (
	undecided fate = iota // it may have any number of people
	kept                  // it keeps its minimum
	closed                // it has nobody
)

// plan is a plan in the making: the flow, in which crews that are in hold on to
// their minimum and crews that are out want no seats.
type plan struct {
	ctx   context.Context
	net   *flow.Solver
	asked []flow.Request
	*parties

	fates []fate  // of each crew
	held  []int64 // of each request: the seats that its crew holds on to
	aside int64   // what the crews that are out cost

	trail   []past // crews that changed since the mark
	trailed []bool // of each crew, whether it is among them
	marked  bool

	suspects  []party // crews that may have become torn
	suspected []bool  // of each crew, whether it is among them

	before []int64 // held, of a crew that is turned for a trial
	pairs  []flow.Arc
}

func newPlan(ctx context.Context, net *flow.Solver, asked []flow.Request, ps *parties) *plan {
	p := &plan{
		ctx: ctx, net: net, asked: asked, parties: ps,
		fates: make([]fate, len(ps.crews)), held: make([]int64, len(asked)),
		trailed: make([]bool, len(ps.crews)), suspected: make([]bool, len(ps.crews)),
	}
	for crew := range party(len(ps.crews)) {
		p.suspect(crew)
	}
	return p
}

// cost is Σ cost of the pairs + Σ penalty of the open seats, and more than that
// while a crew that is in misses its minimum.
func (p *plan) cost() int64 { return p.net.Cost() + p.aside }

// filled is the number of people that a crew has.
func (p *plan) filled(crew party) (n int64) {
	if p.fates[crew] != closed {
		for _, r := range p.crews[crew].Members {
			n += p.seated(r)
		}
	}
	return n
}

func (p *plan) seated(r int32) int64 { return p.asked[r].Seats - p.net.Open(r) }

// torn says whether a crew must be decided anew: it has people, but too few, or
// is in and lost some to another crew.
func (p *plan) torn(crew party) bool {
	switch n := p.filled(crew); p.fates[crew] {
	case undecided:
		return 0 < n && n < p.crews[crew].MinPeople
	case kept:
		return n < p.crews[crew].MinPeople
	default:
		return false
	}
}

// release lets a crew have any number of people.
func (p *plan) release(crew party) error {
	if p.fates[crew] == undecided {
		return nil
	}
	p.note(crew)
	if p.fates[crew] == closed {
		p.aside -= p.empty[crew]
	}
	p.fates[crew] = undecided
	for _, r := range p.crews[crew].Members {
		p.held[r] = 0
		if err := p.net.SetRequest(p.ctx, r, p.asked[r]); err != nil {
			return err
		}
	}
	return nil
}

// dismiss leaves a crew without anybody.
func (p *plan) dismiss(crew party) error {
	if p.fates[crew] == closed {
		return nil
	}
	p.note(crew)
	p.fates[crew] = closed
	p.aside += p.empty[crew]
	for _, r := range p.crews[crew].Members {
		p.held[r] = 0
		none := p.asked[r]
		none.Seats = 0
		if err := p.net.SetRequest(p.ctx, r, none); err != nil {
			return err
		}
	}
	return nil
}

// admit makes a crew keep its minimum. It says whether the crew reaches it, as it
// does when that costs less than to leave all its seats open.
func (p *plan) admit(crew party) (bool, error) {
	if err := p.release(crew); err != nil {
		return false, err
	}
	p.note(crew)
	p.fates[crew] = kept
	members, filled := p.crews[crew].Members, p.filled(crew)
	missing := p.crews[crew].MinPeople - filled
	spare := max(0, -missing)
	for _, r := range members {
		seats := p.seated(r)
		free := min(seats, spare)
		spare -= free
		seats -= free
		if len(members) == 1 {
			seats += max(0, missing)
		}
		if ok, err := p.hold(crew, r, seats); !ok || err != nil {
			return false, err
		}
	}
	if len(members) > 1 {
		for range missing {
			if ok, err := p.holdOneMore(crew); !ok || err != nil {
				return false, err
			}
		}
	}
	return !p.torn(crew), nil
}

// hold makes request r of a crew hold on to so many seats. It says false when
// there are not as many, or when the sums leave the range of the flow.
func (p *plan) hold(crew party, r int32, seats int64) (bool, error) {
	q := p.asked[r]
	if seats > q.Seats {
		return false, nil
	}
	q.Keep, q.KeepPenalty = seats, max(p.empty[crew], q.Penalty)
	err := p.net.SetRequest(p.ctx, r, q)
	if _, wide := errors.AsType[*flow.ProblemError](err); wide {
		return false, nil
	}
	p.held[r] = seats
	return err == nil, err
}

// holdOneMore makes one member of a crew hold on to one seat more, the one for
// which that is cheapest.
func (p *plan) holdOneMore(crew party) (bool, error) {
	best, least := none, int64(0)
	for _, r := range p.crews[crew].Members {
		held := p.held[r]
		ok, err := p.hold(crew, r, held+1)
		if err != nil {
			return false, err
		}
		if cost := p.cost(); ok && p.seated(r) > held && (best == none || cost < least) {
			best, least = r, cost
		}
		if _, err := p.hold(crew, r, held); err != nil {
			return false, err
		}
	}
	if best == none {
		return false, nil
	}
	return p.hold(crew, best, p.held[best]+1)
}

// none stands for no request.
const none int32 = -1

// settle gives all undecided crews the fate that the plan has for them already.
func (p *plan) settle(among []party) error {
	for _, crew := range among {
		var err error
		switch {
		case p.fates[crew] != undecided:
		case p.filled(crew) > 0:
			_, err = p.admit(crew)
		default:
			err = p.dismiss(crew)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// reopened has the crew of a request looked at again when torn crews are sought
// next. There may be no plan yet.
func (p *plan) reopened(r int32) {
	if p != nil && p.isCrew(p.of[r]) {
		p.suspect(p.of[r])
	}
}

func (p *plan) suspect(crew party) {
	if !p.suspected[crew] {
		p.suspected[crew] = true
		p.suspects = append(p.suspects, crew)
	}
}
