package training

import (
	"fmt"
	"slices"
	"time"

	"github.com/linli/linli/aid"
)

// When the process of a cohort does what.
const (
	// CloseAhead is how long before the first session enrolment ends, so that whoever
	// runs the cohort knows who comes. Of a cohort that was opened less than twice as
	// long before, it ends with the beginning of the session.
	CloseAhead = 24 * time.Hour
	// RemindWeek and RemindDay are how long before the first session, and before each,
	// those who hold a seat are reminded.
	RemindWeek = 7 * 24 * time.Hour
	RemindDay  = 24 * time.Hour
	// AskMarks is how long after a session its trainers are asked for attendance that
	// is missing, AskAgain when again, and AskedFor until when that is of use.
	AskMarks = 2 * time.Hour
	AskAgain = 48 * time.Hour
	AskedFor = 7 * 24 * time.Hour
	// ResultsDue, ResultsLate and ResultsOverdue are how long after the last session the
	// trainers are asked for results, asked again, and the coordinators are told, and
	// ResultsEvery how often from then on.
	ResultsDue     = 24 * time.Hour
	ResultsLate    = 7 * 24 * time.Hour
	ResultsOverdue = 14 * 24 * time.Hour
	ResultsEvery   = 30 * 24 * time.Hour
	// FollowFor is how long after the end another cohort is looked for, for those who
	// missed the course, FollowEvery how often, and FollowWithin how far from where they
	// live, in metres: as far as cohorts are proposed.
	FollowFor    = 60 * 24 * time.Hour
	FollowEvery  = 24 * time.Hour
	FollowWithin = 40_000
)

// soonAhead is how near a session is when a change of plans cannot wait.
const soonAhead = 12 * time.Hour

// Telling is an order to tell people of a cohort something with a step of its
// process, and so once.
type Telling struct {
	Step         string
	Kind         aid.NoticeKind
	Urgent       bool
	At, Until    time.Time         // it is not sent after Until
	Cohort       CohortID          // that it tells of
	Session      int               // likewise
	Volunteers   []aid.VolunteerID // those of them who have an account
	Accounts     []aid.AccountID   // by their office: if none is active any more, the coordinators
	Only         bool              // the accounts, and nobody in their place
	Coordinators bool              // those nearest above the cohort's area
}

// tell takes a step by which people are told something, unless it was taken before.
func (c *Cohort) tell(step string, t Telling) {
	if !c.take(step) {
		return
	}
	if t.Cohort == "" {
		t.Cohort = c.ID
	}
	t.Step, t.Session = step, max(t.Session, 1)
	if t.Until.IsZero() {
		t.Until = t.At.Add(aid.NoticeLife)
	}
	if len(t.Volunteers) > 0 || len(t.Accounts) > 0 || t.Coordinators {
		c.Tellings = append(c.Tellings, t)
	}
}

// take tells whether a step is taken for the first time.
func (c *Cohort) take(step string) bool {
	if c.Steps[step] {
		return false
	}
	if c.Steps == nil {
		c.Steps = map[string]bool{}
	}
	c.Steps[step] = true
	c.NewSteps = append(c.NewSteps, step)
	return true
}

// due is a step of the process with the time in which it is of use: from an instant
// on until another one, which is zero for always.
type due struct {
	step        string
	from, until time.Time
	take        func(step string)
}

// Advance does what is due for a cohort that has not ended: it ends enrolment,
// reminds those who hold a seat, asks for missing attendance and for results, and
// ends the cohort once everybody's result is settled. What is no longer of use is
// passed over, so that after an outage nobody is told what has passed. Doing it again
// changes nothing.
func (c *Cohort) Advance(now time.Time) {
	if c.Status.Ended() {
		return
	}
	c.expireAsks(now)
	if !now.Before(c.Last().During.EndsAt.Add(ResultsDue)) && len(c.with(Enrolled)) == 0 {
		_ = c.Complete("", now) // nobody is left to judge, so it cannot be refused
		return
	}
	for _, d := range c.clock(now) {
		if !now.Before(d.from) && (d.until.IsZero() || now.Before(d.until)) && !c.Steps[d.step] {
			d.take(d.step)
		}
	}
}

