package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/training/rolloutfile"
)

// neighbours is the file of a rollout of the two prefectures of the world.
const neighbours = `name: Years # of ours
costs: {lecturer_km: 1, traveller_km: 1, empty_seat: 1, late_month: 50}
lecturer_km: 10
cohorts_per_lecturer: 2
road_percent: 100
areas:
  - {id: hlj.harbin, tier: prefecture, lat: 45, lng: 126, venue_cohorts: 2, lecturers: 1}
  - {id: hlj_harbin, tier: prefecture, lat: 47, lng: 126, venue_cohorts: 1, lecturers: 1}
audience:
  - {area: hlj.harbin, tier: community, tree: regional, organisations: 5}
  - {area: hlj_harbin, tier: community, tree: regional, organisations: 4}
courses: [{id: care}]
steps:
  - {id: s, run_by: prefecture, roles: [lead], organisations: [{tier: community, tree: regional}], courses: [care],
     start: 2020-01, deadline: 2039-12, least_size: 1, most_size: 6, travel_km: 0}
`

func (w *world) merge(id string, area, into aid.AreaID) (aid.AreaChange, error) {
	w.t.Helper()
	return w.MergeArea(w.t.Context(), aid.AreaChange{ID: aid.AreaChangeID(id), Area: area, Into: into, Reason: "by decree 7", By: "c1", At: w.now},
		func(s rollout.Source, to aid.Area) (rollout.Source, bool, error) {
			return rolloutfile.Merge(s, area, to)
		})
}

// counted is what the last version in force makes of the facts.
func (w *world) counted() []rollout.Progress {
	w.t.Helper()
	k, err := w.Rollout(w.t.Context(), "p2")
	require.NoError(w.t, err)
	f, err := rolloutfile.Parse(k.Source)
	require.NoError(w.t, err)
	all, err := w.RolloutCalendar(w.t.Context(), "p2")
	require.NoError(w.t, err)
	persons, err := w.Persons(w.t.Context(), "p2", map[rollout.StepID]int{"s": 1})
	require.NoError(w.t, err)
	return f.Rollout.Count(all, persons, rollout.MonthOf(w.now)+1)
}

// merging is a school with a rollout under way in both prefectures: of three people of
// harbin two completed, of one elsewhere one.
func merging(t *testing.T) *world {
	t.Helper()
	w := school(t)
	require.NoError(t, w.sql("INSERT INTO organisations VALUES ('there', NULL, 'regional', 'corps', 'hlj_harbin', '总队', 'Corps')"))
	require.NoError(t, w.AddAccount(t.Context(), aid.Account{ID: "t2", Role: aid.RoleTrainer, Name: "钱"}, []aid.AreaID{harbin_.ID}))
	require.NoError(t, w.OpenRollout(t.Context(), rollout.Kept{ID: "p2", Name: "Years", Source: rollout.Source{Text: neighbours}, OpenedBy: "c1", OpenedAt: w.now}))
	next := rollout.MonthOf(w.now) + 1
	plan := calendarOf(1, 1, next, next, next+1)
	plan.Cohorts[0].From = []rollout.Enrolment{{Area: harbin.ID, People: 3}}
	plan.Cohorts[1].Area, plan.Cohorts[1].Venue, plan.Cohorts[1].Lecturers = harbin_.ID, harbin_.ID, harbin_.ID
	plan.Cohorts[1].From = []rollout.Enrolment{{Area: harbin_.ID, People: 1}, {Area: harbin.ID, People: 1}}
	_, err := w.KeepPlan(t.Context(), "p2", plan)
	require.NoError(t, err)
	for _, v := range []aid.VolunteerID{"v1", "v2", "v3", "v4"} {
		w.volunteer(v, 1)
	}
	require.NoError(t, w.sql("UPDATE volunteers SET area_id = 'hlj_harbin' WHERE id = 'v4'"))
	all, err := w.RolloutCalendar(t.Context(), "p2")
	require.NoError(t, err)
	for i, people := range [][]aid.VolunteerID{{"v1", "v2"}, {"v4"}} {
		p := all[i].Planned
		id := training.CohortID(p.CohortID("p2"))
		require.NoError(t, w.Announce(t.Context(), "p2", p, func(s training.Staff) (*training.Cohort, rollout.Hindered) {
			from := p.Month.Begins().Add(24 * time.Hour)
			return training.New(id, training.Plan{
				Course: "care", Version: s.Rule.Version, Organisation: s.Organisation, Mode: training.InPerson, Venue: "x", Location: home, Cell: 7,
				Trainers: []aid.AccountID{s.Trainers[0].Account}, Capacity: p.Seats,
				Sessions: []training.Session{{During: aid.Window{StartsAt: from, EndsAt: from.Add(time.Hour)}}},
			}, s.Rule, s.AreaPath, "c1", w.now), rollout.Hindered{}
		}))
		if i == 0 {
			_, err := w.enrol(id, "v3")
			require.NoError(t, err)
		}
		require.Len(t, w.complete(id, people...), len(people))
		_, err := w.ChangeCohort(t.Context(), id, func(c *training.Cohort, now time.Time) error { return c.Complete("t1", now) })
		require.NoError(t, err)
	}
	return w
}

