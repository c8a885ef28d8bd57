package postgres_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/workflows/contract"
)

var _ activities.RolloutStore = (*postgres.Store)(nil)

// campaign is a school with a rollout that has a plan of three cohorts.
func campaign(t *testing.T) (*world, rollout.Month) {
	t.Helper()
	w := school(t)
	require.NoError(t, w.OpenRollout(t.Context(), rollout.Kept{
		ID: "p1", Name: "Years", NameZh: "年", Source: rollout.Source{Text: "name: Years", Beside: map[string]string{"a.csv": "id\n"}}, OpenedBy: "c1", OpenedAt: w.now,
	}))
	next := rollout.MonthOf(w.now) + 1
	stale, err := w.KeepPlan(t.Context(), "p1", calendarOf(1, 1, next, next, next+1))
	require.NoError(t, err)
	require.False(t, stale)
	return w, next
}

// calendarOf has a cohort of two people of Harbin in each of some months.
func calendarOf(no, version int, months ...rollout.Month) rollout.KeptPlan {
	p := rollout.KeptPlan{No: no, Version: version, MadeAt: time.Unix(0, 0), Report: &rollout.Report{Name: "Years", Objective: 7, Shortfalls: []rollout.Shortfall{{Area: "hlj", Step: "s", Month: months[0]}}}, LeftOut: "s/care/hlj:1"}
	for i, m := range months {
		p.Cohorts = append(p.Cohorts, rollout.Planned{
			Plan: no, No: i + 1, Step: "s", Course: "care", Area: harbin.ID, Venue: harbin.ID, Month: m, Lecturers: harbin.ID, Seats: 4,
			From: []rollout.Enrolment{{Area: harbin.ID, People: 2}},
		})
	}
	return p
}

func (w *world) calendar() []rollout.Turnout {
	w.t.Helper()
	all, err := w.RolloutCalendar(w.t.Context(), "p1")
	require.NoError(w.t, err)
	return all
}

// announce makes the cohort of a planned one, a day after its month begins, or says
// what hinders it.
func (w *world) announce(p rollout.Planned, hindrance rollout.Hindrance) (staff training.Staff) {
	w.t.Helper()
	require.NoError(w.t, w.Announce(w.t.Context(), "p1", p, func(s training.Staff) (*training.Cohort, rollout.Hindered) {
		staff = s
		if hindrance != "" {
			return nil, rollout.Hindered{Why: hindrance, Unmet: aid.ReasonCounts{Course: 3}}
		}
		from := p.Month.Begins().Add(24 * time.Hour)
		return training.New(training.CohortID(p.CohortID("p1")), training.Plan{
			Course: "care", Version: s.Rule.Version, Organisation: s.Organisation, Mode: training.InPerson, Venue: "哈尔滨", Location: home, Cell: 7,
			Trainers: []aid.AccountID{s.Trainers[0].Account}, Capacity: p.Seats,
			Sessions: []training.Session{{During: aid.Window{StartsAt: from, EndsAt: from.Add(time.Hour)}}},
		}, s.Rule, s.AreaPath, "c1", w.now), rollout.Hindered{}
	}))
	return staff
}

