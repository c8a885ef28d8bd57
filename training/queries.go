package training

import "github.com/linli/linli/aid"

// CohortFilter narrows a list of cohorts; empty fields do not.
type CohortFilter struct {
	Course    aid.CourseID
	Area      aid.AreaID      // of organisations in or below it
	Volunteer aid.VolunteerID // who has enrolled in it
	Statuses  []Status
	Rollout   aid.RolloutID // by which it was announced
	Step      string        // of the rollout
	PeopleOf  aid.AreaID    // that sends people to it, by the rollout's plan
}

// Card is a cohort without its people: Enrolments, Marks, Scores and Waivers are
// not read.
type Card struct {
	Cohort
	Seats int // that are taken
	Line  int // people who wait
}

// CertificateFilter narrows a list of certificates to a volunteer's own, or to
// people of some areas. One of the two must be set, else nothing is seen.
type CertificateFilter struct {
	Volunteer aid.VolunteerID
	Areas     []aid.AreaPath
	Course    aid.CourseID // empty means all
}

// LapsingFilter chooses certificates that a mass prolonging is for: those of a
// course that are not revoked and whose last day lies in a run of days.
type LapsingFilter struct {
	Course aid.CourseID
	Areas  []aid.AreaPath // where their people live
	Days   aid.DateRange
}

// MaxProlonged is how many certificates one act may change.
const MaxProlonged = 5000

// Change is what an act did to one certificate.
type Change struct {
	Act
	Before, After aid.Date // last days
}
