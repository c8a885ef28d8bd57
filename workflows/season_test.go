package workflows_test

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/activities/memory"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/cadence"
	"github.com/linli/linli/workflows"
	"github.com/linli/linli/workflows/contract"
)

const (
	seasons        = 10 // towns side by side, each with a script of its own
	seasonPairings = 20 // of each
	seasonPool     = 30 // volunteers of each who can stand in
	seasonDays     = 90
	seasonTick     = 30 * time.Minute // how often people do something
	// seasonSlack is how late an alarm may be after its clock or the end of an
	// outage: the longest pause between two tries, and a little.
	seasonSlack = time.Minute
)

// season is ninety days of standing pairings with the people in them. Their
// processes are real and run in the time-skipping environment; the people act by
// a script that a seed makes.
type season struct {
	*testsuite.TestWorkflowEnvironment
	t       *testing.T
	store   *memory.Store
	random  *rand.Rand
	outages []aid.Window
	people  map[aid.VolunteerID]aid.Volunteer

	comes   map[aid.VisitID]int // ticks after the beginning at which they check in; -1: never
	leaving map[aid.RequestID]time.Time
	vacant  map[aid.RequestID]time.Time // since when the pairing has nobody
	renewed map[aid.VolunteerID]bool
}

func newSeason(t *testing.T, seed uint64) *season {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	s := &season{
		TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment(), t: t, store: &memory.Store{},
		random: rand.New(rand.NewPCG(seed, 1)), people: map[aid.VolunteerID]aid.Volunteer{}, comes: map[aid.VisitID]int{},
		leaving: map[aid.RequestID]time.Time{}, vacant: map[aid.RequestID]time.Time{}, renewed: map[aid.VolunteerID]bool{},
	}
	s.SetStartTime(noon)
	s.SetTestTimeout(5 * time.Minute)
	s.store.Now = s.Now
	workflows.Register(s)
	(&activities.Standing{
		Store: s.store, Policy: aid.DefaultStandingPolicy(), ShardOf: func(aid.Cell) aid.Cell { return shard },
	}).Register(s)
	s.RegisterWorkflowWithOptions(s.script, workflow.RegisterOptions{Name: "season"})
	for _, from := range []int{11, 40, 71} {
		begin := noon.Add(time.Duration(from)*24*time.Hour - 4*time.Hour) // over the morning's visits
		s.outages = append(s.outages, aid.Window{StartsAt: begin, EndsAt: begin.Add(5 * time.Hour)})
	}
	return s
}

// away tells whether the store is away at an instant.
func (s *season) away(at time.Time) bool {
	return slices.ContainsFunc(s.outages, func(o aid.Window) bool { return !at.Before(o.StartsAt) && at.Before(o.EndsAt) })
}

// chance is true that often in a hundred.
func (s *season) chance(percent int) bool { return s.random.IntN(100) < percent }

func (s *season) enrol(id aid.VolunteerID, v aid.Volunteer) {
	v.ID, v.Home, v.MaxDistance, v.Active = id, place, 5000, true
	s.people[id] = v
	s.store.AddVolunteer(v)
}

// settle writes who there is and pairs them: most visits are weekly, some daily;
// some volunteers will be away, some will leave, and of some the course lapses.
func (s *season) settle() {
	for i := range seasonPool {
		s.enrol(aid.VolunteerID(fmt.Sprintf("pool-%03d", i)), aid.Volunteer{Capacity: 4, Courses: []aid.CourseHeld{{Course: "care"}}})
	}
	for i := range seasonPairings {
		id, v := aid.RequestID(fmt.Sprintf("r-%03d", i)), aid.VolunteerID(fmt.Sprintf("v-%03d", i))
		who := aid.Volunteer{Capacity: 1, Courses: []aid.CourseHeld{{Course: "care"}}}
		switch i % 10 {
		case 3: // away for one to two weeks
			from := noon.AddDate(0, 0, 15+s.random.IntN(50))
			who.Availability.Away = []aid.DateRange{{From: aid.DateOf(from), To: aid.DateOf(from.AddDate(0, 0, 7+s.random.IntN(7)))}}
		case 5:
			s.leaving[id] = noon.AddDate(0, 0, 10+s.random.IntN(60))
		case 7:
			who.Courses[0].Until = aid.DateOf(noon.AddDate(0, 0, 20+s.random.IntN(40)))
		}
		s.enrol(v, who)
		s.open(id, i)
		s.pair(id, v)
	}
}

