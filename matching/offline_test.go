package matching

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/files"
)

var morning = time.Date(2026, 6, 2, 1, 0, 0, 0, time.UTC)

// world is two small files.
type world struct {
	volunteers []files.Volunteer
	requests   []files.Request
}

// drawWorld draws a world small enough to try every plan. With minima, some
// requests want a minimum above one.
func drawWorld(t *rapid.T, minima bool) world {
	var w world
	skills := []aid.Skill{"driving", "first_aid", "haircut"}
	some := func(label string, most int) []aid.Skill {
		return skills[:rapid.IntRange(0, most).Draw(t, label)]
	}
	at := func(label string) aid.Point {
		return aid.Point{
			Lat: 45.75 + float64(rapid.IntRange(-40, 40).Draw(t, label+".lat"))/1000,
			Lng: 126.64 + float64(rapid.IntRange(-40, 40).Draw(t, label+".lng"))/1000,
		}
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "volunteers") {
		id := fmt.Sprintf("v%d", i)
		v := files.Volunteer{
			ID: aid.VolunteerID(id), Home: at(id), Skills: some(id+".skills", 3), Capacity: rapid.IntRange(1, 2).Draw(t, id+".capacity"),
			MaxDistance: rapid.SampledFrom([]float64{1500, 4000, 20_000}).Draw(t, id+".reach"),
		}
		if rapid.Bool().Draw(t, id+".trained") {
			v.Courses = []aid.CourseHeld{{Course: "basics", Until: aid.DateOf(morning)}}
		}
		if rapid.IntRange(0, 3).Draw(t, id+".limited") == 0 {
			v.Availability.Until = morning.Add(24 * time.Hour)
		}
		w.volunteers = append(w.volunteers, v)
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "requests") {
		id := fmt.Sprintf("r%d", i)
		start := morning.Add(time.Duration(rapid.IntRange(0, 1).Draw(t, id+".day")) * 24 * time.Hour)
		r := files.Request{
			ID: aid.RequestID(id), Place: at(id), Skills: some(id+".skills", 1), People: rapid.IntRange(1, 3).Draw(t, id+".people"), MinPeople: 1,
			Urgency: rapid.SampledFrom(aid.Urgencies).Draw(t, id+".urgency"), Window: aid.Window{StartsAt: start, EndsAt: start.Add(2 * time.Hour)},
		}
		if rapid.IntRange(0, 3).Draw(t, id+".course") == 0 {
			r.Courses = []aid.CourseID{"basics"}
		}
		if minima {
			r.MinPeople = rapid.IntRange(1, r.People).Draw(t, id+".min")
		}
		w.requests = append(w.requests, r)
	}
	return w
}

// pairCost is the contract's rule for a pair, written out from its text.
func pairCost(r files.Request, v files.Volunteer) (int64, bool) {
	metres := r.Place.Distance(v.Home)
	record := aid.Volunteer{Skills: v.Skills, Courses: v.Courses}
	if metres > v.MaxDistance || !record.HasSkills(r.Skills) ||
		!record.HoldsCourses(r.Courses, aid.DateOf(r.Window.StartsAt.UTC())) || !v.Availability.Covers(r.Window) {
		return 0, false
	}
	return int64(math.Round(metres)) + 250*int64(len(v.Skills)-len(r.Skills)), true
}

// bruteForce tries every plan: request after request, every set of volunteers.
func bruteForce(w world) int64 {
	return bruteForceWhere(w, func(int, int) bool { return true })
}

