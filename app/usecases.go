package app

// UseCases are all that can be done, for whoever presents them.
type UseCases struct {
	Requests      *Requests
	Choices       *Choices
	Offers        *Offers
	Pairings      *Pairings
	Visits        *Visits
	Records       *Records
	Volunteers    *Volunteers
	Limits        *Limits
	Beneficiaries *Beneficiaries
	DoNotMatch    *DoNotMatch
	Territory     *Territory
	AreaChanges   *AreaChanges
	Events        *Events
	Notices       *Notices
	Contacts      *Contacts
	Calendars     *Calendars
	Courses       *Courses
	Effects       *Effects
	Cohorts       *Cohorts
	Certificates  *Certificates
	Rollouts      *Rollouts
}
