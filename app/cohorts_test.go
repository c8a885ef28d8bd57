package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/training"
)

func planned() training.Plan {
	from := apptest.Now.Add(24 * time.Hour)
	return training.Plan{
		Course: "basics", Organisation: "org-harbin", Mode: training.InPerson, Venue: "Room 1", Location: apptest.Home,
		Trainers: []aid.AccountID{"a-trainer"}, Capacity: 1, Waiting: 1,
		Sessions: []training.Session{{During: aid.Window{StartsAt: from, EndsAt: from.Add(time.Hour)}}},
	}
}

// schooled has a cohort in Harbin tomorrow, with v-1, and one that began an hour ago,
// with v-1 and v-2; and one in Daqing.
func schooled() *apptest.World {
	w := apptest.New()
	w.SeedCohort("k-1", "org-harbin", apptest.Harbin, apptest.Now.Add(24*time.Hour), "v-1")
	w.SeedCohort("k-now", "org-harbin", apptest.Harbin, apptest.Now.Add(-time.Hour), "v-1", "v-2")
	w.SeedCohort("k-far", "org-daqing", apptest.Daqing, apptest.Now.Add(24*time.Hour), "v-far")
	return w
}

func TestACohortIsOpenedInTheAreaOfItsOrganisation(t *testing.T) {
	t.Parallel()
	u := apptest.New().UseCases().Cohorts
	by := withKey(as(aid.RoleTrainer), "once")
	c, err := u.Open(t.Context(), by, planned())
	require.NoError(t, err)
	require.Equal(t, apptest.Harbin, c.AreaPath)
	require.Equal(t, 1, c.Version, "the last one")
	require.NotZero(t, c.Cell)
	again, err := u.Open(t.Context(), by, planned())
	require.NoError(t, err)
	require.Equal(t, c.ID, again.ID)

	far := planned()
	far.Organisation = "org-daqing"
	_, err = u.Open(t.Context(), as(aid.RoleTrainer), far)
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	bad := planned()
	bad.Organisation, bad.Course, bad.Capacity = "org-none", "none", 0
	_, err = u.Open(t.Context(), as(aid.RoleTrainer), bad)
	require.ElementsMatch(t, []string{"course_id", "organisation_id", "capacity"}, fields(t, err))
	bad = planned()
	bad.Version = 7
	_, err = u.Open(t.Context(), as(aid.RoleTrainer), bad)
	require.Equal(t, []string{"course_id"}, fields(t, err))
}

func TestWhoMayEnrolWhom(t *testing.T) {
	t.Parallel()
	u := schooled().UseCases().Cohorts
	own, err := u.Enrol(t.Context(), as(aid.RoleVolunteer), "k-far", "", training.ViaOrganisation)
	require.NoError(t, err, "anywhere")
	require.Equal(t, training.ViaSelf, own.Via)
	_, err = u.Enrol(t.Context(), as(aid.RoleVolunteer), "k-1", "v-2", training.ViaOrganisation)
	require.Equal(t, aid.NotFound, aid.KindOf(err), "only oneself")
	e, err := u.Enrol(t.Context(), as(aid.RoleCoordinator), "k-1", "v-2", training.ViaOrganisation)
	require.NoError(t, err)
	require.Equal(t, training.Enrolled, e.Status)
	_, err = u.Enrol(t.Context(), as(aid.RoleCoordinator), "k-1", "v-far", training.ViaOrganisation)
	require.Equal(t, aid.NotFound, aid.KindOf(err), "one's own people only")
	_, err = u.Enrol(t.Context(), as(aid.RoleCoordinator), "k-1", "", training.ViaOrganisation)
	require.Equal(t, []string{"volunteer_id"}, fields(t, err))
	_, err = u.Enrol(t.Context(), as(aid.RoleCoordinator), "k-none", "v-2", training.ViaOrganisation)
	require.Equal(t, aid.NotFound, aid.KindOf(err))

	require.Equal(t, aid.NotFound, aid.KindOf(u.Withdraw(t.Context(), as(aid.RoleVolunteer), "k-1", "v-2")))
	require.Equal(t, aid.NotFound, aid.KindOf(u.Withdraw(t.Context(), as(aid.RoleCoordinator), "k-far", "v-far")))
	require.NoError(t, u.Withdraw(t.Context(), as(aid.RoleVolunteer), "k-far", "v-1"))
	require.NoError(t, u.Withdraw(t.Context(), as(aid.RoleTrainer), "k-1", "v-2"))
}

