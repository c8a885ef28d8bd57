package activities_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/activities/memory"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/cadence"
	"github.com/linli/linli/matching/live"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/workflows/contract"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

const shard = aid.Cell(7)

// world is a small place under way: a request with one pairing, one pending
// offer and one open seat; one that nobody has been asked for, at the same time;
// and one that nobody can ever be asked for. It keeps a list of its calls and
// fails one of them.
type world struct {
	store *memory.Store
	now   time.Time
	asked []bool // the urgent flag of each round that was asked for
	sent  map[aid.NoticeID]bool

	rollouts *memory.Rollouts
	cohorts  map[aid.CohortID]*memory.Cohorts

	mu    sync.Mutex
	calls []string
	fault *fault
}

// fault fails one call, once.
type fault struct {
	call int // its place in the list of calls
	when memory.When
	err  error
}

var lost = aid.Errorf(aid.Unavailable, "the connection is lost")

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{store: &memory.Store{}, now: noon}
	w.store.Now = func() time.Time { return w.now }
	for i := range 5 {
		w.store.AddVolunteer(aid.Volunteer{
			ID: aid.VolunteerID(fmt.Sprintf("v-%d", i+1)), Home: aid.Point{Lat: 45.75 + float64(i)*0.01, Lng: 126.65},
			Skills: []aid.Skill{"listening"}, Capacity: 2, MaxDistance: 20_000, Active: true,
		})
	}
	w.open(t, "r-1", 45.75, 3, 1)
	w.open(t, "r-2", 45.80, 2, 2) // beyond the last volunteer, so that only one plan is cheapest
	w.open(t, "r-3", 45.75, 1, 1, "surgery")
	w.stand(t, "s-1")
	w.stand(t, "s-2")
	w.endWithASubstitute(t)
	ctx := t.Context()
	made, refused, err := w.store.MakeOffers(ctx, "round-0", "r-1", []aid.Pick{
		{Offer: "o-1", Volunteer: "v-1"}, {Offer: "o-2", Volunteer: "v-2"},
	}, policy())
	require.NoError(t, err)
	require.Empty(t, refused)
	require.Len(t, made, 2)
	_, err = w.store.Change(ctx, "r-1", func(r *aid.HelpRequest, now time.Time) error {
		_, err := r.Accept("o-1", "v-1", "p-1", "v.v-1", now)
		return err
	})
	require.NoError(t, err)
	w.notices()
	w.rollout(t)
	w.cohorts = map[aid.CohortID]*memory.Cohorts{}
	w.teach(t, "k-1", func(*training.Cohort) {})
	w.teach(t, "k-2", func(c *training.Cohort) { // only those are left who wait
		c.Capacity, c.Enrolments[0].Status = 1, training.Withdrawn
		c.Enrolments[1].Status = training.Waiting
	})
	w.teach(t, "k-3", func(c *training.Cohort) { require.NoError(t, c.DropOut("t-1", "ill", "t-1", noon)) })
	w.cohorts["k-3"].Trainers = []training.Trainer{{
		Account: "t-2", Home: aid.Point{Lat: 45.75, Lng: 126.65}, MaxDistance: 1000, Monthly: 1, Courses: []aid.CourseID{"care"}, Areas: []aid.AreaPath{"/hlj/"},
	}}
	w.store.Fault, w.rollouts.Fault = w.trip, w.trip
	return w
}

// rollout begins one that has its first plan, and an amendment that waits. One
// trainer takes a cohort in each of two areas next month.
func (w *world) rollout(t *testing.T) {
	t.Helper()
	w.rollouts = &memory.Rollouts{
		Kept:  rollout.Kept{ID: "p-1", Version: 1, Source: rollout.Source{Text: counties}, OpenedBy: "c-1"},
		Staff: training.Staff{Rule: training.Definition{Version: 1}, Organisation: "org", AreaPath: "/hlj/", Trainers: []training.Busy{{Account: "t-1"}}},
		Amendments: map[string]memory.Amendment{
			"a-1": {Source: rollout.Source{Text: strings.Replace(counties, "organisations: 5", "organisations: 6", 1)}, Base: 1},
		},
	}
	_, err := w.run(contract.ActivityPlanRollout, contract.PlanRollout{Rollout: "p-1", Plan: 1, At: noon})
	require.NoError(t, err)
}