func TestRolloutsAreKept(t *testing.T) {
	t.Parallel()
	w, next := campaign(t)
	k, err := w.Rollout(t.Context(), "p1")
	require.NoError(t, err)
	require.Equal(t, rollout.Running, k.Status)
	require.Equal(t, rollout.Source{Text: "name: Years", Beside: map[string]string{"a.csv": "id\n"}}, k.Source)
	_, err = w.Rollout(t.Context(), "p2")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	require.Equal(t, aid.ReasonAlreadyExists, aid.ReasonOf(w.OpenRollout(t.Context(), rollout.Kept{ID: "p1", OpenedBy: "c1", OpenedAt: w.now})))

	require.NoError(t, w.OpenRollout(t.Context(), rollout.Kept{ID: "p2", OpenedBy: "c1", OpenedAt: w.now.Add(time.Second)}))
	first, err := w.Rollouts(t.Context(), aid.Page{Limit: 1})
	require.NoError(t, err)
	require.EqualValues(t, "p2", first.Items[0].ID)
	second, err := w.Rollouts(t.Context(), aid.Page{Limit: 1, After: first.Next})
	require.NoError(t, err)
	require.EqualValues(t, "p1", second.Items[0].ID)

	last, err := w.LastPlan(t.Context(), "p1")
	require.NoError(t, err)
	want := calendarOf(1, 1, next)
	require.Equal(t, want.Report.Shortfalls, last.Report.Shortfalls)
	require.Equal(t, want.LeftOut, last.LeftOut)
	page, err := w.PlannedCohorts(t.Context(), "p1", rollout.CalendarFilter{}, aid.Page{Limit: 2})
	require.NoError(t, err)
	rest, err := w.PlannedCohorts(t.Context(), "p1", rollout.CalendarFilter{Area: harbin.ID}, aid.Page{Limit: 2, After: page.Next})
	require.NoError(t, err)
	var planned []rollout.Planned
	for _, c := range append(page.Items, rest.Items...) {
		planned = append(planned, c.Planned)
	}
	require.Equal(t, calendarOf(1, 1, next, next, next+1).Cohorts, planned)
	none, err := w.PlannedCohorts(t.Context(), "p1", rollout.CalendarFilter{Area: province.ID}, aid.Page{Limit: 2})
	require.NoError(t, err)
	require.Empty(t, none.Items)
	_, err = w.PlannedCohorts(t.Context(), "p1", rollout.CalendarFilter{}, aid.Page{Limit: 2, After: "x"})
	require.Equal(t, aid.Invalid, aid.KindOf(err))

	for _, f := range []rollout.CalendarFilter{{Step: "s", From: next + 1}, {From: next + 1, Until: next + 1}} {
		narrowed, err := w.PlannedCohorts(t.Context(), "p1", f, aid.Page{Limit: 5})
		require.NoError(t, err)
		require.Equal(t, rest.Items[len(rest.Items)-1:], narrowed.Items)
	}
	for _, f := range []rollout.CalendarFilter{{Step: "t"}, {Until: next - 1}, {From: next + 2}} {
		narrowed, err := w.PlannedCohorts(t.Context(), "p1", f, aid.Page{Limit: 5})
		require.NoError(t, err)
		require.Empty(t, narrowed.Items)
	}

	live, err := w.LiveRollouts(t.Context())
	require.NoError(t, err)
	require.Equal(t, []aid.RolloutID{"p1", "p2"}, live)
	in, err := w.RolloutToGoOn(t.Context(), "p1")
	require.NoError(t, err)
	require.Equal(t, contract.RolloutInput{Rollout: "p1", Plans: 1}, in)
	_, err = w.RolloutToGoOn(t.Context(), "none")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	require.NoError(t, w.KeepCheckpoint(t.Context(), "p2", rollout.Checkpoint{Month: next, Ended: true}))
	live, err = w.LiveRollouts(t.Context())
	require.NoError(t, err)
	require.Equal(t, []aid.RolloutID{"p1"}, live)
	_, err = w.RolloutToGoOn(t.Context(), "p2")
	require.Equal(t, aid.ReasonSettled, aid.ReasonOf(err))

	sent := calendarOf(2, 1, next)
	sent.Cohorts[0].From = append(sent.Cohorts[0].From, rollout.Enrolment{Area: province.ID, People: 1})
	_, err = w.KeepPlan(t.Context(), "p1", sent)
	require.NoError(t, err)
	other, err := w.PlannedCohorts(t.Context(), "p1", rollout.CalendarFilter{Area: province.ID}, aid.Page{Limit: 5})
	require.NoError(t, err)
	require.Len(t, other.Items, 1, "of whichever area people come to it")

	areas, err := w.KnownAreas(t.Context(), []aid.AreaID{harbin.ID, "none"})
	require.NoError(t, err)
	require.Equal(t, map[aid.AreaID]aid.AreaID{harbin.ID: harbin.ID}, areas)
	w.sound()
}

