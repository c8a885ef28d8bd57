package training

import (
	"cmp"
	"slices"

	"github.com/linli/linli/aid"
)

// Need says why a course is for somebody.
type Need string

// The needs, the most pressing first.
const (
	NeedPairing Need = "pairing" // a pairing that binds them asks for it, and it lapses soon or has lapsed
	NeedLapsing Need = "lapsing" // they hold it, and it lapses soon or has lapsed
	NeedNew     Need = "new"     // they have never held it
)

// Needs lists every need, the most pressing first.
var Needs = []Need{NeedPairing, NeedLapsing, NeedNew}

// RenewAhead is how many days after the last session of a cohort a course may still
// hold that is renewed by it.
const RenewAhead = 90

// Proposal is somebody to whom a cohort may be proposed.
type Proposal struct {
	Volunteer aid.VolunteerID
	Need      Need
	Until     aid.Date // last day of what they hold or held; zero for those who never did
	Distance  float64  // from home to the cohort's location, in metres
}

// Pressing orders proposals: who needs the course most, and of these who lives
// nearest.
func Pressing(a, b Proposal) int {
	return cmp.Or(cmp.Compare(slices.Index(Needs, a.Need), slices.Index(Needs, b.Need)),
		cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Volunteer, b.Volunteer))
}

// ProposalFilter chooses people for a cohort: of the cells and areas, who are active,
// hold the prerequisites, are in no cohort of the course that goes on, and have not
// left this one.
type ProposalFilter struct {
	Cohort        CohortID
	Course        aid.CourseID
	Prerequisites []aid.CourseID
	FirstDay      aid.Date // on which prerequisites are held
	Soon          aid.Date // what holds longer is not renewed
	At            aid.Point
	Cells         []aid.Cell
	Areas         []aid.AreaPath
	Limit         int
}

// Proposing is the filter of a cohort, without cells, areas and limit.
func (c *Cohort) Proposing() ProposalFilter {
	last := Day(c.Last().During.EndsAt)
	return ProposalFilter{
		Cohort: c.ID, Course: c.Course, Prerequisites: c.Rule.Prerequisites, FirstDay: Day(c.First().During.StartsAt),
		Soon: Day(EndOf(last).AddDate(0, 0, RenewAhead-1)), At: c.Location,
	}
}