// bruteForceWhere tries every plan in which each request has a set of volunteers,
// one bit for each, that may be.
func bruteForceWhere(w world, may func(request, set int) bool) int64 {
	type state struct {
		request  int
		capacity [6]int
	}
	known := map[state]int64{}
	var least func(state) int64
	least = func(s state) int64 {
		if s.request == len(w.requests) {
			return 0
		}
		if cost, ok := known[s]; ok {
			return cost
		}
		r := w.requests[s.request]
		best := int64(math.MaxInt64)
		for set := range 1 << len(w.volunteers) {
			next := state{s.request + 1, s.capacity}
			people, cost, ok := 0, int64(0), may(s.request, set)
			for i, v := range w.volunteers {
				if set>>i&1 == 0 {
					continue
				}
				c, eligible := pairCost(r, v)
				ok = ok && eligible && s.capacity[i] > 0
				next.capacity[i]--
				people++
				cost += c
			}
			if ok && people <= r.People && (people == 0 || people >= r.MinPeople) {
				cost += int64(r.People-people) * 10_000_000 * r.Urgency.Weight()
				if rest := least(next); rest < math.MaxInt64 {
					best = min(best, cost+rest)
				}
			}
		}
		known[s] = best
		return best
	}
	var begin state
	for i, v := range w.volunteers {
		begin.capacity[i] = v.Capacity
	}
	return least(begin)
}

func optimal(ctx context.Context, t require.TestingT, w world) *Plan {
	p, err := FromFiles(w.volunteers, w.requests)
	require.NoError(t, err)
	plan, err := Optimal(ctx, p, nil)
	require.NoError(t, err)
	return plan
}

// requireFeasible holds a plan against the contract and adds up its cost.
func requireFeasible(t require.TestingT, w world, p *Plan) {
	used, people := map[aid.VolunteerID]int{}, map[aid.RequestID]int{}
	pairs := map[Pick]bool{}
	cost := int64(0)
	for _, k := range p.Picks {
		r := w.requests[slices.IndexFunc(w.requests, func(r files.Request) bool { return r.ID == k.Request })]
		v := w.volunteers[slices.IndexFunc(w.volunteers, func(v files.Volunteer) bool { return v.ID == k.Volunteer })]
		c, eligible := pairCost(r, v)
		require.True(t, eligible)
		require.Equal(t, c, k.Cost.Total())
		used[v.ID]++
		people[r.ID]++
		require.LessOrEqual(t, used[v.ID], v.Capacity)
		require.False(t, pairs[Pick{Request: r.ID, Volunteer: v.ID}])
		pairs[Pick{Request: r.ID, Volunteer: v.ID}] = true
		cost += c
	}
	filled, seats := 0, 0
	for _, r := range w.requests {
		n := people[r.ID]
		require.True(t, n <= r.People && (n == 0 || n >= r.MinPeople), "request %s has %d people", r.ID, n)
		cost += int64(r.People-n) * 10_000_000 * r.Urgency.Weight()
		seats += r.People
		filled += n
		i := slices.IndexFunc(p.Open, func(o Open) bool { return o.Request == r.ID })
		require.Equal(t, n < r.People, i >= 0)
		if i >= 0 {
			require.Equal(t, r.People-n, p.Open[i].Seats)
		}
	}
	require.Equal(t, cost, p.Objective)
	require.Equal(t, seats, p.Seats)
	require.Equal(t, filled, p.Filled)
}

func TestOptimalIsAsGoodAsTryingEveryPlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt, false)
		p := optimal(t.Context(), rt, w)
		requireFeasible(rt, w, p)
		require.Equal(rt, bruteForce(w), p.Objective)
		require.Equal(rt, p.Objective, p.DualBound)
		require.Zero(rt, p.Gap)
	})
}

func TestMinimaAreKeptAndTheBoundHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt, true)
		p := optimal(t.Context(), rt, w)
		requireFeasible(rt, w, p)
		least := bruteForce(w)
		require.GreaterOrEqual(rt, p.Objective, least)
		require.LessOrEqual(rt, p.DualBound, least)
		if p.Objective > 0 {
			require.InDelta(rt, float64(p.Objective-p.DualBound)/float64(p.Objective), p.Gap, 1e-12)
		}
	})
}

func TestGreedyIsAPlanAndNeverBetter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt, true)
		p, err := FromFiles(w.volunteers, w.requests)
		require.NoError(rt, err)
		greedy, err := Greedy(t.Context(), p, nil)
		require.NoError(rt, err)
		requireFeasible(rt, w, greedy)
		least := bruteForce(w)
		require.GreaterOrEqual(rt, greedy.Objective, least)
		require.LessOrEqual(rt, greedy.DualBound, least)
		require.Equal(rt, MethodGreedy, greedy.Method)
	})
}

