package training

import (
	"fmt"
	"slices"
	"time"

	"github.com/linli/linli/aid"
)

// CohortID identifies a cohort.
type CohortID = aid.CohortID

// Status is where a cohort stands.
type Status string

// The statuses. The last two are final.
const (
	Open      Status = "open"      // people enrol
	Closed    Status = "closed"    // nobody enrols any more
	Completed Status = "completed" // the results are settled
	Cancelled Status = "cancelled" // it does not take place
)

// Statuses lists every status of a cohort.
var Statuses = []Status{Open, Closed, Completed, Cancelled}

// Ended tells whether nothing more can happen.
func (s Status) Ended() bool { return s == Completed || s == Cancelled }

// Mode says how a cohort meets.
type Mode string

// The modes.
const (
	InPerson Mode = "in_person"
	Online   Mode = "online"
)

// Reasons for which a step is refused, beside those of package aid.
const (
	ReasonCohortFull   aid.Reason = "cohort_full"   // every seat is taken, and every place on the waiting list
	ReasonCohortClosed aid.Reason = "cohort_closed" // nobody enrols any more
	ReasonNotEnrolled  aid.Reason = "not_enrolled"  // the volunteer holds no seat
	ReasonPrerequisite aid.Reason = "prerequisite"  // a course that has to come first is not held
	ReasonNoMoreTries  aid.Reason = "no_more_tries" // the assessment was passed, or every retake is used up
)

// Session is one meeting of a cohort.
type Session struct {
	No     int // 1 for the first, in order of time
	Title  string
	During aid.Window
	Venue  string // if it was moved to another place than the cohort's
}

// Plan is what is decided about a cohort before anybody enrols.
type Plan struct {
	Course       aid.CourseID
	Version      int
	Organisation aid.OrganisationID
	Mode         Mode
	Venue        string    // where to come, or the address of the meeting; for those who are enrolled
	Location     aid.Point // of an online cohort: where those live for whom it is meant
	Cell         aid.Cell  // of the location
	Trainers     []aid.AccountID
	Sessions     []Session
	Capacity     int // seats
	Waiting      int // most people on the waiting list
}

// Limits of a cohort.
const (
	MaxCapacity = 500
	MaxWaiting  = 500
	MaxSessions = 60
	MaxTrainers = 20
	LongestPlan = 3 * 366 * 24 * time.Hour // from the first session to the last
)

// Validate refuses a plan that could not be held. Sessions must be in order of
// time. Whether what it names exists is not looked at.
func (p Plan) Validate(now time.Time) error {
	var c aid.Check
	c.That(aid.ValidID(p.Course), "course_id", "is missing or malformed")
	c.That(p.Version >= 1, "course_version", "is %d, must be at least 1", p.Version)
	c.That(aid.ValidID(p.Organisation), "organisation_id", "is missing or malformed")
	c.That(p.Mode == InPerson || p.Mode == Online, "mode", "is %q, must be in_person or online", p.Mode)
	c.That(plain(p.Venue, 1, 500), "venue", "must have 1 to 500 bytes of UTF-8")
	c.Within("location", p.Location.Validate())
	c.That(len(p.Trainers) >= 1 && len(p.Trainers) <= MaxTrainers, "trainers", "are %d, must be 1 to %d", len(p.Trainers), MaxTrainers)
	checkIDs(&c, "trainers", p.Trainers)
	within(&c, "capacity", p.Capacity, 1, MaxCapacity)
	within(&c, "waiting", p.Waiting, 0, MaxWaiting)
	c.That(len(p.Sessions) >= 1 && len(p.Sessions) <= MaxSessions, "sessions", "are %d, must be 1 to %d", len(p.Sessions), MaxSessions)
	for i, s := range p.Sessions {
		at := fmt.Sprintf("sessions[%d]", i)
		c.That(plain(s.Title, 0, MaxText), at+".title", "must have at most %d bytes of UTF-8", MaxText)
		c.Within(at, s.During.Validate())
		c.That(i == 0 || !s.During.StartsAt.Before(p.Sessions[i-1].During.EndsAt), at+".starts_at", "must not come before the session before it has ended")
	}
	if n := len(p.Sessions); n > 0 {
		c.That(p.Sessions[0].During.StartsAt.After(now), "sessions[0].starts_at", "must lie in the future")
		c.That(p.Sessions[n-1].During.EndsAt.Sub(p.Sessions[0].During.StartsAt) <= LongestPlan, "sessions", "must end within three years")
	}
	return c.Err("cohort")
}

// Cohort (培训班) is a group of people who go through a course together.
type Cohort struct {
	ID CohortID
	Plan
	Rule       Definition // the version of the course
	AreaPath   aid.AreaPath
	Status     Status
	Reason     string // why it was cancelled
	OpenedBy   aid.AccountID
	OpenedAt   time.Time
	EndedAt    time.Time
	Secret     []byte      // by which its attendance codes are signed; shown to nobody
	Enrolments []Enrolment // in order of arrival
	Marks      []Mark      // in the order in which they were noted
	Scores     []Score     // likewise
	Waivers    []Waiver    // likewise

	Wanted int              // trainers, as many as it was opened with
	Asks   []Ask            // in the order in which they were made
	Drops  []Drop           // likewise
	Unmet  aid.ReasonCounts // why nobody was left to ask, when that was so last

	// Issued are the certificates that steps have earned since the cohort was read,
	// and Issuer who took the step: whoever keeps the cohort issues them with it.
	Issued []Certificate
	Issuer aid.AccountID

	// FollowedAt is since when nothing is left to do for a cohort that has ended.
	FollowedAt time.Time
	// Steps are what was done and told once and for all; NewSteps those of them that were
	// taken since the cohort was read, and Tellings what is to be told with them.
	Steps    map[string]bool
	NewSteps []string
	Tellings []Telling
}

