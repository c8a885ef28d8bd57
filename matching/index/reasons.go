package index

import (
	"math"
	"math/bits"
	"time"

	"github.com/linli/linli/aid"
)

// Verdict says why one volunteer may not be asked, or what they would cost.
type Verdict struct {
	Fails    Rule     // the first hard rule failed; "" when eligible
	Cost     aid.Cost // spare skills count against what the need asks, eligible or not
	Distance float64  // metres

	// Until is when somebody who rests may be asked again; zero for all others,
	// and where only an answer to an offer that waits ends it.
	Until time.Time
}

// Explain judges one volunteer. One who is not in the index is [aid.NotFound].
// It waits for an update that is being made.
func (x *Index) Explain(q Query, id aid.VolunteerID) (Verdict, error) {
	d := newDesk()
	defer d.done()
	x.mu.Lock()
	defer x.mu.Unlock()
	s := &d.search
	if err := s.prepare(&x.state.Load().vocabulary, &q); err != nil {
		return Verdict{}, err
	}
	h, known := x.find(x.roster.hash(id), id)
	if !known {
		return Verdict{}, aid.Errorf(aid.NotFound, "there is no active volunteer %s", id)
	}
	l, slot := x.locate(h)
	rule, metres := s.judge(l, slot, &d.seen)
	v := Verdict{Fails: rule, Cost: s.cost(l, slot, int64(math.Round(metres))), Distance: metres}
	if rule == Resting {
		v.Until = s.restsUntil(l, slot)
	}
	return v, nil
}

// Tally counts why volunteers may not be asked.
type Tally struct {
	Reasons  aid.ReasonCounts
	Eligible int // who fail no rule and are not taken
	Taken    int // who fail no rule but are taken; in Reasons they count as capacity
	Busy     int // who fail time, capacity or rest only because of what is so now, and may be asked before the window ends
}

// Reasons judges every volunteer for a need. Each ineligible one is counted
// once, by the first rule failed. An eligible one for whom taken is true counts
// as capacity: their time goes to another need. taken may be nil. It fails with
// [aid.Invalid] when the place is none.
func (x *Index) Reasons(q Query, taken func(aid.VolunteerID) bool) (Tally, error) {
	d, state := newDesk(), x.state.Load()
	defer d.done()
	s := &d.search
	if err := s.prepare(&state.vocabulary, &q); err != nil {
		return Tally{}, err
	}
	s.skillBits, s.courseBits = 0, 0 // to see those without them too
	var t Tally
	inReach := 0
	for _, root := range []*node{state.available, state.taken} {
		root.within(s, everywhere, func(l *leaf, _ int32) {
			inReach += d.tally(l, taken, &t)
		})
	}
	t.Reasons.TooFar = state.available.count() + state.taken.count() - inReach
	return t, nil
}

// tally counts the volunteers of a leaf and gives how many are within reach.
func (d *desk) tally(l *leaf, taken func(aid.VolunteerID) bool, t *Tally) int {
	s := &d.search
	reached := s.reached(l)
	able := reached & s.skilled(l)
	t.Reasons.Skill += bits.OnesCount64(reached &^ able)
	fit := s.trained(l, able)
	t.Reasons.Course += bits.OnesCount64(able &^ fit)
	for ; fit != 0; fit &= fit - 1 {
		i := bits.TrailingZeros64(fit)
		switch s.fails(l, i, &d.seen) {
		case Check:
			t.Reasons.Check++
		case Minor:
			t.Reasons.Minor++
		case AlreadyAsked:
			t.Reasons.Asked++
		case Time:
			t.Reasons.Time++
			t.Busy += d.wouldDo(l, i)
		case Capacity:
			t.Reasons.Capacity++
			t.Busy += d.wouldDo(l, i)
		case NotSuitable:
			t.Reasons.Unsuited++
		case Parks:
			t.Reasons.Parked++
		case Resting:
			t.Reasons.Resting++
			if s.returns(l, i) {
				t.Busy++
			}
		default:
			if taken != nil && taken(l.id(i)) {
				t.Reasons.Capacity++
				t.Taken++
			} else {
				t.Eligible++
			}
		}
	}
	return bits.OnesCount64(reached)
}

// wouldDo is 1 for a volunteer who fails time or capacity and would be eligible
// if they were bound to nothing.
func (d *desk) wouldDo(l *leaf, slot int) int {
	s := &d.search
	if s.covered(l, slot, &d.seen) && !s.keptApart(l, slot) && !s.parks(l, slot) && s.returns(l, slot) {
		return 1
	}
	return 0
}
