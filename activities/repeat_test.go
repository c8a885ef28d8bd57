package activities_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/linli/linli/activities/memory"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// step is one activity in a world that calls for it.
type step struct {
	name    string // of the case
	runs    string // wire name
	message any
	after   time.Duration // since noon
	calls   []string      // what it asks of the world
}

var steps = []step{
	{"read", contract.ActivityReadRequest, contract.RequestRef{Request: "r-1"}, 0, []string{"Request"}},
	{"advance too early", contract.ActivityAdvanceRequest, contract.RequestRef{Request: "r-1"}, time.Hour, []string{"Change"}},
	{"advance at the deadline", contract.ActivityAdvanceRequest, contract.RequestRef{Request: "r-1"}, 24 * time.Hour, []string{"Change"}},
	{"advance at the beginning", contract.ActivityAdvanceRequest, contract.RequestRef{Request: "r-1"}, 48 * time.Hour, []string{"Change"}},
	{"advance at the end", contract.ActivityAdvanceRequest, contract.RequestRef{Request: "r-1"}, 50 * time.Hour, []string{"Change"}},
	{"advance when the crew must stand", contract.ActivityAdvanceRequest, contract.RequestRef{Request: "r-2"}, 24 * time.Hour, []string{"Change"}},
	{"advance at the end without help", contract.ActivityAdvanceRequest, contract.RequestRef{Request: "r-2"}, 50 * time.Hour, []string{"Change"}},
	{"accept", contract.ActivityAcceptOffer, contract.AnswerOffer{Request: "r-1", Offer: "o-2", Volunteer: "v-2", Pairing: "p-2"}, time.Hour, []string{"Change"}},
	{"decline", contract.ActivityDeclineOffer, contract.AnswerOffer{Request: "r-1", Offer: "o-2", Volunteer: "v-2", Reason: "busy"}, time.Hour, []string{"Change"}},
	{"withdraw", contract.ActivityWithdrawPairing, contract.WithdrawPairing{Request: "r-1", Pairing: "p-1", Reason: "unwell"}, time.Hour, []string{"Change"}},
	{"cancel", contract.ActivityCancelRequest, contract.EndRequest{Request: "r-1", Reason: "mistake"}, time.Hour, []string{"Change"}},
	{"close", contract.ActivityCloseRequest, contract.EndRequest{Request: "r-1"}, 49 * time.Hour, []string{"Change"}},
	{"advance a standing pairing that has time", contract.ActivityAdvanceStanding, contract.RequestRef{Request: "s-1"}, 0, []string{"Request", "ChangeStanding"}},
	{"advance a standing pairing to which nobody comes", contract.ActivityAdvanceStanding, contract.RequestRef{Request: "s-1"}, 150 * time.Minute, []string{
		"Request", "ChangeStanding", "OpenRequest", "ChangeAndTell",
	}},
	{"advance a standing pairing that ends", contract.ActivityAdvanceStanding, contract.RequestRef{Request: "s-2"}, 150 * time.Minute, []string{
		"Request", "ChangeStanding", "Request", "ChangeAndTell",
	}},
	{"advance what is no standing pairing", contract.ActivityAdvanceStanding, contract.RequestRef{Request: "r-1"}, 0, []string{"Request", "ChangeStanding"}},
	{"ask for a round", contract.ActivityAskForRound, contract.AskForRound{Shard: shard, Urgent: true}, 0, []string{"AskForRound"}},
	{"deliver notices", contract.ActivityDeliverNotices, contract.DeliverNotices{Channel: aid.ChannelEmail, Run: "run-1"}, 0, []string{
		"ClaimDeliveries", "NoteDelivery", "NoteDelivery", "NoteDelivery", "ClaimDeliveries", "NextDelivery",
	}},
	{"plan a rollout", contract.ActivityPlanRollout, contract.PlanRollout{Rollout: "p-1", Plan: 2, At: noon}, 0, []string{"Rollout", "RolloutCalendar", "KeepPlan"}},
	{"announce cohorts", contract.ActivityAnnounceCohorts, contract.RolloutAt{Rollout: "p-1", At: noon, Until: noon.AddDate(0, 0, 27)}, 0, []string{
		"Rollout", "RolloutCalendar", "StaffFor", "StaffFor", "Announce", "Announce",
	}},
	{"check a rollout", contract.ActivityCheckRollout, contract.RolloutAt{Rollout: "p-1", At: noon}, 0, []string{
		"Rollout", "RolloutCalendar", "Persons", "LastPlan", "KeepCheckpoint",
	}},
	{"end a rollout", contract.ActivityCheckRollout, contract.RolloutAt{Rollout: "p-1", At: noon.AddDate(1, 0, 0)}, 0, []string{
		"Rollout", "RolloutCalendar", "Persons", "LastPlan", "KeepCheckpoint",
	}},
	{"amend a rollout", contract.ActivityAmendRollout, contract.AmendRollout{Rollout: "p-1", Amendment: "a-1", At: noon}, 0, []string{"AmendRollout"}},
	{"advance a cohort that has time", contract.ActivityAdvanceCohort, contract.CohortRef{Cohort: "k-1"}, 0, []string{"AdvanceCohort"}},
	{"advance a cohort that begins", contract.ActivityAdvanceCohort, contract.CohortRef{Cohort: "k-1"}, 48 * time.Hour, []string{"AdvanceCohort"}},
	{"advance a cohort whose results are due", contract.ActivityAdvanceCohort, contract.CohortRef{Cohort: "k-1"}, 100 * time.Hour, []string{"AdvanceCohort"}},
	{"advance a cohort that ends", contract.ActivityAdvanceCohort, contract.CohortRef{Cohort: "k-2"}, 100 * time.Hour, []string{"AdvanceCohort", "AdvanceCohort"}},
	{"advance a cohort that lacks a trainer", contract.ActivityAdvanceCohort, contract.CohortRef{Cohort: "k-3"}, 0, []string{
		"AdvanceCohort", "StaffCohorts", "AdvanceCohort",
	}},
	{"run a round", contract.ActivityRunRound, contract.RunRound{Shard: shard, Round: "round-1"}, time.Hour, []string{
		"SeekingRequests", "Candidates", "BeginRound", "MakeOffers", "MakeOffers", "NobodyLeft", "SeekingRequests", "EndRound",
	}},
}

