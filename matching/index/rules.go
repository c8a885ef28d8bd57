package index

import (
	"math"
	"slices"

	"github.com/linli/linli/aid"
)

// Rule is a hard rule that a volunteer can fail; "" stands for none.
type Rule string

// The hard rules in the order in which they are tried.
const (
	TooFar       Rule = "too_far"
	Skill        Rule = "skill"
	Course       Rule = "course"
	Check        Rule = "check"
	Minor        Rule = "minor"
	AlreadyAsked Rule = "already_asked"
	Time         Rule = "time"
	Capacity     Rule = "capacity"
	NotSuitable  Rule = "not_suitable"
	Parks        Rule = "parked"
	Resting      Rule = "resting"
)

// Rules lists the hard rules in that order.
var Rules = []Rule{TooFar, Skill, Course, Check, Minor, AlreadyAsked, Time, Capacity, NotSuitable, Parks, Resting}

// This file is the one place where the rules are decided: skills and courses for
// all volunteers of a leaf at once, the others one by one.

// skilled is the slots that have every skill asked.
func (s *search) skilled(l *leaf) uint64 {
	if s.nobodyHas {
		return 0
	}
	who := l.all()
	for _, w := range s.skills {
		who &= l.skills.has(w)
	}
	return who
}

// trained is those of the slots that hold every course asked on the day.
func (s *search) trained(l *leaf, among uint64) uint64 {
	if s.nobodyHolds {
		return 0
	}
	for _, w := range s.courses {
		if among == 0 {
			break
		}
		among = l.courses.holds(among, w, s.day)
	}
	return among
}

// distance is the exact one, in metres, and whether the volunteer goes that far.
func (s *search) distance(l *leaf, slot int) (metres float64, reached bool) {
	p := &l.people[slot]
	metres = s.place.Distance(p.home)
	return metres, metres <= p.reach && metres <= s.ring
}

// metres is the distance of a slot that is away by that squared chord, rounded,
// and whether the volunteer goes that far. It is the exact one, which nearly
// always follows from the spots, so that the home need not be fetched.
func (s *search) metres(l *leaf, slot int, away float64) (rounded int64, reached bool) {
	rounded, sure := wholeMetres(away)
	if sure && l.spots[slot].surelyWithin(away) && s.spot.surelyWithin(away) {
		return rounded, true
	}
	exact, reached := s.distance(l, slot)
	return int64(math.Round(exact)), reached
}

// covered tells whether the volunteer's hours cover the whole window.
func (s *search) covered(l *leaf, slot int, seen *seen) bool {
	p := l.when[slot]
	return p == nil || s.anyTime || seen.covers(p, s)
}

// unbound tells whether the volunteer is bound to nothing in the window.
func (s *search) unbound(l *leaf, slot int) bool {
	return s.anyTime || !slices.ContainsFunc(l.boundOf(slot), s.takes)
}

// takes tells whether one of the windows shares an instant with a span.
func (s *search) takes(o span) bool {
	return s.span.overlaps(o) || slices.ContainsFunc(s.spans, o.overlaps)
}

// within tells whether an availability covers every window.
func (s *search) within(p *pattern) bool {
	if !p.Covers(s.window) {
		return false
	}
	for _, w := range s.also {
		if !p.Covers(w) {
			return false
		}
	}
	return true
}

func (s *search) wasAsked(l *leaf, slot int) bool { return isAmong(s.asked, l, slot) }

// keptApart tells whether the volunteer must not meet somebody there.
func (s *search) keptApart(l *leaf, slot int) bool { return isAmong(s.apart, l, slot) }

// isAmong looks for a volunteer in an ascending list.
func isAmong(list []aid.VolunteerID, l *leaf, slot int) bool {
	if len(list) == 0 {
		return false
	}
	_, found := slices.BinarySearch(list, l.id(slot))
	return found
}

// parks tells whether the volunteer has put off needs of the category, or those
// as far away as this one.
func (s *search) parks(l *leaf, slot int) bool {
	p := l.pauses.at(slot)
	if p == nil || s.now.IsZero() {
		return false
	}
	for _, k := range p.parks() {
		if k.category != s.category {
			continue
		}
		if metres, _ := s.distance(l, slot); math.Round(metres) >= k.within {
			return true
		}
	}
	return false
}