// teach opens a cohort with a session after two days and somebody in it, whose place
// is near another cohort.
func (w *world) teach(t *testing.T, id aid.CohortID, change func(*training.Cohort)) {
	t.Helper()
	home := aid.Point{Lat: 45.75, Lng: 126.65}
	p := training.Plan{Course: "care", Version: 1, Trainers: []aid.AccountID{"t-1"}, Capacity: 2, Waiting: 2, Location: home}
	p.Sessions = []training.Session{{During: aid.Window{StartsAt: noon.Add(48 * time.Hour), EndsAt: noon.Add(50 * time.Hour)}}}
	c := training.New(id, p, training.Definition{Course: "care", Version: 1, Attendance: 100}, "/hlj/", "c-1", noon.Add(-time.Hour))
	for _, v := range []aid.VolunteerID{"v-1", "v-2"} {
		_, err := c.Enrol(aid.Volunteer{ID: v, Active: true}, training.ViaSelf, "c-1", noon)
		require.NoError(t, err)
	}
	change(c)
	next := training.Card{Cohort: *training.New("next", p, c.Rule, "/hlj/", "t-1", noon)}
	w.cohorts[id] = &memory.Cohorts{
		Now: func() time.Time { return w.now }, Fault: w.trip,
		Elsewhere: training.Elsewhere{Homes: map[aid.VolunteerID]aid.Point{"v-1": home, "v-2": home}, Open: []training.Card{next}},
	}
	w.cohorts[id].Open(c)
}

// AdvanceCohort advances whichever it is.
func (w *world) AdvanceCohort(ctx context.Context, id aid.CohortID, fn func(*training.Cohort, training.Elsewhere, time.Time) error) (*training.Cohort, error) {
	return w.cohorts[id].AdvanceCohort(ctx, id, fn)
}

// StaffCohorts staffs the one whose trainer has dropped out.
func (w *world) StaffCohorts(ctx context.Context, fn func([]*training.Cohort, []training.Trainer, time.Time) error) error {
	return w.cohorts["k-3"].StaffCohorts(ctx, fn)
}

const counties = `name: counties
costs: {late_month: 1}
announce_weeks: 4
lecturer_km: 1
cohorts_per_lecturer: 1
road_percent: 100
areas:
  - {id: north, tier: county, lat: 45, lng: 126, venue_cohorts: 1, lecturers: 1}
  - {id: south, tier: county, lat: 47, lng: 126, venue_cohorts: 1, lecturers: 1}
audience:
  - {area: north, tier: community, tree: regional, organisations: 9}
  - {area: south, tier: community, tree: regional, organisations: 5}
courses: [{id: one}]
steps:
  - id: s
    run_by: county
    roles: [lead]
    organisations: [{tier: community, tree: regional}]
    courses: [one]
    start: 2026-06
    target: 2026-06
    deadline: 2026-08
    least_size: 1
    most_size: 6
`

// stand opens a standing pairing with a volunteer of its own, who is to come each
// day at one o'clock, and first today.
func (w *world) stand(t *testing.T, id aid.RequestID) {
	t.Helper()
	first := noon.Add(time.Hour)
	c, err := cadence.Read(aid.Cadence{Rule: "FREQ=DAILY", First: first, Minutes: 60, Zone: "UTC"}, noon)
	require.NoError(t, err)
	ahead, err := cadence.Between(c, first, first.Add(72*time.Hour)) // the horizon is to be extended
	require.NoError(t, err)
	far := aid.Point{Lat: 10, Lng: 10}
	r, err := aid.OpenRequest(id, aid.Need{
		Beneficiary: "b-1", Location: far, Category: "company", Urgency: aid.Routine, Window: ahead[0], Cadence: &c,
		Roles: []aid.RequestRole{{Name: "companion", People: 1}},
	}, "caseworker", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, noon)
	require.NoError(t, err)
	r.Ahead = ahead
	w.store.Add(r, 8) // matched in another shard
	who := aid.VolunteerID("v-" + id)
	_, _, err = w.store.MakeOffers(t.Context(), "round-0", id, []aid.Pick{{Offer: aid.OfferID("o-" + id), Volunteer: who}}, policy())
	require.NoError(t, err)
	_, err = w.store.Change(t.Context(), id, func(r *aid.HelpRequest, now time.Time) error {
		_, err := r.Accept(aid.OfferID("o-"+id), who, aid.PairingID("p-"+id), "", now)
		return err
	})
	require.NoError(t, err)
}

