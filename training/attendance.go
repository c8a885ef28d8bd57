package training

import (
	"time"

	"github.com/linli/linli/aid"
)

// Means says how attendance was noted.
type Means string

// The means.
const (
	ByCode Means = "code" // the volunteer entered the code that the room shows
	ByHand Means = "hand" // a trainer or coordinator noted it
	ByFile Means = "file" // it came in a spreadsheet
)

// Mark says of one person whether they were at one session. A later mark of the
// same person and session corrects it, and both stay.
type Mark struct {
	Session   int
	Volunteer aid.VolunteerID
	Present   bool
	Means     Means
	By        aid.AccountID
	At        time.Time
}

// Attendance can be noted from some time before a session begins, by code until
// some time after it has ended.
const (
	EarlyMark = time.Hour
	LateCode  = 30 * time.Minute
)

// Note notes whether somebody was at a session. What says the same as the mark that
// counts already is not noted again. It is [aid.Conflict] with [aid.ReasonWrongTime]
// or [ReasonNotEnrolled].
func (c *Cohort) Note(m Mark, now time.Time) error {
	if err := c.alive(); err != nil {
		return err
	}
	s, err := c.session(m.Session)
	if err != nil {
		return err
	}
	if now.Before(s.During.StartsAt.Add(-EarlyMark)) {
		return aid.Because(aid.Conflict, aid.ReasonWrongTime, "session %d has not begun", s.No)
	}
	if m.Means == ByCode && now.After(s.During.EndsAt.Add(LateCode)) {
		return aid.Because(aid.Conflict, aid.ReasonWrongTime, "session %d is over; ask the trainer to note it", s.No)
	}
	if err := c.seated(m.Volunteer); err != nil {
		return err
	}
	if before, noted := c.Attended(m.Session, m.Volunteer); noted && before.Present == m.Present {
		return nil
	}
	m.At = now
	c.Marks = append(c.Marks, m)
	return nil
}

// seated refuses people who hold no seat.
func (c *Cohort) seated(v aid.VolunteerID) error {
	if e, ok := c.Enrolment(v); !ok || !e.Status.Seated() {
		return aid.Because(aid.Conflict, ReasonNotEnrolled, "the volunteer holds no seat in this cohort")
	}
	return nil
}

// Attended gives the mark of a person and session that counts.
func (c *Cohort) Attended(session int, v aid.VolunteerID) (Mark, bool) {
	for i := len(c.Marks) - 1; i >= 0; i-- {
		if m := c.Marks[i]; m.Session == session && m.Volunteer == v {
			return m, true
		}
	}
	return Mark{}, false
}

// Earlier gives the marks of a person and session that were corrected, the oldest
// first.
func (c *Cohort) Earlier(session int, v aid.VolunteerID) []Mark {
	var all []Mark
	for _, m := range c.Marks {
		if m.Session == session && m.Volunteer == v {
			all = append(all, m)
		}
	}
	return all[:max(0, len(all)-1)]
}

// Present is at how many sessions somebody was.
func (c *Cohort) Present(v aid.VolunteerID) int {
	n := 0
	for _, s := range c.Sessions {
		if m, noted := c.Attended(s.No, v); noted && m.Present {
			n++
		}
	}
	return n
}
