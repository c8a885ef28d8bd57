package matching

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/index"
)

var here = aid.Point{Lat: 45.75, Lng: 126.64}

func openRequest(t *testing.T, id string, u aid.Urgency, least int, roles ...aid.RequestRole) *aid.HelpRequest {
	t.Helper()
	r, err := aid.OpenRequest(aid.RequestID(id), aid.Need{
		Beneficiary: "b", Location: here, Category: "care", Roles: roles, MinPeople: least, Urgency: u,
		Window: aid.Window{StartsAt: morning, EndsAt: morning.Add(time.Hour)},
	}, "worker", aid.Area{}, 0, morning.Add(-48*time.Hour))
	require.NoError(t, err)
	return r
}

func role(name string, people int, skills ...aid.Skill) aid.RequestRole {
	return aid.RequestRole{Name: name, People: people, Skills: skills}
}

// people makes an index of volunteers v1, v2, … 100 m apart, each with the
// skills and with capacity for two tasks.
func people(t *testing.T, n int, skills ...aid.Skill) *index.Index {
	t.Helper()
	x := index.New()
	for i := 1; i <= n; i++ {
		require.NoError(t, x.Upsert(index.Volunteer{
			ID: aid.VolunteerID(fmt.Sprintf("v%d", i)), Home: aid.Point{Lat: here.Lat + float64(i)*0.0009, Lng: here.Lng},
			Skills: skills, Capacity: 2, MaxDistance: 10_000,
		}))
	}
	return x
}

func round(t *testing.T, x *index.Index, requests ...*aid.HelpRequest) *Plan {
	t.Helper()
	plan, err := Optimal(t.Context(), FromRequests(requests, policy(), x, morning), nil)
	require.NoError(t, err)
	return plan
}

func volunteersOf(picks []aid.Pick) (ids []aid.VolunteerID) {
	for _, k := range picks {
		ids = append(ids, k.Volunteer)
	}
	return ids
}

func TestARoundAsksTheNearestAndNobodyTwice(t *testing.T) {
	t.Parallel()
	x := people(t, 5)
	a, b := openRequest(t, "a", aid.Routine, 1, role("any", 2)), openRequest(t, "b", aid.Routine, 1, role("any", 2))
	picks := round(t, x, a, b).ByRequest()
	all := append(volunteersOf(picks["a"]), volunteersOf(picks["b"])...)
	require.ElementsMatch(t, []aid.VolunteerID{"v1", "v2", "v3", "v4"}, all, "capacity for two, yet asked one thing at a time")

	made := a.MakeOffers("round", picks["a"], aid.DefaultSearchPolicy(), morning.Add(-24*time.Hour))
	require.Len(t, made, 2)
	require.Empty(t, FromRequests([]*aid.HelpRequest{a}, aid.DefaultSearchPolicy(), x, morning).Demands, "nobody more is asked while offers are pending")
}

func TestWhoDeclinedIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	x := people(t, 2)
	r := openRequest(t, "r", aid.Routine, 1, role("any", 1))
	now := morning.Add(-24 * time.Hour)
	for _, want := range []aid.VolunteerID{"v1", "v2"} {
		picks := round(t, x, r).ByRequest()["r"]
		require.Equal(t, []aid.VolunteerID{want}, volunteersOf(picks))
		picks[0].Offer = aid.OfferID("offer-" + want)
		require.Len(t, r.MakeOffers("round", picks, aid.DefaultSearchPolicy(), now), 1)
		require.NoError(t, r.Decline(picks[0].Offer, want, aid.Refusal{Reason: "busy"}, "account", now))
	}
	p := round(t, x, r)
	require.Empty(t, p.Picks)
	require.Equal(t, CauseNobody, p.Open[0].Cause)
	require.Equal(t, map[aid.RequestID]aid.ReasonCounts{"r": {Asked: 2}}, p.Unmatchable())
}

