package postgres_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// daily are the windows of a visit each day, from some hours from now on. None goes
// on past midnight: who is away for a day is away from one visit.
func (w *world) daily(inHours, days int) []aid.Window {
	var out []aid.Window
	first := aid.InZone(w.now.Truncate(time.Second).Add(time.Duration(inHours)*time.Hour), aid.DefaultZone)
	if first.Hour() == 23 {
		first = first.Truncate(time.Hour)
	}
	for d := range days {
		from := first.UTC().AddDate(0, 0, d)
		out = append(out, aid.Window{StartsAt: from, EndsAt: from.Add(time.Hour)})
	}
	return out
}

// standing opens a standing pairing of so many daily visits ahead.
func (w *world) standing(id aid.RequestID, inHours, days int) {
	w.t.Helper()
	n := w.need(1, inHours)
	ahead := w.daily(inHours, days)
	n.Window = ahead[0]
	n.Cadence = &aid.Cadence{Rule: "FREQ=DAILY", First: ahead[0].StartsAt, Minutes: 60, Zone: "UTC", ReviewOn: aid.Date{Year: 2990, Month: 1, Day: 2}}
	r, err := aid.OpenRequest(id, n, "c1", harbin, 7, w.now)
	require.NoError(w.t, err)
	r.Ahead = ahead
	require.NoError(w.t, w.OpenRequest(w.t.Context(), r, shard))
	require.Empty(w.t, cmp.Diff(r, w.read(id), asWritten))
}

// advance lets a standing pairing advance with visits ahead for some more days.
func (w *world) advance(id aid.RequestID, ahead []aid.Window, covers map[aid.RequestID]aid.Cover) *aid.HelpRequest {
	w.t.Helper()
	r, err := w.ChangeStanding(w.t.Context(), id, func(r *aid.HelpRequest, facts aid.StandingFacts, now time.Time) error {
		facts.Ahead, facts.Covers = ahead, covers
		r.AdvanceStanding(facts, aid.DefaultStandingPolicy(), now)
		return nil
	})
	require.NoError(w.t, err)
	require.Empty(w.t, cmp.Diff(r, w.read(id), asWritten))
	w.sound()
	return r
}

func TestAStandingPairingBindsEachVisitAndCountsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v", 2)
	w.standing("s", 2, 5)
	w.ask("s", 1, "v")
	w.sound()
	require.Equal(t, 6, w.count("SELECT count(*) FROM reservations"), "the time is promised from the offer on")
	require.Equal(t, 1, w.count("SELECT load FROM volunteers WHERE id = 'v'"))
	require.NoError(t, w.accept(t.Context(), "s", "v"))
	r := w.read("s")
	require.Len(t, r.Visits, 5)
	require.Equal(t, 1, w.count("SELECT load FROM volunteers WHERE id = 'v'"), "visits take up no capacity")
	require.Equal(t, 1, w.count("SELECT version FROM volunteers WHERE id = 'v'"), "the record is what it was")
	w.sound()

	known := map[aid.VolunteerID]aid.Candidate{}
	w.follow(known, 0)
	require.Equal(t, []aid.Window{{}}, known["v"].Bound)
	require.Empty(t, cmp.Diff(r.Ahead, known["v"].Visits, asWritten))

	// At the time of the third visit nobody can ask for them, beside it they can.
	third := w.need(1, 2+48)
	third.Window = r.Ahead[2]
	w.request("clash", third)
	_, refused, err := w.MakeOffers(t.Context(), "round-1", "clash", picks("clash", "v"), asking(1))
	require.NoError(t, err)
	require.Equal(t, []aid.VolunteerID{"v"}, refused)
	w.request("beside", w.need(1, 5))
	w.ask("beside", 1, "v")
	w.sound()
	require.NoError(t, w.sql("DELETE FROM outbox"))

	_, err = w.Change(t.Context(), "s", func(r *aid.HelpRequest, now time.Time) error { return r.Cancel("", "c1", now) })
	require.NoError(t, err)
	require.Equal(t, 1, w.count("SELECT count(*) FROM reservations"))
	require.Equal(t, 1, w.count("SELECT count(*) FROM outbox WHERE kind = 'standing_changed' AND key = 's'"), "its process is told")
	w.sound()
}

func TestNobodyIsAskedForAStandingPairingWhoIsBoundAtOneOfItsVisits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v", 3)
	n := w.need(1, 3)
	n.Window = w.daily(2, 4)[3]
	w.request("once", n)
	w.ask("once", 1, "v")
	w.standing("s", 2, 5)
	_, refused, err := w.MakeOffers(t.Context(), "round-1", "s", picks("s", "v"), asking(1))
	require.NoError(t, err)
	require.Equal(t, []aid.VolunteerID{"v"}, refused)
}