// New opens a cohort for enrolment by a plan that is sound.
func New(id CohortID, p Plan, rule Definition, area aid.AreaPath, by aid.AccountID, now time.Time) *Cohort {
	p.Sessions = slices.Clone(p.Sessions)
	for i := range p.Sessions {
		p.Sessions[i].No = i + 1
	}
	c := &Cohort{ID: id, Plan: p, Rule: rule, AreaPath: area, Status: Open, OpenedBy: by, OpenedAt: now, Wanted: len(p.Trainers)}
	for _, t := range p.Trainers {
		if t != by {
			c.tell("assigned/"+string(t), Telling{Kind: aid.NoticeCohortAssigned, At: now, Accounts: []aid.AccountID{t}})
		}
	}
	return c
}

// First is the first session. There is always one.
func (c *Cohort) First() Session { return c.Sessions[0] }

// Last is the last session.
func (c *Cohort) Last() Session { return c.Sessions[len(c.Sessions)-1] }

// session finds one by its number.
func (c *Cohort) session(no int) (Session, error) {
	if no < 1 || no > len(c.Sessions) {
		return Session{}, aid.Errorf(aid.NotFound, "the cohort has no session %d", no)
	}
	return c.Sessions[no-1], nil
}

// alive refuses steps in a cohort that has ended.
func (c *Cohort) alive() error {
	if c.Status.Ended() {
		return aid.Because(aid.Conflict, ReasonCohortClosed, "the cohort is %s", c.Status)
	}
	return nil
}

// Close ends enrolment. Those who wait go on waiting for a seat to become free.
func (c *Cohort) Close() error {
	if err := c.alive(); err != nil {
		return err
	}
	c.Status = Closed
	return nil
}

// Reopen lets people enrol again, until the first session begins.
func (c *Cohort) Reopen(now time.Time) error {
	if err := c.alive(); err != nil {
		return err
	}
	if !now.Before(c.First().During.StartsAt) {
		return aid.Because(aid.Conflict, aid.ReasonWrongTime, "the first session has begun")
	}
	c.Status = Open
	return nil
}

// Resize changes the number of seats, not below those that are taken, and promotes
// those who wait.
func (c *Cohort) Resize(capacity int, now time.Time) error {
	if err := c.alive(); err != nil {
		return err
	}
	var check aid.Check
	within(&check, "capacity", capacity, 1, MaxCapacity)
	if err := check.Err("cohort"); err != nil {
		return err
	}
	if taken := c.Taken(); capacity < taken {
		return aid.Because(aid.Conflict, aid.ReasonOverCapacity, "%d seats are taken; withdraw people first", taken)
	}
	c.Capacity = capacity
	c.promote(now)
	return nil
}

// Cancel calls the cohort off, for a reason that those who are enrolled may read.
// Nobody holds or waits for a seat any more.
func (c *Cohort) Cancel(reason string, now time.Time) error {
	if err := c.alive(); err != nil {
		return err
	}
	if err := reasoned(reason); err != nil {
		return err
	}
	c.Status, c.Reason, c.EndedAt = Cancelled, reason, now
	who := append(c.with(Enrolled), c.with(Waiting)...)
	for i := range c.Enrolments {
		if e := &c.Enrolments[i]; e.Status == Enrolled || e.Status == Waiting {
			e.to(Withdrawn, now)
		}
	}
	c.tell("cancelled", Telling{
		Kind: aid.NoticeCohortCancelled, Urgent: c.soon(now), At: now, Session: c.upcoming(now), Volunteers: who, Accounts: slices.Concat(c.Trainers, c.asked()),
	})
	c.expireAsks(now)
	return nil
}

// Complete settles the results: who has not completed the course has missed it.
func (c *Cohort) Complete(by aid.AccountID, now time.Time) error {
	if err := c.alive(); err != nil {
		return err
	}
	if now.Before(c.Last().During.EndsAt) {
		return aid.Because(aid.Conflict, aid.ReasonWrongTime, "the last session has not ended")
	}
	c.finish(by, now)
	c.Status, c.EndedAt = Completed, now
	c.expireAsks(now)
	for i := range c.Enrolments {
		switch e := &c.Enrolments[i]; e.Status {
		case Enrolled:
			e.to(Missed, now)
		case Waiting:
			e.to(Withdrawn, now)
		case Withdrawn, Finished, Missed:
		}
	}
	return nil
}

// reasoned refuses acts without a reason.
func reasoned(reason string) error {
	var c aid.Check
	c.That(plain(reason, 1, 1000), "reason", "must have 1 to 1000 bytes of UTF-8")
	return c.Err("act")
}

// Staff is who could hold a cohort of a course: what [New] needs that a plan of
// many cohorts does not say.
type Staff struct {
	Rule         Definition         // the last version of the course; none has the version 0
	Organisation aid.OrganisationID // that runs it; empty if there is none
	AreaPath     aid.AreaPath       // of the organisation
	Trainers     []Busy             // by account
}

// Busy is a trainer with the cohorts that begin in a month.
type Busy struct {
	Account aid.AccountID
	Cohorts int
	Profile *Trainer     // what is known of them, but for what they hold; nil if nothing is
	Taken   []Engagement // what they hold, or are asked to
}