func TestWhoIsKeptApartIsNotPicked(t *testing.T) {
	t.Parallel()
	x := people(t, 3)
	r := openRequest(t, "r", aid.Routine, 1, role("any", 1), role("second", 1))
	r.Apart = []aid.Separation{{Volunteer: "v1"}, {Volunteer: "v2", From: "v3"}}
	require.ElementsMatch(t, []aid.VolunteerID{"v2", "v3"}, volunteersOf(round(t, x, r).ByRequest()["r"]),
		"nobody of the two is there yet: the transaction refuses the second")
	r.MakeOffers("round", []aid.Pick{{Offer: "o", Volunteer: "v3"}}, aid.DefaultSearchPolicy(), morning.Add(-24*time.Hour))
	p := round(t, x, r)
	require.Empty(t, p.Picks)
	require.Equal(t, aid.ReasonCounts{Asked: 1, Unsuited: 2}, p.Open[0].Reasons)
}

// policy asks three at once for an urgent seat and one for any other.
func policy() aid.SearchPolicy {
	p := aid.DefaultSearchPolicy()
	p.AsksPerSeat = map[aid.Urgency]int{aid.Routine: 1, aid.Soon: 1, aid.Urgent: 3}
	return p
}

func TestUrgentSeatsGetStandbys(t *testing.T) {
	t.Parallel()
	x := people(t, 4)
	urgent, routine := openRequest(t, "urgent", aid.Urgent, 1, role("any", 1)), openRequest(t, "routine", aid.Routine, 1, role("any", 1))
	p := round(t, x, urgent, routine)
	require.Equal(t, 2, p.Seats, "standby seats are no seats")
	require.Equal(t, 2, p.Filled)
	require.Len(t, p.ByRequest()["urgent"], 3)
	require.Len(t, p.ByRequest()["routine"], 1)
	require.Len(t, urgent.MakeOffers("round", p.ByRequest()["urgent"], aid.DefaultSearchPolicy(), morning.Add(-time.Hour)), 3)

	short := round(t, people(t, 2), openRequest(t, "urgent", aid.Urgent, 1, role("any", 1)), openRequest(t, "routine", aid.Routine, 1, role("any", 1)))
	require.Equal(t, 2, short.Filled, "a standby never takes what fills a seat")
	require.Empty(t, short.Open)
}

func TestAMissedMinimumTakesItsStandbysAlong(t *testing.T) {
	t.Parallel()
	x := people(t, 2)
	crew := openRequest(t, "crew", aid.Urgent, 3, role("any", 3))
	p := round(t, x, crew)
	require.Empty(t, p.Picks)
	require.Equal(t, CauseNobody, p.Open[0].Cause, "there is no third to wait for")
	require.Equal(t, int64(3*40_000_000+6*StandbyPenalty), p.Objective)
	require.LessOrEqual(t, p.DualBound, p.Objective)
}

// The crew lives among the volunteers, so its standbys would have them first.
func TestStandbysOfNobodyHoldNobody(t *testing.T) {
	t.Parallel()
	x := people(t, 4)
	urgent, crew := openRequest(t, "urgent", aid.Urgent, 1, role("any", 1)), openRequest(t, "crew", aid.Urgent, 5, role("any", 5))
	urgent.Location.Lat -= 0.0009
	crew.Location.Lat += 4 * 0.0009 // where v4 lives
	p := round(t, x, urgent, crew)
	require.Equal(t, []aid.VolunteerID{"v1", "v2", "v3"}, volunteersOf(p.ByRequest()["urgent"]), "a seat and two in reserve, the nearest")
	require.Empty(t, p.ByRequest()["crew"])
	var costs int64
	for _, k := range p.Picks {
		costs += k.Cost.Total()
	}
	require.Equal(t, costs+5*40_000_000+10*StandbyPenalty, p.Objective)
	require.LessOrEqual(t, p.DualBound, p.Objective)
}

func TestStandbysMakeNoQuorum(t *testing.T) {
	t.Parallel()
	x := people(t, 8, "driving")
	crew := openRequest(t, "crew", aid.Urgent, 3, role("driver", 2, "driving"), role("nurse", 1, "nursing"))
	require.Empty(t, round(t, x, crew).Picks, "two drivers with four standbys are no crew of three")
}

