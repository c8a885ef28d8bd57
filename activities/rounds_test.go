package activities_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/activities/memory"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching"
	"github.com/linli/linli/workflows/contract"
)

// matcher gives plans from a list, the last one for ever, and notes what it was
// asked.
type matcher struct {
	plans []matching.Plan
	seen  [][]aid.RequestID
	then  func() // after each plan is made, before it is carried out
	err   error
}

func (m *matcher) Match(_ context.Context, _ aid.Cell, requests []*aid.HelpRequest, _ aid.SearchPolicy) (*matching.Plan, int, error) {
	if m.err != nil {
		return nil, 0, m.err
	}
	var ids []aid.RequestID
	for _, r := range requests {
		ids = append(ids, r.ID)
	}
	plan := m.plans[min(len(m.seen), len(m.plans)-1)]
	m.seen = append(m.seen, ids)
	if m.then != nil {
		m.then()
	}
	return &plan, 9, nil
}

func (w *world) round(t *testing.T, m *matcher) contract.RoundResult {
	t.Helper()
	value, err := w.runWith(m, contract.ActivityRunRound, contract.RunRound{Shard: shard, Round: "round-1"})
	require.NoError(t, err)
	var out contract.RoundResult
	require.NoError(t, value.Get(&out))
	require.NoError(t, w.store.Check())
	return out
}

func pick(r aid.RequestID, v aid.VolunteerID) matching.Pick {
	return matching.Pick{Request: r, Volunteer: v, Cost: aid.Cost{Distance: 100, SpareSkills: 250}}
}

func nobody(r aid.RequestID, seats int, why aid.ReasonCounts) matching.Open {
	return matching.Open{Request: r, Seats: seats, Cause: matching.CauseNobody, Reasons: why}
}

func TestARoundAsksThePicked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := &matcher{plans: []matching.Plan{{
		Picks: []matching.Pick{pick("r-1", "v-3"), pick("r-2", "v-4"), pick("r-2", "v-5")},
		Seats: 4, Objective: 11, DualBound: 10, Gap: 1. / 11,
		Scarcity: []aid.Scarcity{{Area: "hlj", Cell: 9, OpenSeats: 1, Saving: 9_991_234}, {Area: "hlj", Cell: 8, Saving: 1}},
	}}}
	require.Equal(t, contract.RoundResult{Offers: 3, StillOpen: 1}, w.round(t, m))
	require.Equal(t, [][]aid.RequestID{{"r-1", "r-2", "r-3"}}, m.seen)

	offers := append(w.request(t, "r-1").Offers[2:], w.request(t, "r-2").Offers...)
	ids := map[aid.OfferID]bool{}
	for i, v := range []aid.VolunteerID{"v-3", "v-4", "v-5"} {
		require.Equal(t, v, offers[i].Volunteer)
		require.Equal(t, aid.RoundID("round-1"), offers[i].Round)
		require.Equal(t, aid.Cost{Distance: 100, SpareSkills: 250}, offers[i].Cost)
		require.True(t, aid.ValidID(offers[i].ID))
		ids[offers[i].ID] = true
	}
	require.Len(t, ids, 3, "each offer has an id of its own")

	want := aid.Round{
		ID: "round-1", Shard: shard, Requests: 3, Seats: 4, Volunteers: 9, Offers: 3, Objective: 11, DualBound: 10, Gap: 1. / 11,
		Scarcity: []aid.Scarcity{{Area: "hlj", Cell: 9, OpenSeats: 1, Saving: 9_991_300}, {Area: "hlj", Cell: 8, Saving: 100}},
	}
	got := w.store.Rounds()
	require.Len(t, got, 1)
	require.Empty(t, cmp.Diff(want, got[0], cmpopts.IgnoreFields(aid.Round{}, "StartedAt", "Seconds")))
	require.WithinDuration(t, time.Now(), got[0].StartedAt, time.Minute)
	require.Positive(t, got[0].Seconds)
}

func TestWhoIsTakenMeanwhileIsReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// v-1 is bound to r-1 at that time, of which the first plan knows nothing.
	m := &matcher{plans: []matching.Plan{
		{Picks: []matching.Pick{pick("r-2", "v-1"), pick("r-2", "v-3")}, Seats: 4},
		{Picks: []matching.Pick{pick("r-2", "v-4")}, Seats: 2},
	}}
	require.Equal(t, contract.RoundResult{Offers: 2, StillOpen: 2}, w.round(t, m))
	require.Len(t, m.seen, 2)
	var asked []aid.VolunteerID
	for _, o := range w.request(t, "r-2").Offers {
		asked = append(asked, o.Volunteer)
	}
	require.Equal(t, []aid.VolunteerID{"v-3", "v-4"}, asked)
	require.Equal(t, 4, w.store.Rounds()[0].Seats, "the record is of the first plan")
	require.Equal(t, 2, w.store.Rounds()[0].Offers, "with the offers of all")
}

