package postgres_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

func TestSeekingRequestsAreThoseOfTheShardThatWantPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(3)
	for _, id := range []aid.RequestID{"open", "offered", "ended", "full"} {
		w.request(id, w.need(1, 3))
	}
	w.request("over", w.need(2, 3)) // of whom one is enough
	elsewhere, err := aid.OpenRequest("elsewhere", w.need(1, 3), "c1", harbin, 7, w.now)
	require.NoError(t, err)
	require.NoError(t, w.OpenRequest(t.Context(), elsewhere, shard+1))
	w.ask("offered", 1, "v000")
	w.ask("over", 1, "v001")
	w.ask("full", 1, "v002")
	require.NoError(t, w.accept(t.Context(), "over", "v001"))
	require.NoError(t, w.accept(t.Context(), "full", "v002"))
	require.NoError(t, w.endSearch("over", aid.ReasonCounts{}))
	_, err = w.Change(t.Context(), "ended", func(r *aid.HelpRequest, now time.Time) error { return r.Cancel("mistake", "c1", now) })
	require.NoError(t, err)

	found, err := w.SeekingRequests(t.Context(), shard)
	require.NoError(t, err)
	require.Len(t, found, 2)
	require.ElementsMatch(t, []aid.RequestID{"open", "offered"}, []aid.RequestID{found[0].ID, found[1].ID})
	for _, r := range found {
		require.Empty(t, cmp.Diff(w.read(r.ID), r, asWritten), "the aggregate is complete")
	}
	shards, err := w.SeekingShards(t.Context())
	require.NoError(t, err)
	require.Equal(t, []aid.Cell{shard, shard + 1}, shards)
}

// TestASeatThatNobodyIsAskedForMakesItsShardSeek: whoever is asked, holds a seat
// or is not wanted any more leaves nothing to do for a round.
func TestASeatThatNobodyIsAskedForMakesItsShardSeek(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(2)
	w.request("r", w.need(2, 3))
	seeks := func(want bool, when string) {
		t.Helper()
		shards, err := w.SeekingShards(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, len(shards) == 1, when)
	}
	seeks(true, "opened")
	w.ask("r", 1, "v000")
	seeks(true, "one of two is asked")
	w.ask("r", 1, "v001")
	seeks(false, "both are asked")
	require.NoError(t, w.accept(t.Context(), "r", "v000"))
	require.NoError(t, w.accept(t.Context(), "r", "v001"))
	seeks(false, "both have accepted")
	_, err := w.Change(t.Context(), "r", func(r *aid.HelpRequest, now time.Time) error {
		return r.Withdraw(r.Pairings[0].ID, "unwell", "v000", now)
	})
	require.NoError(t, err)
	seeks(true, "one has withdrawn")
	require.NoError(t, w.endSearch("r", aid.ReasonCounts{}))
	seeks(false, "nobody is left to ask")
}

func TestMakeOffersLeavesOutWhoIsNoLongerFree(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("free", 1)
	w.volunteer("full", 1)
	w.volunteer("booked", 2)
	gone := w.volunteer("gone", 1)
	gone.Active = false
	require.NoError(t, w.UpdateVolunteer(t.Context(), gone))
	w.request("later", w.need(1, 9))
	w.request("same-time", w.need(1, 3))
	w.ask("later", 1, "full")
	w.ask("same-time", 1, "booked")

	w.request("r1", w.need(9, 3))
	chosen := picks("r1", "free", "full", "booked", "gone", "stranger")
	made, refused, err := w.MakeOffers(t.Context(), "round-2", "r1", chosen, asking(1))
	require.NoError(t, err)
	require.Len(t, made, 1)
	require.Equal(t, aid.VolunteerID("free"), made[0].Volunteer)
	require.Equal(t, []aid.VolunteerID{"full", "booked", "gone", "stranger"}, refused)
	require.Equal(t, 1, w.count("SELECT count(*) FROM outbox WHERE kind = 'request_changed' AND key = 'r1'"))

	made, refused, err = w.MakeOffers(t.Context(), "round-2", "r1", chosen, asking(1))
	require.NoError(t, err)
	require.Empty(t, made, "making the same offers again changes nothing")
	require.Equal(t, []aid.VolunteerID{"full", "booked", "gone", "stranger"}, refused, "whom this request asks is not refused")
	require.Equal(t, 1, w.count("SELECT count(*) FROM outbox WHERE kind = 'request_changed' AND key = 'r1'"))
}

func TestAVolunteerServesOneRequestAfterTheOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v", 2)
	w.request("r1", w.need(1, 3))
	w.request("r2", w.need(1, 4)) // begins at the instant at which r1 ends
	w.ask("r1", 1, "v")
	w.ask("r2", 1, "v")
}

func TestEndSearchTellsTheProcessOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.request("r1", w.need(1, 3))
	counts := aid.ReasonCounts{TooFar: 4, Skill: 2}
	for range 2 {
		require.NoError(t, w.endSearch("r1", counts))
	}
	r := w.read("r1")
	require.Equal(t, aid.RequestUnfilled, r.Status)
	require.Equal(t, counts, r.Unmet)
	require.Equal(t, 1, w.count("SELECT count(*) FROM outbox WHERE kind = 'request_changed' AND key = 'r1'"))
	require.Equal(t, aid.NotFound, aid.KindOf(w.endSearch("absent", counts)))
}

func TestRoundsAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := aid.Round{ID: "round-1", Shard: shard, StartedAt: w.now, Seconds: 0.5, Requests: 3, Seats: 4, Volunteers: 5, Objective: 100, DualBound: 90, Gap: 0.1, SolveSeconds: 0.25, Warm: true}
	second := first
	second.ID, second.StartedAt = "round-2", w.now.Add(time.Second)
	ctx := t.Context()
	require.NoError(t, w.BeginRound(ctx, first))
	require.NoError(t, w.BeginRound(ctx, second))
	page, err := w.Rounds(ctx, aid.Page{Limit: 10})
	require.NoError(t, err)
	require.Empty(t, cmp.Diff([]aid.Round{second, first}, page.Items, asWritten))

	w.volunteers(2)
	w.request("r", w.need(2, 3))
	w.ask("r", 1, "v000", "v001") // in the first round
	_, err = w.Change(ctx, "r", func(r *aid.HelpRequest, now time.Time) error {
		return r.Decline(offerID("r", "v001"), "v001", aid.Refusal{Reason: "busy"}, "", now)
	})
	require.NoError(t, err)
	again := first
	again.StartedAt, again.Seats, again.Objective = w.now.Add(time.Minute), 1, 7
	require.NoError(t, w.BeginRound(ctx, again), "a try that follows is the same round")
	for id, want := range map[aid.RoundID]int{"round-1": 2, "round-2": 0, "absent": 0} {
		offers, err := w.EndRound(ctx, id, w.now.Add(90*time.Second))
		require.NoError(t, err)
		require.Equal(t, want, offers, "%s: declined ones were made too", id)
	}
	first.Offers, first.Seconds, second.Seconds = 2, 90, 89
	page, err = w.Rounds(ctx, aid.Page{Limit: 10})
	require.NoError(t, err)
	require.Empty(t, cmp.Diff([]aid.Round{second, first}, page.Items, asWritten))
	_, err = w.EndRound(ctx, "round-1", w.now.Add(-time.Hour))
	require.NoError(t, err)
	page, err = w.Rounds(ctx, aid.Page{Limit: 10})
	require.NoError(t, err)
	require.Zero(t, page.Items[1].Seconds, "clocks of two workers may differ")
}

// Whatever a round knew of people may have changed until its offers are written.
func TestWhomARoundChoseIsJudgedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.need(9, 5)
	n.Roles[0].Courses = []aid.CourseID{"care"}
	w.request("r1", n)
	all := []aid.VolunteerID{"well"}
	w.known("well", aid.Vetting{}, aid.CourseHeld{Course: "care"})
	day := aid.DateOf(aid.InZone(n.Window.StartsAt, aid.DefaultZone))
	for id, change := range map[aid.VolunteerID]func(*aid.Volunteer){
		"inactive":  func(v *aid.Volunteer) { v.Active = false },
		"unskilled": func(v *aid.Volunteer) { v.Skills = []aid.Skill{"driving"} },
		"untrained": func(v *aid.Volunteer) { v.Courses = nil },
		"lapsed":    func(v *aid.Volunteer) { v.Courses[0].Until = w.ago(1) },
		"away":      func(v *aid.Volunteer) { v.Availability.Away = []aid.DateRange{{From: day, To: day}} },
		"moved":     func(v *aid.Volunteer) { v.Home.Lat++ },
		"nearer":    func(v *aid.Volunteer) { v.Home.Lat, v.MaxDistance = home.Lat+0.02, 2000 },
	} {
		v := w.known(id, aid.Vetting{}, aid.CourseHeld{Course: "care"})
		change(&v)
		require.NoError(t, w.UpdateVolunteer(t.Context(), v))
		all = append(all, id)
	}
	made, refused, err := w.MakeOffers(t.Context(), "round-1", "r1", picks("r1", all...), asking(1))
	require.NoError(t, err)
	require.Len(t, made, 1)
	require.Equal(t, aid.VolunteerID("well"), made[0].Volunteer)
	require.ElementsMatch(t, all[1:], refused)
	w.sound()
}