// TestAMergeLosesNoCompletion: whole and unique persons are the same before and after,
// the successor's line is the sum of both, in past months too, and what is announced
// does not move.
func TestAMergeLosesNoCompletion(t *testing.T) {
	t.Parallel()
	w := merging(t)
	ctx := t.Context()
	before := w.counted()
	require.Len(t, before, 3, "the step, and both areas")
	require.Equal(t, []int{3, 3, 3}, []int{before[0].Completed, before[0].Persons, before[0].Finished})
	require.Equal(t, []int{2, 1}, []int{before[1].Completed, before[2].Completed})
	now := rollout.MonthOf(w.now)
	require.NoError(t, w.KeepCheckpoint(ctx, "p2", rollout.Checkpoint{Month: now - 1, Version: 1, Progress: before}))
	require.NoError(t, w.KeepCheckpoint(ctx, "p2", rollout.Checkpoint{Month: now, Version: 1, Progress: before}))
	was, err := w.RolloutCalendar(ctx, "p2")
	require.NoError(t, err)

	made, err := w.merge("m1", harbin.ID, harbin_.ID)
	require.NoError(t, err)
	require.Equal(t, aid.AreaMoved{Organisations: 1, Volunteers: 3, Beneficiaries: 1, Accounts: 2}, made.Moved)
	require.Equal(t, []aid.RestatedRollout{{Rollout: "p2", Version: 2}}, made.Rollouts)

	after := w.counted()
	require.Len(t, after, 2, "the step, and one area")
	for i := range after {
		after[i].Forecast, before[0].Forecast = rollout.Forecast{}, rollout.Forecast{}
		after[i].Area = ""
		require.Equal(t, before[0], after[i], "not one completion more or less")
	}
	calendar, err := w.RolloutCalendar(ctx, "p2")
	require.NoError(t, err)
	for i, c := range calendar {
		require.Equal(t, was[i].Month, c.Month)
		require.Equal(t, was[i].Announced, c.Announced)
		require.Equal(t, []aid.AreaID{harbin_.ID, harbin_.ID, harbin_.ID}, []aid.AreaID{c.Area, c.Venue, c.Lecturers})
		require.Equal(t, []rollout.Enrolment{{Area: harbin_.ID, People: was[i].Enrolled()}}, c.From)
	}
	page, err := w.PlannedCohorts(ctx, "p2", rollout.CalendarFilter{Area: harbin.ID}, aid.Page{Limit: 9})
	require.NoError(t, err)
	require.Len(t, page.Items, 3, "a bookmark by the old id shows the successor's")
	past, err := w.LastCheckpoint(ctx, "p2")
	require.NoError(t, err)
	require.Len(t, past.Progress, 2)
	require.Equal(t, []int{3, 3, 9}, []int{past.Progress[1].Completed, past.Progress[1].Persons, past.Progress[1].People})
	require.Equal(t, harbin_.ID, past.Progress[1].Area)

	k, err := w.Rollout(ctx, "p2")
	require.NoError(t, err)
	require.Equal(t, rollout.Planning, k.Status)
	require.Contains(t, k.Source.Text, "# of ours")
	versions, err := w.RolloutVersions(ctx, "p2")
	require.NoError(t, err)
	require.Equal(t, "by decree 7", versions[1].Reason)
	_, err = w.AmendRollout(ctx, "p2", "m1.0", nil)
	require.NoError(t, err, "its process is told of what is in force already")

	again, err := w.merge("m1", harbin.ID, harbin_.ID)
	require.NoError(t, err, "sent again it is as it was made")
	require.Equal(t, made.AreaChangeResult, again.AreaChangeResult)
	listed, err := w.AreaChanges(ctx, aid.Page{Limit: 9})
	require.NoError(t, err)
	require.Equal(t, []string{"m1", "by decree 7", "c1"}, []string{string(listed.Items[0].ID), listed.Items[0].Reason, string(listed.Items[0].By)})
	require.Error(t, w.sql("DELETE FROM area_changes"), "an act is never forgotten")
	w.sound()
}