// rests tells whether the volunteer is asked for nothing now.
func (s *search) rests(l *leaf, slot int, seen *seen) bool {
	if s.now.IsZero() {
		return false
	}
	if p := l.pauses.at(slot); p != nil && s.micros < p.until {
		return true
	}
	when := l.when[slot]
	return when != nil && !when.quiet.Empty() && seen.quiet(when, s)
}

// returns tells whether a volunteer who rests may be asked before the window
// ends. As many offers as they take are answered some time.
func (s *search) returns(l *leaf, slot int) bool {
	p := l.pauses.at(slot)
	return p == nil || p.until == forever || s.anyTime || p.until < s.span.to
}

// fails gives the first rule that a volunteer fails who is within reach and has
// the skills and courses. Whoever waits for or holds a seat of this very need is
// bound by it, so that having been asked comes before time and capacity.
func (s *search) fails(l *leaf, slot int, seen *seen) Rule {
	if rule := s.bars(l, slot); rule != "" {
		return rule
	}
	switch {
	case s.wasAsked(l, slot):
		return AlreadyAsked
	case !s.covered(l, slot, seen) || !s.unbound(l, slot):
		return Time
	case l.taken:
		return Capacity
	case s.keptApart(l, slot):
		return NotSuitable
	case s.parks(l, slot):
		return Parks
	case s.rests(l, slot, seen):
		return Resting
	}
	return ""
}

// judge gives the first rule that a volunteer fails, and the exact distance.
func (s *search) judge(l *leaf, slot int, seen *seen) (Rule, float64) {
	metres, reached := s.distance(l, slot)
	switch {
	case !reached:
		return TooFar, metres
	case s.skilled(l)>>slot&1 == 0:
		return Skill, metres
	case s.trained(l, 1<<slot) == 0:
		return Course, metres
	}
	return s.fails(l, slot, seen), metres
}

// cost is what a volunteer costs at a distance in rounded metres, eligible or not.
func (s *search) cost(l *leaf, slot int, metres int64) aid.Cost {
	shared := 0
	for _, w := range s.skills {
		shared += int(l.skills.has(w) >> slot & 1)
	}
	return aid.Cost{
		Distance:    metres,
		SpareSkills: aid.SpareSkillCost * int64(int(l.count[slot])-shared),
	}
}

// reached is the slots that go as far as the place.
func (s *search) reached(l *leaf) uint64 {
	var who uint64
	for i := range l.n {
		at := &l.spots[i]
		away := s.spot.away(at)
		if away > float64(min(at.reach, s.spot.reach)) {
			continue
		}
		if !at.surelyWithin(away) || !s.spot.surelyWithin(away) {
			if _, reached := s.distance(l, i); !reached {
				continue
			}
		}
		who |= 1 << i
	}
	return who
}

// seen remembers for one query which of the slow patterns cover its window, and
// in which of them it is a quiet hour.
type seen struct {
	covering, hushed []answer // by number of the pattern
	query            uint32   // goes up with every query
}

type answer struct {
	query uint32 // that it was given to
	yes   bool
}

// forget begins another query.
func (m *seen) forget() {
	if m.query == math.MaxUint32 {
		clear(m.covering)
		clear(m.hushed)
		m.query = 0
	}
	m.query++
}

func (m *seen) covers(p *pattern, s *search) bool {
	if !p.slow() {
		return s.within(p)
	}
	a := m.answer(&m.covering, p)
	if a.query != m.query {
		*a = answer{m.query, s.within(p)}
	}
	return a.yes
}

func (m *seen) quiet(p *pattern, s *search) bool {
	a := m.answer(&m.hushed, p)
	if a.query != m.query {
		*a = answer{m.query, p.quiet.Hold(aid.InZone(s.now, p.Zone))}
	}
	return a.yes
}

// answer is the place for what is remembered of a pattern.
func (m *seen) answer(all *[]answer, p *pattern) *answer {
	for int(p.number) >= len(*all) {
		*all = append(*all, answer{})
	}
	return &(*all)[p.number]
}