// NextDue is when the process has to look next; zero if it has nothing more to do.
func (c *Cohort) NextDue(now time.Time) time.Time {
	if c.Status.Ended() {
		if !c.FollowedAt.IsZero() {
			return time.Time{}
		}
		return now.Add(FollowEvery)
	}
	var next time.Time
	sooner := func(at time.Time) {
		if at.After(now) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	for _, d := range c.clock(now) {
		if !c.Steps[d.step] {
			sooner(d.from)
		}
	}
	for _, a := range c.Asks {
		if a.Status == AskPending {
			sooner(a.ExpiresAt)
		}
	}
	if c.Vacant(now) > 0 {
		sooner(now.Add(StaffEvery))
	}
	return next
}

// clock lists the steps of a cohort that goes on, in order of what is most pressing.
func (c *Cohort) clock(now time.Time) []due {
	steps := []due{{"close", c.enrolmentEnds(), time.Time{}, func(step string) {
		c.take(step)
		if c.Status == Open {
			c.Status = Closed
		}
	}}}
	first, last := c.First().During.StartsAt, c.Last().During.EndsAt
	// Whoever enrols in a cohort that was opened later than that needs no reminder.
	remind := func(step string, s Session, from, until time.Time) {
		if c.OpenedAt.Before(from) {
			steps = append(steps, due{key(step, s), from, until, func(step string) { c.remind(step, s, now) }})
		}
	}
	remind("remind-week", c.First(), first.Add(-RemindWeek), first.Add(-RemindDay))
	for _, s := range c.Sessions {
		from, to := s.During.StartsAt, s.During.EndsAt
		remind("remind-day", s, from.Add(-RemindDay), from)
		steps = append(steps,
			due{key("attendance", s), to.Add(AskMarks), to.Add(AskAgain), func(step string) { c.askMarks(step, s, now) }},
			due{key("attendance-again", s), to.Add(AskAgain), to.Add(AskedFor), func(step string) { c.askMarks(step, s, now) }})
	}
	steps = append(steps,
		due{key("results", c.Last()), last.Add(ResultsDue), last.Add(ResultsLate), func(step string) { c.askResults(step, false, now) }},
		due{key("results-late", c.Last()), last.Add(ResultsLate), last.Add(ResultsOverdue), func(step string) { c.askResults(step, false, now) }})
	overdue := last.Add(ResultsOverdue)
	times := max(0, int(now.Sub(overdue)/ResultsEvery))
	for n := times; n <= times+1; n++ {
		from := overdue.Add(time.Duration(n) * ResultsEvery)
		steps = append(steps, due{
			key(fmt.Sprintf("results-overdue-%d", n), c.Last()), from, from.Add(ResultsEvery), func(step string) { c.askResults(step, true, now) },
		})
	}
	return steps
}

// key names a step about a session. One that is moved is another one.
func key(step string, s Session) string {
	return fmt.Sprintf("%s/%d/%d", step, s.No, s.During.StartsAt.Unix())
}

// enrolmentEnds is when nobody enrols any more.
func (c *Cohort) enrolmentEnds() time.Time {
	first := c.First().During.StartsAt
	if first.Sub(c.OpenedAt) < 2*CloseAhead {
		return first
	}
	return first.Add(-CloseAhead)
}

func (c *Cohort) remind(step string, s Session, now time.Time) {
	c.tell(step, Telling{
		Kind: aid.NoticeSessionReminder, At: now, Until: s.During.StartsAt, Session: s.No, Volunteers: c.with(Enrolled), Accounts: c.Trainers,
	})
}

// askMarks asks for attendance that is missing.
func (c *Cohort) askMarks(step string, s Session, now time.Time) {
	missing := slices.ContainsFunc(c.Enrolments, func(e Enrolment) bool {
		_, noted := c.Attended(s.No, e.Volunteer)
		return e.Status == Enrolled && !noted
	})
	t := Telling{Kind: aid.NoticeAttendanceMissing, At: now, Session: s.No}
	if missing {
		t.Accounts, t.Coordinators = c.Trainers, len(c.Trainers) == 0
	}
	c.tell(step, t)
}

// askResults asks for the results, when they are overdue of the coordinators too.
func (c *Cohort) askResults(step string, overdue bool, now time.Time) {
	kind := aid.NoticeResultsDue
	if overdue {
		kind = aid.NoticeResultsOverdue
	}
	c.tell(step, Telling{Kind: kind, At: now, Session: len(c.Sessions), Accounts: c.Trainers, Coordinators: overdue || len(c.Trainers) == 0})
}

// with gives the people whose enrolment has a status, in order of arrival.
func (c *Cohort) with(s EnrolmentStatus) []aid.VolunteerID {
	var out []aid.VolunteerID
	for _, e := range c.Enrolments {
		if e.Status == s {
			out = append(out, e.Volunteer)
		}
	}
	return out
}

// upcoming is the number of the first session that has not ended, else of the last.
func (c *Cohort) upcoming(now time.Time) int {
	for _, s := range c.Sessions {
		if now.Before(s.During.EndsAt) {
			return s.No
		}
	}
	return len(c.Sessions)
}

// soon tells whether the next session is within the next hours.
func (c *Cohort) soon(now time.Time) bool {
	s := c.Sessions[c.upcoming(now)-1].During
	return now.Before(s.EndsAt) && s.StartsAt.Sub(now) < soonAhead
}