// TestAStepTwiceIsAStepOnce: Temporal delivers at least once.
func TestAStepTwiceIsAStepOnce(t *testing.T) {
	t.Parallel()
	for _, s := range steps {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.now = noon.Add(s.after)
			first, err := w.run(s.runs, s.message)
			require.NoError(t, err)
			require.Equal(t, s.calls, w.calls, "a call that is not listed is a moment that is not tested")
			once := w.facts(t)
			second, err := w.run(s.runs, s.message)
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(once, w.facts(t)))
			require.NoError(t, w.store.Check())
			var a, b any
			require.NoError(t, first.Get(&a))
			require.NoError(t, second.Get(&b))
			require.Equal(t, a, b)
		})
	}
}

// TestAStepThatIsCutOffIsFinishedByRepeatingIt fails every call of every step,
// before and after its effect.
func TestAStepThatIsCutOffIsFinishedByRepeatingIt(t *testing.T) {
	t.Parallel()
	for _, s := range steps {
		sound := newWorld(t)
		sound.now = noon.Add(s.after)
		_, err := sound.run(s.runs, s.message)
		require.NoError(t, err)
		want := sound.facts(t)
		for i, call := range s.calls {
			for when, word := range map[memory.When]string{memory.Before: "before", memory.After: "after"} {
				t.Run(fmt.Sprintf("%s/%s %s %d", s.name, word, call, i), func(t *testing.T) {
					t.Parallel()
					w := newWorld(t)
					w.now = noon.Add(s.after)
					w.fault = &fault{i, when, lost}
					_, err := w.run(s.runs, s.message)
					app, ok := errors.AsType[*temporal.ApplicationError](err)
					require.True(t, ok, "%v", err)
					require.False(t, app.NonRetryable())
					require.Equal(t, s.calls[:i+1], w.calls, "it stops where it fails")
					require.NoError(t, w.store.Check())

					_, err = w.run(s.runs, s.message)
					require.NoError(t, err)
					require.NoError(t, w.store.Check())
					require.Empty(t, cmp.Diff(want, w.facts(t)), "as if nothing had failed")
				})
			}
		}
	}
}

