package postgres_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/merit"
	"github.com/linli/linli/postgres"
)

// visiting makes a world in which v000 has come to a request's visit, half an
// hour ago, and gives the visit.
func visiting(t *testing.T) (*world, aid.VisitID) {
	t.Helper()
	w := newWorld(t)
	w.volunteers(2)
	n := w.need(1, 0)
	n.Window.StartsAt = n.Window.StartsAt.Add(-30 * time.Minute)
	w.request("r1", n)
	w.ask("r1", 1, "v000")
	require.NoError(t, w.accept(t.Context(), "r1", "v000"))
	id := w.read("r1").Visits[0].ID
	w.visited(id, func(r *aid.HelpRequest, now time.Time) (bool, error) {
		return r.CheckIn(id, aid.Evidence{Means: aid.MeansPosition, Cell: r.Cell, At: n.Window.StartsAt}, "v.v000", now)
	})
	return w, id
}

// visited changes the request r1 by its visit and requires that the tables follow.
func (w *world) visited(id aid.VisitID, fn func(r *aid.HelpRequest, now time.Time) (bool, error)) {
	w.t.Helper()
	after, err := w.Change(w.t.Context(), "r1", func(r *aid.HelpRequest, now time.Time) error {
		_, err := fn(r, now)
		return err
	})
	require.NoError(w.t, err)
	require.Empty(w.t, cmp.Diff(after, w.read("r1"), asWritten))
	w.sound()
}

func TestAVisitIsKeptWithWhatItEarned(t *testing.T) {
	t.Parallel()
	w, id := visiting(t)
	ctx := t.Context()
	require.Regexp(t, `^[0-9]{6}$`, w.read("r1").Visits[0].Code)
	request, volunteer, err := w.RequestOfVisit(ctx, id)
	require.NoError(t, err)
	require.Equal(t, aid.RequestID("r1"), request)
	require.Equal(t, aid.VolunteerID("v000"), volunteer)
	_, _, err = w.RequestOfVisit(ctx, "vis-none")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	_, err = w.Record(ctx, id)
	require.Equal(t, aid.NotFound, aid.KindOf(err), "nothing is earned before the end")

	w.visited(id, func(r *aid.HelpRequest, now time.Time) (bool, error) {
		return r.CheckOut(id, aid.Evidence{Means: aid.MeansPosition, Cell: r.Cell}, "v.v000", now)
	})
	v := w.read("r1").Visits[0]
	record, err := w.Record(ctx, id)
	require.NoError(t, err)
	want, _ := merit.Earned(v)
	require.Empty(t, cmp.Diff(want, record, cmp.AllowUnexported(merit.Record{})))
	require.Equal(t, merit.OwnWord, record.Grade)

	w.visited(id, func(r *aid.HelpRequest, now time.Time) (bool, error) {
		r.Visits[0].VouchedAt, r.Visits[0].VouchedBy, r.Visits[0].Overlap = now, "v.lead", "ovl"
		return false, nil
	})
	require.Equal(t, aid.AccountID("v.lead"), w.read("r1").Visits[0].VouchedBy)
	require.Equal(t, aid.RequestID("ovl"), w.read("r1").Visits[0].Overlap)
	record, err = w.Record(ctx, id)
	require.NoError(t, err)
	require.Equal(t, merit.CrewLead, record.Grade)

	w.visited(id, func(r *aid.HelpRequest, now time.Time) (bool, error) { return false, r.ConfirmVisit(id, "c1", now) })
	record, err = w.Record(ctx, id)
	require.NoError(t, err)
	require.Equal(t, merit.BothSides, record.Grade, "a confirmation betters the record")
	require.Equal(t, 1, w.count("SELECT count(*) FROM events WHERE kind = 'visit_confirmed' AND visit_id = $1 AND actor = 'c1'", string(id)))
}

