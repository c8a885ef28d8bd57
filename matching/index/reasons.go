package index

import "github.com/linli/linli/aid"

// Verdict says why one volunteer may not be asked, or what they would cost.
type Verdict struct {
	Fails    Rule     // the first hard rule failed; "" when eligible
	Cost     aid.Cost // spare skills count against what the need asks, eligible or not
	Distance float64  // metres
}

// Explain judges one volunteer. One who is not in the index is [aid.NotFound].
func (x *Index) Explain(q Query, id aid.VolunteerID) (Verdict, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	s, err := x.words.search(q)
	if err != nil {
		return Verdict{}, err
	}
	p := x.people[id]
	if p == nil {
		return Verdict{}, aid.Errorf(aid.NotFound, "there is no active volunteer %s", id)
	}
	e := x.store.entryOf(p)
	rule, metres := s.fails(e)
	return Verdict{rule, s.cost(e, metres), metres}, nil
}

// Tally counts why volunteers may not be asked.
type Tally struct {
	Reasons  aid.ReasonCounts
	Eligible int // who fail no rule and are not taken
	Taken    int // who fail no rule but are taken; in Reasons they count as capacity
	Busy     int // who fail time or capacity only because of what they are bound to now
}

// Reasons judges every volunteer for a need. Each ineligible one is counted
// once, by the first rule failed. An eligible one for whom taken is true counts
// as capacity: their time goes to another need. taken may be nil; it must not
// call the index.
func (x *Index) Reasons(q Query, taken func(aid.VolunteerID) bool) (Tally, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	s, err := x.words.search(q)
	if err != nil {
		return Tally{}, err
	}
	s.filter = 0 // to see those without the skills too
	var t Tally
	inReach, bound := 0, everywhere
	err = x.store.walk(s, &bound, func(e *entry) {
		rule, _ := s.fails(e)
		inReach++
		switch rule {
		case TooFar: // counted with those whom the walk never met
			inReach--
		case Skill:
			t.Reasons.Skill++
		case Course:
			t.Reasons.Course++
		case Time:
			t.Reasons.Time++
			if s.wouldDo(e.person) {
				t.Busy++
			}
		case Capacity:
			t.Reasons.Capacity++
			if s.wouldDo(e.person) {
				t.Busy++
			}
		case AlreadyAsked:
			t.Reasons.Asked++
		case "":
			if taken != nil && taken(e.person.id) {
				t.Reasons.Capacity++
				t.Taken++
			} else {
				t.Eligible++
			}
		}
	})
	t.Reasons.TooFar = len(x.people) - inReach
	return t, err
}
