package training

import (
	"fmt"
	"slices"
	"time"

	"github.com/linli/linli/aid"
)

// EnrolmentStatus is where somebody's enrolment stands.
type EnrolmentStatus string

// The statuses of an enrolment.
const (
	Waiting   EnrolmentStatus = "waiting"   // for a seat
	Enrolled  EnrolmentStatus = "enrolled"  // holds a seat
	Withdrawn EnrolmentStatus = "withdrawn" // gave it up, or the cohort ended before there was one
	Finished  EnrolmentStatus = "completed" // completed the course
	Missed    EnrolmentStatus = "missed"    // the cohort was completed without
)

// EnrolmentStatuses lists every status of an enrolment.
var EnrolmentStatuses = []EnrolmentStatus{Waiting, Enrolled, Withdrawn, Finished, Missed}

// Seated tells whether the enrolment takes a seat.
func (s EnrolmentStatus) Seated() bool { return s == Enrolled || s == Finished || s == Missed }

// Via says who had the idea that somebody enrols.
type Via string

// The ways to enrol.
const (
	ViaSelf         Via = "self"         // the volunteer
	ViaOrganisation Via = "organisation" // somebody who answers for them
	ViaFile         Via = "file"         // a spreadsheet
	ViaProposal     Via = "proposal"     // a proposal that somebody took up
)

// Enrolment is one person's place in a cohort.
type Enrolment struct {
	Volunteer aid.VolunteerID
	No        int // place in the order of arrival, 1 for the first
	Status    EnrolmentStatus
	Via       Via
	By        aid.AccountID // who enrolled them
	At        time.Time     // since when the status holds
}

func (e *Enrolment) to(s EnrolmentStatus, now time.Time) { e.Status, e.At = s, now }

// Taken is how many seats are taken.
func (c *Cohort) Taken() int {
	n := 0
	for _, e := range c.Enrolments {
		if e.Status.Seated() {
			n++
		}
	}
	return n
}

// Queue is how many people wait.
func (c *Cohort) Queue() int {
	n := 0
	for _, e := range c.Enrolments {
		if e.Status == Waiting {
			n++
		}
	}
	return n
}

// Enrolment finds somebody's enrolment.
func (c *Cohort) Enrolment(v aid.VolunteerID) (Enrolment, bool) {
	if i := c.at(v); i >= 0 {
		return c.Enrolments[i], true
	}
	return Enrolment{}, false
}

func (c *Cohort) at(v aid.VolunteerID) int {
	return slices.IndexFunc(c.Enrolments, func(e Enrolment) bool { return e.Volunteer == v })
}

// Enrol gives a volunteer a seat, or a place on the waiting list if there is none.
// Whoever holds one already keeps it, which is no error. It is [aid.Conflict] with
// [ReasonCohortClosed], [ReasonCohortFull] or, for whoever does not hold what has
// to come first and has no waiver, [ReasonPrerequisite].
func (c *Cohort) Enrol(v aid.Volunteer, via Via, by aid.AccountID, now time.Time) (Enrolment, error) {
	i := c.at(v.ID)
	if i >= 0 && c.Enrolments[i].Status != Withdrawn {
		return c.Enrolments[i], nil
	}
	if c.Status != Open || !now.Before(c.First().During.StartsAt) {
		return Enrolment{}, aid.Because(aid.Conflict, ReasonCohortClosed, "the cohort takes nobody any more")
	}
	if !v.Active {
		return Enrolment{}, aid.Because(aid.Conflict, aid.ReasonNotEligible, "only volunteers who are active can enrol")
	}
	day := Day(c.First().During.StartsAt)
	if !v.HoldsCourses(c.Rule.Prerequisites, day) && !c.waived(v.ID, RequirePrerequisites) {
		return Enrolment{}, aid.Because(aid.Conflict, ReasonPrerequisite, "the course needs others first, held on the day of the first session: %v", c.Rule.Prerequisites)
	}
	e := Enrolment{Volunteer: v.ID, No: c.nextNo(), Status: Enrolled, Via: via, By: by, At: now}
	if c.Taken() >= c.Capacity {
		if c.Queue() >= c.Waiting {
			return Enrolment{}, aid.Because(aid.Conflict, ReasonCohortFull, "every seat is taken, and every place on the waiting list")
		}
		e.Status = Waiting
	}
	if i >= 0 {
		c.Enrolments = slices.Delete(c.Enrolments, i, i+1)
	}
	c.Enrolments = append(c.Enrolments, e)
	return e, nil
}

func (c *Cohort) nextNo() int {
	if n := len(c.Enrolments); n > 0 {
		return c.Enrolments[n-1].No + 1
	}
	return 1
}

// Withdraw gives a seat or a place on the waiting list up; a seat goes to whoever
// waits longest. Withdrawing again is no error.
func (c *Cohort) Withdraw(v aid.VolunteerID, now time.Time) (Enrolment, error) {
	i := c.at(v)
	if i < 0 {
		return Enrolment{}, aid.Errorf(aid.NotFound, "the volunteer is not enrolled")
	}
	switch e := &c.Enrolments[i]; e.Status {
	case Withdrawn:
	case Enrolled, Waiting:
		e.to(Withdrawn, now)
		c.promote(now)
	case Finished, Missed:
		return Enrolment{}, aid.Because(aid.Conflict, aid.ReasonSettled, "the result is settled")
	}
	return c.Enrolments[i], nil
}

// promote gives free seats to those who wait, in the order of arrival, as long as
// there is something left to attend.
func (c *Cohort) promote(now time.Time) {
	if c.Status.Ended() || !now.Before(c.Last().During.StartsAt) {
		return
	}
	free := c.Capacity - c.Taken()
	for i := range c.Enrolments {
		if free <= 0 {
			return
		}
		if e := &c.Enrolments[i]; e.Status == Waiting {
			e.to(Enrolled, now)
			free--
			c.tell(fmt.Sprintf("seat/%d", e.No), Telling{
				Kind: aid.NoticeSeatFree, Urgent: c.soon(now), At: now, Session: c.upcoming(now), Volunteers: []aid.VolunteerID{e.Volunteer},
			})
		}
	}
}

// Day is the civil day of an instant where the classrooms are.
func Day(at time.Time) aid.Date { return aid.DateOf(aid.InZone(at, aid.DefaultZone)) }

// EndOf is the instant at which a civil day ends there.
func EndOf(d aid.Date) time.Time {
	zone := aid.InZone(time.Time{}, aid.DefaultZone).Location()
	return time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, zone).UTC()
}
