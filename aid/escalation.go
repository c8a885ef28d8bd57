package aid

import (
	"slices"
	"time"
)

// Reach is how far the search for people has gone. It only ever grows while one
// search goes on, and never past a hard rule.
type Reach int

// The reaches of a search.
const (
	ReachNear    Reach = iota // whoever lives near, with every wish granted
	ReachWide                 // whoever goes that far
	ReachRelaxed              // likewise, with wishes left aside
	ReachHelp                 // likewise, and the area's coordinators are asked to find somebody
)

// Reaches lists the words of all reaches, in their order.
var Reaches = []string{"near", "wide", "relaxed", "help"}

func (r Reach) String() string { return Reaches[r] }

// nearby is how near the people live who are asked first, in metres, by urgency:
// 0 stands for everybody. What is urgent does not wait for those nearby to be free.
func (p SearchPolicy) nearby(u Urgency) float64 {
	if p.Stay[u] <= 0 || u == Urgent {
		return 0
	}
	return p.Near
}

// Within is how far from the help, in metres, people may live who are asked at
// present; 0 is as far as they go.
func (r *HelpRequest) Within(p SearchPolicy) float64 {
	if r.Reach > ReachNear {
		return 0
	}
	return p.nearby(r.Urgency)
}

// SkillsSought are the skills that somebody must have to be asked for a role at
// present: those that it needs, and those that it wishes for until they are left
// aside.
func (r *HelpRequest) SkillsSought(role int, p SearchPolicy) []Skill {
	of := r.Roles[role]
	if r.Reach >= ReachRelaxed || p.Stay[r.Urgency] <= 0 || len(of.Wishes) == 0 {
		return of.Skills
	}
	return append(append([]Skill{}, of.Skills...), of.Wishes...)
}

// SearchAgain is after what time a successor for a standing pairing is sought again
// when there was nobody left to ask: people move, learn and come free.
const SearchAgain = 24 * time.Hour

// WidensAt is when more people can be asked by the clock alone, since the search
// reaches farther or begins again; zero if it does not. A stage takes a quarter of the
// time that was left before the window at most, or before its end once it has begun,
// so that all of them fit. Where a successor is sought that is not needed: others
// stand in for the next visits.
func (r *HelpRequest) WidensAt(p SearchPolicy) time.Time {
	if r.SearchOver && r.vacant() {
		return r.ReachedAt.Add(SearchAgain)
	}
	if _, more := r.nextReach(p); !more || !r.seeksMore() {
		return time.Time{}
	}
	return r.reachEnds(p)
}

func (r *HelpRequest) reachEnds(p SearchPolicy) time.Time {
	stay := p.Stay[r.Urgency]
	if !r.vacant() {
		next := r.Next(r.ReachedAt)
		left := next.StartsAt.Sub(r.ReachedAt)
		switch {
		case left > 0:
		case r.Within(p) > 0:
			return r.ReachedAt // it has begun: whoever lives near is not waited for
		default:
			left = next.EndsAt.Sub(r.ReachedAt)
		}
		stay = max(0, min(stay, left/4))
	}
	return r.ReachedAt.Add(stay)
}

// vacant tells whether a standing pairing stood once and does not now: it goes on
// until people or its cadence end it, and a successor is sought meanwhile.
func (r *HelpRequest) vacant() bool {
	return r.Standing() && r.Status.Seeking() && !r.stands() &&
		slices.ContainsFunc(r.Pairings, func(p Pairing) bool { return !p.ConfirmedAt.IsZero() })
}

// seeksMore tells whether people may be asked for a seat that nobody holds.
func (r *HelpRequest) seeksMore() bool {
	return r.Status.Seeking() && !r.SearchOver && r.OnlyAsks == "" && r.Filled() < r.People()
}

// nextReach is the next one that asks more people than the present one does.
func (r *HelpRequest) nextReach(p SearchPolicy) (Reach, bool) {
	if p.Stay[r.Urgency] <= 0 {
		return r.Reach, false
	}
	for next := r.Reach + 1; next <= ReachHelp; next++ {
		switch {
		case next == ReachWide && p.nearby(r.Urgency) == 0, next == ReachRelaxed && !r.wishes():
			continue
		case next == ReachHelp && r.stands():
			return r.Reach, false // what is wished beyond the quorum calls nobody
		}
		return next, true
	}
	return r.Reach, false
}

func (r *HelpRequest) wishes() bool {
	for _, role := range r.Roles {
		if len(role.Wishes) > 0 {
			return true
		}
	}
	return false
}

// Widen lets the search reach farther, or begin again, if the time for it has come.
// Doing it again changes nothing.
func (r *HelpRequest) Widen(p SearchPolicy, now time.Time) {
	switch at := r.WidensAt(p); {
	case at.IsZero() || now.Before(at):
	case r.SearchOver:
		r.SearchOver, r.ReachedAt = false, now
		r.note(Event{Kind: EventSearchResumed, At: now})
	default:
		r.reachFarther(p, now)
	}
}

func (r *HelpRequest) reachFarther(p SearchPolicy, now time.Time) {
	next, _ := r.nextReach(p)
	r.Reach, r.ReachedAt = next, now
	kind := EventSearchWidened
	if next == ReachHelp {
		kind = EventHelpWanted
	}
	r.note(Event{Kind: kind, At: now, Reason: next.String()})
}

// NobodyLeft notes that nobody can be asked, now or later, as far as a reach of the
// search, with the reasons counted. It reaches farther at once, where there is
// farther to go: again tells so. Where there is not, the search ends, see
// [HelpRequest.EndSearch], once the coordinators have had their time. What was found
// out for a reach that is past says nothing.
func (r *HelpRequest) NobodyLeft(as Reach, unmet ReasonCounts, p SearchPolicy, now time.Time) (again bool) {
	if as != r.Reach || !r.seeksMore() || r.Pending() > 0 {
		return false
	}
	r.Unmet = unmet
	if _, more := r.nextReach(p); more {
		r.reachFarther(p, now)
		return true
	}
	if r.Reach == ReachHelp && now.Before(r.reachEnds(p)) && !r.stands() {
		return false
	}
	r.EndSearch(unmet, now)
	return false
}

// NobodyNow notes that nobody can be asked at present as far as a reach of the search:
// those who live near are busy or chosen for others, and are not waited for where
// others would come from farther. Wishes and coordinators have their time all the same.
func (r *HelpRequest) NobodyNow(as Reach, p SearchPolicy, now time.Time) (again bool) {
	if as != r.Reach || !r.seeksMore() || r.Pending() > 0 || r.Within(p) == 0 {
		return false
	}
	r.reachFarther(p, now)
	return true
}

// searchAnew begins a search from where it is nearest.
func (r *HelpRequest) searchAnew(now time.Time) {
	r.SearchOver, r.Reach, r.ReachedAt = false, ReachNear, now
}
