package api

import (
	"fmt"
	"math"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
)

// WeeklyHours is a stretch of a weekday, in minutes of wall-clock time.
type WeeklyHours struct {
	Day  int `json:"day" minimum:"0" maximum:"6" doc:"0 is Sunday."`
	From int `json:"from" minimum:"0" maximum:"1440" doc:"Minutes from midnight."`
	To   int `json:"to" minimum:"0" maximum:"1440" doc:"Minutes from midnight, after from; 1440 is the end of the day."`
}

// DateRange is a run of days, both ends included.
type DateRange struct {
	From string `json:"from" format:"date" example:"2026-05-01"`
	To   string `json:"to" format:"date" example:"2026-05-05"`
}

// Availability says when somebody can serve; {} means always.
type Availability struct {
	Zone   string        `json:"zone,omitempty" doc:"IANA name of the zone of weekly and away, of the quiet hours, and of the times in notices; Asia/Shanghai if left out." example:"Asia/Shanghai"`
	Weekly []WeeklyHours `json:"weekly,omitempty" maxItems:"200" doc:"None means every hour."`
	Away   []DateRange   `json:"away,omitempty" maxItems:"200" doc:"Days on which they cannot be asked."`
	From   *time.Time    `json:"from,omitempty" doc:"Not before."`
	Until  *time.Time    `json:"until,omitempty" doc:"Not after."`
}

func (a Availability) domain(c *aid.Check) aid.Availability {
	out := aid.Availability{Zone: a.Zone}
	for _, h := range a.Weekly {
		out.Weekly = append(out.Weekly, aid.WeeklyHours{Day: time.Weekday(h.Day), From: h.From, To: h.To})
	}
	for i, r := range a.Away {
		at := fmt.Sprintf("availability.away[%d]", i)
		out.Away = append(out.Away, aid.DateRange{From: day(c, at+".from", r.From), To: day(c, at+".to", r.To)})
	}
	if a.From != nil {
		out.From = a.From.UTC()
	}
	if a.Until != nil {
		out.Until = a.Until.UTC()
	}
	return out
}

func availabilityOf(a *aid.Availability) *Availability {
	if a == nil {
		return nil
	}
	return &Availability{
		Zone:   a.Zone,
		Weekly: mapped(a.Weekly, func(h aid.WeeklyHours) WeeklyHours { return WeeklyHours{int(h.Day), h.From, h.To} }),
		Away:   mapped(a.Away, func(r aid.DateRange) DateRange { return DateRange{r.From.String(), r.To.String()} }),
		From:   moment(a.From), Until: moment(a.Until),
	}
}

// day reads a date and notes a malformed one.
func day(c *aid.Check, field, s string) aid.Date {
	d, err := aid.ParseDate(s)
	c.That(err == nil, field, "%q is not a date; write it as 2026-05-31", s)
	return d
}

// CourseHeld is a course that somebody completed.
type CourseHeld struct {
	Course string `json:"course"`
	Until  string `json:"until,omitempty" format:"date" doc:"The last day on which it counts; left out, it never lapses."`
}

func courseOf(h aid.CourseHeld) CourseHeld {
	out := CourseHeld{Course: string(h.Course)}
	if !h.Until.IsZero() {
		out.Until = h.Until.String()
	}
	return out
}

func coursesOf(c *aid.Check, held []CourseHeld) []aid.CourseHeld {
	out := make([]aid.CourseHeld, 0, len(held))
	for i, h := range held {
		k := aid.CourseHeld{Course: aid.CourseID(h.Course)}
		if h.Until != "" {
			k.Until = day(c, fmt.Sprintf("courses[%d].until", i), h.Until)
		}
		out = append(out, k)
	}
	return out
}

// NewVolunteer is what a coordinator writes down.
type NewVolunteer struct {
	ID           string       `json:"id,omitempty" doc:"Made up if left out."`
	Name         string       `json:"name"`
	Phone        string       `json:"phone,omitempty"`
	Area         string       `json:"area_id"`
	Home         Point        `json:"home"`
	Skills       []string     `json:"skills,omitempty" doc:"Ids of skills."`
	Courses      []CourseHeld `json:"courses,omitempty"`
	Availability Availability `json:"availability,omitempty"`
	Capacity     int          `json:"capacity" maximum:"1000000" doc:"Tasks at one time, 1 to 20."`
	MaxKm        float64      `json:"max_km" doc:"Farthest distance from home, more than 0 and at most 500."`
	Vetting
}