func (s *season) open(id aid.RequestID, i int) {
	rule := "FREQ=WEEKLY"
	if i%20 == 0 {
		rule = "FREQ=DAILY"
	}
	first := noon.Add(time.Duration(24+s.random.IntN(6*24))*time.Hour - 3*time.Hour) // at some hour of the coming week
	c, err := cadence.Read(aid.Cadence{Rule: rule, First: first, Minutes: 60 + 30*s.random.IntN(3), Zone: "Asia/Shanghai"}, noon)
	require.NoError(s.t, err)
	ahead, err := cadence.Between(c, first, first.Add(aid.Horizon))
	require.NoError(s.t, err)
	r, err := aid.OpenRequest(id, aid.Need{
		Beneficiary: "b-1", Location: place, Category: "company", Urgency: aid.Urgencies[i%3], Window: ahead[0], Cadence: &c,
		Roles: []aid.RequestRole{{Name: "companion", People: 1, Courses: []aid.CourseID{"care"}}},
	}, "caseworker", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, noon)
	require.NoError(s.t, err)
	r.Ahead = ahead
	s.store.Add(r, shard)
}

// pair asks a volunteer for a request, who accepts; false when they are not free.
func (s *season) pair(id aid.RequestID, v aid.VolunteerID) bool {
	offer := aid.OfferID(fmt.Sprintf("o-%s-%s", id, v))
	made, _, err := s.store.MakeOffers(s.t.Context(), "round", id, []aid.Pick{{Offer: offer, Volunteer: v}}, aid.DefaultSearchPolicy())
	require.NoError(s.t, err)
	if len(made) == 0 {
		return false
	}
	s.change(id, func(r *aid.HelpRequest, now time.Time) error {
		_, err := r.Accept(offer, v, aid.PairingID("p-"+offer), "", now)
		return err
	})
	return true
}

func (s *season) change(id aid.RequestID, fn func(*aid.HelpRequest, time.Time) error) {
	_, err := s.store.Change(s.t.Context(), id, fn)
	require.NoError(s.t, err)
}

// script starts the processes and lets the days pass. It is never replayed, and
// its require calls are what makes it a test.
//
//workflowcheck:ignore
func (s *season) script(ctx workflow.Context) error {
	for _, r := range s.store.Requests() {
		child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
			WorkflowID: contract.StandingPairingWorkflowID(r.ID), ParentClosePolicy: enums.PARENT_CLOSE_POLICY_ABANDON,
		})
		run := workflow.ExecuteChildWorkflow(child, contract.WorkflowStandingPairing, contract.StandingInput{Request: r.ID})
		if err := run.GetChildWorkflowExecution().Get(ctx, nil); err != nil {
			return err
		}
	}
	s.store.Fault = func(string, memory.When) error {
		if s.away(s.Now()) {
			return aid.Errorf(aid.Unavailable, "the database is away")
		}
		return nil
	}
	for range seasonDays * int(24*time.Hour/seasonTick) {
		if err := workflow.Sleep(ctx, seasonTick); err != nil {
			return err
		}
		if !s.away(s.Now()) {
			s.act()
		}
	}
	require.NoError(s.t, s.store.Check())
	for _, r := range s.store.Requests() { // or the processes would go on for ever
		if !r.Status.Ended() {
			s.change(r.ID, func(r *aid.HelpRequest, now time.Time) error { return r.Cancel("no_longer_needed", "", now) })
		}
		if r.Standing() {
			s.tell(r.ID)
		}
	}
	return nil
}

// tell has the process of a standing pairing look.
func (s *season) tell(id aid.RequestID) {
	require.NoError(s.t, s.SignalWorkflowByID(contract.StandingPairingWorkflowID(id), contract.SignalRequestChanged, nil))
}

// act is what people do at one moment.
func (s *season) act() {
	now := s.Now()
	for _, r := range s.store.Requests() {
		if r.Status.Ended() {
			continue
		}
		s.leave(r, now)
		s.fill(r, now)
		for _, v := range r.Visits {
			s.come(r.ID, v, now)
		}
		if !r.Standing() && !now.Before(r.Window.EndsAt) { // as the request's own process does
			s.change(r.ID, func(r *aid.HelpRequest, now time.Time) error {
				if r.Status == aid.RequestPaired {
					return r.Complete("", now)
				}
				r.ExpireOffers(r.Window.EndsAt)
				r.EndSearch(aid.ReasonCounts{}, now)
				return nil
			})
		}
	}
	if now.Hour() != 0 || now.Minute() != 0 {
		return
	}
	require.NoError(s.t, s.store.Check())
	for _, e := range s.store.Events() {
		if e.Kind == aid.EventCourseLapsing && !s.renewed[e.Volunteer] {
			s.renewed[e.Volunteer] = true
			if s.chance(50) {
				who := s.people[e.Volunteer]
				who.Courses = []aid.CourseHeld{{Course: "care"}}
				s.store.AddVolunteer(who)
			}
		}
	}
}