func TestARoundGivesUpAfterThreePasses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := &matcher{plans: []matching.Plan{{Picks: []matching.Pick{pick("r-2", "v-1")}}}}
	require.Equal(t, contract.RoundResult{StillOpen: 4}, w.round(t, m))
	require.Len(t, m.seen, 3)
	require.Empty(t, w.request(t, "r-2").Offers)
}

func TestNobodyToAskEndsTheSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := &matcher{plans: []matching.Plan{{Open: []matching.Open{
		nobody("r-1", 1, aid.ReasonCounts{Asked: 2}), nobody("r-2", 2, aid.ReasonCounts{TooFar: 5}), nobody("r-3", 1, aid.ReasonCounts{Skill: 5}),
	}}}}
	require.Equal(t, contract.RoundResult{StillOpen: 1}, w.round(t, m))
	require.False(t, w.request(t, "r-1").SearchOver, "somebody has still to answer")
	for id, why := range map[aid.RequestID]aid.ReasonCounts{"r-2": {TooFar: 5}, "r-3": {Skill: 5}} {
		r := w.request(t, id)
		require.Equal(t, aid.RequestUnfilled, r.Status)
		require.Equal(t, why, r.Unmet)
	}
}

// TestNobodyNearbyReachesFartherInTheSameRound by the real engine: the only
// neighbour who could come lives far away.
func TestNobodyNearbyReachesFartherInTheSameRound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.store.AddVolunteer(aid.Volunteer{ID: "far", Home: aid.Point{Lat: 46.6, Lng: 126.65}, Capacity: 1, MaxDistance: 20_000, Active: true})
	staged := aid.DefaultSearchPolicy()
	w.open(t, "r-far", 46.5, 1, 1)
	a := &activities.Rounds{Store: w.store, Matcher: w.index(), Policy: staged}
	env := (&testsuite.WorkflowTestSuite{}).NewTestActivityEnvironment()
	a.RegisterRounds(env)
	_, err := env.ExecuteActivity(contract.ActivityRunRound, contract.RunRound{Shard: shard, Round: "round-1"})
	require.NoError(t, err)
	r := w.request(t, "r-far")
	require.Equal(t, aid.ReachWide, r.Reach)
	require.Len(t, r.Offers, 1)
	require.Equal(t, aid.VolunteerID("far"), r.Offers[0].Volunteer)
}

func TestOutbidSeatsStayOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := &matcher{plans: []matching.Plan{{Open: []matching.Open{
		{Request: "r-2", Seats: 2, Cause: matching.CauseBusy}, {Request: "r-3", Seats: 1, Cause: matching.CauseOutbid},
	}}}}
	require.Equal(t, contract.RoundResult{StillOpen: 4}, w.round(t, m))
	require.Equal(t, aid.RequestOpen, w.request(t, "r-2").Status)
	require.Equal(t, aid.RequestOpen, w.request(t, "r-3").Status)
}

// A seat for which somebody is asked is not open, even while more people could be
// asked for it at once: a round for them alone would find nobody new.
func TestStandbyPlacesAreNotOpenSeats(t *testing.T) {
	t.Parallel()
	w := &world{store: &memory.Store{Now: func() time.Time { return noon }}}
	r, err := aid.OpenRequest("r-1", aid.Need{
		Beneficiary: "b-1", Location: aid.Point{Lat: 45.75, Lng: 126.65}, Category: "company",
		Roles: []aid.RequestRole{{Name: "companion", People: 2}}, Urgency: aid.Urgent,
		Window: aid.Window{StartsAt: noon.Add(time.Hour), EndsAt: noon.Add(2 * time.Hour)},
	}, "caseworker", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, noon)
	require.NoError(t, err)
	w.store.Add(r, shard)
	m := &matcher{plans: []matching.Plan{{Picks: []matching.Pick{pick("r-1", "v-1")}}}}
	require.Equal(t, contract.RoundResult{Offers: 1, StillOpen: 1}, w.round(t, m))
	m.plans = []matching.Plan{{Picks: []matching.Pick{pick("r-1", "v-2")}}}
	require.Equal(t, contract.RoundResult{Offers: 2}, w.round(t, m), "in all tries of the round")
}

func TestARequestDecidedMeanwhileStopsNobodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := &matcher{plans: []matching.Plan{{
		Picks: []matching.Pick{pick("r-1", "v-3"), pick("r-2", "v-4")},
		Open:  []matching.Open{nobody("r-3", 1, aid.ReasonCounts{Skill: 5})},
	}}}
	m.then = func() {
		for _, id := range []aid.RequestID{"r-1", "r-3"} {
			_, err := w.store.Change(t.Context(), id, func(r *aid.HelpRequest, now time.Time) error { return r.Cancel("", "caseworker", now) })
			require.NoError(t, err)
		}
	}
	require.Equal(t, contract.RoundResult{Offers: 1, StillOpen: 1}, w.round(t, m))
	require.Len(t, w.request(t, "r-1").Offers, 2)
	require.Equal(t, aid.RequestCancelled, w.request(t, "r-3").Status)
	require.Equal(t, aid.VolunteerID("v-4"), w.request(t, "r-2").Offers[0].Volunteer)
}

