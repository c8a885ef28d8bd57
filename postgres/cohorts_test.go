package postgres_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
	"github.com/linli/linli/training"
)

// school makes a world with a trainer, an organisation and the first version of the
// course care, which unlocks driving and is renewed by basics.
func school(t testing.TB) *world {
	t.Helper()
	w := newWorld(t)
	require.NoError(t, w.AddAccount(t.Context(), aid.Account{ID: "t1", Role: aid.RoleTrainer, Name: "赵"}, []aid.AreaID{harbin.ID}))
	require.NoError(t, w.sql("INSERT INTO organisations VALUES ('org', NULL, 'regional', 'corps', 'hlj.harbin', '总队', 'Corps')"))
	w.publish(training.Definition{Course: "care", Hours: 8, Attendance: 50, ValidYears: 2, Skills: []aid.Skill{"driving"}, RenewedBy: []aid.CourseID{"basics"}})
	return w
}

func (w *world) publish(d training.Definition) training.Definition {
	w.t.Helper()
	d.PublishedBy = "c1"
	d, err := w.PublishCourse(w.t.Context(), aid.Named{ID: string(d.Course)}, d)
	require.NoError(w.t, err)
	return d
}

// cohort opens one of a single session tomorrow.
func (w *world) cohort(id training.CohortID, course aid.CourseID, capacity, waiting int) *training.Cohort {
	w.t.Helper()
	known, err := w.Course(w.t.Context(), course)
	require.NoError(w.t, err)
	rule := known.Versions[len(known.Versions)-1]
	from := w.now.Add(24 * time.Hour).Truncate(time.Microsecond)
	p := training.Plan{
		Course: course, Version: rule.Version, Organisation: "org", Mode: training.InPerson, Venue: "Room 1", Location: home, Cell: 7,
		Trainers: []aid.AccountID{"t1"}, Capacity: capacity, Waiting: waiting,
		Sessions: []training.Session{{Title: "one", During: aid.Window{StartsAt: from, EndsAt: from.Add(2 * time.Hour)}}},
	}
	c := training.New(id, p, rule, harbin.Path, "c1", w.now)
	require.NoError(w.t, w.AddCohort(w.t.Context(), c))
	return c
}

func (w *world) enrol(id training.CohortID, v aid.VolunteerID) (e training.Enrolment, err error) {
	who, err := w.Volunteer(w.t.Context(), v)
	if err != nil {
		return e, err
	}
	_, err = w.ChangeCohort(w.t.Context(), id, func(c *training.Cohort, now time.Time) error {
		e, err = c.Enrol(who, training.ViaSelf, "c1", now)
		return err
	})
	return e, err
}

// complete has people attend the session, which is over by now, and settles.
func (w *world) complete(id training.CohortID, people ...aid.VolunteerID) []training.Certificate {
	w.t.Helper()
	for _, v := range people {
		_, err := w.enrol(id, v)
		require.NoError(w.t, err)
	}
	require.NoError(w.t, w.sql("UPDATE cohort_sessions SET starts_at = now() - interval '2h', ends_at = now() - interval '1h' WHERE cohort_id = $1", string(id)))
	c, err := w.ChangeCohort(w.t.Context(), id, func(c *training.Cohort, now time.Time) error {
		for _, v := range people {
			if err := c.Note(training.Mark{Session: 1, Volunteer: v, Present: true, Means: training.ByHand, By: "t1"}, now); err != nil {
				return err
			}
		}
		return c.Settle("t1", now)
	})
	require.NoError(w.t, err)
	return c.Issued
}

// candidate is somebody as the index hears of them from a mark on.
func (w *world) candidate(since postgres.Mark, id aid.VolunteerID) (found aid.Candidate, heard bool) {
	w.t.Helper()
	_, err := w.CandidatesSince(w.t.Context(), since, func(c aid.Candidate) error {
		if c.ID == id {
			found, heard = c, true
		}
		return nil
	})
	require.NoError(w.t, err)
	return found, heard
}

