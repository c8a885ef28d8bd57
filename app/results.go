package app

import (
	"context"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training"
)

// Presence is whether somebody was at a session.
type Presence struct {
	Volunteer aid.VolunteerID
	Present   bool
}

// Attendance is what is noted of one person at one session.
type Attendance struct {
	Volunteer aid.VolunteerID
	Name      string         // as [Member] has it
	Mark      *training.Mark // the one that counts; nil: nothing is noted
	Earlier   []training.Mark
}

// NoteAttendance notes who was at a session: all of it or, when one is refused,
// nothing.
func (u *Cohorts) NoteAttendance(ctx context.Context, by Caller, id training.CohortID, session int, marks []Presence, means training.Means) ([]Attendance, error) {
	c, err := u.change(ctx, by, policy.NoteAttendance, id, func(c *training.Cohort, now time.Time) error {
		for i, m := range marks {
			mark := training.Mark{Session: session, Volunteer: m.Volunteer, Present: m.Present, Means: means, By: by.ID}
			if err := c.Note(mark, now); err != nil {
				return ofItem("marks", i, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return u.attendance(ctx, by, c, session)
}

// Attendance lists who was at a session, with the values that were corrected.
func (u *Cohorts) Attendance(ctx context.Context, by Caller, id training.CohortID, session int) ([]Attendance, error) {
	c, err := u.read(ctx, by, policy.ReadAttendance, id)
	if err != nil {
		return nil, err
	}
	return u.attendance(ctx, by, c, session)
}

func (u *Cohorts) attendance(ctx context.Context, by Caller, c *training.Cohort, session int) ([]Attendance, error) {
	if session < 1 || session > len(c.Sessions) {
		return nil, aid.Errorf(aid.NotFound, "the cohort has no session %d", session)
	}
	names, err := u.names(ctx, by, c)
	if err != nil {
		return nil, err
	}
	var out []Attendance
	for _, e := range c.Enrolments {
		if !e.Status.Seated() {
			continue
		}
		a := Attendance{Volunteer: e.Volunteer, Name: names[e.Volunteer], Earlier: c.Earlier(session, e.Volunteer)}
		if m, noted := c.Attended(session, e.Volunteer); noted {
			a.Mark = &m
		}
		out = append(out, a)
	}
	return out, nil
}

// Code gives the code that the room of a session is to show now, by the clock by
// which it will be judged.
func (u *Cohorts) Code(ctx context.Context, by Caller, id training.CohortID, session int) (training.Code, error) {
	c, err := u.read(ctx, by, policy.ReadSessionCode, id)
	if err != nil {
		return training.Code{}, err
	}
	now, err := u.Store.Now(ctx)
	if err != nil {
		return training.Code{}, err
	}
	return c.Code(session, now)
}

// CheckIn notes that the caller is at a session, by the code that its room shows.
func (u *Cohorts) CheckIn(ctx context.Context, by Caller, id training.CohortID, session int, code string) (training.Mark, error) {
	if err := policy.Allow(by.Account, policy.CheckInSession, policy.Resource{}); err != nil {
		return training.Mark{}, err
	}
	var m training.Mark
	_, err := u.Store.ChangeCohort(ctx, id, func(c *training.Cohort, now time.Time) (err error) {
		m, err = c.CheckIn(session, by.Volunteer, code, by.ID, now)
		return err
	})
	return m, hidden(err, "session")
}

// Result is what is noted of one person: a score, of the next try or of one that it
// corrects, and requirements that are waived, with the reason.
type Result struct {
	Volunteer aid.VolunteerID
	Score     *int
	Try       int // 0: the next one
	Waive     []training.Requirement
	Reason    string
}

// NoteResults notes results, all or none, and gives a certificate to everybody who
// fulfils the rule of the course by now, once the last session has begun. They can
// be matched by it when this returns.
func (u *Cohorts) NoteResults(ctx context.Context, by Caller, id training.CohortID, results []Result) ([]Member, error) {
	c, err := u.change(ctx, by, policy.NoteResults, id, func(c *training.Cohort, now time.Time) error {
		for i, r := range results {
			if err := note(c, r, by.ID, now); err != nil {
				return ofItem("results", i, err)
			}
		}
		if now.Before(c.Last().During.StartsAt) {
			return nil
		}
		return c.Settle(by.ID, now)
	})
	if err != nil {
		return nil, err
	}
	return u.members(ctx, by, c)
}

func note(c *training.Cohort, r Result, by aid.AccountID, now time.Time) error {
	var check aid.Check
	check.That(aid.ValidID(r.Volunteer), "volunteer_id", "is missing or malformed")
	check.That(r.Score != nil || len(r.Waive) > 0, "score", "or waive must be given")
	if err := check.Err("result"); err != nil {
		return err
	}
	for _, q := range r.Waive {
		if err := c.Waive(training.Waiver{Volunteer: r.Volunteer, Requirement: q, Reason: r.Reason, By: by}, now); err != nil {
			return err
		}
	}
	if r.Score == nil {
		return nil
	}
	return c.Grade(training.Score{Volunteer: r.Volunteer, Try: r.Try, Points: *r.Score, By: by}, now)
}
