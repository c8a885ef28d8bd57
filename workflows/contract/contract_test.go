package contract_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

var update = flag.Bool("update", false, "write the golden file anew")

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// names are the constants of the package, by their name in Go.
var names = map[string]string{
	"QueueProcesses": contract.QueueProcesses, "QueueMatching": contract.QueueMatching,
	"WorkflowHelpRequest": contract.WorkflowHelpRequest, "WorkflowMatchRound": contract.WorkflowMatchRound,
	"WorkflowStandingPairing": contract.WorkflowStandingPairing, "ActivityAdvanceStanding": contract.ActivityAdvanceStanding,
	"OutboxStandingChanged": contract.OutboxStandingChanged, "OutboxRolloutAmended": contract.OutboxRolloutAmended,
	"UpdateAnswerOffer": contract.UpdateAnswerOffer, "UpdateWithdrawPairing": contract.UpdateWithdrawPairing,
	"UpdateCancelRequest": contract.UpdateCancelRequest, "UpdateCloseRequest": contract.UpdateCloseRequest,
	"SignalRequestChanged": contract.SignalRequestChanged, "SignalRoundWanted": contract.SignalRoundWanted,
	"ActivityReadRequest": contract.ActivityReadRequest, "ActivityAdvanceRequest": contract.ActivityAdvanceRequest,
	"ActivityAcceptOffer": contract.ActivityAcceptOffer, "ActivityDeclineOffer": contract.ActivityDeclineOffer,
	"ActivityWithdrawPairing": contract.ActivityWithdrawPairing, "ActivityCancelRequest": contract.ActivityCancelRequest,
	"ActivityCloseRequest": contract.ActivityCloseRequest, "ActivityAskForRound": contract.ActivityAskForRound,
	"ActivityRunRound":       contract.ActivityRunRound,
	"WorkflowNoticeDelivery": contract.WorkflowNoticeDelivery, "SignalNoticesDue": contract.SignalNoticesDue,
	"ActivityDeliverNotices": contract.ActivityDeliverNotices, "OutboxNoticesDue": contract.OutboxNoticesDue,
	"AnswerAccept": contract.AnswerAccept, "AnswerDecline": contract.AnswerDecline,
	"WorkflowRollout": contract.WorkflowRollout, "UpdateAmendRollout": contract.UpdateAmendRollout, "OutboxStartRollout": contract.OutboxStartRollout,
	"ActivityPlanRollout": contract.ActivityPlanRollout, "ActivityAnnounceCohorts": contract.ActivityAnnounceCohorts,
	"ActivityCheckRollout": contract.ActivityCheckRollout, "ActivityAmendRollout": contract.ActivityAmendRollout,
	"WorkflowCohort": contract.WorkflowCohort, "SignalCohortChanged": contract.SignalCohortChanged,
	"ActivityAdvanceCohort": contract.ActivityAdvanceCohort, "OutboxCohortChanged": contract.OutboxCohortChanged,
	"OutboxStartRequest": contract.OutboxStartRequest, "OutboxRequestChanged": contract.OutboxRequestChanged,
}

