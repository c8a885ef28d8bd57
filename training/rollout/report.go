package rollout

import (
	"cmp"
	"slices"

	"github.com/linli/linli/aid"
)

// Report is what a plan comes to, in figures.
type Report struct {
	Name       string         `json:"rollout"`
	Objective  int64          `json:"objective"`
	DualBound  int64          `json:"dual_bound"`
	PriceBound int64          `json:"price_bound"` // what the prices alone prove
	Gap        float64        `json:"gap"`         // (objective - dual bound) / objective
	Seconds    float64        `json:"seconds"`
	Costs      CostSums       `json:"costs"`
	People     int            `json:"people"`   // person-times to be trained
	Enrolled   int            `json:"enrolled"` // of them in cohorts that are held
	Cohorts    int            `json:"cohorts"`
	Seats      int            `json:"seats"`
	Shortfalls []Shortfall    `json:"shortfalls"`
	Coverage   []StepCoverage `json:"coverage"`
}

// CostSums are the parts of the objective.
type CostSums struct {
	Lecturers  int64 `json:"lecturer_travel"`
	Travellers int64 `json:"traveller_travel"`
	EmptySeats int64 `json:"empty_seats"`
	Lateness   int64 `json:"lateness"`
	Penalties  int64 `json:"penalties"`
}

// Shortfall is what an area lacks for a step in a month to have its cohorts.
type Shortfall struct {
	Area             aid.AreaID `json:"area"` // of the venue; of the people where no month or cohort is to be had
	Step             StepID     `json:"step"`
	Month            Month      `json:"month"`
	MissingSeats     int        `json:"missing_seats"`
	MissingLecturers int        `json:"missing_lecturers"`
	Reasons          []string   `json:"reasons"` // venue, lecturer, no_month, too_few
}

// StepCoverage is how far a step has come, month by month.
type StepCoverage struct {
	Step   StepID          `json:"step"`
	People int             `json:"people"` // person-times
	Months []MonthCoverage `json:"months"`
}

// MonthCoverage is the people of a month and the share of all until its end.
type MonthCoverage struct {
	Month    Month   `json:"month"`
	Cohorts  int     `json:"cohorts"`
	Enrolled int     `json:"enrolled"`
	Share    float64 `json:"share"`
}

// Total is the objective.
func (c *CostSums) Total() int64 {
	return c.Lecturers + c.Travellers + c.EmptySeats + c.Lateness + c.Penalties
}

// Report counts a plan that costs so much. How long it took is the caller's to
// add.
func (r *Rollout) Report(p *Plan, costs CostSums) *Report {
	out := &Report{Name: r.Name, Objective: p.Objective, DualBound: p.Bound, PriceBound: p.PriceBound, Costs: costs, Shortfalls: r.shortfalls(p)}
	if p.Objective > 0 {
		out.Gap = float64(p.Objective-p.Bound) / float64(p.Objective)
	}
	for i := range r.Steps {
		s := &r.Steps[i]
		coverage := StepCoverage{Step: s.ID, Months: make([]MonthCoverage, s.Deadline-s.Start+1)}
		for j := range p.Cohorts {
			if c := &p.Cohorts[j]; c.Step == i {
				coverage.People += c.Enrolled()
				if c.Lacks == 0 {
					month := &coverage.Months[c.Month-s.Start]
					month.Cohorts++
					month.Enrolled += c.Enrolled()
					out.Seats += c.Seats
				}
			}
		}
		done := 0
		for m := range coverage.Months {
			month := &coverage.Months[m]
			month.Month = s.Start + Month(m)
			done += month.Enrolled
			if coverage.People > 0 {
				month.Share = float64(done) / float64(coverage.People)
			}
			out.Cohorts += month.Cohorts
		}
		out.People += coverage.People
		out.Enrolled += done
		out.Coverage = append(out.Coverage, coverage)
	}
	return out
}

// shortfalls adds up what cohorts lack, by step, month and area.
func (r *Rollout) shortfalls(p *Plan) []Shortfall {
	type key struct {
		step  int
		month Month
		area  aid.AreaID
	}
	type sum struct{ seats, cohorts, lacks int }
	sums := map[key]*sum{}
	for i := range p.Cohorts {
		c := &p.Cohorts[i]
		if c.Lacks == 0 {
			continue
		}
		k := key{c.Step, c.Month, c.Venue}
		if c.Lacks&(NoMonth|TooFew) != 0 {
			k = key{c.Step, r.Steps[c.Step].Deadline, c.Area}
		}
		if sums[k] == nil {
			sums[k] = &sum{}
		}
		sums[k].lacks |= int(c.Lacks)
		if c.Lacks&^NoLecturer != 0 {
			sums[k].seats += c.Enrolled()
		}
		if c.Lacks&NoLecturer != 0 {
			sums[k].cohorts++
		}
	}
	list := []Shortfall{}
	for k, s := range sums {
		one := Shortfall{Area: k.area, Step: r.Steps[k.step].ID, Month: k.month, MissingSeats: s.seats}
		one.MissingLecturers = (s.cohorts + r.CohortsPerLecturer - 1) / r.CohortsPerLecturer
		for bit, reason := range []string{"venue", "lecturer", "no_month", "too_few"} {
			if s.lacks>>bit&1 == 1 {
				one.Reasons = append(one.Reasons, reason)
			}
		}
		list = append(list, one)
	}
	step := func(id StepID) int { return slices.IndexFunc(r.Steps, func(s Step) bool { return s.ID == id }) }
	slices.SortFunc(list, func(a, b Shortfall) int {
		return cmp.Or(cmp.Compare(step(a.Step), step(b.Step)), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Area, b.Area))
	})
	return list
}