func TestTheMinimumCountsWhoHasAccepted(t *testing.T) {
	t.Parallel()
	crew := openRequest(t, "crew", aid.Routine, 2, role("any", 3))
	now := morning.Add(-36 * time.Hour)
	crew.MakeOffers("round", []aid.Pick{{Offer: "o1", Volunteer: "v1"}}, aid.DefaultSearchPolicy(), now)
	crew.Vetted = map[aid.VolunteerID]aid.Vetted{"v1": {Active: true}}
	_, err := crew.Accept("o1", "v1", "p1", "account", now)
	require.NoError(t, err)
	p := round(t, people(t, 2), crew)
	require.Equal(t, []aid.VolunteerID{"v2"}, volunteersOf(p.ByRequest()["crew"]), "one more makes the two")
	require.Equal(t, CauseNobody, p.Open[0].Cause)
	require.Empty(t, p.Unmatchable(), "somebody is asked in this plan")
}

func TestRolesOfOneRequest(t *testing.T) {
	t.Parallel()
	x := people(t, 2, "driving")
	require.NoError(t, x.Upsert(index.Volunteer{ID: "nurse", Home: here, Skills: []aid.Skill{"driving", "nursing"}, Capacity: 3, MaxDistance: 1000}))
	both := openRequest(t, "both", aid.Routine, 2, role("driver", 1, "driving"), role("nurse", 1, "nursing"))
	picks := round(t, x, both).ByRequest()["both"]
	require.Len(t, picks, 2)
	require.Equal(t, aid.Pick{Role: 0, Volunteer: "v1", Cost: aid.Cost{Distance: 100}}, picks[0])
	require.Equal(t, aid.Pick{Role: 1, Volunteer: "nurse", Cost: aid.Cost{SpareSkills: 250}}, picks[1])

	require.True(t, x.Remove("nurse"))
	p := round(t, x, both)
	require.Empty(t, p.Picks, "the quorum spans the roles")
	require.Equal(t, map[aid.RequestID]aid.ReasonCounts{"both": {Skill: 2}}, p.Unmatchable())
}

// TestBusyVolunteersAreWaitedFor: who is bound elsewhere is left out, but may
// fall free, so that the search for the request is not at its end.
func TestBusyVolunteersAreWaitedFor(t *testing.T) {
	t.Parallel()
	overlapping := []aid.Window{{StartsAt: morning.Add(30 * time.Minute), EndsAt: morning.Add(2 * time.Hour)}}
	others := []aid.Window{{StartsAt: morning.Add(time.Hour), EndsAt: morning.Add(2 * time.Hour)}, {StartsAt: morning.Add(3 * time.Hour), EndsAt: morning.Add(4 * time.Hour)}}
	away := aid.Availability{From: morning.Add(time.Minute)}
	for name, c := range map[string]struct {
		bound        []aid.Window
		availability aid.Availability
		cause        Cause
		reasons      aid.ReasonCounts
	}{
		"bound at the time":          {overlapping, aid.Availability{}, CauseBusy, aid.ReasonCounts{Time: 1}},
		"no capacity left":           {others, aid.Availability{}, CauseBusy, aid.ReasonCounts{Capacity: 1}},
		"away":                       {nil, away, CauseNobody, aid.ReasonCounts{Time: 1}},
		"away, and bound besides":    {overlapping, away, CauseNobody, aid.ReasonCounts{Time: 1}},
		"capacity, and will be away": {others, away, CauseNobody, aid.ReasonCounts{Time: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := index.New()
			require.NoError(t, x.Upsert(index.Volunteer{ID: "v1", Home: here, Capacity: 2, MaxDistance: 1000, Bound: c.bound, Availability: c.availability}))
			p := round(t, x, openRequest(t, "r", aid.Routine, 1, role("any", 1)))
			require.Empty(t, p.Picks)
			require.Equal(t, []Open{{Request: "r", Seats: 1, Cause: c.cause, Reasons: c.reasons}}, seen(p.Open))
			require.Equal(t, c.cause == CauseNobody, len(p.Unmatchable()) == 1)
		})
	}
}