// Two who come where nobody comes alone are recorded from when both were there, and
// not any more once it turns out that they never met.
func TestServiceTogetherIsRecordedAsFarAsItWas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(2)
	n := w.need(2, 0)
	n.Window.StartsAt, n.MinPeople, n.Risk = n.Window.StartsAt.Add(-30*time.Minute), 2, aid.Risk{Class: "pairs", TwoDeep: true}
	for _, v := range []aid.VolunteerID{"v000", "v001"} {
		who, err := w.Volunteer(t.Context(), v)
		require.NoError(t, err)
		who.Vetting.BirthDate = w.ago(40)
		require.NoError(t, w.UpdateVolunteer(t.Context(), who))
	}
	w.request("r1", n)
	w.ask("r1", 1, "v000", "v001")
	for _, v := range []aid.VolunteerID{"v000", "v001"} {
		require.NoError(t, w.accept(t.Context(), "r1", v))
	}
	first, second := w.read("r1").Visits[0].ID, w.read("r1").Visits[1].ID
	start := n.Window.StartsAt
	note := func(id aid.VisitID, minute int, mark func(*aid.HelpRequest, aid.VisitID, aid.Evidence, aid.AccountID, time.Time) (bool, error)) {
		t.Helper()
		w.visited(id, func(r *aid.HelpRequest, now time.Time) (bool, error) {
			return mark(r, id, aid.Evidence{Means: aid.MeansCaseworker, At: start.Add(time.Duration(minute) * time.Minute)}, "c1", now)
		})
	}
	note(first, 10, (*aid.HelpRequest).CheckIn)
	require.Equal(t, aid.VisitPlanned, w.read("r1").Visits[0].Status)
	note(first, 25, (*aid.HelpRequest).CheckOut)
	_, err := w.Record(t.Context(), first)
	require.Equal(t, aid.NotFound, aid.KindOf(err), "waiting is no service")

	note(second, 5, (*aid.HelpRequest).CheckIn)
	record, err := w.Record(t.Context(), first)
	require.NoError(t, err)
	require.Equal(t, 15, record.Minutes())
	told := "SELECT count(*) FROM outbox WHERE kind = 'request_changed' AND key = 'r1'"
	before := w.count(told)
	note(second, 8, (*aid.HelpRequest).CheckOut)
	_, err = w.Record(t.Context(), first)
	require.Equal(t, aid.NotFound, aid.KindOf(err), "they never met")
	require.Equal(t, before+1, w.count(told), "whoever is missing is an alarm again")
}

// TestTheAuditAsksWhoWasThere: two, of whom one holds the course of the class, and who
// have neither left nor withdrawn before the visit was to begin.
func TestTheAuditAsksWhoWasThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(2)
	n := w.need(2, 0)
	n.Window.StartsAt, n.MinPeople = n.Window.StartsAt.Add(-30*time.Minute), 2
	w.request("r1", n)
	w.ask("r1", 1, "v000", "v001")
	for _, v := range []aid.VolunteerID{"v000", "v001"} {
		require.NoError(t, w.accept(t.Context(), "r1", v))
	}
	require.NoError(t, w.sql("UPDATE visits SET status = 'begun', in_at = starts_at, in_means = 'caseworker', begun_at = starts_at"))
	second := string(w.read("r1").Visits[1].ID)
	alone := func(statement string) bool {
		t.Helper()
		require.NoError(t, w.sql(statement))
		found, err := w.Findings(t.Context())
		require.NoError(t, err)
		return slices.ContainsFunc(found, func(f postgres.Finding) bool { return f.Invariant == "begun_together" })
	}
	require.False(t, alone(`UPDATE help_requests SET risk = '{"two_deep": true}'`))
	require.True(t, alone(`UPDATE help_requests SET risk = '{"two_deep": true, "course": "basics"}'`), "nobody holds the course")
	require.False(t, alone(`UPDATE request_roles SET courses = '{basics}'`))
	require.True(t, alone(`UPDATE visits SET in_at = starts_at - interval '20 min', begun_at = starts_at - interval '10 min';
		UPDATE visits SET status = 'done', out_at = starts_at - interval '5 min', out_means = 'caseworker' WHERE id = '`+second+`'`), "one left before")
	require.False(t, alone(`UPDATE visits SET status = 'begun', out_at = NULL, out_means = '' WHERE id = '`+second+`'`))
	require.True(t, alone(`UPDATE pairings SET status = 'withdrawn', reason = 'busy', ended_at = now() - interval '1 day'
		WHERE id = (SELECT pairing_id FROM visits WHERE id = '`+second+`')`), "one had withdrawn")
}

