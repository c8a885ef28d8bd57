package training_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
)

var now = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

func rule() training.Definition {
	return training.Definition{Course: "care", Version: 1, Hours: 8, Attendance: 75, PassMark: 60, Retakes: 1, ValidYears: 2, Skills: []aid.Skill{"lifting"}}
}

func plan(sessions, capacity, waiting int) training.Plan {
	p := training.Plan{
		Course: "care", Version: 1, Organisation: "org", Mode: training.InPerson, Venue: "Room 1",
		Location: aid.Point{Lat: 45.7, Lng: 126.6}, Trainers: []aid.AccountID{"t1"}, Capacity: capacity, Waiting: waiting,
	}
	for i := range sessions {
		from := now.Add(time.Duration(i+1) * 24 * time.Hour)
		p.Sessions = append(p.Sessions, training.Session{During: aid.Window{StartsAt: from, EndsAt: from.Add(2 * time.Hour)}})
	}
	return p
}

func cohort(sessions, capacity, waiting int) *training.Cohort {
	return training.New("c1", plan(sessions, capacity, waiting), rule(), "/hlj/", "co", now)
}

func person(id string) aid.Volunteer { return aid.Volunteer{ID: aid.VolunteerID(id), Active: true} }

func enrol(t require.TestingT, c *training.Cohort, ids ...string) {
	for _, id := range ids {
		_, err := c.Enrol(person(id), training.ViaSelf, "a", now)
		require.NoError(t, err)
	}
}

func status(c *training.Cohort, id string) training.EnrolmentStatus {
	e, _ := c.Enrolment(aid.VolunteerID(id))
	return e.Status
}

func TestSeatsThenTheWaitingListThenNothing(t *testing.T) {
	t.Parallel()
	c := cohort(1, 2, 1)
	enrol(t, c, "v1", "v2", "v3")
	require.Equal(t, []training.EnrolmentStatus{training.Enrolled, training.Enrolled, training.Waiting}, []training.EnrolmentStatus{status(c, "v1"), status(c, "v2"), status(c, "v3")})
	_, err := c.Enrol(person("v4"), training.ViaSelf, "a", now)
	require.Equal(t, training.ReasonCohortFull, aid.ReasonOf(err))
	enrol(t, c, "v1") // again is no error and no second seat
	require.Equal(t, 2, c.Taken())
}

func TestWhoWaitsLongestIsPromoted(t *testing.T) {
	t.Parallel()
	c := cohort(1, 1, 3)
	enrol(t, c, "v1", "v2", "v3")
	_, err := c.Withdraw("v1", now)
	require.NoError(t, err)
	require.Equal(t, training.Enrolled, status(c, "v2"))
	require.Equal(t, training.Waiting, status(c, "v3"))
	enrol(t, c, "v1") // comes back behind the others
	require.NoError(t, c.Resize(2, now))
	require.Equal(t, training.Enrolled, status(c, "v3"))
	require.Equal(t, training.Waiting, status(c, "v1"))
	require.Equal(t, aid.ReasonOverCapacity, aid.ReasonOf(c.Resize(1, now)))
}

func TestEnrolmentEnds(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*training.Cohort) time.Time{
		"closed":    func(c *training.Cohort) time.Time { require.NoError(t, c.Close()); return now },
		"cancelled": func(c *training.Cohort) time.Time { require.NoError(t, c.Cancel("flood", now)); return now },
		"begun":     func(c *training.Cohort) time.Time { return c.First().During.StartsAt },
	} {
		c := cohort(1, 2, 0)
		at := spoil(c)
		_, err := c.Enrol(person("v1"), training.ViaSelf, "a", at)
		require.Equal(t, training.ReasonCohortClosed, aid.ReasonOf(err), name)
	}
	c := cohort(1, 2, 0)
	require.NoError(t, c.Close())
	require.NoError(t, c.Reopen(now))
	enrol(t, c, "v1")
	require.Equal(t, aid.ReasonWrongTime, aid.ReasonOf(c.Reopen(c.First().During.StartsAt)))
	_, err := c.Enrol(aid.Volunteer{ID: "v2"}, training.ViaSelf, "a", now)
	require.Equal(t, aid.ReasonNotEligible, aid.ReasonOf(err))
}

func TestPrerequisitesHoldOnTheFirstDay(t *testing.T) {
	t.Parallel()
	r := rule()
	r.Prerequisites = []aid.CourseID{"basics"}
	c := training.New("c1", plan(2, 5, 0), r, "/hlj/", "co", now)
	v := person("v1")
	v.Courses = []aid.CourseHeld{{Course: "basics", Until: training.Day(now)}} // the day before the first session
	_, err := c.Enrol(v, training.ViaSelf, "a", now)
	require.Equal(t, training.ReasonPrerequisite, aid.ReasonOf(err))
	v.Courses[0].Until = training.Day(c.First().During.StartsAt)
	_, err = c.Enrol(v, training.ViaSelf, "a", now)
	require.NoError(t, err)
	require.NoError(t, c.Waive(training.Waiver{Volunteer: "v2", Requirement: training.RequirePrerequisites, Reason: "a nurse"}, now))
	enrol(t, c, "v2")
}