// leave lets a volunteer step back for good, once.
func (s *season) leave(r *aid.HelpRequest, now time.Time) {
	at, leaves := s.leaving[r.ID]
	if !leaves || now.Before(at) {
		return
	}
	delete(s.leaving, r.ID)
	s.change(r.ID, func(r *aid.HelpRequest, now time.Time) error { return r.Withdraw(r.Pairings[0].ID, "moved", "", now) })
	s.vacant[r.ID] = now
	s.tell(r.ID)
}

// fill finds somebody for an open request: at once for a substitute, after days
// for one who left.
func (s *season) fill(r *aid.HelpRequest, now time.Time) {
	if r.Status != aid.RequestOpen || r.Standing() && now.Sub(s.vacant[r.ID]) < 6*24*time.Hour {
		return
	}
	for try := range 5 {
		v := aid.VolunteerID(fmt.Sprintf("pool-%03d", s.random.IntN(seasonPool)))
		if s.pair(r.ID, v) {
			break
		}
		require.Less(s.t, try, 4, "the pool is large enough")
	}
	if r.Standing() {
		s.tell(r.ID)
	}
}

// come checks volunteers in and out: most on time, some late, some never. What an
// outage kept from being written is reported after it.
func (s *season) come(id aid.RequestID, v aid.Visit, now time.Time) {
	start := v.Window.StartsAt
	if now.Before(start) || v.Status != aid.VisitPlanned && v.Status != aid.VisitBegun {
		return
	}
	late, decided := s.comes[v.ID]
	if !decided {
		switch {
		case s.chance(88):
			late = 0
		case s.chance(40):
			late = 1 + s.random.IntN(2)
		default:
			late = -1
		}
		s.comes[v.ID] = late
	}
	at := start.Add(time.Duration(late) * seasonTick)
	if late < 0 || now.Before(at) || !at.Before(v.Window.EndsAt) {
		return
	}
	s.change(id, func(r *aid.HelpRequest, now time.Time) error {
		there := aid.Evidence{Means: aid.MeansPosition, Cell: r.Cell, At: at}
		if v.Status == aid.VisitPlanned {
			_, err := r.CheckIn(v.ID, there, "", now)
			return err
		}
		if now.Before(v.Window.EndsAt) {
			return nil
		}
		there.At = v.Window.EndsAt
		_, err := r.CheckOut(v.ID, there, "", now)
		return err
	})
}

// TestASeasonLosesNoVisit: absences, leavers, lapsed certificates and outages in
// ninety days of two hundred standing pairings.
func TestASeasonLosesNoVisit(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	kinds, visits := map[aid.EventKind]int{}, 0
	t.Run("towns", func(t *testing.T) {
		for town := range seasons {
			t.Run(fmt.Sprint(town), func(t *testing.T) {
				t.Parallel()
				s := newSeason(t, uint64(town))
				s.settle()
				s.ExecuteWorkflow("season")
				require.True(t, s.IsWorkflowCompleted())
				require.NoError(t, s.GetWorkflowError())
				n := s.judge()
				mu.Lock()
				defer mu.Unlock()
				visits += n
				for _, e := range s.store.Events() {
					kinds[e.Kind]++
				}
			})
		}
	})
	require.Greater(t, visits, 2900)
	for _, kind := range []aid.EventKind{
		aid.EventVisitReminded, aid.EventVisitOverdue, aid.EventVisitHandedOver, aid.EventSubstituteWanted, aid.EventVisitUncovered,
		aid.EventVisitMissed, aid.EventCourseLapsing, aid.EventRequestReopened,
	} {
		require.Greater(t, kinds[kind], 10, "%s happened in the season", kind)
	}
}