// TestRelations holds plans against plans of changed worlds, where what must
// happen is known without knowing the answer.
func TestRelations(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt, false)
		before := optimal(t.Context(), rt, w).Objective

		turned := world{slices.Clone(w.volunteers), slices.Clone(w.requests)}
		by := rapid.Float64Range(-180, 180).Draw(rt, "turn")
		for i := range turned.volunteers {
			turned.volunteers[i].Home.Lng = math.Remainder(turned.volunteers[i].Home.Lng+by, 360)
		}
		for i := range turned.requests {
			turned.requests[i].Place.Lng = math.Remainder(turned.requests[i].Place.Lng+by, 360)
		}
		require.InDelta(rt, before, optimal(t.Context(), rt, turned).Objective, 12, "turning the Earth moves each seat by a rounding at most")

		mixed := world{slices.Clone(w.volunteers), slices.Clone(w.requests)}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 0))
		r.Shuffle(len(mixed.volunteers), func(i, j int) {
			mixed.volunteers[i], mixed.volunteers[j] = mixed.volunteers[j], mixed.volunteers[i]
		})
		r.Shuffle(len(mixed.requests), func(i, j int) {
			mixed.requests[i], mixed.requests[j] = mixed.requests[j], mixed.requests[i]
		})
		require.Equal(rt, before, optimal(t.Context(), rt, mixed).Objective, "the order of rows does not matter")

		if len(w.volunteers) > 0 {
			fewer := world{w.volunteers[1:], w.requests}
			require.LessOrEqual(rt, before, optimal(t.Context(), rt, fewer).Objective, "one more volunteer never makes it worse")
		}
	})
}

func request(id string, lat float64, people, least int) files.Request {
	return files.Request{
		ID: aid.RequestID(id), Place: aid.Point{Lat: lat, Lng: 126.64}, People: people, MinPeople: least, Urgency: aid.Routine,
		Window: aid.Window{StartsAt: morning, EndsAt: morning.Add(time.Hour)},
	}
}

func volunteer(id string, lat float64) files.Volunteer {
	return files.Volunteer{ID: aid.VolunteerID(id), Home: aid.Point{Lat: lat, Lng: 126.64}, Capacity: 1, MaxDistance: 5000}
}

func TestWhySeatsStayOpen(t *testing.T) {
	t.Parallel()
	w := world{
		[]files.Volunteer{volunteer("a", 45.75), volunteer("b", 45.76), volunteer("remote", 48)},
		[]files.Request{
			request("far_off", 50, 1, 1), // nobody lives near
			request("crew", 45.75, 2, 2), // the two are needed more elsewhere
			request("first", 45.75, 1, 1),
			request("second", 45.76, 2, 1),
		},
	}
	w.requests[2].Urgency, w.requests[3].Urgency = aid.Soon, aid.Soon
	p := optimal(t.Context(), t, w)
	require.Equal(t, []Open{
		{Request: "far_off", Seats: 1, Cause: CauseNobody, Reasons: aid.ReasonCounts{TooFar: 3}},
		{Request: "crew", Seats: 2, Cause: CauseQuorum, Reasons: aid.ReasonCounts{TooFar: 1, Capacity: 2}},
		{Request: "second", Seats: 1, Cause: CauseOutbid, Reasons: aid.ReasonCounts{TooFar: 1, Capacity: 1}},
	}, seen(p.Open))
	require.Equal(t, map[aid.RequestID]aid.ReasonCounts{"far_off": {TooFar: 3}}, p.Unmatchable())
	require.Equal(t, []files.Pair{{Request: "first", Volunteer: "a"}, {Request: "second", Volunteer: "b"}}, p.Pairs())

	problem, err := FromFiles(w.volunteers, w.requests)
	require.NoError(t, err)
	r := p.Report(problem)
	require.Equal(t, files.Report{
		Method: "optimal", Requests: 4, Volunteers: 3, Seats: 6, Filled: 2, Objective: 50_000_000, DualBound: p.DualBound, Gap: p.Gap, Seconds: p.Seconds,
		Unfilled: []files.Unfilled{
			{Request: "far_off", OpenSeats: 1, Reasons: aid.ReasonCounts{TooFar: 3}},
			{Request: "crew", OpenSeats: 2, Reasons: aid.ReasonCounts{TooFar: 1, Capacity: 2}},
			{Request: "second", OpenSeats: 1, Reasons: aid.ReasonCounts{TooFar: 1, Capacity: 1}},
		},
	}, r)
}

