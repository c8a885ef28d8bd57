package workflows

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/activities/memory"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/live"
	"github.com/linli/linli/workflows/contract"
)

var epoch = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

const shard aid.Cell = 0x834f9efffffffff

var harbin = aid.Point{Lat: 45.75, Lng: 126.64}

// scene is one help request with its process under a clock that skips, the real
// steps over a store in memory, and rounds that match by the real engine as soon
// as they are asked for.
type scene struct {
	*testing.T
	env    *testsuite.TestWorkflowEnvironment
	store  *memory.Store
	need   aid.Need
	people []aid.Volunteer

	mu     sync.Mutex
	asked  []bool // the urgent flag of each round that was asked for
	closed bool   // rounds are asked for but do not run
	refuse error  // rounds cannot be asked for
	fail   func(call string, after bool) error
}

// stage sets a scene: one seat, 48 hours ahead, for two hours.
func stage(t *testing.T) *scene {
	t.Helper()
	s := &scene{T: t, store: &memory.Store{}}
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	s.env = suite.NewTestWorkflowEnvironment()
	s.env.SetStartTime(epoch)
	s.env.SetTestTimeout(20 * time.Second)
	s.store.Now = s.env.Now
	s.store.Changed = func(aid.RequestID) { s.env.SignalWorkflow(contract.SignalRequestChanged, nil) }
	s.store.Fault = func(call string, when memory.When) error {
		s.mu.Lock()
		fail := s.fail
		s.mu.Unlock()
		if fail == nil {
			return nil
		}
		return fail(call, when == memory.After)
	}
	s.need = aid.Need{
		Beneficiary: "b1", Location: harbin, Category: "visit", Urgency: aid.Routine,
		Roles:  []aid.RequestRole{{Name: "visitor", People: 1}},
		Window: aid.Window{StartsAt: epoch.Add(48 * time.Hour), EndsAt: epoch.Add(50 * time.Hour)},
	}
	requests := &activities.Requests{Store: s.store, Policy: aid.DefaultSearchPolicy()}
	requests.Register(s.env)
	(&activities.Rounds{Asker: s}).RegisterAsking(s.env)
	Register(s.env)
	return s
}

// volunteers adds people who live next door, the first ones nearest.
func (s *scene) volunteers(ids ...aid.VolunteerID) {
	for i, id := range ids {
		s.people = append(s.people, aid.Volunteer{
			ID: id, Home: aid.Point{Lat: harbin.Lat + float64(i+1)*0.001, Lng: harbin.Lng},
			Capacity: 1, MaxDistance: 5000, Active: true,
		})
	}
}

// AskForRound notes the wish and runs the round at once.
func (s *scene) AskForRound(ctx context.Context, shard aid.Cell, urgent bool) error {
	s.mu.Lock()
	s.asked = append(s.asked, urgent)
	closed, refuse := s.closed, s.refuse
	s.mu.Unlock()
	if closed || refuse != nil {
		return refuse
	}
	rounds := &activities.Rounds{
		Store: s.store, Matcher: live.New(s, slog.New(slog.DiscardHandler)), Policy: aid.DefaultSearchPolicy(),
	}
	_, err := rounds.RunRound(ctx, contract.RunRound{Shard: shard, Round: "round"})
	return err
}

// Candidates feeds the index. One request is all that could bind anybody, and
// whoever it binds it has asked.
func (s *scene) Candidates(_ context.Context, yield func(aid.Candidate) error) (aid.FeedMark, error) {
	for _, v := range s.people {
		if err := yield(aid.Candidate{Volunteer: v}); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// CandidatesSince feeds everybody again.
func (s *scene) CandidatesSince(ctx context.Context, _ aid.FeedMark, yield func(aid.Candidate) error) (aid.FeedMark, error) {
	return s.Candidates(ctx, yield)
}

// run plays the scene to its end and checks that nothing is out of order then.
func (s *scene) run() {
	s.Helper()
	r, err := aid.OpenRequest("r1", s.need, "caseworker", aid.Area{ID: "a1", Path: "a1"}, 0, epoch)
	require.NoError(s, err)
	s.store.Add(r, shard)
	s.env.ExecuteWorkflow(contract.WorkflowHelpRequest, contract.HelpRequestInput{Request: "r1", Shard: shard, Urgency: s.need.Urgency})
	require.True(s, s.env.IsWorkflowCompleted())
	require.NoError(s, s.store.Check())
}

// after has something happen once so much time has passed.
func (s *scene) after(d time.Duration, do func()) { s.env.RegisterDelayedCallback(do, d) }

// breaks has the store fail as fail says from now on; nil mends it.
func (s *scene) breaks(fail func(call string, after bool) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = fail
}

// request is the request as it stands, whether the store is broken or not.
func (s *scene) request() *aid.HelpRequest {
	s.Helper()
	s.mu.Lock()
	broken := s.fail
	s.fail = nil
	s.mu.Unlock()
	defer s.breaks(broken)
	r, err := s.store.Request(s.Context(), "r1")
	require.NoError(s, err)
	return r
}

// reply is what came of an update.
type reply struct {
	accepted bool
	rejected error
	done     bool
	outcome  contract.Outcome
	err      error
	at       time.Time
}

// send puts an update now.
func (s *scene) send(name, id string, message any) *reply {
	r := &reply{}
	s.env.UpdateWorkflow(name, id, &testsuite.TestUpdateCallback{
		OnAccept: func() { r.accepted = true },
		OnReject: func(err error) { r.rejected = err },
		OnComplete: func(out any, err error) {
			r.done, r.err, r.at = true, err, s.env.Now()
			if o, ok := out.(contract.Outcome); ok {
				r.outcome = o
			}
		},
	}, message)
	return r
}

func (s *scene) accept(v aid.VolunteerID) *reply {
	o := s.offer(v)
	return s.send(contract.UpdateAnswerOffer, string(o)+"/accept", contract.AnswerOffer{
		Request: "r1", Offer: o, Volunteer: v, Actor: aid.AccountID(v), Answer: contract.AnswerAccept, Pairing: aid.PairingID("p-" + o),
	})
}

func (s *scene) decline(v aid.VolunteerID) *reply {
	o := s.offer(v)
	return s.send(contract.UpdateAnswerOffer, string(o)+"/decline", contract.AnswerOffer{
		Request: "r1", Offer: o, Volunteer: v, Actor: aid.AccountID(v), Answer: contract.AnswerDecline, Reason: "busy",
	})
}

func (s *scene) cancel(id string) *reply {
	return s.send(contract.UpdateCancelRequest, id, contract.EndRequest{Request: "r1", Actor: "caseworker", Reason: "met_otherwise"})
}

// offer is the last offer made to a volunteer; there must be one.
func (s *scene) offer(v aid.VolunteerID) aid.OfferID {
	s.Helper()
	offers := s.request().Offers
	for i := range offers {
		if o := offers[len(offers)-1-i]; o.Volunteer == v {
			return o.ID
		}
	}
	s.Fatalf("no offer was made to %s", v)
	return ""
}

// roundsAsked is how many rounds were asked for so far.
func (s *scene) roundsAsked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked)
}