// judge looks back on a season and gives how many visits it had.
func (s *season) judge() int {
	t := s.t
	s.store.Fault = nil
	told := map[aid.VisitID]map[aid.EventKind]time.Time{}
	for _, e := range s.store.Events() {
		if e.Visit == "" {
			continue
		}
		if told[e.Visit] == nil {
			told[e.Visit] = map[aid.EventKind]time.Time{}
		}
		require.NotContains(t, told[e.Visit], e.Kind, "%s of %s is said once", e.Kind, e.Visit)
		told[e.Visit][e.Kind] = e.At
	}
	requests := map[aid.RequestID]*aid.HelpRequest{}
	for _, r := range s.store.Requests() {
		requests[r.ID] = r
	}
	visits := 0
	for _, r := range requests {
		if r.Standing() {
			visits += s.followed(r, requests, told, noon.AddDate(0, 0, seasonDays-1))
		}
	}
	s.nobodyIsInTwoPlaces(requests)
	return visits
}

// followed requires of every visit of a cadence that somebody came to it, or that
// the caseworker was asked; and that each alarm came by its clock. It gives the
// number of visits.
func (s *season) followed(r *aid.HelpRequest, requests map[aid.RequestID]*aid.HelpRequest, told map[aid.VisitID]map[aid.EventKind]time.Time, end time.Time) int {
	t := s.t
	want, err := cadence.Between(*r.Cadence, noon, end)
	require.NoError(t, err)
	policy := aid.DefaultStandingPolicy()
	for _, w := range want {
		cared := false
		for _, v := range r.Visits {
			if !v.Window.StartsAt.Equal(w.StartsAt) || v.Status == aid.VisitCancelled {
				continue
			}
			_, uncovered := told[v.ID][aid.EventVisitUncovered]
			cared = cared || v.Status == aid.VisitDone || uncovered || covered(requests[v.Substitute])
			s.alarmedInTime(r, v, told[v.ID], policy, requests[v.Substitute])
		}
		require.True(t, cared, "the visit of %s at %s is lost", r.ID, w.StartsAt)
	}
	return len(want)
}

func covered(sub *aid.HelpRequest) bool {
	return sub != nil && slices.ContainsFunc(sub.Visits, func(v aid.Visit) bool { return !v.In.At.IsZero() })
}

// alarmedInTime: who has not come by the grace is asked, and so on, each by its
// clock or, if that ran out during an outage, right after it.
func (s *season) alarmedInTime(r *aid.HelpRequest, v aid.Visit, told map[aid.EventKind]time.Time, p aid.StandingPolicy, sub *aid.HelpRequest) {
	t := s.t
	check := func(kind aid.EventKind, at time.Time, unless time.Time) {
		for _, o := range s.outages {
			if !at.Before(o.StartsAt) && at.Before(o.EndsAt) {
				at = o.EndsAt
			}
		}
		raised, was := told[kind]
		if !was {
			require.False(t, unless.IsZero() || unless.After(at.Add(seasonTick)), "%s of %s should have been raised at %s", kind, v.ID, at)
			return
		}
		require.False(t, raised.After(at.Add(seasonSlack)), "%s of %s was due at %s and came at %s", kind, v.ID, at, raised)
	}
	begun := told[aid.EventVisitBegun]
	stood := time.Time{}
	if covered(sub) {
		stood = sub.Visits[0].In.At
	}
	grace := v.Window.StartsAt.Add(p.Grace[r.Urgency])
	if _, over := told[aid.EventVisitHandedOver]; over {
		check(aid.EventVisitUncovered, grace, stood)
		return
	}
	check(aid.EventVisitOverdue, grace, begun)
	check(aid.EventSubstituteWanted, grace.Add(p.Answer[r.Urgency]), begun)
	first := begun
	if first.IsZero() || !stood.IsZero() && stood.Before(first) {
		first = stood
	}
	check(aid.EventVisitUncovered, grace.Add(p.Answer[r.Urgency]+p.Cover[r.Urgency]), first)
}

// nobodyIsInTwoPlaces compares what visits bound of each volunteer's time.
func (s *season) nobodyIsInTwoPlaces(requests map[aid.RequestID]*aid.HelpRequest) {
	bound := map[aid.VolunteerID][]aid.Visit{}
	for _, r := range requests {
		for _, v := range r.Visits {
			if v.Status == aid.VisitPlanned || !v.In.At.IsZero() {
				bound[v.Volunteer] = append(bound[v.Volunteer], v)
			}
		}
	}
	for who, visits := range bound {
		slices.SortFunc(visits, func(a, b aid.Visit) int { return a.Window.StartsAt.Compare(b.Window.StartsAt) })
		for i := range visits[1:] {
			require.False(s.t, visits[i].Window.Overlaps(visits[i+1].Window), "%s is in two places: %+v", who, visits[i:i+2])
		}
	}
}
