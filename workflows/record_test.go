package workflows_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/activities/memory"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/cadence"
	"github.com/linli/linli/embedded/embeddedtest"
	"github.com/linli/linli/workflows"
	"github.com/linli/linli/workflows/contract"
)

const privateNotes = "the key lies under the flower pot"

// play is one life of a workflow, from which a history is recorded.
type play struct {
	workflow string
	people   int           // 0 for the process of a shard or channel
	least    int           // of them must come
	window   time.Duration // until it begins, and again until it ends
	act      func(*stage)
}

func help(people, least int, window time.Duration, act func(*stage)) play {
	return play{contract.WorkflowHelpRequest, people, least, window, act}
}

func match(act func(*stage)) play { return play{workflow: contract.WorkflowMatchRound, act: act} }

func tell(act func(*stage)) play { return play{workflow: contract.WorkflowNoticeDelivery, act: act} }

func stands(act func(*stage)) play { return play{workflow: contract.WorkflowStandingPairing, act: act} }

func rollsOut(act func(*stage)) play { return play{workflow: contract.WorkflowRollout, act: act} }

func attends(act func(*stage)) play { return play{workflow: contract.WorkflowCohort, act: act} }

// plays are the main paths, by the name of their history.
var plays = map[string]play{
	"rollout":   rollsOut(func(s *stage) { s.checked(4); s.amend() }), // a year of seconds and some more
	"completed": help(1, 1, 3*time.Second, func(s *stage) { s.offer("v-1"); s.accept("v-1") }),
	"crew":      help(3, 2, 3*time.Second, func(s *stage) { s.offer("v-1", "v-2", "v-3"); s.accept("v-1"); s.accept("v-2") }),
	"declined": help(1, 1, 4*time.Second, func(s *stage) {
		s.offer("v-1")
		s.decline("v-1")
		s.asked(2)
		s.offer("v-2")
		s.accept("v-2")
	}),
	"expired": help(1, 1, 10*time.Second, func(s *stage) {
		s.policy.Answer[aid.Routine] = 2 * time.Second
		s.offer("v-1")
		s.asked(2)
		s.cancel()
	}),
	"withdrawn": help(1, 1, 4*time.Second, func(s *stage) {
		s.offer("v-1")
		s.accept("v-1")
		s.withdraw("v-1")
		s.asked(2)
		s.offer("v-2")
		s.accept("v-2")
	}),
	"widened": help(1, 1, 8*time.Second, func(s *stage) { // by its clock: to all, then to the coordinators
		s.asked(3)
		s.cancel()
	}),
	"cancelled":     help(1, 1, time.Hour, func(s *stage) { s.cancel() }),
	"closed":        help(1, 1, 4*time.Second, func(s *stage) { s.offer("v-1"); s.accept("v-1"); s.begun(); s.close() }),
	"unfilled":      help(2, 2, 2*time.Second, func(s *stage) { s.offer("v-1"); s.accept("v-1") }),
	"search-ended":  help(1, 1, time.Hour, func(s *stage) { s.nobody() }),
	"store-away":    help(1, 1, 12*time.Second, func(s *stage) { s.offer("v-1"); s.away(6 * time.Second); s.accept("v-1") }),
	"refused":       help(1, 1, time.Hour, func(s *stage) { s.refused(); s.cancel() }),
	"rounds":        match(func(s *stage) { s.want(false); s.want(false) }),
	"rounds-urgent": match(func(s *stage) { s.want(false); s.want(true) }),
	"continued":     help(1, 1, time.Hour, func(s *stage) { s.offer("v-1"); s.continued(s.changed); s.accept("v-1"); s.cancel() }),
	"notices-continued": tell(func(s *stage) {
		s.sought.Store(true)
		s.continued(s.news)
		s.sought.Store(false)
		s.news()
	}),
	"notices":            tell(func(s *stage) { s.delivered(1); s.news(); s.delivered(2) }),
	"standing":           stands(func(s *stage) { s.uncovered(); s.cancelled() }),
	"standing-continued": stands(func(s *stage) { s.continued(s.changed); s.cancelled() }),
	"cohort":             attends(func(s *stage) { s.advanced(2); s.attended(); s.left() }),
	"cohort-continued":   attends(func(s *stage) { s.continued(s.attended); s.left() }),
	"rounds-continued": match(func(s *stage) {
		s.sought.Store(true)
		s.continued(func() { s.want(true) })
		s.sought.Store(false)
	}),
}