func TestVisitsComeIntoTheHorizon(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v", 3)
	w.standing("s", 2, 3)
	w.ask("s", 1, "v")
	require.NoError(t, w.accept(t.Context(), "s", "v"))
	n := w.need(1, 3)
	n.Window = w.daily(2, 5)[4]
	w.request("once", n) // at the time of a visit that does not exist yet
	w.ask("once", 1, "v")
	require.NoError(t, w.sql("DELETE FROM outbox"))

	r := w.advance("s", w.daily(2, 6), nil)
	require.Len(t, r.Visits, 6)
	require.Equal(t, aid.VisitHandedOver, r.Visits[4].Status, "the volunteer had promised that hour")
	require.Equal(t, aid.HandedOverBound, r.Visits[4].Reason)
	require.Equal(t, aid.VisitPlanned, r.Visits[5].Status)
	require.Equal(t, []aid.Visit{r.Visits[4]}, r.Unsought(w.now))
	require.Zero(t, w.count("SELECT count(*) FROM outbox WHERE kind = 'standing_changed'"), "the process needs not be told what it did")
	before := w.count("SELECT count(*) FROM events")
	again := w.advance("s", w.daily(2, 6), nil)
	require.Empty(t, cmp.Diff(r, again, asWritten))
	require.Equal(t, before, w.count("SELECT count(*) FROM events"))

	_, err := w.ChangeAndTell(t.Context(), "s", func(r *aid.HelpRequest, _ time.Time) error {
		return r.Sought(r.Visits[4].ID, aid.SubstituteID(r.Visits[4].ID))
	})
	require.NoError(t, err)
	require.Equal(t, 1, w.count("SELECT count(*) FROM outbox WHERE kind = 'request_changed' AND key = 's'"))
	require.Empty(t, w.read("s").Unsought(w.now))
}

func TestAnAbsenceIsToldToTheStandingPairingsOfAVolunteer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.volunteer("v", 3)
	w.standing("s", 30, 3)
	w.ask("s", 1, "v")
	require.NoError(t, w.accept(t.Context(), "s", "v"))
	w.standing("other", 50, 3)
	require.NoError(t, w.sql("DELETE FROM outbox"))

	second := aid.DateOf(aid.InZone(w.daily(30, 3)[1].StartsAt, aid.DefaultZone))
	v.Availability.Away = []aid.DateRange{{From: second, To: second}}
	v.Version = 0
	require.NoError(t, w.UpdateVolunteer(t.Context(), v))
	require.Equal(t, 1, w.count("SELECT count(*) FROM outbox WHERE kind = 'standing_changed' AND key = 's'"))
	require.Equal(t, 1, w.count("SELECT count(*) FROM outbox"))
	r := w.advance("s", w.daily(30, 3), nil)
	require.Equal(t, []aid.VisitStatus{aid.VisitPlanned, aid.VisitHandedOver, aid.VisitPlanned},
		[]aid.VisitStatus{r.Visits[0].Status, r.Visits[1].Status, r.Visits[2].Status})
	require.Equal(t, 3, w.count("SELECT count(*) FROM reservations"), "the hour is free again")
	ids, err := w.LiveStanding(t.Context())
	require.NoError(t, err)
	require.Equal(t, []aid.RequestID{"other", "s"}, ids)
}

// A notice of a visit tells when that visit is, not when the pairing began.
func TestANoticeOfAVisitTellsItsTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v", 2)
	account := w.account("v")
	w.standing("s", 2, 5)
	w.ask("s", 1, "v")
	require.NoError(t, w.accept(t.Context(), "s", "v"))
	third := w.read("s").Visits[2]
	policy := aid.DefaultStandingPolicy()
	_, err := w.ChangeStanding(t.Context(), "s", func(r *aid.HelpRequest, facts aid.StandingFacts, _ time.Time) error {
		facts.Ahead = r.Ahead
		r.AdvanceStanding(facts, policy, third.Window.StartsAt.Add(-time.Minute))
		return nil
	})
	require.NoError(t, err)
	var told []aid.Window
	for _, n := range w.notices(account, false) {
		if n.Kind == aid.NoticeVisitReminder {
			told = append(told, n.About.Window)
		}
	}
	require.NotEmpty(t, told)
	require.Contains(t, told, aid.Window{StartsAt: third.Window.StartsAt, EndsAt: third.Window.EndsAt})
}
