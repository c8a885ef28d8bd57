package worker_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/embedded/embeddedtest"
	"github.com/linli/linli/matching/grid"
	"github.com/linli/linli/matching/live"
	"github.com/linli/linli/postgres"
	"github.com/linli/linli/processes"
	"github.com/linli/linli/worker"
	"github.com/linli/linli/workflows/contract"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

// patience is how long a test waits for what happens behind its back.
const patience = 30 * time.Second

var (
	harbin = aid.Area{ID: "hlj", Path: "/hlj/", Level: aid.LevelProvince, NameZh: "黑龙江省", NameEn: "Heilongjiang"}
	home   = aid.Point{Lat: 45.75, Lng: 126.65}
	quiet  = slog.New(slog.DiscardHandler)
)

// system is all real parts but the API: a database, a namespace, the client side
// of the processes, and workers when a test starts them.
type system struct {
	testing.TB
	store     *postgres.Store
	temporal  client.Client
	processes *processes.Processes
	policy    aid.SearchPolicy
	standing  aid.StandingPolicy
	now       time.Time // of the database, when the test began
	steps     atomic.Int64
	mail      letterbox
}

func newSystem(t testing.TB) *system {
	t.Helper()
	url := embeddedtest.Database(t, postgres.Migrate, postgres.MigrationsDigest())
	address, namespace := embeddedtest.Namespace(t)
	s := &system{TB: t, policy: aid.DefaultSearchPolicy(), standing: aid.DefaultStandingPolicy()}
	s.policy.Stay = nil // everybody is asked at once
	var err error
	s.store, err = postgres.Open(t.Context(), url, postgres.WithLogger(quiet))
	require.NoError(t, err)
	t.Cleanup(s.store.Close)
	s.temporal, err = processes.Dial(address, namespace, quiet)
	require.NoError(t, err)
	t.Cleanup(s.temporal.Close)
	s.processes = processes.New(s.temporal, s.store, shardOf, time.Second)
	require.NoError(t, s.store.AddArea(t.Context(), harbin))
	require.NoError(t, s.store.AddAccount(t.Context(), aid.Account{ID: "c1", Role: aid.RoleCaseworker, Name: "李"}, []aid.AreaID{harbin.ID}))
	require.NoError(t, s.store.AddBeneficiary(t.Context(), aid.Beneficiary{ID: "b1", Name: "王", Area: harbin.ID, Home: home, Cell: cellOf(home)}))
	s.now, err = s.store.Now(t.Context())
	require.NoError(t, err)
	return s
}

func cellOf(p aid.Point) aid.Cell {
	c, err := grid.CellOf(p, grid.Home)
	if err != nil {
		panic(err)
	}
	return c
}

func shardOf(c aid.Cell) aid.Cell {
	shard, err := grid.ShardOf(c)
	if err != nil {
		panic(err)
	}
	return shard
}

// volunteers registers people, the first ones nearest, each with an account.
func (s *system) volunteers(n int) {
	s.Helper()
	for i := range n {
		at := aid.Point{Lat: home.Lat + float64(i+1)*0.0005, Lng: home.Lng}
		id := volunteer(i)
		require.NoError(s, s.store.AddVolunteer(s.Context(), aid.Volunteer{
			ID: id, Name: "张", Area: harbin.ID, Home: at, Cell: cellOf(at), Capacity: 1, MaxDistance: 50_000, Active: true,
		}))
		require.NoError(s, s.store.AddAccount(s.Context(), aid.Account{ID: aid.AccountID(id), Role: aid.RoleVolunteer, Name: "张", Volunteer: id}, nil))
	}
}

func volunteer(i int) aid.VolunteerID { return aid.VolunteerID(fmt.Sprintf("v%02d", i)) }

// open opens an urgent request for some people whose window begins after a while
// and lasts as long again.
func (s *system) open(id aid.RequestID, people int, begins time.Duration) {
	s.Helper()
	s.openFor(id, people, 1, begins)
}

// crew opens one that nobody is helped by unless all come.
func (s *system) crew(id aid.RequestID, people int, begins time.Duration) {
	s.Helper()
	s.openFor(id, people, people, begins)
}