// TestWhatAStepLeavesReserved names who is bound after each step, so that a
// volunteer is neither kept for nothing nor let go while needed.
func TestWhatAStepLeavesReserved(t *testing.T) {
	t.Parallel()
	want := map[string][]aid.VolunteerID{
		"read":                     {"v-1", "v-2"},
		"advance too early":        {"v-1", "v-2"},
		"advance at the deadline":  {"v-1"},
		"advance at the beginning": {"v-1"},
		"advance at the end":       nil,
		"accept":                   {"v-1", "v-2"},
		"decline":                  {"v-1"},
		"withdraw":                 {"v-2"},
		"cancel":                   nil,
		"close":                    nil,
		"run a round":              {"v-1", "v-2", "v-3"},
	}
	for _, s := range steps {
		bound, listed := want[s.name]
		if !listed {
			continue // acts on another request
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.now = noon.Add(s.after)
			_, err := w.run(s.runs, s.message)
			require.NoError(t, err)
			got := w.request(t, "r-1").Bound()
			slices.Sort(got)
			require.Equal(t, bound, got)
		})
	}
}

// TestWhatAStepTells is what the process sets its clocks by.
func TestWhatAStepTells(t *testing.T) {
	t.Parallel()
	starts, ends := noon.Add(48*time.Hour), noon.Add(50*time.Hour)
	told := func(s aid.RequestStatus, wants bool, failed int, deadline time.Time) contract.RequestState {
		pending := 0
		if !deadline.IsZero() {
			pending = 1
		}
		return contract.RequestState{Status: s, WantsRound: wants, Pending: pending, Failed: failed, NextDeadline: deadline, StartsAt: starts, EndsAt: ends}
	}
	deadline := noon.Add(24 * time.Hour)
	for name, want := range map[string]contract.Outcome{
		"read":                             {State: told(aid.RequestPaired, true, 0, deadline)},
		"advance at the deadline":          {State: told(aid.RequestPaired, true, 1, time.Time{})},
		"advance at the beginning":         {State: told(aid.RequestInService, false, 1, time.Time{})},
		"advance at the end":               {State: told(aid.RequestCompleted, false, 1, time.Time{})},
		"advance when the crew must stand": {State: told(aid.RequestUnfilled, false, 0, time.Time{})},
		"advance at the end without help":  {State: told(aid.RequestUnfilled, false, 0, time.Time{})},
		"accept":                           {State: told(aid.RequestPaired, true, 0, time.Time{}), Pairing: "p-2"},
		"decline":                          {State: told(aid.RequestPaired, true, 1, time.Time{})},
		"withdraw":                         {State: told(aid.RequestOffered, true, 0, deadline), Pairing: "p-1"},
		"cancel":                           {State: told(aid.RequestCancelled, false, 1, time.Time{})},
	} {
		i := slices.IndexFunc(steps, func(s step) bool { return s.name == name })
		require.GreaterOrEqual(t, i, 0, name)
		s := steps[i]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.now = noon.Add(s.after)
			value, err := w.run(s.runs, s.message)
			require.NoError(t, err)
			var got contract.Outcome
			switch s.runs {
			case contract.ActivityReadRequest, contract.ActivityAdvanceRequest:
				require.NoError(t, value.Get(&got.State))
			default:
				require.NoError(t, value.Get(&got))
			}
			require.Empty(t, cmp.Diff(want, got))
		})
	}
}