func TestTheVenueIsForThoseWhoCome(t *testing.T) {
	t.Parallel()
	u := schooled().UseCases().Cohorts
	venue := func(role aid.Role, id training.CohortID) string {
		c, err := u.Get(t.Context(), as(role), id)
		require.NoError(t, err)
		return c.Venue
	}
	require.Equal(t, "Room 1", venue(aid.RoleVolunteer, "k-1"))
	require.Empty(t, venue(aid.RoleVolunteer, "k-far"))
	require.Equal(t, "Room 1", venue(aid.RoleTrainer, "k-1"))
	require.Empty(t, venue(aid.RoleTrainer, "k-far"))
	require.Empty(t, venue(aid.RoleCaseworker, "k-1"))
	mine, err := u.List(t.Context(), as(aid.RoleVolunteer), training.CohortFilter{}, true, aid.Page{Limit: 9})
	require.NoError(t, err)
	require.Len(t, mine.Items, 2)
	require.Equal(t, training.Enrolled, mine.Items[0].Mine.Status)
	none, err := u.List(t.Context(), as(aid.RoleTrainer), training.CohortFilter{}, true, aid.Page{Limit: 9})
	require.NoError(t, err)
	require.Empty(t, none.Items)
}

func TestWhoIsThereEntersTheCode(t *testing.T) {
	t.Parallel()
	w := schooled()
	u := w.UseCases().Cohorts
	_, err := u.Code(t.Context(), as(aid.RoleTrainer), "k-far", 1)
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	code, err := u.Code(t.Context(), as(aid.RoleTrainer), "k-now", 1)
	require.NoError(t, err)
	_, err = u.CheckIn(t.Context(), as(aid.RoleVolunteer), "k-now", 1, "x")
	require.Equal(t, aid.ReasonWrongCode, aid.ReasonOf(err))
	m, err := u.CheckIn(t.Context(), as(aid.RoleVolunteer), "k-now", 1, code.Typed)
	require.NoError(t, err)
	require.Equal(t, aid.VolunteerID("v-1"), m.Volunteer)
	seen, err := u.Attendance(t.Context(), as(aid.RoleTrainer), "k-now", 1)
	require.NoError(t, err)
	require.Equal(t, training.ByCode, seen[0].Mark.Means)
	w.Pass(2 * training.CodePeriod)
	_, err = u.CheckIn(t.Context(), as(aid.RoleVolunteer), "k-now", 1, code.Token)
	require.Equal(t, aid.ReasonWrongCode, aid.ReasonOf(err))
	_, err = u.CheckIn(t.Context(), as(aid.RoleTrainer), "k-now", 1, code.Token)
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
}