// endWithASubstitute ends s-2 while a substitute is sought for its last visit.
func (w *world) endWithASubstitute(t *testing.T) {
	t.Helper()
	r, err := w.store.Change(t.Context(), "s-2", func(r *aid.HelpRequest, now time.Time) error {
		return r.Sought(r.Visits[0].ID, "sub-s-2")
	})
	require.NoError(t, err)
	sub, err := aid.OpenRequest("sub-s-2", r.SubstituteNeed(r.Visits[0], noon), "caseworker", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, noon)
	require.NoError(t, err)
	w.store.Add(sub, 8)
	_, err = w.store.Change(t.Context(), "s-2", func(r *aid.HelpRequest, now time.Time) error { return r.Cancel("", "", now) })
	require.NoError(t, err)
}

// policy asks everybody at once.
func policy() aid.SearchPolicy {
	p := aid.DefaultSearchPolicy()
	p.Stay = nil
	return p
}

func (w *world) open(t *testing.T, id aid.RequestID, lat float64, people, least int, skills ...aid.Skill) {
	t.Helper()
	r, err := aid.OpenRequest(id, aid.Need{
		Beneficiary: "b-1", Location: aid.Point{Lat: lat, Lng: 126.65}, Category: "company",
		Roles: []aid.RequestRole{{Name: "companion", People: people, Skills: skills}}, MinPeople: least, Urgency: aid.Routine,
		Window: aid.Window{StartsAt: noon.Add(48 * time.Hour), EndsAt: noon.Add(50 * time.Hour)},
	}, "caseworker", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, noon)
	require.NoError(t, err)
	w.store.Add(r, shard)
}

// trip notes a call and fails it if it is its turn.
func (w *world) trip(call string, when memory.When) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if when == memory.Before {
		w.calls = append(w.calls, call)
	}
	if f := w.fault; f != nil && f.when == when && f.call == len(w.calls)-1 {
		w.fault = nil
		return f.err
	}
	return nil
}

// AskForRound is the way to the process of the shard.
func (w *world) AskForRound(_ context.Context, _ aid.Cell, urgent bool) error {
	if err := w.trip("AskForRound", memory.Before); err != nil {
		return err
	}
	w.asked = append(w.asked, urgent)
	return w.trip("AskForRound", memory.After)
}

// run runs an activity by its wire name, as a worker does.
func (w *world) run(name string, message any) (converter.EncodedValue, error) {
	return w.runWith(w.index(), name, message)
}

func (w *world) index() *live.Index {
	x := live.New(w.store, policy().Limits, slog.New(slog.DiscardHandler))
	x.Now = w.store.Now
	return x
}

func (w *world) runWith(m activities.Matcher, name string, message any) (converter.EncodedValue, error) {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestActivityEnvironment()
	(&activities.Requests{Store: w.store, Policy: policy()}).Register(env)
	(&activities.Standing{
		Store: w.store, Policy: aid.DefaultStandingPolicy(), ShardOf: func(aid.Cell) aid.Cell { return 8 },
	}).Register(env)
	rounds := &activities.Rounds{Store: w.store, Matcher: m, Asker: w, Policy: policy()}
	(&activities.Notices{Store: w.store, Writer: w, Senders: map[aid.Channel]activities.NoticeSender{aid.ChannelEmail: w}, Now: w.store.Now}).Register(env)
	(&activities.Rollouts{Store: w.rollouts, Cell: func(aid.Point) (aid.Cell, error) { return 7, nil }}).Register(env)
	(&activities.Cohorts{Store: w}).Register(env)
	rounds.RegisterAsking(env)
	rounds.RegisterRounds(env)
	return env.ExecuteActivity(name, message)
}

// runRollouts runs a step of a rollout alone.
func (w *world) runRollouts(steps *activities.Rollouts, name string, message any) (converter.EncodedValue, error) {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestActivityEnvironment()
	steps.Register(env)
	return env.ExecuteActivity(name, message)
}