// stage is a namespace of a real server with one workflow on it.
type stage struct {
	t      *testing.T
	id     string
	client client.Client
	store  *memory.Store
	policy aid.SearchPolicy
	first  string      // id of the first run
	down   atomic.Bool // the store is away
	checks atomic.Int32
	looks  atomic.Int32
	done   atomic.Bool // nothing is left to do for the cohort
	sought atomic.Bool // every round leaves a seat open, every run a notice for later

	mu   sync.Mutex
	asks int
	ran  int
	runs int
}

// recordHistories plays every play and writes down its history.
func recordHistories(t *testing.T) {
	t.Helper()
	require.NoError(t, os.MkdirAll(histories, 0o755))
	host, err := os.Hostname()
	require.NoError(t, err)
	t.Run("record", func(t *testing.T) {
		for name, p := range plays {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				for run, history := range perform(t, p) {
					text, err := temporalproto.CustomJSONMarshalOptions{Indent: " "}.Marshal(history)
					require.NoError(t, err)
					// Names of sticky queues begin with the name of the machine.
					anonymous := strings.ReplaceAll(string(text), `"`+host+`:`, `"host:`)
					file := fileOf(name)
					if run > 0 {
						file = fileOf(fmt.Sprintf("%s-%d", name, run+1))
					}
					require.NoError(t, os.WriteFile(file, []byte(anonymous+"\n"), 0o644))
				}
			})
		}
	})
}

func fileOf(history string) string { return filepath.Join(histories, history+".json") }

// perform plays a play and gives the histories of its workflow, which has ended:
// one, or as many as it had runs.
func perform(t *testing.T, p play) []*historypb.History {
	t.Helper()
	address, namespace := embeddedtest.Namespace(t)
	quiet := log.NewStructuredLogger(slog.New(slog.DiscardHandler))
	// The identity would otherwise be the name of the machine.
	c, err := client.Dial(client.Options{HostPort: address, Namespace: namespace, Logger: quiet, Identity: "recorder"})
	require.NoError(t, err)
	defer c.Close()
	s := &stage{t: t, client: c, store: &memory.Store{Now: time.Now}, policy: aid.DefaultSearchPolicy()}
	s.store.Fault = s.fault

	w := worker.New(c, contract.QueueProcesses, worker.Options{})
	workflows.Register(w)
	(&activities.Requests{Store: s.store, Policy: s.policy}).Register(w)
	(&activities.Rounds{Asker: s}).RegisterAsking(w)
	w.RegisterActivityWithOptions(s.deliver, activity.RegisterOptions{Name: contract.ActivityDeliverNotices})
	s.rollouts(w)
	w.RegisterActivityWithOptions(s.advance, activity.RegisterOptions{Name: contract.ActivityAdvanceCohort})
	(&activities.Standing{Store: s.store, Policy: hasty(), ShardOf: func(aid.Cell) aid.Cell { return shard }}).Register(w)
	require.NoError(t, w.Start())
	defer w.Stop()
	m := worker.New(c, contract.QueueMatching, worker.Options{})
	m.RegisterActivityWithOptions(s.round, activity.RegisterOptions{Name: contract.ActivityRunRound})
	require.NoError(t, m.Start())
	defer m.Stop()

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	run := s.start(ctx, p)
	p.act(s)
	require.NoError(t, run.Get(ctx, nil))
	require.NoError(t, s.store.Check())
	var runs []*historypb.History
	for id := s.first; id != ""; {
		events := c.GetWorkflowHistory(ctx, run.GetID(), id, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		history := &historypb.History{}
		for events.HasNext() {
			event, err := events.Next()
			require.NoError(t, err)
			history.Events = append(history.Events, event)
		}
		runs = append(runs, history)
		id = history.Events[len(history.Events)-1].GetWorkflowExecutionContinuedAsNewEventAttributes().GetNewExecutionRunId()
	}
	return runs
}

func (s *stage) start(ctx context.Context, p play) client.WorkflowRun {
	var in any = contract.HelpRequestInput{Request: "r-1", Shard: shard, Urgency: aid.Routine}
	s.id = contract.HelpRequestWorkflowID("r-1")
	switch p.workflow {
	case contract.WorkflowMatchRound:
		in = contract.MatchRoundInput{Shard: shard, Interval: time.Second, Owed: true}
		s.id = contract.MatchRoundWorkflowID(shard)
	case contract.WorkflowNoticeDelivery:
		in = contract.NoticeDeliveryInput{Channel: aid.ChannelEmail}
		s.id = contract.NoticeDeliveryWorkflowID(aid.ChannelEmail)
	case contract.WorkflowStandingPairing:
		in = contract.StandingInput{Request: "r-1"}
		s.id = contract.StandingPairingWorkflowID("r-1")
		s.stand()
	case contract.WorkflowCohort:
		in = contract.CohortInput{Cohort: "k-1"}
		s.id = contract.CohortWorkflowID("k-1")
	case contract.WorkflowRollout:
		in = contract.RolloutInput{Rollout: "p-1"}
		s.id = contract.RolloutWorkflowID("p-1")
	default:
		now := time.Now()
		r, err := aid.OpenRequest("r-1", aid.Need{
			Beneficiary: "b-1", Location: aid.Point{Lat: 45.75, Lng: 126.65}, Category: "company", Notes: privateNotes,
			Roles: []aid.RequestRole{{Name: "companion", People: p.people}}, MinPeople: p.least, Urgency: aid.Routine,
			Window: aid.Window{StartsAt: now.Add(p.window), EndsAt: now.Add(2 * p.window)},
		}, "caseworker", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, now)
		require.NoError(s.t, err)
		s.store.Add(r, shard)
	}
	run, err := s.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: s.id, TaskQueue: contract.QueueProcesses}, p.workflow, in)
	require.NoError(s.t, err)
	s.first = run.GetRunID()
	if p.people > 0 {
		s.asked(1)
	}
	return run
}