func (w *world) mark() postgres.Mark {
	w.t.Helper()
	m, err := w.Candidates(w.t.Context(), func(aid.Candidate) error { return nil })
	require.NoError(w.t, err)
	return m
}

func TestOfHundredsWhoEnrolAtOnceTheSeatsAreTakenOnce(t *testing.T) {
	t.Parallel()
	const n, seats, line = 300, 7, 20
	w := school(t)
	ids := w.volunteers(n)
	w.cohort("k1", "care", seats, line)
	var enrolled, waiting, full atomic.Int32
	var all sync.WaitGroup
	for _, v := range ids {
		all.Go(func() {
			e, err := w.enrol("k1", v)
			switch {
			case err == nil && e.Status == training.Enrolled:
				enrolled.Add(1)
			case err == nil && e.Status == training.Waiting:
				waiting.Add(1)
			case aid.ReasonOf(err) == training.ReasonCohortFull:
				full.Add(1)
			default:
				t.Errorf("%s: %v", v, err)
			}
		})
	}
	all.Wait()
	require.Equal(t, [3]int32{seats, line, n - seats - line}, [3]int32{enrolled.Load(), waiting.Load(), full.Load()})
	require.Equal(t, seats, w.count("SELECT taken FROM cohorts"))

	// All who hold a seat leave at once: each is followed by whoever waited longest.
	c, err := w.Cohort(t.Context(), "k1")
	require.NoError(t, err)
	for _, e := range c.Enrolments[:seats] {
		all.Go(func() {
			_, err := w.ChangeCohort(t.Context(), "k1", func(c *training.Cohort, now time.Time) error {
				_, err := c.Withdraw(e.Volunteer, now)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	after, err := w.Cohort(t.Context(), "k1")
	require.NoError(t, err)
	for i, e := range after.Enrolments {
		want := training.Waiting
		switch {
		case i < seats:
			want = training.Withdrawn
		case i < 2*seats:
			want = training.Enrolled
		}
		require.Equal(t, want, e.Status, i)
	}
	w.sound()
}

func TestTheDatabaseGuardsSeatsAndWhatWasNoted(t *testing.T) {
	t.Parallel()
	w := school(t)
	w.volunteers(2)
	w.cohort("k1", "care", 1, 0)
	w.complete("k1", "v000")
	require.ErrorContains(t, w.sql("INSERT INTO enrolments VALUES ('k1', 'v001', 2, 'enrolled', 'self', 'c1', now())"), "seats_within_capacity")
	for _, table := range []string{"attendance", "course_versions"} {
		require.ErrorContains(t, w.sql("DELETE FROM "+table), "never changed")
	}
	require.ErrorContains(t, w.sql("UPDATE attendance SET present = false"), "never changed")
}

func TestACohortIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	w := school(t)
	w.publish(training.Definition{Course: "basics", Topics: []string{"精神"}, Textbooks: []string{"条例"}, Hours: 4, PassMark: 60, Retakes: 2, Prerequisites: []aid.CourseID{"care"}})
	w.volunteers(2)
	want := w.cohort("k1", "basics", 5, 3)
	got, err := w.Cohort(t.Context(), "k1")
	require.NoError(t, err)
	require.Equal(t, want.Plan, got.Plan)
	require.Equal(t, []string{"精神"}, got.Rule.Topics)
	require.Equal(t, []aid.CourseID{"care"}, got.Rule.Prerequisites)
	require.Equal(t, harbin.Path, got.AreaPath)
	require.Len(t, got.Secret, 32)

	_, err = w.enrol("k1", "v000")
	require.Equal(t, training.ReasonPrerequisite, aid.ReasonOf(err))
	changed, err := w.ChangeCohort(t.Context(), "k1", func(c *training.Cohort, now time.Time) error {
		return c.Waive(training.Waiver{Volunteer: "v000", Requirement: training.RequirePrerequisites, Reason: "a nurse", By: "t1"}, now)
	})
	require.NoError(t, err)
	_, err = w.enrol("k1", "v000")
	require.NoError(t, err)
	require.NoError(t, w.sql("UPDATE cohort_sessions SET starts_at = now() - interval '2h', ends_at = now() - interval '1h'"))
	for _, points := range []int{30, 40} {
		changed, err = w.ChangeCohort(t.Context(), "k1", func(c *training.Cohort, now time.Time) error {
			if err := c.Note(training.Mark{Session: 1, Volunteer: "v000", Present: points == 40, Means: training.ByHand, By: "t1"}, now); err != nil {
				return err
			}
			return c.Grade(training.Score{Volunteer: "v000", Points: points, By: "t1"}, now)
		})
		require.NoError(t, err)
	}
	got, err = w.Cohort(t.Context(), "k1")
	require.NoError(t, err)
	require.Equal(t, []int{30, 40}, got.Tries("v000"))
	require.Len(t, got.Earlier(1, "v000"), 1)
	require.Len(t, got.Waivers, 1)
	require.Equal(t, changed.Enrolments[0].No, got.Enrolments[0].No)

	card, err := w.CohortCard(t.Context(), "k1")
	require.NoError(t, err)
	require.Equal(t, 1, card.Seats)
	page, err := w.Cohorts(t.Context(), training.CohortFilter{Volunteer: "v000", Area: "hlj", Course: "basics", Statuses: []training.Status{training.Open}}, aid.Page{Limit: 10})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	for _, f := range []training.CohortFilter{{Volunteer: "v001"}, {Area: "hlj_harbin"}, {Course: "care"}, {Statuses: []training.Status{training.Closed}}} {
		page, err := w.Cohorts(t.Context(), f, aid.Page{Limit: 10})
		require.NoError(t, err)
		require.Empty(t, page.Items)
	}
	w.cohort("k0", "care", 1, 0)
	require.Equal(t, 2, w.count("SELECT count(DISTINCT secret) FROM cohorts"))
	_, err = w.ChangeCohort(t.Context(), "k9", func(*training.Cohort, time.Time) error { return nil })
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	require.ErrorContains(t, w.AddCohort(t.Context(), training.New("k2", training.Plan{Trainers: []aid.AccountID{"c1"}}, training.Definition{}, "", "c1", w.now)), "trainers[0]")
	w.sound()
}

func TestVersionsAreCounted(t *testing.T) {
	t.Parallel()
	w := school(t)
	d := training.Definition{Course: "care", Hours: 9, Attendance: 50}
	require.Equal(t, 2, w.publish(d).Version)
	require.Equal(t, 2, w.publish(d).Version, "what says the same is not published again")
	d.PublishedBy = "c1"
	_, err := w.PublishCourse(t.Context(), aid.Named{ID: "lifting"}, d)
	require.Equal(t, aid.NotFound, aid.KindOf(err), "it has no name")
	d, err = w.PublishCourse(t.Context(), aid.Named{ID: "lifting", NameEn: "Lifting"}, d)
	require.NoError(t, err)
	require.Equal(t, 1, d.Version)
	d.Skills, d.Prerequisites, d.RenewedBy = []aid.Skill{"flying"}, []aid.CourseID{"none"}, []aid.CourseID{"nil"}
	_, err = w.PublishCourse(t.Context(), aid.Named{ID: "lifting"}, d)
	for _, field := range []string{"skills[0]", "prerequisites[0]", "renewed_by[0]"} {
		require.ErrorContains(t, err, field)
	}
	current, err := w.CurrentCourses(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"basics", "care", "lifting"}, []string{current[0].ID, current[1].ID, current[2].ID})
	require.Empty(t, current[0].Versions)
	require.Equal(t, 2, current[1].Versions[0].Version)

	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if _, err := w.PublishCourse(t.Context(), aid.Named{ID: "basics"}, training.Definition{Hours: i + 1, Attendance: 1, PublishedBy: "c1"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	course, err := w.Course(t.Context(), "basics")
	require.NoError(t, err)
	require.Len(t, course.Versions, 20)
}

func TestACompletionCountsAtOnceAndARevocationToo(t *testing.T) {
	t.Parallel()
	w := school(t)
	w.volunteers(2)
	need := w.need(1, 30)
	need.Roles[0].Courses, need.Roles[0].Skills = []aid.CourseID{"care"}, []aid.Skill{"driving"}
	w.request("r1", need)
	_, refused, err := w.MakeOffers(t.Context(), "round-1", "r1", picks("r1", "v000"), asking(1))
	require.NoError(t, err)
	require.Len(t, refused, 1, "not trained yet")

	since := w.mark()
	w.cohort("k1", "care", 2, 0)
	issued := w.complete("k1", "v000")
	require.Len(t, issued, 1)
	got, heard := w.candidate(since, "v000")
	require.True(t, heard, "the index hears of it")
	require.Equal(t, []aid.Skill{"driving", "first_aid"}, got.Skills)
	require.Equal(t, []aid.CourseHeld{{Course: "care", Until: training.Day(w.now).YearsOn(2)}}, got.Courses)
	w.ask("r1", 1, "v000")

	const told = "SELECT count(*) FROM outbox WHERE kind = 'request_changed'"
	before := w.count(told)
	act := training.Act{ID: "act-1", Kind: training.ActRevoke, Reason: "the score was another's", By: "c1"}
	since = w.mark()
	_, n, err := w.ActOnCertificates(t.Context(), act, []training.CertificateID{issued[0].ID})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, aid.OfferRevoked, w.read("r1").Offers[0].Status, "the offer is taken back in the same transaction")
	got, heard = w.candidate(since, "v000")
	require.True(t, heard)
	require.Equal(t, []aid.Skill{"first_aid"}, got.Skills)
	require.Empty(t, got.Courses)
	require.Equal(t, before+1, w.count(told), "its process is told")

	_, _, err = w.ActOnCertificates(t.Context(), training.Act{ID: "act-1", Kind: training.ActReactivate, Reason: "x", By: "c1"}, []training.CertificateID{issued[0].ID})
	require.Equal(t, aid.ReasonAlreadyExists, aid.ReasonOf(err))
	act = training.Act{ID: "act-2", Kind: training.ActReactivate, Reason: "it was theirs", By: "c1"}
	_, n, err = w.ActOnCertificates(t.Context(), act, []training.CertificateID{issued[0].ID})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	who, err := w.Volunteer(t.Context(), "v000")
	require.NoError(t, err)
	require.Equal(t, []aid.Skill{"driving", "first_aid"}, who.Skills)
	changes, err := w.Changes(t.Context(), issued[0].ID)
	require.NoError(t, err)
	require.Equal(t, []training.ActKind{training.ActRevoke, training.ActReactivate}, []training.ActKind{changes[0].Kind, changes[1].Kind})
	w.sound()
}

func TestOneActProlongsMany(t *testing.T) {
	t.Parallel()
	w := school(t)
	ids := w.volunteers(5)
	w.cohort("k1", "care", 5, 0)
	issued := w.complete("k1", ids...)
	last := issued[0].Until
	_, _, err := w.ActOnCertificates(t.Context(), training.Act{ID: "act-0", Kind: training.ActRevoke, Reason: "x", By: "c1"}, []training.CertificateID{issued[4].ID})
	require.NoError(t, err)
	act := training.Act{ID: "act-1", Kind: training.ActProlong, Until: last.YearsOn(1), Reason: "no courses this winter", By: "c1"}
	f := training.LapsingFilter{Course: "care", Areas: []aid.AreaPath{harbin_.Path}, Days: aid.DateRange{From: last, To: last}}
	_, n, err := w.Prolong(t.Context(), act, f)
	require.NoError(t, err)
	require.Zero(t, n, "nobody lives there")
	_, _, err = w.Act(t.Context(), "act-1")
	require.Equal(t, aid.NotFound, aid.KindOf(err), "an act without effect is not kept")
	f.Areas = []aid.AreaPath{harbin.Path}
	_, n, err = w.Prolong(t.Context(), act, f)
	require.NoError(t, err)
	require.Equal(t, 4, n, "not the one that is revoked")
	kept, n, err := w.Act(t.Context(), "act-1")
	require.NoError(t, err)
	require.Equal(t, 4, n)
	require.Equal(t, act.Reason, kept.Reason)
	for i, v := range ids {
		who, err := w.Volunteer(t.Context(), v)
		require.NoError(t, err)
		if i == 4 {
			require.Empty(t, who.Courses)
			continue
		}
		require.Equal(t, act.Until, who.Courses[0].Until)
	}
	changes, err := w.Changes(t.Context(), issued[0].ID)
	require.NoError(t, err)
	require.Equal(t, []aid.Date{last, act.Until}, []aid.Date{changes[0].Before, changes[0].After})
	w.sound()
}

func TestACourseRenewsAnother(t *testing.T) {
	t.Parallel()
	w := school(t)
	w.publish(training.Definition{Course: "basics", Hours: 1, Attendance: 1})
	w.volunteers(2)
	w.cohort("k1", "care", 2, 0)
	old := w.complete("k1", "v000")[0]
	soon := training.Day(w.now).YearsOn(1)
	require.NoError(t, w.sql("UPDATE certificates SET holds_until = $1::text::date", soon.String()))
	require.NoError(t, w.sql("UPDATE volunteer_courses SET holds_until = $1::text::date", soon.String()))
	w.cohort("k2", "basics", 2, 0)
	w.complete("k2", "v000", "v001")
	renewed, err := w.Certificate(t.Context(), old.ID)
	require.NoError(t, err)
	require.Equal(t, training.Day(w.now).YearsOn(2), renewed.Until)
	who, err := w.Volunteer(t.Context(), "v000")
	require.NoError(t, err)
	i := slices.IndexFunc(who.Courses, func(h aid.CourseHeld) bool { return h.Course == "care" })
	require.Equal(t, renewed.Until, who.Courses[i].Until)
	page, err := w.Certificates(t.Context(), training.CertificateFilter{Areas: []aid.AreaPath{harbin.Path}}, aid.Page{Limit: 2})
	require.NoError(t, err)
	require.Len(t, page.Items, 2)
	require.NotEmpty(t, page.Next)
	page, err = w.Certificates(t.Context(), training.CertificateFilter{Volunteer: "v001"}, aid.Page{Limit: 2})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	page, err = w.Certificates(t.Context(), training.CertificateFilter{}, aid.Page{Limit: 2})
	require.NoError(t, err)
	require.Empty(t, page.Items, "who may see nothing sees nothing")
	w.sound()
}

// TestResultsAndOffersAtOnce: while results give and acts take courses, offers are
// made and taken back, and nothing waits for ever or ends unsound.
func TestResultsAndOffersAtOnce(t *testing.T) {
	t.Parallel()
	const n = 20
	w := school(t)
	ids := w.volunteers(n)
	w.cohort("k1", "care", n, 0)
	issued := w.complete("k1", ids...)
	need := w.need(n, 30)
	need.Roles[0].Courses = []aid.CourseID{"care"}
	w.request("r1", need)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			kind := []training.ActKind{training.ActRevoke, training.ActReactivate}
			for j, k := range kind {
				act := training.Act{ID: training.ActID(fmt.Sprintf("act-%d-%d", i, j)), Kind: k, Reason: "x", By: "c1"}
				if _, _, err := w.ActOnCertificates(t.Context(), act, []training.CertificateID{issued[i].ID}); err != nil {
					t.Error(err)
				}
			}
		})
		all.Go(func() {
			if _, _, err := w.MakeOffers(t.Context(), "round-1", "r1", picks("r1", ids[i]), asking(1)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.Equal(t, n, w.count("SELECT count(*) FROM volunteer_courses WHERE course_id = 'care'"))
	w.sound()
}