func TestAMinimumWaitsForBusyPeople(t *testing.T) {
	t.Parallel()
	x := people(t, 2)
	require.NoError(t, x.Upsert(index.Volunteer{
		ID: "busy", Home: here, Capacity: 1, MaxDistance: 1000,
		Bound: []aid.Window{{StartsAt: morning.Add(2 * time.Hour), EndsAt: morning.Add(3 * time.Hour)}},
	}))
	p := round(t, x, openRequest(t, "crew", aid.Routine, 3, role("any", 3)))
	require.Empty(t, p.Picks)
	require.Equal(t, CauseQuorum, p.Open[0].Cause)
	require.Empty(t, p.Unmatchable(), "the third may fall free")
}

func TestProblemsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	x := people(t, 1)
	for name, p := range map[string]Problem{
		"no index":               {},
		"need out of range":      {Index: x, Demands: []Demand{{}}},
		"two roles, no one each": {Index: x, Needs: []Need{{Request: "r"}}, Demands: []Demand{{Query: index.Query{Place: here}}, {Query: index.Query{Place: here}}}},
		"negative seats":         {Index: x, Needs: []Need{{Request: "r"}}, Demands: []Demand{{Seats: -1}}},
		"no place":               {Index: x, Needs: []Need{{Request: "r"}}, Demands: []Demand{{Query: index.Query{Place: aid.Point{Lat: 99}}}}},
		"negative penalty":       {Index: x, Needs: []Need{{Request: "r"}}, Demands: []Demand{{Seats: 1, Penalty: -1}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Optimal(t.Context(), p, nil)
			require.Equal(t, aid.Invalid, aid.KindOf(err), "%v", err)
		})
	}
	empty, err := Optimal(t.Context(), Problem{Index: index.New()}, nil)
	require.NoError(t, err)
	require.Equal(t, &Plan{Method: MethodOptimal, Seconds: empty.Seconds, SolveSeconds: empty.SolveSeconds}, empty)
}

func TestACancelledContextStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := FromRequests([]*aid.HelpRequest{openRequest(t, "r", aid.Routine, 1, role("any", 1))}, aid.DefaultSearchPolicy(), people(t, 1), morning)
	_, err := Optimal(ctx, p, nil)
	require.ErrorIs(t, err, context.Canceled)
}

// forgetful lists all but the cheapest volunteer, as a broken index might.
type forgetful struct{ bmatch.Source }

func (f forgetful) AppendBelow(dst []bmatch.Arc, r int32, limit int64) []bmatch.Arc {
	kept := len(dst)
	dst = f.Source.AppendBelow(dst, r, limit)
	cheapest := -1
	for i := kept; i < len(dst); i++ {
		if cheapest < 0 || dst[i].Cost < dst[cheapest].Cost {
			cheapest = i
		}
	}
	if cheapest >= 0 {
		dst = append(dst[:cheapest], dst[cheapest+1:]...)
	}
	return dst
}

func TestTheCheckerSeesAVolunteerWhomTheSearchLost(t *testing.T) {
	t.Parallel()
	p := FromRequests([]*aid.HelpRequest{openRequest(t, "r", aid.Routine, 1, role("any", 1))}, aid.DefaultSearchPolicy(), people(t, 3), morning)
	m, err := newModel(p, MethodOptimal, nil)
	require.NoError(t, err)
	res, err := bmatch.Solve(t.Context(), &m.instance, bmatch.Options{})
	require.NoError(t, err)
	require.NoError(t, m.check(res, MethodOptimal, nil))

	m.instance.Source = forgetful{m}
	res, err = bmatch.Solve(t.Context(), &m.instance, bmatch.Options{})
	require.NoError(t, err, "the solver cannot know")
	err = m.check(res, MethodOptimal, nil)
	require.ErrorContains(t, err, "the checker refuses the plan")
	require.Equal(t, aid.Internal, aid.KindOf(err))
}