func TestWhoHasCapacityLeftIsNoReason(t *testing.T) {
	t.Parallel()
	twice := volunteer("twice", 45.75)
	twice.Capacity = 2
	w := world{[]files.Volunteer{twice}, []files.Request{request("one", 45.75, 1, 1), request("crew", 45.75, 2, 2)}}
	require.Equal(t, []Open{{Request: "crew", Seats: 2, Cause: CauseNobody}}, seen(optimal(t.Context(), t, w).Open))
}

// seen is what others see of open seats.
func seen(open []Open) []Open {
	open = slices.Clone(open)
	for i := range open {
		open[i].could = 0
	}
	return open
}

func TestUrgencyOutweighsDistance(t *testing.T) {
	t.Parallel()
	routine, urgent := request("routine", 45.75, 1, 1), request("urgent", 45.79, 1, 1)
	urgent.Urgency = aid.Urgent
	p := optimal(t.Context(), t, world{[]files.Volunteer{volunteer("a", 45.75)}, []files.Request{routine, urgent}})
	require.Equal(t, aid.RequestID("urgent"), p.Picks[0].Request)
	require.Equal(t, int64(10_000_000+4448), p.Objective)
}

func TestRareSkillsAreKept(t *testing.T) {
	t.Parallel()
	plain, skilled := volunteer("plain", 45.752), volunteer("skilled", 45.7515)
	skilled.Skills = []aid.Skill{"sign_language"}
	p := optimal(t.Context(), t, world{[]files.Volunteer{plain, skilled}, []files.Request{request("r", 45.75, 1, 1)}})
	require.Equal(t, aid.VolunteerID("plain"), p.Picks[0].Volunteer, "222 m against 167 m and 250 for the spare skill")
}

func TestARowThatFailsEndsTheReading(t *testing.T) {
	t.Parallel()
	bad := aid.Errorf(aid.Invalid, "row 3 is wrong")
	read := 0
	_, err := FromRows(func(yield func(files.Volunteer, error) bool) {
		for _, err := range []error{nil, bad, nil} {
			read++
			if !yield(files.Volunteer{ID: "v", Home: aid.Point{Lat: 45, Lng: 126}, MaxDistance: 1, Capacity: 1}, err) {
				return
			}
		}
	}, nil)
	require.ErrorIs(t, err, bad)
	require.Equal(t, 2, read)
}

// Long work says what it is at: first the seats, then the check.
func TestProgressGoesThroughTheSteps(t *testing.T) {
	t.Parallel()
	for name, solve := range map[string]func(context.Context, Problem, Progress) (*Plan, error){"optimal": Optimal, "greedy": Greedy} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := []*aid.HelpRequest{openRequest(t, "a", aid.Routine, 1, role("any", 2)), openRequest(t, "b", aid.Routine, 1, role("any", 1))}
			var steps []Step
			last := map[Step][2]int64{}
			_, err := solve(t.Context(), FromRequests(requests, aid.DefaultSearchPolicy(), people(t, 5), morning), func(step Step, done, total int64) {
				steps = append(steps, step)
				last[step] = [2]int64{done, total}
			})
			require.NoError(t, err)
			require.Equal(t, []Step{StepSeats, StepCheck}, slices.Compact(steps))
			require.Equal(t, map[Step][2]int64{StepSeats: {3, 3}, StepCheck: {2, 2}}, last)
		})
	}
}