// rollouts has a worker do the steps of a rollout whose months are seconds: the
// third asks for another plan, in the second something is hindered, and the
// seventeenth is the last.
func (s *stage) rollouts(w worker.Worker) {
	steps := map[string]any{
		contract.ActivityPlanRollout: func(context.Context, contract.PlanRollout) (contract.RolloutPlanned, error) {
			return contract.RolloutPlanned{}, nil
		},
		contract.ActivityAnnounceCohorts: func(context.Context, contract.RolloutAt) (contract.CohortsAnnounced, error) {
			if s.checks.Load() == 2 {
				return contract.CohortsAnnounced{Hindered: 1}, nil
			}
			return contract.CohortsAnnounced{Announced: 2}, nil
		},
		contract.ActivityCheckRollout: func(context.Context, contract.RolloutAt) (contract.RolloutChecked, error) {
			n := s.checks.Add(1)
			return contract.RolloutChecked{Next: time.Now().Add(time.Second), Replan: n == 3, Ended: n == 17}, nil
		},
		contract.ActivityAmendRollout: func(context.Context, contract.AmendRollout) (contract.RolloutAmended, error) {
			return contract.RolloutAmended{Version: 2}, nil
		},
	}
	for name, step := range steps {
		w.RegisterActivityWithOptions(step, activity.RegisterOptions{Name: name})
	}
}

// advance is the step of a cohort for which something is due in a second, and later in
// an hour.
func (s *stage) advance(context.Context, contract.CohortRef) (contract.CohortState, error) {
	n := s.looks.Add(1)
	wait := time.Hour
	if n == 1 {
		wait = time.Second
	}
	return contract.CohortState{Done: s.done.Load(), NextDue: time.Now().Add(wait)}, nil
}

// advanced waits until a cohort was looked at so often.
func (s *stage) advanced(times int32) {
	s.t.Helper()
	require.Eventually(s.t, func() bool { return s.looks.Load() >= times }, 30*time.Second, 10*time.Millisecond)
}

// attended tells the process of a cohort that it changed, and waits until it has looked.
func (s *stage) attended() {
	s.t.Helper()
	before := s.looks.Load()
	require.NoError(s.t, s.client.SignalWorkflow(s.t.Context(), s.id, "", contract.SignalCohortChanged, nil))
	s.advanced(before + 1)
}

// left lets the process of a cohort end.
func (s *stage) left() {
	s.t.Helper()
	s.done.Store(true)
	require.NoError(s.t, s.client.SignalWorkflow(s.t.Context(), s.id, "", contract.SignalCohortChanged, nil))
}

// checked waits until a rollout was checked so often.
func (s *stage) checked(times int32) {
	s.t.Helper()
	require.Eventually(s.t, func() bool { return s.checks.Load() >= times }, 30*time.Second, 10*time.Millisecond)
}

