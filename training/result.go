package training

import (
	"slices"
	"time"

	"github.com/linli/linli/aid"
)

// Requirement is something that the rule of a course asks.
type Requirement string

// The requirements.
const (
	RequirePrerequisites Requirement = "prerequisites" // of whoever enrols
	RequireAttendance    Requirement = "attendance"
	RequireAssessment    Requirement = "assessment"
)

// Requirements lists every requirement.
var Requirements = []Requirement{RequirePrerequisites, RequireAttendance, RequireAssessment}

// Score is what somebody reached in one try. A later score of the same try corrects
// it, and both stay.
type Score struct {
	Volunteer aid.VolunteerID
	Try       int // 1 for the first, more for retakes
	Points    int // 0 to 100
	By        aid.AccountID
	At        time.Time
}

// Waiver lets somebody off a requirement, for a reason.
type Waiver struct {
	Volunteer   aid.VolunteerID
	Requirement Requirement
	Reason      string
	By          aid.AccountID
	At          time.Time
}

// Grade notes a score: of the next try, or, with a try that has one, its correction.
// It is [aid.Conflict] with [ReasonNoMoreTries] for a try too many, with
// [aid.ReasonSettled] for whoever has completed the course, and with
// [aid.ReasonWrongTime] before the first session has begun.
func (c *Cohort) Grade(s Score, now time.Time) error {
	if err := c.alive(); err != nil {
		return err
	}
	var check aid.Check
	within(&check, "score", s.Points, 0, 100)
	check.That(c.Rule.PassMark > 0, "score", "cannot be given: the course has no assessment")
	check.That(s.Try >= 0, "try", "must be 1 or more, or absent for the next one")
	if err := check.Err("result"); err != nil {
		return err
	}
	if now.Before(c.First().During.StartsAt) {
		return aid.Because(aid.Conflict, aid.ReasonWrongTime, "the first session has not begun")
	}
	if err := c.undecided(s.Volunteer); err != nil {
		return err
	}
	tries := c.Tries(s.Volunteer)
	if s.Try == 0 {
		s.Try = len(tries) + 1
	}
	switch {
	case s.Try <= len(tries) && tries[s.Try-1] == s.Points:
		return nil // it says what is noted
	case s.Try > len(tries)+1:
		return aid.Errorf(aid.Invalid, "there is no try %d yet; the next one is %d", s.Try, len(tries)+1)
	case s.Try > len(tries) && (c.passed(tries) || len(tries) > c.Rule.Retakes):
		return aid.Because(aid.Conflict, ReasonNoMoreTries, "the assessment was passed, or every retake is used up; name the try to correct its score")
	}
	s.At = now
	c.Scores = append(c.Scores, s)
	return nil
}

// undecided refuses people who hold no seat and those whose result is settled.
func (c *Cohort) undecided(v aid.VolunteerID) error {
	if err := c.seated(v); err != nil {
		return err
	}
	if e, _ := c.Enrolment(v); e.Status != Enrolled {
		return aid.Because(aid.Conflict, aid.ReasonSettled, "the result is settled; a certificate is revoked, not graded anew")
	}
	return nil
}

// Tries are the points of each try, as corrected.
func (c *Cohort) Tries(v aid.VolunteerID) []int {
	var out []int
	for _, s := range c.Scores {
		switch {
		case s.Volunteer != v:
		case s.Try > len(out):
			out = append(out, s.Points)
		default:
			out[s.Try-1] = s.Points
		}
	}
	return out
}

func (c *Cohort) passed(tries []int) bool {
	return slices.ContainsFunc(tries, func(points int) bool { return points >= c.Rule.PassMark })
}

// Waive lets somebody off a requirement. It needs a reason. Prerequisites are
// waived before the person enrols, the rest for those who hold a seat.
func (c *Cohort) Waive(w Waiver, now time.Time) error {
	if err := c.alive(); err != nil {
		return err
	}
	var check aid.Check
	check.That(slices.Contains(Requirements, w.Requirement), "waive", "is %q, must be prerequisites, attendance or assessment", w.Requirement)
	if err := check.Err("waiver"); err != nil {
		return err
	}
	if err := reasoned(w.Reason); err != nil {
		return err
	}
	if w.Requirement != RequirePrerequisites {
		if err := c.undecided(w.Volunteer); err != nil {
			return err
		}
	}
	if c.waived(w.Volunteer, w.Requirement) {
		return nil
	}
	w.At = now
	c.Waivers = append(c.Waivers, w)
	return nil
}

func (c *Cohort) waived(v aid.VolunteerID, r Requirement) bool {
	return slices.ContainsFunc(c.Waivers, func(w Waiver) bool { return w.Volunteer == v && w.Requirement == r })
}

// Outcome is how somebody stands against the rule of the course.
type Outcome struct {
	Present int   // sessions
	Tries   []int // points of each
	Passed  bool
	Lacks   []Requirement // what is missing still; none: the course is completed
}

// Outcome judges one person by the rule: the share of all sessions of the cohort,
// and one try that reached the pass mark. What is waived is not asked.
func (c *Cohort) Outcome(v aid.VolunteerID) Outcome {
	o := Outcome{Present: c.Present(v), Tries: c.Tries(v)}
	o.Passed = c.Rule.PassMark == 0 || c.passed(o.Tries)
	if o.Present*100 < c.Rule.Attendance*len(c.Sessions) && !c.waived(v, RequireAttendance) {
		o.Lacks = append(o.Lacks, RequireAttendance)
	}
	if !o.Passed && !c.waived(v, RequireAssessment) {
		o.Lacks = append(o.Lacks, RequireAssessment)
	}
	return o
}

// Settle gives a certificate to everybody who fulfils the rule and has none yet. It
// is [aid.Conflict] with [aid.ReasonWrongTime] before the last session has begun.
func (c *Cohort) Settle(by aid.AccountID, now time.Time) error {
	if err := c.alive(); err != nil {
		return err
	}
	if now.Before(c.Last().During.StartsAt) {
		return aid.Because(aid.Conflict, aid.ReasonWrongTime, "the last session has not begun")
	}
	c.finish(by, now)
	return nil
}

// finish issues certificates. Their ids are left to whoever keeps them.
func (c *Cohort) finish(by aid.AccountID, now time.Time) {
	c.Issuer = by
	for i := range c.Enrolments {
		e := &c.Enrolments[i]
		if e.Status != Enrolled || len(c.Outcome(e.Volunteer).Lacks) > 0 {
			continue
		}
		e.to(Finished, now)
		c.tell("completed/"+string(e.Volunteer), Telling{
			Kind: aid.NoticeCourseCompleted, At: now, Session: len(c.Sessions), Volunteers: []aid.VolunteerID{e.Volunteer},
		})
		day := Day(now)
		c.Issued = append(c.Issued, Certificate{
			Volunteer: e.Volunteer, Course: c.Course, Version: c.Version, Cohort: c.ID,
			CompletedOn: day, Until: c.Rule.Until(day), Skills: slices.Clone(c.Rule.Skills), IssuedAt: now,
		})
	}
}