func (n NewVolunteer) domain() (aid.Volunteer, error) {
	var c aid.Check
	v := aid.Volunteer{
		ID: aid.VolunteerID(n.ID), Name: n.Name, Phone: n.Phone, Area: aid.AreaID(n.Area), Home: n.Home.domain(),
		Skills:  mapped(n.Skills, func(s string) aid.Skill { return aid.Skill(s) }),
		Courses: coursesOf(&c, n.Courses), Availability: n.Availability.domain(&c),
		Capacity: n.Capacity, MaxDistance: metres(n.MaxKm), Active: true, Vetting: n.Vetting.domain(&c),
	}
	return v, c.Err("volunteer")
}

// metres turns kilometres into whole metres. What is far out of range stays so.
func metres(km float64) int { return int(math.Round(1000 * min(max(km, -1), 1e6))) }

// VolunteerPatch holds what is to change; what is left out or null stays.
type VolunteerPatch struct {
	Availability *Availability `json:"availability,omitempty"`
	Capacity     *int          `json:"capacity,omitempty" maximum:"1000000" doc:"1 to 20, and no less than what binds them now."`
	MaxKm        *float64      `json:"max_km,omitempty"`
	Name         *string       `json:"name,omitempty" doc:"For coordinators, as is what follows."`
	Phone        *string       `json:"phone,omitempty"`
	Area         *string       `json:"area_id,omitempty"`
	Home         *Point        `json:"home,omitempty"`
	Skills       *[]string     `json:"skills,omitempty"`
	Courses      *[]CourseHeld `json:"courses,omitempty"`
	Active       *bool         `json:"active,omitempty" doc:"Whether they may be asked."`
	VettingPatch
}

func (p VolunteerPatch) domain() (app.VolunteerChange, error) {
	var c aid.Check
	ch := app.VolunteerChange{Capacity: p.Capacity, Name: p.Name, Phone: p.Phone, Active: p.Active}
	if p.Availability != nil {
		a := p.Availability.domain(&c)
		ch.Availability = &a
	}
	if p.MaxKm != nil {
		m := metres(*p.MaxKm)
		ch.MaxDistance = &m
	}
	if p.Area != nil {
		area := aid.AreaID(*p.Area)
		ch.Area = &area
	}
	if p.Home != nil {
		home := p.Home.domain()
		ch.Home = &home
	}
	if p.Skills != nil {
		skills := mapped(*p.Skills, func(s string) aid.Skill { return aid.Skill(s) })
		ch.Skills = &skills
	}
	if p.Courses != nil {
		courses := coursesOf(&c, *p.Courses)
		ch.Courses = &courses
	}
	p.VettingPatch.apply(&c, &ch)
	return ch, c.Err("volunteer")
}

// Volunteer is a volunteer as far as the caller may know them.
type Volunteer struct {
	ID           string        `json:"id"`
	Name         string        `json:"name" doc:"The first character and stars for those who may not know it in full."`
	Phone        string        `json:"phone,omitempty"`
	Area         string        `json:"area_id"`
	Skills       []string      `json:"skills"`
	Courses      []CourseHeld  `json:"courses"`
	Capacity     int           `json:"capacity"`
	MaxKm        float64       `json:"max_km"`
	Active       bool          `json:"active"`
	Home         *Point        `json:"home,omitempty"`
	Availability *Availability `json:"availability,omitempty"`
	Vetting
}

func volunteerOf(c app.VolunteerCard) Volunteer {
	out := Volunteer{
		ID: string(c.ID), Name: c.Name, Phone: c.Phone, Area: string(c.Area), Skills: mapped(c.Skills, text),
		Courses: mapped(c.Courses, courseOf), Capacity: c.Capacity, MaxKm: float64(c.MaxDistance) / 1000,
		Active: c.Active, Availability: availabilityOf(c.Availability), Vetting: vettingOf(c.Vetting),
	}
	if c.Home != nil {
		home := Point(*c.Home)
		out.Home = &home
	}
	return out
}