func TestACancelledCohortKeepsNobody(t *testing.T) {
	t.Parallel()
	c := cohort(1, 1, 1)
	enrol(t, c, "v1", "v2")
	require.Equal(t, aid.Invalid, aid.KindOf(c.Cancel("", now)))
	require.NoError(t, c.Cancel("flood", now))
	require.Equal(t, training.Withdrawn, status(c, "v1"))
	require.Equal(t, training.Withdrawn, status(c, "v2"))
	require.Equal(t, training.ReasonCohortClosed, aid.ReasonOf(c.Close()))
}

func TestPlansAreChecked(t *testing.T) {
	t.Parallel()
	require.NoError(t, plan(3, 20, 5).Validate(now))
	for field, spoil := range map[string]func(*training.Plan){
		"course_id":             func(p *training.Plan) { p.Course = "" },
		"course_version":        func(p *training.Plan) { p.Version = 0 },
		"organisation_id":       func(p *training.Plan) { p.Organisation = " " },
		"mode":                  func(p *training.Plan) { p.Mode = "by post" },
		"venue":                 func(p *training.Plan) { p.Venue = "" },
		"location.lat":          func(p *training.Plan) { p.Location.Lat = 91 },
		"trainers":              func(p *training.Plan) { p.Trainers = nil },
		"trainers[1]":           func(p *training.Plan) { p.Trainers = []aid.AccountID{"t", "t"} },
		"capacity":              func(p *training.Plan) { p.Capacity = 0 },
		"waiting":               func(p *training.Plan) { p.Waiting = -1 },
		"sessions":              func(p *training.Plan) { p.Sessions = nil },
		"sessions[1].starts_at": func(p *training.Plan) { p.Sessions[1] = p.Sessions[0] },
		"sessions[0].starts_at": func(p *training.Plan) { p.Sessions[0].During.StartsAt = now },
		"sessions[2].title":     func(p *training.Plan) { p.Sessions[2].Title = "\x00" },
		"sessions[0].ends_at":   func(p *training.Plan) { p.Sessions[0].During.EndsAt = p.Sessions[0].During.StartsAt },
	} {
		p := plan(3, 20, 5)
		spoil(&p)
		require.ErrorContains(t, p.Validate(now), field+":")
	}
}

func TestDefinitionsAreChecked(t *testing.T) {
	t.Parallel()
	require.NoError(t, rule().Validate())
	for field, spoil := range map[string]func(*training.Definition){
		"course_id":     func(d *training.Definition) { d.Course = "/" },
		"topics[0]":     func(d *training.Definition) { d.Topics = []string{""} },
		"hours":         func(d *training.Definition) { d.Hours = 0 },
		"attendance":    func(d *training.Definition) { d.Attendance, d.PassMark, d.Retakes = 0, 0, 0 },
		"pass_mark":     func(d *training.Definition) { d.PassMark = 101 },
		"retakes":       func(d *training.Definition) { d.PassMark = 0 },
		"valid_years":   func(d *training.Definition) { d.ValidYears = -1 },
		"renewed_by":    func(d *training.Definition) { d.RenewedBy = []aid.CourseID{"care"} },
		"prerequisites": func(d *training.Definition) { d.Prerequisites = []aid.CourseID{"care"} },
		"skills[1]":     func(d *training.Definition) { d.Skills = []aid.Skill{"x", "x"} },
	} {
		d := rule()
		spoil(&d)
		require.ErrorContains(t, d.Validate(), field+":")
	}
}

// TestSeatsHoldInEveryOrder: whatever people do, no more hold a seat than there
// are, nobody waits beside a free one, and nobody overtakes.
func TestSeatsHoldInEveryOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := cohort(1, rapid.IntRange(1, 4).Draw(t, "capacity"), rapid.IntRange(0, 4).Draw(t, "waiting"))
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			id := fmt.Sprintf("v%d", rapid.IntRange(0, 8).Draw(t, "who"))
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0, 1:
				_, _ = c.Enrol(person(id), training.ViaSelf, "a", now)
			case 2:
				_, _ = c.Withdraw(aid.VolunteerID(id), now)
			case 3:
				_ = c.Resize(rapid.IntRange(1, 6).Draw(t, "size"), now)
			}
			require.LessOrEqual(t, c.Taken(), c.Capacity)
			require.LessOrEqual(t, c.Queue(), c.Waiting)
			if c.Queue() > 0 {
				require.Equal(t, c.Capacity, c.Taken())
			}
			waits := false
			for i, e := range c.Enrolments {
				require.True(t, i == 0 || c.Enrolments[i-1].No < e.No)
				waits = waits || e.Status == training.Waiting
				require.False(t, waits && e.Status == training.Enrolled, "somebody overtook")
			}
		}
	})
}
