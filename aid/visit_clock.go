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
				v.RemindedAt = now
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
// nothing, as ever by a policy that names no grace. Nobody stands in for a single
// visit, so that the caseworker is asked when a substitute would be.
func (r *HelpRequest) nextOf(v *Visit, p StandingPolicy) (EventKind, time.Time) {
	if _, named := p.Grace[r.Urgency]; !named || r.Standing() || r.Status.Ended() || v.Status != VisitPlanned || v.There() {
		return "", time.Time{}
	}
	remind := v.Window.StartsAt.Add(-p.Remind)
	switch {
	case v.RemindedAt.IsZero() && v.Alarm == NoAlarm && r.confirmedBefore(v.Pairing, remind):
		return EventVisitReminded, remind
	case v.Alarm < AlarmVolunteer:
		return EventVisitOverdue, p.alarmAt(AlarmVolunteer, r.Urgency, v)
	case v.Alarm < AlarmCaseworker:
		return EventVisitUncovered, p.alarmAt(AlarmSubstitute, r.Urgency, v)
	}
	return "", time.Time{}
}

func (r *HelpRequest) confirmedBefore(id PairingID, at time.Time) bool {
	return slices.ContainsFunc(r.Pairings, func(p Pairing) bool {
		return p.ID == id && p.ConfirmedAt.Before(at)
	})
}