// TestTheOldIDStandsForTheSuccessor wherever it is named, and what lay below lies below
// the successor.
func TestTheOldIDStandsForTheSuccessor(t *testing.T) {
	t.Parallel()
	w := merging(t)
	ctx := t.Context()
	nangang := aid.Area{ID: "nangang", Parent: harbin.ID, Path: "/hlj/hlj.harbin/nangang/", Level: aid.LevelCounty, NameZh: "南岗"}
	require.NoError(t, w.AddArea(ctx, nangang))
	require.NoError(t, w.sql("UPDATE volunteers SET area_id = 'nangang' WHERE id = 'v3'"))
	mark, err := w.Candidates(ctx, func(aid.Candidate) error { return nil })
	require.NoError(t, err)
	_, err = w.merge("m1", harbin.ID, harbin_.ID)
	require.NoError(t, err)
	told := map[aid.VolunteerID]aid.AreaPath{}
	_, err = w.CandidatesSince(ctx, mark, func(c aid.Candidate) error {
		told[c.ID] = c.AreaPath
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, harbin_.Path, told["v1"], "the index learns it")
	require.EqualValues(t, "/hlj/hlj_harbin/nangang/", told["v3"], "of those below too")

	a, err := w.Area(ctx, harbin.ID)
	require.NoError(t, err)
	require.Equal(t, harbin_.ID, a.ID)
	all, err := w.Areas(ctx, aid.Page{Limit: 9})
	require.NoError(t, err)
	require.Len(t, all.Items, 3, "the province, the successor and what is below it")
	below, err := w.Area(ctx, "nangang")
	require.NoError(t, err)
	require.EqualValues(t, "/hlj/hlj_harbin/nangang/", below.Path)
	require.Equal(t, harbin_.ID, below.Parent)
	v, err := w.Volunteer(ctx, "v3")
	require.NoError(t, err)
	require.Equal(t, below.Path, v.AreaPath)

	require.NoError(t, w.AddBeneficiary(ctx, aid.Beneficiary{ID: "b9", Name: "王", Area: harbin.ID, Home: home, Cell: 7}), "who still writes the old id")
	b, err := w.Beneficiaries(ctx, aid.PersonFilter{Areas: []aid.AreaPath{harbin_.Path}}, aid.Page{Limit: 9})
	require.NoError(t, err)
	require.Len(t, b.Items, 2)
	known, err := w.KnownAreas(ctx, []aid.AreaID{harbin.ID, harbin_.ID})
	require.NoError(t, err)
	require.Equal(t, map[aid.AreaID]aid.AreaID{harbin.ID: harbin_.ID, harbin_.ID: harbin_.ID}, known)

	both := aid.Account{ID: "c9", Role: aid.RoleCaseworker, Name: "李"}
	require.NoError(t, w.AddAccount(ctx, both, []aid.AreaID{harbin.ID, harbin_.ID}), "who names one area twice")
	imported := aid.Volunteer{ID: "i1", Name: "赵", Home: home, Cell: 7, Capacity: 1, MaxDistance: 5000}
	for _, want := range []postgres.ImportCount{{Added: 1}, {Unchanged: 1}} {
		count, err := w.ImportVolunteers(ctx, harbin.ID, file(nil, imported), postgres.ImportWatch{})
		require.NoError(t, err)
		require.Equal(t, want, count, "the same file again changes nothing")
	}

	later := aid.Area{ID: "later", Parent: province.ID, Path: "/hlj/later/", Level: aid.LevelPrefecture, NameZh: "后"}
	require.NoError(t, w.AddArea(ctx, later))
	_, err = w.merge("m2", harbin_.ID, "later")
	require.NoError(t, err)
	a, err = w.Area(ctx, harbin.ID)
	require.NoError(t, err)
	require.EqualValues(t, "later", a.ID, "through both merges")
	w.sound()
}

func TestMergesThatCannotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.AddArea(t.Context(), aid.Area{ID: "nangang", Parent: harbin.ID, Path: "/hlj/hlj.harbin/nangang/", Level: aid.LevelCounty, NameZh: "南岗"}))
	require.NoError(t, w.AddArea(t.Context(), aid.Area{ID: "far", Parent: harbin_.ID, Path: "/hlj/hlj_harbin/far/", Level: aid.LevelCounty, NameZh: "远"}))
	for _, c := range []struct {
		area, into aid.AreaID
		says       string
	}{
		{harbin.ID, harbin.ID, "into_id: is the area itself"},
		{harbin.ID, "nangang", "into_id: lies in"},
		{"nangang", harbin_.ID, "into_id: is a prefecture"},
		{"nangang", "far", "into_id: lies under another parent"},
		{harbin.ID, "none", "into_id: \"none\" is not the id of an area"},
		{"none", harbin.ID, "there is no such area"},
	} {
		_, err := w.merge("m1", c.area, c.into)
		require.ErrorContains(t, err, c.says)
	}
	// Of two at once one comes first, and the other is told.
	errs := make(chan error, 2)
	for _, c := range [][3]string{{"m1", "hlj.harbin", "hlj_harbin"}, {"m2", "hlj_harbin", "hlj.harbin"}} {
		go func() {
			_, err := w.merge(c[0], aid.AreaID(c[1]), aid.AreaID(c[2]))
			errs <- err
		}()
	}
	one, other := <-errs, <-errs
	if one != nil {
		one, other = other, one
	}
	require.NoError(t, one)
	require.ErrorContains(t, other, "been merged into")
	w.sound()
}