// A store may also refuse one request by a conflict, or say that it is gone.
func TestAConflictOfOneRequestStopsNobodyElse(t *testing.T) {
	t.Parallel()
	plan := matching.Plan{
		Picks: []matching.Pick{pick("r-1", "v-3"), pick("r-2", "v-4")},
		Open:  []matching.Open{nobody("r-3", 1, aid.ReasonCounts{Skill: 5})},
	}
	for name, c := range map[string]struct {
		call int
		kind aid.Kind
	}{
		"offers in conflict": {2, aid.Conflict},
		"offers of nothing":  {2, aid.NotFound},
		"end in conflict":    {4, aid.Conflict},
		"end of nothing":     {4, aid.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.fault = &fault{c.call, memory.Before, aid.Errorf(c.kind, "decided meanwhile")}
			w.round(t, &matcher{plans: []matching.Plan{plan}})
			require.Nil(t, w.fault, "it happened")
			require.Len(t, w.request(t, "r-2").Offers, 1)
			require.Equal(t, []string{"SeekingRequests", "BeginRound", "MakeOffers", "MakeOffers", "NobodyLeft", "SeekingRequests", "EndRound"}, w.calls)
		})
	}
}

// What a round told its process and wrote down holds for all its tries, of which
// the last may find nothing left to do.
func TestARoundThatIsTriedAgainIsOneRound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := matching.Plan{
		Picks: []matching.Pick{pick("r-1", "v-3"), pick("r-2", "v-4"), pick("r-2", "v-5")},
		Open:  []matching.Open{nobody("r-3", 1, aid.ReasonCounts{Skill: 5})}, Seats: 4, Objective: 11, DualBound: 10,
	}
	m := &matcher{plans: []matching.Plan{first, {Seats: 1, Objective: 7}}}
	w.fault = &fault{call: 5, when: memory.Before, err: lost} // the counting of what is still open
	run := contract.RunRound{Shard: shard, Round: "round-1"}
	_, err := w.runWith(m, contract.ActivityRunRound, run)
	require.Error(t, err)
	began := w.store.Rounds()[0].StartedAt
	require.Equal(t, contract.RoundResult{Offers: 3}, w.round(t, m))
	got := w.store.Rounds()
	require.Len(t, got, 1)
	require.Equal(t, 4, got[0].Seats)
	require.Equal(t, int64(11), got[0].Objective)
	require.Equal(t, 3, got[0].Offers)
	require.Equal(t, began, got[0].StartedAt)
}

// The first request waits until the second is being written too.
func TestRequestsOfARoundAreWrittenAtOneTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	both := make(chan struct{}, 2)
	w.store.Fault = func(call string, when memory.When) error {
		if call != "MakeOffers" || when != memory.Before {
			return nil
		}
		both <- struct{}{}
		deadline := time.After(3 * time.Second)
		for len(both) < 2 {
			select {
			case <-deadline:
				return aid.Errorf(aid.Internal, "one after the other")
			case <-time.After(time.Millisecond):
			}
		}
		return nil
	}
	m := &matcher{plans: []matching.Plan{{Picks: []matching.Pick{pick("r-1", "v-3"), pick("r-2", "v-4")}}}}
	rounds := &activities.Rounds{Store: w.store, Matcher: m, Policy: policy(), AtOnce: 2}
	out, err := rounds.RunRound(t.Context(), contract.RunRound{Shard: shard, Round: "round-1"})
	require.NoError(t, err)
	require.Equal(t, 2, out.Offers)
}

func TestAnEmptyShardHasNoRound(t *testing.T) {
	t.Parallel()
	w := &world{store: &memory.Store{Now: func() time.Time { return noon }}}
	m := &matcher{}
	require.Equal(t, contract.RoundResult{}, w.round(t, m))
	require.Empty(t, m.seen)
	require.Empty(t, w.store.Rounds(), "that there was nothing to do is no news")
}

func TestAMatcherThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.runWith(&matcher{err: lost}, contract.ActivityRunRound, contract.RunRound{Shard: shard, Round: "round-1"})
	require.Error(t, err)
	require.Empty(t, w.store.Rounds())
}

// The real engine over the same people: nearest first, nobody twice, and what
// nobody can do is told with its reason.
func TestARoundByTheRealEngine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	value, err := w.run(contract.ActivityRunRound, contract.RunRound{Shard: shard, Round: "round-1"})
	require.NoError(t, err)
	var out contract.RoundResult
	require.NoError(t, value.Get(&out))
	require.Equal(t, contract.RoundResult{Offers: 3}, out)
	require.NoError(t, w.store.Check())
	unfilled := w.request(t, "r-3")
	require.Equal(t, aid.RequestUnfilled, unfilled.Status)
	require.Equal(t, aid.ReasonCounts{Skill: 5}, unfilled.Unmet)
	require.Equal(t, aid.RequestOffered, w.request(t, "r-2").Status)
	require.Equal(t, w.store.Rounds()[0].Objective, w.store.Rounds()[0].DualBound)
}
