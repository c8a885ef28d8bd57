package rollout

import "github.com/linli/linli/aid"

// Lack says what a cohort needs and does not have.
type Lack uint8

// A cohort that lacks nothing is held. The first two name a month that would do
// if there were one place more; the last two have none.
const (
	NoVenue    Lack = 1 << iota // the venue holds no more cohorts in that month
	NoLecturer                  // no lecturer in reach takes one more in that month
	NoMonth                     // its venue is closed for the whole window; for a whole cohort, every one in reach
	TooFew                      // not enough people in reach for the least size
)

// Cohort is one course held once.
type Cohort struct {
	Step      int // index of [Rollout.Steps]
	Course    int // index of [Rollout.Courses]
	Area      aid.AreaID
	Venue     aid.AreaID
	Month     Month
	Lecturers aid.AreaID // where the lecturer comes from; empty without one
	Seats     int
	From      []Enrolment // who comes, the venue's own people first
	Whole     bool        // one of the cohorts that one area fills; if it travels, every seat is charged for
	Fixed     bool
	Lacks     Lack
}

// Enrolment is a number of people from one area.
type Enrolment struct {
	Area   aid.AreaID `yaml:"area" json:"area"`
	People int        `yaml:"people" json:"people"`
}

// Enrolled is how many people come.
func (c *Cohort) Enrolled() int {
	sum := 0
	for _, e := range c.From {
		sum += e.People
	}
	return sum
}

// Prices prove a lower bound: what one more cohort would be worth at a venue or
// with a lecturer of an area, by month from [Prices.First] on. None is negative.
type Prices struct {
	First     Month
	Venues    [][]int64 // [index of Rollout.Areas][month]
	Lecturers [][]int64
}

// Plan is every cohort of a rollout, and the proof of how good it is.
type Plan struct {
	Cohorts   []Cohort // by step, month, venue, course
	Penalty   int64    // for a lack of a venue or a lecturer; three times that for one of the other two
	Objective int64
	Bound     int64 // no plan costs less
	Prices    Prices
	// PriceBound is what Prices alone prove; Bound is greater where a search through
	// every other way to share people out found nothing better.
	PriceBound int64
}

// Weaken lowers what the prices prove to what a checker found, and the bound with
// it if nothing else proves it.
func (p *Plan) Weaken(checked int64) {
	if checked >= p.PriceBound {
		return
	}
	if p.Bound == p.PriceBound {
		p.Bound = checked
	}
	p.PriceBound = checked
}