func (w *world) split(id string, area aid.AreaID, s aid.AreaSplit) (aid.AreaChange, error) {
	w.t.Helper()
	s.New.NameZh = "新区"
	return w.SplitArea(w.t.Context(), aid.AreaChange{ID: aid.AreaChangeID(id), Area: area, Reason: "by decree 8", By: "c1", At: w.now}, s,
		func(source rollout.Source, moved []aid.Organisation) (rollout.Source, bool, error) {
			kinds := map[rollout.Kind]int{{Tier: rollout.Community, Tree: rollout.Regional}: len(moved)}
			return rolloutfile.Split(source, area, rollout.Area{ID: s.New.ID, Lat: 46, Lng: 126, Venue: 1}, s.Areas, kinds)
		})
}

// TestASplitLosesNoCompletion: what somebody of the new area completed counts there, and
// the whole is the same.
func TestASplitLosesNoCompletion(t *testing.T) {
	t.Parallel()
	w := merging(t)
	ctx := t.Context()
	nangang := aid.Area{ID: "nangang", Parent: harbin.ID, Path: "/hlj/hlj.harbin/nangang/", Level: aid.LevelCounty, NameZh: "南岗"}
	require.NoError(t, w.AddArea(ctx, nangang))
	require.NoError(t, w.sql("UPDATE volunteers SET area_id = 'nangang' WHERE id = 'v3'"))
	mark, err := w.Candidates(ctx, func(aid.Candidate) error { return nil })
	require.NoError(t, err)
	before := w.counted()
	made, err := w.split("s1", harbin.ID, aid.AreaSplit{
		New: aid.Area{ID: "new"}, Areas: []aid.AreaID{"nangang"}, Volunteers: []aid.VolunteerID{"v1"}, Organisations: []aid.OrganisationID{"org"}, Beneficiaries: []aid.BeneficiaryID{"b1"},
	})
	require.NoError(t, err)
	require.Equal(t, aid.AreaMoved{Areas: 1, Organisations: 1, Volunteers: 1, Beneficiaries: 1, Accounts: 2}, made.Moved)
	require.Equal(t, []aid.RestatedRollout{{Rollout: "p2", Version: 2}}, made.Rollouts)
	part, err := w.Area(ctx, "new")
	require.NoError(t, err)
	require.EqualValues(t, "/hlj/new/", part.Path)
	require.Equal(t, []any{harbin.Parent, harbin.Level}, []any{part.Parent, part.Level})
	below, err := w.Area(ctx, "nangang")
	require.NoError(t, err)
	require.EqualValues(t, "/hlj/new/nangang/", below.Path)
	told := map[aid.VolunteerID]aid.AreaPath{}
	_, err = w.CandidatesSince(ctx, mark, func(c aid.Candidate) error {
		told[c.ID] = c.AreaPath
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, []aid.AreaPath{"/hlj/new/", "/hlj/new/nangang/"}, []aid.AreaPath{told["v1"], told["v3"]})

	after := map[aid.AreaID]rollout.Progress{}
	for _, l := range w.counted() {
		after[l.Area] = l
	}
	whole := after[""]
	require.Equal(t, []int{before[0].People, before[0].Completed, before[0].Persons, before[0].Finished}, []int{whole.People, whole.Completed, whole.Persons, whole.Finished})
	require.Equal(t, []int{4, 1, 1}, []int{after[harbin.ID].People, after[harbin.ID].Completed, after[harbin.ID].Persons})
	require.Equal(t, []int{1, 1, 1}, []int{after["new"].People, after["new"].Completed, after["new"].Persons}, "of v1; v3 came and missed")
	all, err := w.RolloutCalendar(ctx, "p2")
	require.NoError(t, err)
	require.Equal(t, []rollout.Enrolment{{Area: harbin.ID, People: 1}, {Area: "new", People: 2}}, all[0].From)
	w.sound()

	for field, s := range map[string]aid.AreaSplit{
		"volunteers[1]: \"v4\" does not lie in": {New: aid.Area{ID: "more"}, Volunteers: []aid.VolunteerID{"v2", "v4"}},
		"areas[0]: \"hlj_harbin\" does not lie": {New: aid.Area{ID: "more"}, Areas: []aid.AreaID{harbin_.ID}},
		"id: \"new\" is the id of another area": {New: aid.Area{ID: "new"}, Volunteers: []aid.VolunteerID{"v2"}},
	} {
		_, err := w.split("s2", harbin.ID, s)
		require.ErrorContains(t, err, field)
	}
	_, err = w.merge("m1", harbin.ID, "new")
	require.NoError(t, err, "and back")
	_, err = w.split("s3", harbin.ID, aid.AreaSplit{New: aid.Area{ID: "more"}, Volunteers: []aid.VolunteerID{"v2"}})
	require.Equal(t, aid.Conflict, aid.KindOf(err))
	w.sound()
}