// messages has one of each message, with no field left zero, so that every
// field shows in the golden file.
var messages = []any{
	contract.HelpRequestInput{Request: "r-1", Shard: 599686042433355775, Urgency: aid.Urgent, RoundAsked: true, Pending: 2, Failed: 3},
	contract.RequestRef{Request: "r-1"},
	state,
	contract.AnswerOffer{
		Request: "r-1", Offer: "o-1", Volunteer: "v-1", Actor: "v.v-1", Answer: contract.AnswerAccept, Reason: "busy", Until: noon, Pairing: "p-1",
	},
	contract.WithdrawPairing{Request: "r-1", Pairing: "p-1", Actor: "v.v-1", Reason: "unwell"},
	contract.EndRequest{Request: "r-1", Actor: "cw-1", Reason: "mistake"},
	contract.Outcome{State: state, Pairing: "p-1"},
	contract.MatchRoundInput{Shard: 599686042433355775, Interval: 10 * time.Second, Urgent: true, Owed: true, Idle: 3},
	contract.RoundWanted{Urgent: true},
	contract.AskForRound{Shard: 599686042433355775, Urgent: true},
	contract.RoundAsked{},
	contract.RunRound{Shard: 599686042433355775, Round: "round-1"},
	contract.RoundResult{Offers: 2, StillOpen: 1},
	contract.NoticeDeliveryInput{Channel: aid.ChannelEmail},
	contract.DeliverNotices{Channel: aid.ChannelEmail, Run: "run-1"},
	contract.NoticesDelivered{NextDue: noon},
	contract.StandingInput{Request: "r-1"},
	contract.StandingState{Ended: true, NextDue: noon},
	contract.RolloutInput{Rollout: "p-1", State: 1, Plans: 3, Planned: true, CheckAt: noon},
	contract.PlanRollout{Rollout: "p-1", Plan: 3, At: noon},
	contract.RolloutPlanned{Refused: true, Stale: true},
	contract.RolloutAt{Rollout: "p-1", At: noon, Until: noon.Add(time.Hour)},
	contract.CohortsAnnounced{Announced: 2, Hindered: 1},
	contract.RolloutChecked{Ended: true, Replan: true, Next: noon},
	contract.AmendRollout{Rollout: "p-1", Amendment: "a-1", At: noon},
	contract.RolloutAmended{Version: 2},
	contract.CohortInput{Cohort: "k-1", State: 1},
	contract.CohortRef{Cohort: "k-1"},
	contract.CohortState{Done: true, NextDue: noon},
	contract.ErrorDetail{
		Kind: aid.Invalid, Reason: aid.ReasonSeatTaken, Message: "invalid answer",
		Problems: []aid.Problem{{Field: "reason", Message: "is missing"}},
	},
}

var state = contract.RequestState{
	Status: aid.RequestPaired, WantsRound: true, Pending: 2, Failed: 3, NextDeadline: noon, QuorumBy: noon.Add(time.Minute), WidensAt: noon.Add(2 * time.Minute), VisitsDue: noon.Add(3 * time.Minute), StartsAt: noon.Add(time.Hour), EndsAt: noon.Add(2 * time.Hour),
}

func messageName(m any) string { return reflect.TypeOf(m).Name() }