func TestResultsAreNotedWholeAndCertify(t *testing.T) {
	t.Parallel()
	w := schooled()
	u := w.UseCases()
	by := as(aid.RoleTrainer)
	score := 80
	_, err := u.Cohorts.NoteAttendance(t.Context(), by, "k-now", 1, []app.Presence{{"v-1", true}, {"v-far", true}}, training.ByHand)
	require.Equal(t, training.ReasonNotEnrolled, aid.ReasonOf(err))
	require.ErrorContains(t, err, "marks[1]:")
	seen, err := u.Cohorts.Attendance(t.Context(), by, "k-now", 1)
	require.NoError(t, err)
	require.Nil(t, seen[0].Mark, "nothing was noted")
	for _, there := range []bool{false, true} {
		seen, err = u.Cohorts.NoteAttendance(t.Context(), by, "k-now", 1, []app.Presence{{"v-1", there}}, training.ByHand)
		require.NoError(t, err)
	}
	require.True(t, seen[0].Mark.Present)
	require.Len(t, seen[0].Earlier, 1)
	_, err = u.Cohorts.Attendance(t.Context(), by, "k-now", 2)
	require.Equal(t, aid.NotFound, aid.KindOf(err))

	_, err = u.Cohorts.NoteResults(t.Context(), by, "k-now", []app.Result{{Volunteer: "v-1", Score: &score}, {Volunteer: "v-2"}})
	require.Equal(t, []string{"results[1].score"}, fields(t, err))
	members, err := u.Cohorts.NoteResults(t.Context(), by, "k-now", []app.Result{
		{Volunteer: "v-1", Score: &score}, {Volunteer: "v-2", Waive: []training.Requirement{training.RequireAttendance}, Reason: "was ill"},
	})
	require.NoError(t, err)
	require.Equal(t, training.Finished, members[0].Status)
	require.NotEmpty(t, members[0].Issued)
	require.Equal(t, []training.Requirement{training.RequireAssessment}, members[1].Outcome.Lacks)
	require.Equal(t, "was ill", members[1].Waivers[0].Reason)
	who, err := w.Volunteer(t.Context(), "v-1")
	require.NoError(t, err)
	require.Equal(t, aid.CourseID("basics"), who.Courses[0].Course)
	require.Equal(t, who.Name, members[0].Name, "trainers see names of their area in full")

	// Before the last session, scores are noted and nothing is settled.
	_, err = u.Cohorts.Change(t.Context(), by, "k-now", app.CohortChange{Status: training.Completed})
	require.Equal(t, aid.ReasonWrongTime, aid.ReasonOf(err))
	w.Pass(2 * time.Hour)
	c, err := u.Cohorts.Change(t.Context(), by, "k-now", app.CohortChange{Status: training.Completed})
	require.NoError(t, err)
	require.Equal(t, training.Completed, c.Status)
	list, err := u.Cohorts.Results(t.Context(), by, "k-now")
	require.NoError(t, err)
	require.Equal(t, training.Missed, list[1].Status)
}

func TestACohortIsChanged(t *testing.T) {
	t.Parallel()
	u := schooled().UseCases().Cohorts
	by := as(aid.RoleCoordinator)
	for _, test := range []struct {
		change app.CohortChange
		status training.Status
		seats  int
	}{
		{app.CohortChange{Capacity: 9}, training.Open, 9},
		{app.CohortChange{Status: training.Closed, Capacity: 8}, training.Closed, 8},
		{app.CohortChange{Status: training.Closed}, training.Closed, 8},
		{app.CohortChange{Status: training.Open}, training.Open, 8},
		{app.CohortChange{Status: training.Cancelled, Reason: "flood"}, training.Cancelled, 8},
	} {
		c, err := u.Change(t.Context(), by, "k-1", test.change)
		require.NoError(t, err)
		require.Equal(t, test.status, c.Status)
		require.Equal(t, test.seats, c.Capacity)
	}
	_, err := u.Change(t.Context(), by, "k-far", app.CohortChange{Capacity: 9})
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}

func TestCoursesArePublishedByWhoAnswersForTheWhole(t *testing.T) {
	t.Parallel()
	u := apptest.New().UseCases().Courses
	d := training.Definition{Hours: 6, Attendance: 80, Skills: []aid.Skill{"visit"}}
	_, err := u.Publish(t.Context(), as(aid.RoleCoordinator), aid.Named{ID: "basics"}, d)
	require.Equal(t, aid.Forbidden, aid.KindOf(err), "they answer for Harbin only")
	whole := as(aid.RoleCoordinator)
	whole.Areas = []aid.AreaPath{"/hlj/"}
	got, err := u.Publish(t.Context(), whole, aid.Named{ID: "basics"}, d)
	require.NoError(t, err)
	require.Equal(t, 2, got.Version)
	_, err = u.Publish(t.Context(), whole, aid.Named{ID: "new"}, d)
	require.Equal(t, []string{"name_zh"}, fields(t, err))
	card, err := u.Get(t.Context(), as(aid.RoleVolunteer), "basics")
	require.NoError(t, err)
	require.Len(t, card.Versions, 2)
	require.Equal(t, []aid.RiskClassID{"high"}, card.RiskClasses)
	list, err := u.List(t.Context(), as(aid.RoleVolunteer))
	require.NoError(t, err)
	require.Equal(t, 2, list[0].Versions[0].Version)
	_, err = u.Get(t.Context(), as(aid.RoleVolunteer), "none")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}

