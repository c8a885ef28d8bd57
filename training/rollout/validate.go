package rollout

import (
	"fmt"
	"math"
	"slices"

	"github.com/linli/linli/aid"
)

// Limits of a rollout. With them every cost fits 60 bits; the planner refuses
// what would not.
const (
	MaxAreas   = 5_000
	MaxSteps   = 32
	MaxCourses = 128
	MaxMonths  = 240 // from the first start to the last deadline
	MaxCount   = 1_000_000
	MaxCost    = 1_000_000
	MaxKm      = 20_000
	MaxSize    = 10_000
)

// checker gathers what is wrong with a rollout.
type checker struct {
	aid.Check
	r       *Rollout
	areas   map[aid.AreaID]int
	courses map[CourseID]int
	steps   map[StepID]int
}

// Validate names every field that is wrong. The paths of fields are those of the
// file: steps[1].deadline.
func (r *Rollout) Validate() error {
	c := &checker{r: r, areas: map[aid.AreaID]int{}, courses: map[CourseID]int{}, steps: map[StepID]int{}}
	c.within(r.Costs.LecturerKm, 0, MaxCost, "costs.lecturer_km")
	c.within(r.Costs.TravellerKm, 0, MaxCost, "costs.traveller_km")
	c.within(r.Costs.EmptySeat, 0, MaxCost, "costs.empty_seat")
	c.within(r.Costs.LateMonth, 0, MaxCost, "costs.late_month")
	c.within(int64(r.LecturerKm), 0, MaxKm, "lecturer_km")
	c.within(int64(r.AnnounceWeeks), 0, 52, "announce_weeks")
	c.within(int64(r.CohortsPerLecturer), 1, 1000, "cohorts_per_lecturer")
	c.within(int64(r.RoadPercent), 100, 300, "road_percent")
	c.That(len(r.Areas) > 0 && len(r.Areas) <= MaxAreas, "areas", "are %d, must be 1 to %d", len(r.Areas), MaxAreas)
	c.That(len(r.Courses) > 0 && len(r.Courses) <= MaxCourses, "courses", "are %d, must be 1 to %d", len(r.Courses), MaxCourses)
	c.That(len(r.Steps) > 0 && len(r.Steps) <= MaxSteps, "steps", "are %d, must be 1 to %d", len(r.Steps), MaxSteps)
	c.allAreas()
	c.allCourses()
	for i := range r.Audience {
		c.audience(i)
	}
	c.allSteps()
	c.supply()
	if err := c.Err("rollout"); err != nil {
		return err
	}
	c.That(r.NotBefore >= 0, "not_before", "must be a month such as 2016-03")
	c.allFixed() // needs the rest to be sound
	return c.Err("rollout")
}

func (c *checker) within(value, least, most int64, field string, args ...any) {
	c.That(value >= least && value <= most, fmt.Sprintf(field, args...), "is %d, must lie in %d to %d", value, least, most)
}

func (c *checker) month(m Month, field string, args ...any) bool {
	ok := m > 0
	c.That(ok, fmt.Sprintf(field, args...), "must be a month such as 2016-03")
	return ok
}

func (c *checker) area(id aid.AreaID, field string, args ...any) bool {
	_, ok := c.areas[id]
	c.That(ok, fmt.Sprintf(field, args...), "%q is not the id of an area", id)
	return ok
}

func (c *checker) allAreas() {
	for i, a := range c.r.Areas {
		at := fmt.Sprintf("areas[%d]", i)
		c.That(aid.ValidID(a.ID), at+".id", "%q must be 1 to 64 letters, digits or any of . _ -", a.ID)
		_, twice := c.areas[a.ID]
		c.That(!twice, at+".id", "%q is there already", a.ID)
		c.areas[a.ID] = i
		c.That(slices.Contains(Tiers, a.Tier), at+".tier", "%q must be one of %v", a.Tier, Tiers)
		c.Within(at, aid.Point{Lat: a.Lat, Lng: a.Lng}.Validate())
		c.within(int64(a.Venue), 0, MaxCount, "%s.venue_cohorts", at)
		c.within(int64(a.Lecturers), 0, MaxCount, "%s.lecturers", at)
	}
	for i, a := range c.r.Areas {
		if a.Parent == "" || !c.area(a.Parent, "areas[%d].parent", i) {
			continue
		}
		parent := c.r.Areas[c.areas[a.Parent]]
		c.That(slices.Index(Tiers, parent.Tier) < slices.Index(Tiers, a.Tier), fmt.Sprintf("areas[%d].parent", i),
			"%q is a %s, which is not above a %s", parent.ID, parent.Tier, a.Tier)
	}
}

func (c *checker) audience(i int) {
	a := c.r.Audience[i]
	at := fmt.Sprintf("audience[%d]", i)
	c.area(a.Area, "%s.area", at)
	c.That(slices.Contains(Tiers, a.Tier), at+".tier", "%q must be one of %v", a.Tier, Tiers)
	c.That(a.Tree == Regional || a.Tree == Special, at+".tree", "%q must be regional or special", a.Tree)
	c.within(int64(a.Organisations), 0, MaxCount, "%s.organisations", at)
}

// supply checks distances, blackouts and changes of capacity.
func (c *checker) supply() {
	for i, d := range c.r.Distances {
		c.area(d.From, "distances[%d].from", i)
		c.area(d.To, "distances[%d].to", i)
		c.within(int64(d.Km), 0, MaxKm, "distances[%d].km", i)
	}
	for i, b := range c.r.Blackouts {
		c.That(len(b.Areas) > 0, fmt.Sprintf("blackouts[%d].areas", i), "must name an area; the province closes everything")
		for j, a := range b.Areas {
			c.area(a, "blackouts[%d].areas[%d]", i, j)
		}
		for j, m := range b.Months {
			c.within(int64(m), 1, 12, "blackouts[%d].months[%d]", i, j)
		}
	}
	for i, ch := range c.r.Changes {
		at := fmt.Sprintf("capacity_changes[%d]", i)
		c.area(ch.Area, "%s.area", at)
		if from, to := c.month(ch.From, "%s.from", at), c.month(ch.To, "%s.to", at); from && to {
			c.That(ch.From <= ch.To, at+".to", "%s is before from, %s", ch.To, ch.From)
		}
		c.That(ch.Venue != nil || ch.Lecturers != nil, at, "must set venue_cohorts or lecturers")
		if ch.Venue != nil {
			c.within(int64(*ch.Venue), 0, MaxCount, "%s.venue_cohorts", at)
		}
		if ch.Lecturers != nil {
			c.within(int64(*ch.Lecturers), 0, MaxCount, "%s.lecturers", at)
		}
	}
}

// span gives the first and the last month of all steps.
func (r *Rollout) span() (first, last Month) {
	first = math.MaxInt32
	for i := range r.Steps {
		first, last = min(first, r.Steps[i].Start), max(last, r.Steps[i].Deadline)
	}
	return first, last
}