// amend puts an amendment to a rollout.
func (s *stage) amend() {
	s.t.Helper()
	handle, err := s.client.UpdateWorkflow(s.t.Context(), client.UpdateWorkflowOptions{
		WorkflowID: s.id, UpdateName: contract.UpdateAmendRollout, WaitForStage: client.WorkflowUpdateStageCompleted,
		Args: []any{contract.AmendRollout{Rollout: "p-1", Amendment: "a-1"}},
	})
	require.NoError(s.t, err)
	var out contract.RolloutAmended
	require.NoError(s.t, handle.Get(s.t.Context(), &out))
	require.Equal(s.t, 2, out.Version)
}

// hasty is a policy whose alarms follow each other by the second.
func hasty() aid.StandingPolicy {
	p := aid.DefaultStandingPolicy()
	second := map[aid.Urgency]time.Duration{aid.Routine: time.Second}
	p.Grace, p.Answer, p.Cover = second, second, second
	return p
}

// stand opens a standing pairing with a volunteer who is to come in a moment.
func (s *stage) stand() {
	s.t.Helper()
	now := time.Now()
	c, err := cadence.Read(aid.Cadence{Rule: "FREQ=DAILY", First: now.Add(3 * time.Second), Minutes: 1, Zone: "Asia/Shanghai"}, now)
	require.NoError(s.t, err)
	ahead, err := cadence.Between(c, c.First, c.First.Add(aid.Horizon))
	require.NoError(s.t, err)
	r, err := aid.OpenRequest("r-1", aid.Need{
		Beneficiary: "b-1", Location: aid.Point{Lat: 45.75, Lng: 126.65}, Category: "company", Notes: privateNotes,
		Roles: []aid.RequestRole{{Name: "companion", People: 1}}, Urgency: aid.Routine, Window: ahead[0], Cadence: &c,
	}, "caseworker", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, now)
	require.NoError(s.t, err)
	r.Ahead = ahead
	s.store.Add(r, shard)
	_, _, err = s.store.MakeOffers(s.t.Context(), "round-1", "r-1", []aid.Pick{{Offer: offerTo("v-1"), Volunteer: "v-1"}}, s.policy)
	require.NoError(s.t, err)
	_, err = s.store.Change(s.t.Context(), "r-1", func(r *aid.HelpRequest, now time.Time) error {
		_, err := r.Accept(offerTo("v-1"), "v-1", pairingOf("v-1"), "", now)
		return err
	})
	require.NoError(s.t, err)
}

// uncovered waits until the last alarm of the first visit.
func (s *stage) uncovered() {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		r, err := s.store.Request(s.t.Context(), "r-1")
		require.NoError(s.t, err)
		return r.Visits[0].Alarm == aid.AlarmCaseworker
	}, 30*time.Second, 10*time.Millisecond)
}

// cancelled calls the request off, as its own process does, and says so.
func (s *stage) cancelled() {
	s.t.Helper()
	_, err := s.store.Change(s.t.Context(), "r-1", func(r *aid.HelpRequest, now time.Time) error { return r.Cancel("", "caseworker", now) })
	require.NoError(s.t, err)
	s.changed()
}

func (s *stage) fault(string, memory.When) error {
	if s.down.Load() {
		return aid.Errorf(aid.Unavailable, "the database is away")
	}
	return nil
}

// AskForRound counts the wishes for rounds.
func (s *stage) AskForRound(context.Context, aid.Cell, bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asks++
	return nil
}

// round leaves a seat open in the first three rounds, and can ask nobody in the
// second.
func (s *stage) round(context.Context, contract.RunRound) (contract.RoundResult, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ran++
	if s.ran < 4 || s.sought.Load() {
		return contract.RoundResult{Offers: s.ran % 2, StillOpen: 1}, nil
	}
	return contract.RoundResult{}, nil
}

// deliver leaves a notice for an hour later in the first run, and for a second
// later in the second.
func (s *stage) deliver(context.Context, contract.DeliverNotices) (contract.NoticesDelivered, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs++
	switch {
	case s.sought.Load(), s.runs == 1:
		return contract.NoticesDelivered{NextDue: time.Now().Add(time.Hour)}, nil
	case s.runs == 2:
		return contract.NoticesDelivered{NextDue: time.Now().Add(time.Second)}, nil
	}
	return contract.NoticesDelivered{}, nil
}

// delivered waits until notices were looked at that often.
func (s *stage) delivered(times int) {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.runs >= times
	}, 30*time.Second, 10*time.Millisecond)
}

func (s *stage) news() {
	s.t.Helper()
	require.NoError(s.t, s.client.SignalWorkflow(s.t.Context(), s.id, "", contract.SignalNoticesDue, nil))
}