// notices puts in one notice that is due, one that its reader has read, and one
// that has to wait for the morning.
func (w *world) notices() {
	w.sent = map[aid.NoticeID]bool{}
	for _, n := range []aid.Notice{{ID: "n-due"}, {ID: "n-read", ReadAt: noon}, {ID: "n-night"}} {
		n.Until = noon.Add(72 * time.Hour)
		d := aid.Delivery{Notice: n, Channel: aid.ChannelEmail, To: aid.Contact{
			Language: aid.English, Channels: []aid.Channel{aid.ChannelEmail}, Email: "lin@example.org",
		}}
		if n.ID == "n-night" {
			d.To.Quiet = aid.DailyHours{From: 18 * 60, To: 7 * 60} // it is 20:00 in Shanghai
		}
		w.store.AddDelivery(d)
	}
}

// Write writes a notice's id.
func (w *world) Write(n aid.Notice, _ aid.Contact) (aid.NoticeText, error) {
	return aid.NoticeText{Title: string(n.ID)}, nil
}

// Send is the way to the reader.
func (w *world) Send(_ context.Context, to aid.Contact, n aid.Notice, text aid.NoticeText) error {
	if to.Email == "" || text.Title != string(n.ID) {
		return aid.Errorf(aid.Invalid, "this is no notice for anybody")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent[n.ID] = true
	return nil
}

// request is where a request stands.
func (w *world) request(t *testing.T, id aid.RequestID) *aid.HelpRequest {
	t.Helper()
	fault := w.store.Fault
	w.store.Fault = nil
	defer func() { w.store.Fault = fault }()
	r, err := w.store.Request(t.Context(), id)
	require.NoError(t, err)
	return r
}

// facts are everything that is so in the world, in words, without the ids that a
// round makes up. Each line is there once however often a step was repeated.
func (w *world) facts(t *testing.T) string {
	t.Helper()
	var lines []string
	for _, r := range w.store.Requests() {
		id := r.ID
		for _, v := range r.Visits {
			lines = append(lines, fmt.Sprintf("%s has %s visit at %s, alarm %d, substitute %q", id, v.Status, v.Window.StartsAt, v.Alarm, v.Substitute))
		}
		lines = append(lines, fmt.Sprintf("%s is %s, search over %t, unmet %+v", id, r.Status, r.SearchOver, r.Unmet))
		for _, o := range r.Offers {
			lines = append(lines, fmt.Sprintf("%s has %s offer to %s until %s %s", id, o.Status, o.Volunteer, o.ExpiresAt, o.Reason))
		}
		for _, p := range r.Pairings {
			lines = append(lines, fmt.Sprintf("%s has %s pairing %s of %s in seat %d", id, p.Status, p.ID, p.Volunteer, p.Seat))
		}
	}
	for _, r := range w.store.Rounds() {
		lines = append(lines, fmt.Sprintf("%s planned %d seats of %d requests at %d and made %d offers", r.ID, r.Seats, r.Requests, r.Objective, r.Offers))
	}
	for _, e := range w.store.Events() {
		lines = append(lines, fmt.Sprintf("%s: %s %s %s", e.Request, e.Kind, e.Volunteer, e.Reason))
	}
	for id, outcome := range w.store.Deliveries() {
		lines = append(lines, fmt.Sprintf("%s was sent %t and is %s", id, w.sent[id], outcome.Status))
	}
	for _, p := range w.rollouts.Planned() {
		line := fmt.Sprintf("%d.%d of %s for %v in %s, %s", p.Plan, p.No, p.Course, p.From, p.Month, p.Hindrance)
		if c := w.rollouts.Cohort(p); c != nil {
			line += fmt.Sprintf(", announced for %s with %v by %s", c.First().During.StartsAt, c.Trainers, c.OpenedBy)
		}
		lines = append(lines, line)
	}
	for _, c := range w.rollouts.Checkpoints() {
		lines = append(lines, fmt.Sprintf("checkpoint %+v", c))
	}
	lines = append(lines, fmt.Sprintf("rollout %s has version %d and %d plans", w.rollouts.Kept.Status, w.rollouts.Kept.Version, len(w.rollouts.Plans())))
	for id, k := range w.cohorts {
		c := k.Cohort()
		lines = append(lines, fmt.Sprintf("%s has trainers %v and asks %+v", id, c.Trainers, c.Asks))
		lines = append(lines, fmt.Sprintf("%s is %s with %+v, followed %s, steps %v", id, c.Status, c.Enrolments, c.FollowedAt, c.Steps))
		for _, told := range k.Told() {
			lines = append(lines, fmt.Sprintf("%s tells %+v", id, told))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