func (s *system) openFor(id aid.RequestID, people, least int, begins time.Duration) {
	s.Helper()
	now, err := s.store.Now(s.Context())
	require.NoError(s, err)
	r, err := aid.OpenRequest(id, aid.Need{
		Beneficiary: "b1", Location: home, Category: "visit", MinPeople: least, Urgency: aid.Urgent,
		Roles:  []aid.RequestRole{{Name: "helper", Skills: []aid.Skill{}, Courses: []aid.CourseID{}, People: people}},
		Window: aid.Window{StartsAt: now.Add(begins), EndsAt: now.Add(2 * begins)},
	}, "c1", harbin, cellOf(home), now)
	require.NoError(s, err)
	require.NoError(s, s.store.OpenRequest(s.Context(), r, shardOf(r.Cell)))
}

// work runs a worker until the test ends or stop is called.
func (s *system) work() (stop func()) {
	s.Helper()
	_, stop = s.worker()
	return stop
}

func (s *system) worker() (w *worker.Worker, stop func()) {
	s.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	index := live.New(s.store, aid.DefaultOfferLimits(), quiet)
	w = &worker.Worker{
		Client:   s.temporal,
		Requests: &activities.Requests{Store: s.store, Policy: s.policy, Visits: aid.DefaultStandingPolicy()},
		Standing: &activities.Standing{Store: s.store, Policy: s.standing, ShardOf: shardOf},
		Rounds:   &activities.Rounds{Store: s.store, Matcher: index, Asker: s.processes, Policy: s.policy},
		Notices: &activities.Notices{
			Store: s.store, Writer: plainWriter{}, Senders: map[aid.Channel]activities.NoticeSender{aid.ChannelEmail: &s.mail}, Now: time.Now,
		},
		Cohorts: &activities.Cohorts{Store: s.store},
		Index:   index,
		Relay:   worker.Relay{Outbox: outbox{s.store}, Deliver: s.processes.Deliver, Log: quiet},
		Sweep:   s.sweep(),
		Log:     quiet,
		Observe: func(string, string, time.Duration) { s.steps.Add(1) },
	}
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	stopped := false
	stop = func() {
		if cancel(); !stopped {
			stopped = true
			require.NoError(s, <-ended)
		}
	}
	s.Cleanup(stop)
	return w, stop
}

func (s *system) sweep() worker.Sweep {
	return worker.Sweep{Facts: s.store, Processes: s.processes, Log: quiet}
}

// outbox is the store as the relay sees it.
type outbox struct{ store *postgres.Store }

func (o outbox) Deliver(ctx context.Context, limit int, deliver func(ctx context.Context, kind, key string, payload []byte) error) (int, error) {
	return o.store.DeliverOutbox(ctx, limit, func(ctx context.Context, m postgres.Message) error {
		return deliver(ctx, m.Kind, m.Key, m.Payload)
	})
}

func (o outbox) News(ctx context.Context) <-chan struct{} {
	return o.store.Listen(ctx, postgres.ChannelOutbox)
}

// until polls a condition.
func (s *system) until(what string, done func() bool) {
	s.Helper()
	require.Eventually(s, done, patience, 20*time.Millisecond, what)
}

// becomes waits for a status.
func (s *system) becomes(id aid.RequestID, status aid.RequestStatus) {
	s.Helper()
	s.until(string(id)+" becomes "+string(status), func() bool { return s.request(id).Status == status })
}

func (s *system) request(id aid.RequestID) *aid.HelpRequest {
	s.Helper()
	r, err := s.store.Request(s.Context(), id)
	require.NoError(s, err)
	require.NoError(s, r.Check())
	return r
}

// ends waits for the process of a request to be over.
func (s *system) ends(id aid.RequestID) {
	s.Helper()
	s.until("the process of "+string(id)+" ends", func() bool {
		running, err := s.processes.IsRunning(s.Context(), id)
		require.NoError(s, err)
		return !running
	})
}

// accept has the volunteer of an offer accept it.
func (s *system) accept(ctx context.Context, o aid.Offer) (contract.Outcome, error) {
	return s.processes.AnswerOffer(ctx, string(o.ID)+"/accept", contract.AnswerOffer{
		Request: o.Request, Offer: o.ID, Volunteer: o.Volunteer, Actor: aid.AccountID(o.Volunteer),
		Answer: contract.AnswerAccept, Pairing: aid.PairingID("p-" + o.ID),
	})
}