func TestWhatWasJudgedStays(t *testing.T) {
	t.Parallel()
	w, id := visiting(t)
	ctx := t.Context()
	w.visited(id, func(r *aid.HelpRequest, now time.Time) (bool, error) {
		return r.CheckOut(id, aid.Evidence{Means: aid.MeansCaseworker}, "c1", now)
	})
	disputed, err := w.ChangeRecord(ctx, id, func(r *merit.Record, now time.Time) error { return r.Dispute("not_done", "v.v000", now) })
	require.NoError(t, err)
	require.Equal(t, merit.Disputed, disputed.Standing)
	w.visited(id, func(r *aid.HelpRequest, now time.Time) (bool, error) { return false, r.ConfirmVisit(id, "c1", now) })
	read, err := w.Record(ctx, id)
	require.NoError(t, err)
	require.Equal(t, merit.Disputed, read.Standing)
	require.Equal(t, merit.OwnWord, read.Grade, "what is in dispute is not bettered behind its back")
	require.Zero(t, read.Minutes())

	_, err = w.ChangeRecord(ctx, id, func(r *merit.Record, now time.Time) error { return r.Settle(merit.Struck, "co1", now) })
	require.NoError(t, err)
	read, err = w.Record(ctx, id)
	require.NoError(t, err)
	require.Equal(t, merit.Struck, read.Standing)
	require.Equal(t, aid.AccountID("co1"), read.SettledBy)
	require.Equal(t, "not_done", read.Reason)
	require.Equal(t, 1, w.count("SELECT count(*) FROM events WHERE kind = 'service_settled' AND request_id = 'r1' AND visit_id = $1", string(id)))
	_, err = w.ChangeRecord(ctx, id, func(r *merit.Record, now time.Time) error { return r.Dispute("other", "v.v000", now) })
	require.Equal(t, aid.ReasonSettled, aid.ReasonOf(err))
	_, err = w.ChangeRecord(ctx, "vis-none", func(*merit.Record, time.Time) error { return nil })
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	w.sound()
}

func TestVisitsAndRecordsAreListedToThoseWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	w, id := visiting(t)
	ctx := t.Context()
	w.visited(id, func(r *aid.HelpRequest, now time.Time) (bool, error) {
		return r.CheckOut(id, aid.Evidence{Means: aid.MeansCaseworker}, "c1", now)
	})
	w.request("r2", w.need(1, 5))
	w.ask("r2", 1, "v001")
	require.NoError(t, w.accept(ctx, "r2", "v001"))
	last := w.read("r2").Visits[0]
	later, done := last.ID, w.read("r1").Visits[0].Window

	all := aid.VisitFilter{Areas: []aid.AreaPath{harbin.Path}}
	for name, test := range map[string]struct {
		filter aid.VisitFilter
		want   []aid.VisitID
	}{
		"of the area, the latest first": {all, []aid.VisitID{later, id}},
		"of another area":               {aid.VisitFilter{Areas: []aid.AreaPath{harbin_.Path}}, nil},
		"of nobody":                     {aid.VisitFilter{}, nil},
		"of one volunteer":              {aid.VisitFilter{Volunteer: "v001"}, []aid.VisitID{later}},
		"of one request":                {aid.VisitFilter{Areas: all.Areas, Request: "r1"}, []aid.VisitID{id}},
		"that are planned":              {aid.VisitFilter{Areas: all.Areas, Statuses: []aid.VisitStatus{aid.VisitPlanned}}, []aid.VisitID{later}},
		"that end later":                {aid.VisitFilter{Areas: all.Areas, From: done.EndsAt}, []aid.VisitID{later}},
		"that end as late":              {aid.VisitFilter{Areas: all.Areas, From: done.EndsAt.Add(-time.Second)}, []aid.VisitID{later, id}},
		"that begin before":             {aid.VisitFilter{Areas: all.Areas, Until: last.Window.StartsAt}, []aid.VisitID{id}},
	} {
		page, err := w.Visits(ctx, test.filter, aid.Page{Limit: 9})
		require.NoError(t, err, name)
		var ids []aid.VisitID
		for _, v := range page.Items {
			ids = append(ids, v.ID)
		}
		require.Equal(t, test.want, ids, name)
	}
	first, err := w.Visits(ctx, all, aid.Page{Limit: 1})
	require.NoError(t, err)
	second, err := w.Visits(ctx, all, aid.Page{Limit: 1, After: first.Next})
	require.NoError(t, err)
	require.Equal(t, []aid.VisitID{later, id}, []aid.VisitID{first.Items[0].ID, second.Items[0].ID})
	require.Empty(t, second.Next)

	for name, test := range map[string]struct {
		filter merit.Filter
		want   int
	}{
		"of the area":      {merit.Filter{Areas: all.Areas}, 1},
		"of another":       {merit.Filter{Areas: []aid.AreaPath{harbin_.Path}}, 0},
		"of nobody":        {merit.Filter{}, 0},
		"of one volunteer": {merit.Filter{Volunteer: "v000"}, 1},
		"of another one":   {merit.Filter{Volunteer: "v001"}, 0},
		"that are struck":  {merit.Filter{Volunteer: "v000", Standings: []merit.Standing{merit.Struck}}, 0},
		"that are counted": {merit.Filter{Volunteer: "v000", Standings: []merit.Standing{merit.Counted}}, 1},
	} {
		page, err := w.Records(ctx, test.filter, aid.Page{Limit: 9})
		require.NoError(t, err, name)
		require.Len(t, page.Items, test.want, name)
	}
}