func TestActsOnCertificates(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	w.SeedCertificate("z-1", "v-1")
	w.SeedCertificate("z-far", "v-far")
	u := w.UseCases().Certificates
	by := withKey(as(aid.RoleCoordinator), "once")
	for range 2 { // the repeat finds it done
		c, err := u.Revoke(t.Context(), by, "z-1", "another's score")
		require.NoError(t, err)
		require.Equal(t, training.Revoked, c.On(training.Day(apptest.Now)))
		require.Len(t, c.Changes, 1)
	}
	v, err := w.Volunteer(t.Context(), "v-1")
	require.NoError(t, err)
	require.Empty(t, v.Courses)
	_, err = u.Reactivate(t.Context(), as(aid.RoleCoordinator), "z-1", "")
	require.Equal(t, []string{"reason"}, fields(t, err))
	_, err = u.Reactivate(t.Context(), as(aid.RoleCoordinator), "z-1", "it was theirs")
	require.NoError(t, err)
	until := training.Day(apptest.Now).YearsOn(3)
	c, err := u.Prolong(t.Context(), as(aid.RoleCoordinator), "z-1", until, "no courses")
	require.NoError(t, err)
	require.Equal(t, until, c.Until)
	_, err = u.Revoke(t.Context(), as(aid.RoleCoordinator), "z-far", "x")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	_, err = u.Get(t.Context(), as(aid.RoleVolunteer), "z-far")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	list, err := u.List(t.Context(), as(aid.RoleVolunteer), "", aid.Page{Limit: 9})
	require.NoError(t, err)
	require.Len(t, list.Items, 1)

	w.SeedCertificate("z-2", "v-2")
	day := training.Day(apptest.Now).YearsOn(2)
	p := app.Prolonging{Course: "basics", Area: "hlj.harbin", Days: aid.DateRange{From: day, To: day}, Until: until, Reason: "winter"}
	many := withKey(as(aid.RoleCoordinator), "many")
	for range 2 {
		act, n, err := u.ProlongAll(t.Context(), many, p)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		require.Equal(t, "winter", act.Reason)
	}
	p.Area = "hlj.daqing"
	_, _, err = u.ProlongAll(t.Context(), many, p)
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	_, _, err = u.ProlongAll(t.Context(), many, app.Prolonging{Area: "hlj.harbin"})
	require.Subset(t, fields(t, err), []string{"course_id", "lapsing.from", "reason"})
}

func TestAtACohortThoseWhoNeedItAreProposed(t *testing.T) {
	t.Parallel()
	w := schooled()
	u := w.UseCases().Cohorts
	add := func(id aid.VolunteerID, north float64, held ...aid.CourseHeld) {
		home := apptest.Home
		home.Lat += north / 111_195
		require.NoError(t, w.AddVolunteer(t.Context(), aid.Volunteer{
			ID: id, Name: "林晓明", AreaPath: apptest.Nangang, Area: "hlj.harbin.nangang", Home: home, Active: true, Courses: held,
		}))
	}
	soon := training.Day(apptest.Now.AddDate(0, 0, 30))
	add("far", 30_000)
	add("near", 950)
	add("lapsing", 20_000, aid.CourseHeld{Course: "basics", Until: soon})
	add("holds", 10, aid.CourseHeld{Course: "basics"})
	add("beyond", 90_000)
	got, err := u.Proposals(t.Context(), as(aid.RoleTrainer), "k-1", 9)
	require.NoError(t, err)
	var ids []aid.VolunteerID
	for _, p := range got {
		ids = append(ids, p.Volunteer)
	}
	require.Equal(t, []aid.VolunteerID{"lapsing", "v-2", "near", "far"}, ids, "v-1 is enrolled, v-far is of another area")
	require.Equal(t, soon, got[0].Until)
	require.EqualValues(t, 1000, got[2].Away, "in whole hundreds")
	require.Equal(t, "林晓明", got[2].Name)
	got, err = u.Proposals(t.Context(), as(aid.RoleTrainer), "k-1", 2)
	require.NoError(t, err)
	require.Len(t, got, 2)
	require.Equal(t, aid.VolunteerID("v-2"), got[1].Volunteer)
	got, err = u.Proposals(t.Context(), as(aid.RoleTrainer), "k-1", 1)
	require.NoError(t, err)
	require.Len(t, got, 1)
	_, err = u.Proposals(t.Context(), as(aid.RoleTrainer), "k-far", 1)
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}
