package rollout

import (
	"strconv"
	"time"

	"github.com/linli/linli/aid"
)

// Source is the text of a rollout's file, and of the CSV files that it names.
type Source struct {
	Text   string            `json:"text"`
	Beside map[string]string `json:"beside,omitempty"` // by name
}

// Status is where a rollout stands.
type Status string

// The statuses. The last one is final.
const (
	Planning Status = "planning" // the version in force has no plan yet
	Running  Status = "running"
	Refused  Status = "refused" // the version in force cannot be planned; an amendment can
	Ended    Status = "ended"   // the last deadline is over
)

// Kept is a rollout that is carried out.
type Kept struct {
	ID       aid.RolloutID
	Name     string
	NameZh   string
	Status   Status
	Reason   string // why it is refused
	Version  int    // of the file that is in force, 1 for the first
	Source   Source // of that version; empty in lists
	OpenedBy aid.AccountID
	OpenedAt time.Time
}

// Amendment is a version of the file that is to come into force. Whoever checks it
// fills in the names that it gives.
type Amendment struct {
	Source       Source
	Name, NameZh string
}

// Version is one that was in force since a time.
type Version struct {
	Version int
	By      aid.AccountID
	At      time.Time
	Reason  string // why, if it was not made by a new file
}

// KeptPlan is a calendar that is kept, with its proof in figures.
type KeptPlan struct {
	No       int // 1 for the first; the last one counts
	Version  int
	MadeAt   time.Time
	Report   *Report
	Refused  string    // why there is none; then nothing else of the calendar is given
	Cohorts  []Planned // those that are not announced
	Refilled []Planned // announced ones to which more people are sent now
	LeftOut  string    // who has no seat in it, as [Rollout.LeftOut] says
}

// Planned is a cohort of the calendar. Plan and No together name it for good.
type Planned struct {
	Plan, No  int
	Step      StepID
	Course    CourseID
	Area      aid.AreaID
	Venue     aid.AreaID
	Month     Month
	Lecturers aid.AreaID
	Seats     int
	From      []Enrolment
	Announced bool
	Hindrance Hindrance        // why it is not, though it is time
	Unmet     aid.ReasonCounts // how many trainers each rule barred, if it is for lack of one
}

// CalendarFilter narrows a calendar; what is empty narrows nothing.
type CalendarFilter struct {
	Step  StepID
	Area  aid.AreaID // that gathers people of it, or holds the cohort
	From  Month
	Until Month // the last one
}

// CohortID is that of the cohort which it becomes when it is announced.
func (p *Planned) CohortID(of aid.RolloutID) string {
	return string(of) + "." + strconv.Itoa(p.Plan) + "." + strconv.Itoa(p.No)
}

// Enrolled is how many people are to come.
func (p *Planned) Enrolled() int {
	sum := 0
	for _, e := range p.From {
		sum += e.People
	}
	return sum
}

// Hindrance is why a cohort could not be announced.
type Hindrance string

// The hindrances.
const (
	NoCourseVersion Hindrance = "no_course"       // no version of the course is published
	NoOrganisation  Hindrance = "no_organisation" // none in the venue's area or above it
	NoTrainer       Hindrance = "no_trainer"      // nobody who acts in the lecturers' area can hold it
)

// Hindered says why a cohort could not be announced; the zero value that it was.
type Hindered struct {
	Why   Hindrance
	Unmet aid.ReasonCounts // how many trainers each rule barred, for [NoTrainer]
}

// AtPath is a number of people who live at a path of the administrative tree.
type AtPath struct {
	Path   aid.AreaPath
	People int
}

// Turnout is a cohort of the calendar with what came of it.
type Turnout struct {
	Planned
	Cancelled bool
	Settled   bool     // its results are
	Seated    []AtPath // who hold a seat
	Attended  []AtPath // of them who came to a session
	Done      []AtPath // who completed it and are in office still
	Lapsed    []AtPath // of them whose certificate has lapsed
}

// Persons counts people, not their courses.
type Persons struct {
	Step     StepID
	Path     aid.AreaPath
	Begun    int // completed a course of the step
	Finished int // completed all of them
}
