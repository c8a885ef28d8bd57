package aid

import "time"

// Alarm is how far the alarm of a visit has gone to which nobody has come.
type Alarm int

// The stages of the alarm, each with its own clock.
const (
	NoAlarm         Alarm = iota
	AlarmVolunteer        // the volunteer is asked
	AlarmSubstitute       // somebody nearby is sought
	AlarmCaseworker       // the caseworker is asked: nobody else is left
)

// StandingPolicy is the clocks of standing pairings, by the request's urgency
// where waiting would harm.
type StandingPolicy struct {
	Remind time.Duration // before a visit

	Grace  map[Urgency]time.Duration // after a visit was to begin: its volunteer is asked
	Answer map[Urgency]time.Duration // after that: a substitute is sought
	Cover  map[Urgency]time.Duration // after that: the caseworker is asked

	Vacant time.Duration // before a visit for whose volunteer no successor was found: a substitute is sought
	Course time.Duration // before a visit for which a course will have lapsed: likewise
}

// DefaultStandingPolicy leaves somebody who lives alone unseen for two hours at
// most, for forty minutes where it is urgent.
func DefaultStandingPolicy() StandingPolicy {
	return StandingPolicy{
		Remind: 24 * time.Hour,
		Grace:  map[Urgency]time.Duration{Routine: 30 * time.Minute, Soon: 20 * time.Minute, Urgent: 10 * time.Minute},
		Answer: map[Urgency]time.Duration{Routine: 30 * time.Minute, Soon: 20 * time.Minute, Urgent: 10 * time.Minute},
		Cover:  map[Urgency]time.Duration{Routine: time.Hour, Soon: 40 * time.Minute, Urgent: 20 * time.Minute},
		Vacant: 3 * 24 * time.Hour,
		Course: 7 * 24 * time.Hour,
	}
}

// alarmAt is when a visit reaches a stage of the alarm.
func (p StandingPolicy) alarmAt(stage Alarm, u Urgency, v *Visit) time.Time {
	at := v.Window.StartsAt.Add(p.Grace[u])
	if v.Status == VisitHandedOver {
		return at // the volunteer need not be asked, and a substitute was sought before
	}
	if stage >= AlarmSubstitute {
		at = at.Add(p.Answer[u])
	}
	if stage >= AlarmCaseworker {
		at = at.Add(p.Cover[u])
	}
	return at
}