func TestOnlyTheLastPlanCounts(t *testing.T) {
	t.Parallel()
	w, next := campaign(t)
	w.announce(w.calendar()[0].Planned, "")
	refilled := w.calendar()[0].Planned
	refilled.From = []rollout.Enrolment{{Area: harbin.ID, People: 3}}
	again := calendarOf(2, 1, next+2)
	again.Refilled = []rollout.Planned{refilled}
	for range 2 { // a step may run twice
		stale, err := w.KeepPlan(t.Context(), "p1", again)
		require.NoError(t, err)
		require.False(t, stale)
	}
	all := w.calendar()
	require.Len(t, all, 2, "what is announced stays, the rest is replaced")
	require.True(t, all[0].Announced)
	require.Equal(t, refilled.From, all[0].From)
	require.Equal(t, next+2, all[1].Month)

	_, err := w.KeepPlan(t.Context(), "p1", calendarOf(1, 1, next))
	require.NoError(t, err)
	require.Len(t, w.calendar(), 2, "an earlier plan comes too late")
	stale, err := w.KeepPlan(t.Context(), "p1", calendarOf(3, 2, next))
	require.NoError(t, err)
	require.True(t, stale, "its version is not in force")
	_, err = w.KeepPlan(t.Context(), "p1", rollout.KeptPlan{No: 3, Version: 1, Refused: "no month is left"})
	require.NoError(t, err)
	k, err := w.Rollout(t.Context(), "p1")
	require.NoError(t, err)
	require.Equal(t, rollout.Refused, k.Status)
	require.Equal(t, "no month is left", k.Reason)
}

func TestCohortsAreAnnouncedOnceByWhoIsThere(t *testing.T) {
	t.Parallel()
	w, next := campaign(t)
	require.NoError(t, w.AddAccount(t.Context(), aid.Account{ID: "t2", Role: aid.RoleTrainer, Name: "钱"}, []aid.AreaID{province.ID}))
	require.NoError(t, w.AddAccount(t.Context(), aid.Account{ID: "t3", Role: aid.RoleTrainer, Name: "孙"}, []aid.AreaID{harbin_.ID}))
	require.NoError(t, w.sql("INSERT INTO organisations VALUES ('a-special', NULL, 'special', 'division', 'hlj.harbin', '队', 'D'), ('top', NULL, 'regional', 'association', 'hlj', '会', 'A')"))
	p := w.calendar()[0].Planned
	w.announce(p, rollout.NoTrainer)
	require.Equal(t, rollout.NoTrainer, w.calendar()[0].Hindrance)
	require.Equal(t, 3, w.calendar()[0].Unmet.Course)
	staff := w.announce(p, "")
	require.EqualValues(t, "org", staff.Organisation, "of the area itself, of the regional tree")
	require.Equal(t, harbin.Path, staff.AreaPath)
	require.Equal(t, []training.Busy{{Account: "t1"}, {Account: "t2"}}, staff.Trainers)
	require.Equal(t, 1, staff.Rule.Version)
	require.Empty(t, w.calendar()[0].Hindrance)
	require.Zero(t, w.calendar()[0].Unmet)
	require.True(t, w.calendar()[0].Announced)
	require.Zero(t, w.announce(p, ""), "it is made already")
	card, err := w.CohortCard(t.Context(), training.CohortID(p.CohortID("p1")))
	require.NoError(t, err)
	require.Equal(t, 4, card.Capacity)

	staff = w.announce(w.calendar()[1].Planned, "")
	require.Equal(t, 1, staff.Trainers[0].Cohorts, "in the month of the cohort")
	require.EqualValues(t, p.CohortID("p1"), staff.Trainers[0].Taken[0].Cohort)
	require.Equal(t, training.Busy{Account: "t2"}, staff.Trainers[1])
	elsewhere := calendarOf(2, 1, next+3)
	elsewhere.Cohorts[0].Venue, elsewhere.Cohorts[0].Lecturers, elsewhere.Cohorts[0].Course = harbin_.ID, province.ID, "basics"
	_, err = w.KeepPlan(t.Context(), "p1", elsewhere)
	require.NoError(t, err)
	staff = w.announce(elsewhere.Cohorts[0], rollout.NoCourseVersion)
	require.EqualValues(t, "top", staff.Organisation, "of the nearest area above it")
	require.Equal(t, []training.Busy{{Account: "t2"}}, staff.Trainers)
	require.Zero(t, staff.Rule.Version)
	require.Zero(t, w.announce(calendarOf(1, 1, next).Cohorts[0], ""), "another plan has replaced it")
	w.sound()
}

