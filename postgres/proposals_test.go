package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
)

func TestWhoIsProposed(t *testing.T) {
	t.Parallel()
	w := school(t)
	w.publish(training.Definition{Course: "care", Hours: 9, Attendance: 50, Prerequisites: []aid.CourseID{"basics"}})
	soon, late := training.Day(w.now.AddDate(0, 0, 10)), training.Day(w.now.AddDate(1, 0, 0))
	add := func(id aid.VolunteerID, change func(*aid.Volunteer)) {
		v := aid.Volunteer{
			ID: id, Name: "张", Area: harbin.ID, Home: home, Cell: 7, Skills: []aid.Skill{"first_aid"}, Capacity: 2, MaxDistance: 5000, Active: true,
			Courses: []aid.CourseHeld{{Course: "basics"}},
		}
		change(&v)
		require.NoError(t, w.AddVolunteer(t.Context(), v))
	}
	holds := func(until aid.Date) func(*aid.Volunteer) {
		return func(v *aid.Volunteer) { v.Courses = append(v.Courses, aid.CourseHeld{Course: "care", Until: until}) }
	}
	add("near", func(*aid.Volunteer) {})
	add("nearer", func(v *aid.Volunteer) { v.Home.Lat += 0.001 })
	add("far", func(v *aid.Volunteer) { v.Home.Lng += 0.02 })
	add("another-cell", func(v *aid.Volunteer) { v.Cell = 9 })
	add("elsewhere", func(v *aid.Volunteer) { v.Area = harbin_.ID })
	add("idle", func(v *aid.Volunteer) { v.Active = false })
	add("unprepared", func(v *aid.Volunteer) { v.Courses = nil })
	add("lapsed-basics", func(v *aid.Volunteer) { v.Courses[0].Until = training.Day(w.now) })
	add("enrolled", func(*aid.Volunteer) {})
	add("elsewhere-enrolled", func(*aid.Volunteer) {})
	add("left", func(*aid.Volunteer) {})
	add("forever", holds(aid.Date{}))
	add("late", holds(late))
	add("soon", holds(soon))
	add("paired", holds(soon))

	w.cohort("k1", "care", 5, 0)
	w.cohort("k2", "care", 5, 0)
	for id, in := range map[aid.VolunteerID]training.CohortID{"enrolled": "k1", "elsewhere-enrolled": "k2", "left": "k1"} {
		_, err := w.enrol(in, id)
		require.NoError(t, err)
	}
	_, err := w.ChangeCohort(t.Context(), "k1", func(c *training.Cohort, now time.Time) error {
		_, err := c.Withdraw("left", now)
		return err
	})
	require.NoError(t, err)
	need := w.need(1, 3)
	need.Roles[0].Courses = []aid.CourseID{"care"}
	w.request("r1", need)
	w.ask("r1", 1, "paired")
	require.NoError(t, w.accept(t.Context(), "r1", "paired"))

	c, err := w.Cohort(t.Context(), "k1")
	require.NoError(t, err)
	f := c.Proposing()
	f.At.Lat += 0.001
	f.Cells, f.Areas, f.Limit = []aid.Cell{7, 8}, []aid.AreaPath{harbin.Path}, 9
	lapsing, err := w.LapsingNear(t.Context(), f)
	require.NoError(t, err)
	require.Equal(t, []training.Proposal{
		{Volunteer: "paired", Need: training.NeedPairing, Until: soon}, {Volunteer: "soon", Need: training.NeedLapsing, Until: soon},
	}, lapsing)
	untrained, err := w.UntrainedNear(t.Context(), f)
	require.NoError(t, err)
	var ids []aid.VolunteerID
	for _, p := range untrained {
		require.Equal(t, training.NeedNew, p.Need)
		ids = append(ids, p.Volunteer)
	}
	require.Equal(t, []aid.VolunteerID{"nearer", "near", "far"}, ids)
	f.Limit = 1
	untrained, err = w.UntrainedNear(t.Context(), f)
	require.NoError(t, err)
	require.Len(t, untrained, 1)
}
