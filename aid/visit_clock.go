package aid

import (
	"slices"
	"time"
)

// AdvanceVisits does what is due by the clock for the visits of a request for one
// window: whoever was confirmed long before is reminded, and it is an alarm if nobody
// comes, of which the volunteer hears and then the caseworker. Doing it again changes
// nothing. A standing pairing has a process of its own, see
// [HelpRequest.AdvanceStanding].
func (r *HelpRequest) AdvanceVisits(p StandingPolicy, now time.Time) {
	for i := range r.Visits {
		v := &r.Visits[i]
		for kind, at := r.nextOf(v, p); !at.IsZero() && !now.Before(at); kind, at = r.nextOf(v, p) {
			switch kind {
			case EventVisitReminded:
				if v.RemindedAt = now; !now.Before(v.Window.StartsAt) {
					continue // too late, after an outage
				}
			case EventVisitOverdue:
				v.Alarm = AlarmVolunteer
			default:
				v.Alarm = AlarmCaseworker
			}
			r.noteVisit(kind, v, "", now, "")
		}
	}
}

// VisitsDue is when [HelpRequest.AdvanceVisits] has something to do next; zero for
// never.
func (r *HelpRequest) VisitsDue(p StandingPolicy) time.Time {
	var first time.Time
	for i := range r.Visits {
		if _, at := r.nextOf(&r.Visits[i], p); !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// nextOf is what the clock brings to a visit next, and when; the zero time for
// nothing, as ever by a policy that names no grace, and for a window in which nobody
// says when they come. Nobody stands in for a single visit, so that the caseworker is
// asked when a substitute would be, once for all who are missing and only if those who
// came are too few. The clocks of whoever was confirmed late begin then, and whoever has
// left the pairing meanwhile, missing or there, says nothing of who is to come now.
func (r *HelpRequest) nextOf(v *Visit, p StandingPolicy) (EventKind, time.Time) {
	if _, named := p.Grace[r.Urgency]; !named || r.Standing() || r.Status.Ended() || v.Status != VisitPlanned || v.There() ||
		r.OnlyAsks != "" || v.Window.EndsAt.Sub(v.Window.StartsAt) > longestVisit {
		return "", time.Time{}
	}
	i := slices.IndexFunc(r.Pairings, func(p Pairing) bool { return p.ID == v.Pairing })
	if i < 0 {
		return "", time.Time{}
	}
	confirmed, remind := r.Pairings[i].ConfirmedAt, v.Window.StartsAt.Add(-p.Remind)
	late := max(0, confirmed.Sub(v.Window.StartsAt))
	told := func(o Visit) bool { return o.Alarm == AlarmCaseworker && r.holds(o.Pairing) }
	came := func(o Visit) bool { return (o.Status == VisitBegun || o.Status == VisitDone) && r.holds(o.Pairing) }
	switch {
	case v.RemindedAt.IsZero() && v.Alarm == NoAlarm && confirmed.Before(remind):
		return EventVisitReminded, remind
	case v.Alarm < AlarmVolunteer:
		return EventVisitOverdue, p.alarmAt(AlarmVolunteer, r.Urgency, v).Add(late)
	case !r.areCrew(r.MinPeople, came) && !slices.ContainsFunc(r.Visits, told):
		return EventVisitUncovered, p.alarmAt(AlarmSubstitute, r.Urgency, v).Add(late)
	}
	return "", time.Time{}
}

// Attended tells whether somebody has come to a visit of the request.
func (r *HelpRequest) Attended() bool {
	return slices.ContainsFunc(r.Visits, func(v Visit) bool { return !v.In.At.IsZero() })
}

// longestVisit is how long a window may be that is taken for the time of a visit: in a
// longer one somebody comes some time.
const longestVisit = 24 * time.Hour