// TestWhatComesOfARollout counts who completed, by where they live, without those
// whose certificate is revoked and those who left the office.
func TestWhatComesOfARollout(t *testing.T) {
	t.Parallel()
	w, _ := campaign(t)
	p := w.calendar()[0].Planned
	w.announce(p, "")
	for _, v := range []aid.VolunteerID{"v1", "v2", "v3", "v4"} {
		w.volunteer(v, 1)
	}
	id := training.CohortID(p.CohortID("p1"))
	_, err := w.enrol(id, "v4")
	require.NoError(t, err)
	issued := w.complete(id, "v1", "v2", "v3")
	require.Len(t, issued, 3)
	require.NoError(t, w.sql("UPDATE certificates SET revoked_at = now() WHERE volunteer_id = 'v3'; UPDATE certificates SET holds_until = now() - interval '2 days' WHERE volunteer_id = 'v2'"))
	for _, present := range []string{"true", "false"} { // the last entry counts
		require.NoError(t, w.sql("INSERT INTO attendance (cohort_id, session_no, volunteer_id, present, means, noted_by, noted_at) VALUES ('"+string(id)+"', 1, 'v4', "+present+", 'hand', 't1', now())"))
	}
	all := w.calendar()
	require.Equal(t, []rollout.AtPath{{Path: harbin.Path, People: 3}}, all[0].Attended)
	require.Equal(t, []rollout.AtPath{{Path: harbin.Path, People: 1}}, all[0].Lapsed)
	page, err := w.PlannedCohorts(t.Context(), "p1", rollout.CalendarFilter{}, aid.Page{Limit: 1})
	require.NoError(t, err)
	require.Equal(t, all[:1], page.Items)
	require.Equal(t, []rollout.AtPath{{Path: harbin.Path, People: 4}}, all[0].Seated)
	require.Equal(t, []rollout.AtPath{{Path: harbin.Path, People: 2}}, all[0].Done)
	require.False(t, all[0].Settled)
	for range 2 {
		require.NoError(t, w.NoteDeparture(t.Context(), "p1", "v1", aid.DateOf(w.now), "c1", w.now))
	}
	require.Equal(t, aid.Invalid, aid.KindOf(w.NoteDeparture(t.Context(), "p1", "nobody", aid.DateOf(w.now), "c1", w.now)))
	require.Equal(t, []rollout.AtPath{{Path: harbin.Path, People: 1}}, w.calendar()[0].Done)
	for courses, finished := range map[int]int{1: 1, 2: 0} {
		persons, err := w.Persons(t.Context(), "p1", map[rollout.StepID]int{"s": courses})
		require.NoError(t, err)
		require.Equal(t, []rollout.Persons{{Step: "s", Path: harbin.Path, Begun: 1, Finished: finished}}, persons)
	}
	_, err = w.ChangeCohort(t.Context(), id, func(c *training.Cohort, now time.Time) error { return c.Complete("t1", now) })
	require.NoError(t, err)
	require.True(t, w.calendar()[0].Settled)

	second := w.calendar()[1].Planned
	w.announce(second, "")
	_, err = w.ChangeCohort(t.Context(), training.CohortID(second.CohortID("p1")), func(c *training.Cohort, now time.Time) error { return c.Cancel("flood", now) })
	require.NoError(t, err)
	require.True(t, w.calendar()[1].Cancelled)
}