// TestTheWireStaysAsItIs holds names and messages against what is in histories
// that are open for years: a changed or missing line breaks them, a new one does
// not. Run with -update after adding.
func TestTheWireStaysAsItIs(t *testing.T) {
	t.Parallel()
	wire := struct {
		Names    map[string]string          `json:"names"`
		IDs      map[string]string          `json:"workflow_ids"`
		Messages map[string]json.RawMessage `json:"messages"`
	}{
		Names: names,
		IDs: map[string]string{
			"HelpRequestWorkflowID(r-1)":               contract.HelpRequestWorkflowID("r-1"),
			"StandingPairingWorkflowID(r-1)":           contract.StandingPairingWorkflowID("r-1"),
			"MatchRoundWorkflowID(599686042433355775)": contract.MatchRoundWorkflowID(599686042433355775),
			"CohortWorkflowID(k-1)":                    contract.CohortWorkflowID("k-1"),
			"RolloutWorkflowID(p-1)":                   contract.RolloutWorkflowID("p-1"),
			"NoticeDeliveryWorkflowID(email)":          contract.NoticeDeliveryWorkflowID(aid.ChannelEmail),
		},
		Messages: map[string]json.RawMessage{},
	}
	for _, m := range messages {
		text, err := json.Marshal(m)
		require.NoError(t, err)
		wire.Messages[messageName(m)] = text
	}
	var got bytes.Buffer
	encoder := json.NewEncoder(&got)
	encoder.SetIndent("", "  ")
	require.NoError(t, encoder.Encode(wire))

	golden := filepath.Join("testdata", "wire.json")
	if *update {
		require.NoError(t, os.WriteFile(golden, got.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(string(want), got.String()), "open histories hold the old form")
}

// TestEveryMessageIsReadBack would find a field that is written and not read, or
// two that share a name.
func TestEveryMessageIsReadBack(t *testing.T) {
	t.Parallel()
	for _, m := range messages {
		t.Run(messageName(m), func(t *testing.T) {
			t.Parallel()
			value := reflect.ValueOf(m)
			for i := range value.NumField() {
				require.False(t, value.Field(i).IsZero(), "%s is not shown in the golden file", value.Type().Field(i).Name)
			}
			text, err := json.Marshal(m)
			require.NoError(t, err)
			back := reflect.New(value.Type())
			require.NoError(t, json.Unmarshal(text, back.Interface()))
			require.Empty(t, cmp.Diff(m, back.Elem().Interface()))
		})
	}
}

// TestNothingIsLeftOut reads the source, so that a constant or message that was
// added without being frozen is found.
func TestNothingIsLeftOut(t *testing.T) {
	t.Parallel()
	frozen := map[string]bool{}
	for name := range names {
		frozen[name] = true
	}
	for _, m := range messages {
		frozen[messageName(m)] = true
	}
	file, err := parser.ParseFile(token.NewFileSet(), "contract.go", nil, 0)
	require.NoError(t, err)
	found := 0
	for _, declaration := range file.Decls {
		general, ok := declaration.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range general.Specs {
			var declared []*ast.Ident
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				declared = spec.Names
			case *ast.TypeSpec:
				declared = []*ast.Ident{spec.Name}
			}
			for _, name := range declared {
				found++
				require.True(t, frozen[name.Name], "%s is not in the golden file", name.Name)
			}
		}
	}
	require.Equal(t, len(frozen), found)
}

// TestMessagesHoldNothingPersonal names the words that would give away that one
// does.
func TestMessagesHoldNothingPersonal(t *testing.T) {
	t.Parallel()
	for _, m := range messages {
		kind := reflect.TypeOf(m)
		for i := range kind.NumField() {
			field := strings.ToLower(kind.Field(i).Name)
			for _, personal := range []string{"name", "phone", "address", "note", "home", "location", "lat", "lng"} {
				require.NotContains(t, field, personal, "%s.%s", kind.Name(), field)
			}
		}
	}
}

func TestRequestOfWorkflowID(t *testing.T) {
	t.Parallel()
	id, ok := contract.RequestOfWorkflowID(contract.HelpRequestWorkflowID("r-1"))
	require.True(t, ok)
	require.Equal(t, aid.RequestID("r-1"), id)
	for _, other := range []string{"", "r-1", contract.MatchRoundWorkflowID(7), "help-requests/r-1"} {
		_, ok := contract.RequestOfWorkflowID(other)
		require.False(t, ok, "%q", other)
	}
}

func TestChannelOfOutboxKey(t *testing.T) {
	t.Parallel()
	channel, ok := contract.ChannelOfOutboxKey("notices/email")
	require.True(t, ok)
	require.Equal(t, aid.ChannelEmail, channel)
	_, ok = contract.ChannelOfOutboxKey("r-1")
	require.False(t, ok)
}

func TestCohortOfOutboxKey(t *testing.T) {
	t.Parallel()
	id, ok := contract.CohortOfOutboxKey(contract.CohortOutboxKey("k-1"))
	require.True(t, ok)
	require.Equal(t, aid.CohortID("k-1"), id)
	_, ok = contract.CohortOfOutboxKey("k-1")
	require.False(t, ok)
}

func TestShardOfWorkflowID(t *testing.T) {
	t.Parallel()
	shard, ok := contract.ShardOfWorkflowID(contract.MatchRoundWorkflowID(0x83194dfffffffff))
	require.True(t, ok)
	require.Equal(t, aid.Cell(0x83194dfffffffff), shard)
	for _, other := range []string{"", "7", "match-round/", "match-round/north", contract.HelpRequestWorkflowID("7")} {
		_, ok := contract.ShardOfWorkflowID(other)
		require.False(t, ok, "%q", other)
	}
}