// asked waits until a round was asked for that often.
func (s *stage) asked(times int) {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.asks >= times
	}, 30*time.Second, 10*time.Millisecond)
}

func (s *stage) want(urgent bool) {
	s.t.Helper()
	require.NoError(s.t, s.client.SignalWorkflow(s.t.Context(), s.id, "", contract.SignalRoundWanted, contract.RoundWanted{Urgent: urgent}))
}

func (s *stage) changed() {
	s.t.Helper()
	require.NoError(s.t, s.client.SignalWorkflow(s.t.Context(), s.id, "", contract.SignalRequestChanged, nil))
}

// continued does something until the workflow's history is so long that it has
// continued as new: thousands of events, unless the server is told otherwise
// (see record).
func (s *stage) continued(do func()) {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		do()
		d, err := s.client.DescribeWorkflowExecution(s.t.Context(), s.id, "")
		require.NoError(s.t, err)
		return d.GetWorkflowExecutionInfo().GetExecution().GetRunId() != s.first
	}, time.Minute, 50*time.Millisecond)
}

func (s *stage) offer(volunteers ...aid.VolunteerID) {
	s.t.Helper()
	var picks []aid.Pick
	for _, v := range volunteers {
		picks = append(picks, aid.Pick{Offer: offerTo(v), Volunteer: v})
	}
	made, _, err := s.store.MakeOffers(s.t.Context(), "round-1", "r-1", picks, s.policy)
	require.NoError(s.t, err)
	require.Len(s.t, made, len(volunteers))
	s.changed()
}

func (s *stage) nobody() {
	s.t.Helper()
	_, err := s.store.NobodyLeft(s.t.Context(), "r-1", aid.ReachNear, aid.ReasonCounts{TooFar: 1}, aid.SearchPolicy{})
	require.NoError(s.t, err)
	s.changed()
}

// away takes the store away for some time.
func (s *stage) away(during time.Duration) {
	s.down.Store(true)
	time.AfterFunc(during, func() { s.down.Store(false) })
}

func (s *stage) accept(v aid.VolunteerID) {
	s.t.Helper()
	s.update(contract.UpdateAnswerOffer, contract.AnswerOffer{
		Request: "r-1", Offer: offerTo(v), Volunteer: v, Actor: aid.VolunteerAccount(v),
		Answer: contract.AnswerAccept, Pairing: pairingOf(v),
	})
}

func (s *stage) decline(v aid.VolunteerID) {
	s.t.Helper()
	s.update(contract.UpdateAnswerOffer, contract.AnswerOffer{
		Request: "r-1", Offer: offerTo(v), Volunteer: v, Actor: aid.VolunteerAccount(v),
		Answer: contract.AnswerDecline, Reason: "busy",
	})
}

func (s *stage) withdraw(v aid.VolunteerID) {
	s.t.Helper()
	s.update(contract.UpdateWithdrawPairing, contract.WithdrawPairing{
		Request: "r-1", Pairing: pairingOf(v), Actor: aid.VolunteerAccount(v), Reason: "busy",
	})
}

func (s *stage) cancel() {
	s.t.Helper()
	s.update(contract.UpdateCancelRequest, contract.EndRequest{Request: "r-1", Actor: "caseworker"})
}

// begun waits until the help begins.
func (s *stage) begun() {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		r, err := s.store.Request(s.t.Context(), "r-1")
		require.NoError(s.t, err)
		return r.Status == aid.RequestInService
	}, 30*time.Second, 10*time.Millisecond)
}

func (s *stage) close() {
	s.t.Helper()
	s.update(contract.UpdateCloseRequest, contract.EndRequest{Request: "r-1", Actor: "caseworker"})
}

// refused puts an answer to an offer that was never made.
func (s *stage) refused() {
	s.t.Helper()
	require.Error(s.t, s.put(contract.UpdateAnswerOffer, contract.AnswerOffer{
		Request: "r-1", Offer: "o-9", Volunteer: "v-9", Answer: contract.AnswerAccept, Pairing: "p-9",
	}))
}

func (s *stage) update(name string, message any) {
	s.t.Helper()
	require.NoError(s.t, s.put(name, message))
}

func (s *stage) put(name string, message any) error {
	handle, err := s.client.UpdateWorkflow(s.t.Context(), client.UpdateWorkflowOptions{
		WorkflowID: s.id, UpdateName: name, Args: []any{message}, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err != nil {
		return err
	}
	return handle.Get(s.t.Context(), nil)
}