func TestAmendmentsComeIntoForceOneAfterTheOther(t *testing.T) {
	t.Parallel()
	w, _ := campaign(t)
	ctx := t.Context()
	keep := func(id string, base int) {
		require.NoError(t, w.KeepAmendment(ctx, "p1", id, base, rollout.Source{Text: id}, "c1", w.now))
	}
	fine := func(next *rollout.Amendment, calendar []rollout.Turnout) error {
		require.Len(t, calendar, 3)
		next.Name = strings.ToUpper(next.Source.Text)
		return nil
	}
	for _, id := range []string{"a1", "a1", "a2", "a3"} {
		keep(id, 1)
	}
	_, err := w.AmendRollout(ctx, "p1", "a3", func(*rollout.Amendment, []rollout.Turnout) error { return aid.Errorf(aid.Invalid, "no") })
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	for range 2 {
		version, err := w.AmendRollout(ctx, "p1", "a1", fine)
		require.NoError(t, err)
		require.Equal(t, 2, version)
	}
	_, err = w.AmendRollout(ctx, "p1", "a2", fine)
	require.Equal(t, aid.ReasonChangedMeanwhile, aid.ReasonOf(err))
	_, err = w.AmendRollout(ctx, "p1", "none", fine)
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	k, err := w.Rollout(ctx, "p1")
	require.NoError(t, err)
	require.Equal(t, "A1", k.Name)
	require.Equal(t, "a1", k.Source.Text)
	require.Equal(t, rollout.Planning, k.Status)
	versions, err := w.RolloutVersions(ctx, "p1")
	require.NoError(t, err)
	require.Len(t, versions, 2, "the first is kept")
	require.Error(t, w.sql("UPDATE rollout_versions SET source = '{}' WHERE id = 'a1'"), "and never changed")
	require.Error(t, w.sql("DELETE FROM rollout_versions WHERE id = 'p1'"))

	month := rollout.MonthOf(w.now)
	for _, c := range []rollout.Checkpoint{{Month: month, Plan: 1}, {Month: month, Plan: 2}, {Month: month - 1, Plan: 1}} {
		require.NoError(t, w.KeepCheckpoint(ctx, "p1", c))
	}
	last, err := w.LastCheckpoint(ctx, "p1")
	require.NoError(t, err)
	require.Equal(t, 2, last.Plan)
	require.NoError(t, w.KeepCheckpoint(ctx, "p1", rollout.Checkpoint{Month: month + 1, Ended: true, Progress: []rollout.Progress{{Step: "s"}}}))
	last, err = w.LastCheckpoint(ctx, "p1")
	require.NoError(t, err)
	require.Zero(t, last.Progress[0].Forecast.Finish, "never comes back as it was")
	keep("a4", 2)
	_, err = w.AmendRollout(ctx, "p1", "a4", fine)
	require.Equal(t, aid.ReasonSettled, aid.ReasonOf(err))
}

