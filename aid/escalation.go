package aid

import "time"

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

// WidensAt is when the search reaches farther by itself; zero if it does not.
// A stage takes a quarter of the time that was left before the window, or the next
// visit, at most, so that all of them fit.
func (r *HelpRequest) WidensAt(p SearchPolicy) time.Time {
	if _, more := r.nextReach(p); !more || !r.seeksMore() {
		return time.Time{}
	}
	return r.reachEnds(p)
}

func (r *HelpRequest) reachEnds(p SearchPolicy) time.Time {
	left := r.Next(r.ReachedAt).StartsAt.Sub(r.ReachedAt) / 4
	if r.Standing() && left <= 0 { // it goes on after the visit that is under way
		left = p.Stay[r.Urgency]
	}
	return r.ReachedAt.Add(min(p.Stay[r.Urgency], max(0, left)))
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

// Widen lets the search reach farther if the time for it has come. Doing it
// again changes nothing.
func (r *HelpRequest) Widen(p SearchPolicy, now time.Time) {
	if at := r.WidensAt(p); !at.IsZero() && !now.Before(at) {
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

// NobodyLeft notes that nobody can be asked, now or later, as far as the search
// reaches, with the reasons counted. It reaches farther at once, where there is
// farther to go: again tells so. Where there is not, the search ends, see
// [HelpRequest.EndSearch], once the coordinators have had their time.
func (r *HelpRequest) NobodyLeft(unmet ReasonCounts, p SearchPolicy, now time.Time) (again bool) {
	if !r.seeksMore() || r.Pending() > 0 {
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

// searchAnew begins a search from where it is nearest.
func (r *HelpRequest) searchAnew(now time.Time) {
	r.SearchOver, r.Reach, r.ReachedAt = false, ReachNear, now
}
