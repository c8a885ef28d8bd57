package api

import (
	"strconv"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/training"
)

// SessionPlan is one meeting of a cohort.
type SessionPlan struct {
	Title    string    `json:"title,omitempty"`
	StartsAt time.Time `json:"starts_at"`
	EndsAt   time.Time `json:"ends_at"`
}

// CohortSession is a meeting with its number.
type CohortSession struct {
	No int `json:"no" doc:"1 for the first, in order of time; names the session in paths."`
	SessionPlan
	Venue string `json:"venue,omitempty" doc:"If it was moved to another place than the cohort's; for those who may know that one."`
}

// NewCohort is a cohort that is to be held.
type NewCohort struct {
	Course       string        `json:"course_id"`
	Version      int           `json:"course_version,omitempty" doc:"The last one if left out."`
	Organisation string        `json:"organisation_id" doc:"In its area the cohort lies."`
	Mode         string        `json:"mode" enum:"in_person,online"`
	Venue        string        `json:"venue" doc:"Where to come, or the address of the meeting. Shown to those who hold a seat."`
	Location     Point         `json:"location" doc:"Of an online cohort: where those live for whom it is meant."`
	Trainers     []string      `json:"trainers" doc:"Accounts of trainers, 1 to 20."`
	Sessions     []SessionPlan `json:"sessions" doc:"1 to 60, in order of time."`
	Capacity     int           `json:"capacity" doc:"Seats, 1 to 500."`
	Waiting      int           `json:"waiting,omitempty" doc:"Most people on the waiting list, at most 500."`
}

// Cohort is a group of people who go through a course together.
type Cohort struct {
	ID           string          `json:"id"`
	Course       string          `json:"course_id"`
	Version      int             `json:"course_version"`
	Organisation string          `json:"organisation_id"`
	Mode         string          `json:"mode" enum:"in_person,online"`
	Venue        string          `json:"venue,omitempty"`
	Location     Point           `json:"location"`
	Cell         string          `json:"cell" doc:"The H3 cell of the location."`
	Trainers     []string        `json:"trainers"`
	Sessions     []CohortSession `json:"sessions"`
	Capacity     int             `json:"capacity"`
	Waiting      int             `json:"waiting"`
	Taken        int             `json:"taken" doc:"Seats that are taken."`
	Queue        int             `json:"queue" doc:"People who wait for a seat."`
	Status       string          `json:"status" enum:"open,closed,completed,cancelled"`
	Reason       string          `json:"reason,omitempty" doc:"Why it was cancelled."`
	Mine         *Enrolment      `json:"mine,omitempty" doc:"One's own enrolment."`
}

// CohortPatch holds what is to change; what is left out stays.
type CohortPatch struct {
	Status   string `json:"status,omitempty" enum:"open,closed,completed,cancelled" doc:"completed settles the results: whoever has not completed the course has missed it."`
	Capacity int    `json:"capacity,omitempty"`
	Reason   string `json:"reason,omitempty" doc:"Of cancelling; those who are enrolled may read it."`
}

// Enrolment is one person's place in a cohort.
type Enrolment struct {
	Volunteer string    `json:"volunteer_id"`
	No        int       `json:"no" doc:"Place in the order of arrival."`
	Status    string    `json:"status" enum:"waiting,enrolled,withdrawn,completed,missed"`
	Via       string    `json:"via" enum:"self,organisation,file,proposal"`
	Since     time.Time `json:"since"`
}

// NewEnrolment says who enrols.
type NewEnrolment struct {
	Volunteer string `json:"volunteer_id,omitempty" doc:"Oneself if left out."`
	Via       string `json:"via,omitempty" enum:"organisation,proposal"`
}

// Proposal is somebody to whom a cohort may be proposed.
type Proposal struct {
	Volunteer string `json:"volunteer_id"`
	Name      string `json:"name"`
	Need      string `json:"need" enum:"pairing,lapsing,new" doc:"pairing: a pairing that binds them asks for the course, and what they hold lapses within 90 days of the last session or has lapsed. lapsing: the same without a pairing. new: they never held it."`
	Until     string `json:"until,omitempty" format:"date" doc:"Last day of what they hold or held."`
	Distance  int64  `json:"distance_m" doc:"From home to the cohort's location, rounded up to whole hundreds."`
}

func proposalOf(p app.Proposed) Proposal {
	return Proposal{string(p.Volunteer), p.Name, string(p.Need), dayOrNone(p.Until), p.Away}
}

// Waiver is a requirement that somebody was let off.
type Waiver struct {
	Requirement string    `json:"requirement" enum:"prerequisites,attendance,assessment"`
	Reason      string    `json:"reason"`
	By          string    `json:"by"`
	At          time.Time `json:"at"`
}

// Member is somebody in a cohort and how they stand against the rule of the course.
type Member struct {
	Enrolment
	Name        string   `json:"name"`
	Present     int      `json:"present" doc:"Sessions."`
	Scores      []int    `json:"scores" doc:"Of each try, as corrected."`
	Lacks       []string `json:"lacks" doc:"What is missing still: attendance, assessment."`
	Waivers     []Waiver `json:"waivers"`
	Certificate string   `json:"certificate_id,omitempty" doc:"That this very call has issued."`
}

func (n NewCohort) domain() training.Plan {
	return training.Plan{
		Course: aid.CourseID(n.Course), Version: n.Version, Organisation: aid.OrganisationID(n.Organisation), Mode: training.Mode(n.Mode),
		Venue: n.Venue, Location: n.Location.domain(), Trainers: mapped(n.Trainers, func(s string) aid.AccountID { return aid.AccountID(s) }),
		Sessions: mapped(n.Sessions, func(s SessionPlan) training.Session {
			return training.Session{Title: s.Title, During: aid.Window{StartsAt: s.StartsAt.UTC(), EndsAt: s.EndsAt.UTC()}}
		}),
		Capacity: n.Capacity, Waiting: n.Waiting,
	}
}

func cohortOf(c app.CohortCard) Cohort {
	out := Cohort{
		ID: string(c.ID), Course: string(c.Course), Version: c.Version, Organisation: string(c.Organisation), Mode: string(c.Mode),
		Venue: c.Venue, Location: Point{c.Location.Lat, c.Location.Lng}, Cell: strconv.FormatUint(uint64(c.Cell), 16),
		Trainers: mapped(c.Trainers, text),
		Sessions: mapped(c.Sessions, func(s training.Session) CohortSession {
			return CohortSession{s.No, SessionPlan{s.Title, s.During.StartsAt.UTC(), s.During.EndsAt.UTC()}, s.Venue}
		}),
		Capacity: c.Capacity, Waiting: c.Waiting, Taken: c.Seats, Queue: c.Line, Status: string(c.Status), Reason: c.Reason,
	}
	if c.Mine != nil {
		out.Mine = new(enrolmentOf(*c.Mine))
	}
	return out
}

func enrolmentOf(e training.Enrolment) Enrolment {
	return Enrolment{string(e.Volunteer), e.No, string(e.Status), string(e.Via), e.At.UTC()}
}

func memberOf(m app.Member) Member {
	return Member{
		Enrolment: enrolmentOf(m.Enrolment), Name: m.Name, Present: m.Outcome.Present,
		Scores: mapped(m.Outcome.Tries, func(n int) int { return n }), Lacks: mapped(m.Outcome.Lacks, text),
		Waivers: mapped(m.Waivers, func(w training.Waiver) Waiver {
			return Waiver{string(w.Requirement), w.Reason, string(w.By), w.At.UTC()}
		}),
		Certificate: string(m.Issued),
	}
}