// However many rollouts announce at one time, no trainer holds two cohorts on one day,
// nor more in a month than they take.
func TestRolloutsThatAnnounceAtOnceShareTrainers(t *testing.T) {
	t.Parallel()
	w, next := campaign(t)
	w.trainer("t2") // two a month
	w.trainer("t3")
	require.NoError(t, w.sql("DELETE FROM account_areas WHERE account_id = 't1'"))
	ids := []aid.RolloutID{"p1", "p2", "p3", "p4"}
	for _, id := range ids[1:] {
		require.NoError(t, w.OpenRollout(t.Context(), rollout.Kept{ID: id, OpenedBy: "c1", OpenedAt: w.now}))
		_, err := w.KeepPlan(t.Context(), id, calendarOf(1, 1, next, next))
		require.NoError(t, err)
	}
	free := func(s training.Staff, from time.Time) (time.Time, aid.AccountID) {
		for day := range 9 {
			at := from.AddDate(0, 0, day)
			e := training.Engagement{Month: training.MonthOf(at), Sessions: []aid.Window{{StartsAt: at, EndsAt: at.Add(time.Hour)}}}
			for _, b := range s.Trainers {
				who := *b.Profile
				if who.Taken = b.Taken; who.Free(e) && who.Room(e) {
					return at, b.Account
				}
			}
		}
		return from, ""
	}
	var all sync.WaitGroup
	for _, id := range ids {
		for _, p := range calendarOf(1, 1, next, next).Cohorts {
			all.Go(func() {
				err := w.Announce(t.Context(), id, p, func(s training.Staff) (*training.Cohort, rollout.Hindered) {
					at, who := free(s, p.Month.Begins())
					if who == "" {
						return nil, rollout.Hindered{Why: rollout.NoTrainer, Unmet: aid.ReasonCounts{Capacity: len(s.Trainers)}}
					}
					return training.New(training.CohortID(p.CohortID(id)), training.Plan{
						Course: "care", Version: s.Rule.Version, Organisation: s.Organisation, Mode: training.InPerson, Venue: "哈尔滨", Location: home, Cell: 7,
						Trainers: []aid.AccountID{who}, Capacity: p.Seats, Sessions: []training.Session{{During: aid.Window{StartsAt: at, EndsAt: at.Add(time.Hour)}}},
					}, s.Rule, s.AreaPath, "c1", w.now), rollout.Hindered{}
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	require.Equal(t, 4, w.count("SELECT count(*) FROM rollout_cohorts WHERE cohort_id IS NOT NULL"))
	require.Equal(t, 4, w.count("SELECT count(DISTINCT (k.account_id, s.starts_at)) FROM cohort_trainers k JOIN cohort_sessions s USING (cohort_id)"))
	require.Equal(t, 2, w.count("SELECT max(n) FROM (SELECT count(*) AS n FROM cohort_trainers GROUP BY account_id) x"))
	require.Equal(t, 4, w.count("SELECT count(*) FROM rollout_cohorts WHERE plan_no = 1 AND hindrance = 'no_trainer'"))
}

// From a line of progress one gets to the cohorts that it counts.
func TestCohortsOfARolloutAreFound(t *testing.T) {
	t.Parallel()
	w, _ := campaign(t)
	w.cohort("by-hand", "care", 2, 0)
	p := w.calendar()[0].Planned
	w.announce(p, "")
	find := func(f training.CohortFilter) (ids []training.CohortID) {
		page, err := w.Cohorts(t.Context(), f, aid.Page{Limit: 9})
		require.NoError(t, err)
		for _, c := range page.Items {
			ids = append(ids, c.ID)
		}
		return ids
	}
	one := []training.CohortID{training.CohortID(p.CohortID("p1"))}
	require.Len(t, find(training.CohortFilter{}), 2)
	require.Equal(t, one, find(training.CohortFilter{Rollout: "p1"}))
	require.Equal(t, one, find(training.CohortFilter{Rollout: "p1", Step: "s", PeopleOf: harbin.ID}))
	require.Equal(t, one, find(training.CohortFilter{PeopleOf: harbin.ID}))
	for _, f := range []training.CohortFilter{{Rollout: "p2"}, {Rollout: "p1", Step: "t"}, {Rollout: "p1", PeopleOf: province.ID}} {
		require.Empty(t, find(f))
	}
}
