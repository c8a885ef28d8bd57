// Package contract is what the workflows promise on the wire: names, ids,
// queues and messages. Histories that are open for years depend on every word
// here, so a golden test freezes the names together with the JSON of the
// messages, and changes only ever add.
//
// Messages carry ids and words only: never a name, phone, address or note.
package contract

import (
	"strconv"
	"strings"
	"time"

	"github.com/linli/linli/aid"
)

// Task queues.
const (
	QueueProcesses = "linli-processes" // workflows and their short writes
	QueueMatching  = "linli-matching"  // match rounds: workers that hold the index
)

// Workflow types.
const (
	WorkflowHelpRequest     = "HelpRequest"
	WorkflowMatchRound      = "MatchRound"
	WorkflowNoticeDelivery  = "NoticeDelivery"
	WorkflowStandingPairing = "StandingPairing"
	WorkflowRollout         = "Rollout"
	WorkflowCohort          = "Cohort"
)

// Updates and signals of HelpRequest, signals of MatchRound,
// NoticeDelivery, StandingPairing and Cohort, the update of Rollout.
const (
	UpdateAnswerOffer     = "answer-offer"
	UpdateWithdrawPairing = "withdraw-pairing"
	UpdateCancelRequest   = "cancel-request"
	UpdateCloseRequest    = "close-request"
	UpdateAmendRollout    = "amend-rollout"
	SignalRequestChanged  = "request-changed" // something outside the workflow changed the request
	SignalRoundWanted     = "round-wanted"
	SignalNoticesDue      = "notices-due"
	SignalCohortChanged   = "cohort-changed" // something outside the workflow changed the cohort
)

// Activity types.
const (
	ActivityReadRequest     = "ReadRequest"
	ActivityAdvanceRequest  = "AdvanceRequest"
	ActivityAcceptOffer     = "AcceptOffer"
	ActivityDeclineOffer    = "DeclineOffer"
	ActivityWithdrawPairing = "WithdrawPairing"
	ActivityCancelRequest   = "CancelRequest"
	ActivityCloseRequest    = "CloseRequest"
	ActivityAskForRound     = "AskForRound"
	ActivityRunRound        = "RunRound"
	ActivityDeliverNotices  = "DeliverNotices"
	ActivityAdvanceStanding = "AdvanceStanding"
	ActivityPlanRollout     = "PlanRollout"
	ActivityAnnounceCohorts = "AnnounceCohorts"
	ActivityCheckRollout    = "CheckRollout"
	ActivityAmendRollout    = "AmendRollout"
	ActivityAdvanceCohort   = "AdvanceCohort"
)

// HelpRequestWorkflowID is the id of the one workflow of a help request.
func HelpRequestWorkflowID(id aid.RequestID) string { return "help-request/" + string(id) }

// MatchRoundWorkflowID is the id of the one workflow that matches a shard.
func MatchRoundWorkflowID(shard aid.Cell) string {
	return "match-round/" + strconv.FormatUint(uint64(shard), 16)
}

// ShardOfWorkflowID is the inverse of [MatchRoundWorkflowID].
func ShardOfWorkflowID(workflowID string) (aid.Cell, bool) {
	id, ok := strings.CutPrefix(workflowID, "match-round/")
	shard, err := strconv.ParseUint(id, 16, 64)
	return aid.Cell(shard), ok && err == nil
}

// RequestOfWorkflowID is the inverse of [HelpRequestWorkflowID].
func RequestOfWorkflowID(workflowID string) (aid.RequestID, bool) {
	id, ok := strings.CutPrefix(workflowID, "help-request/")
	return aid.RequestID(id), ok
}

// NoticeDeliveryWorkflowID is the id of the one workflow that sends the notices of
// a channel.
func NoticeDeliveryWorkflowID(c aid.Channel) string { return "notice-delivery/" + string(c) }

// StandingPairingWorkflowID is the id of the one workflow of a standing pairing.
func StandingPairingWorkflowID(id aid.RequestID) string { return "standing-pairing/" + string(id) }

// StandingOfWorkflowID is the inverse of [StandingPairingWorkflowID].
func StandingOfWorkflowID(workflowID string) (aid.RequestID, bool) {
	id, ok := strings.CutPrefix(workflowID, "standing-pairing/")
	return aid.RequestID(id), ok
}

// RolloutWorkflowID is the id of the one workflow of a rollout.
func RolloutWorkflowID(id aid.RolloutID) string { return "rollout/" + string(id) }

// RolloutOfWorkflowID is the inverse of [RolloutWorkflowID].
func RolloutOfWorkflowID(workflowID string) (aid.RolloutID, bool) {
	id, ok := strings.CutPrefix(workflowID, "rollout/")
	return aid.RolloutID(id), ok
}

// CohortWorkflowID is the id of the one workflow of a training cohort.
func CohortWorkflowID(id aid.CohortID) string { return "cohort/" + string(id) }

// CohortOfWorkflowID is the inverse of [CohortWorkflowID].
func CohortOfWorkflowID(workflowID string) (aid.CohortID, bool) {
	id, ok := strings.CutPrefix(workflowID, "cohort/")
	return aid.CohortID(id), ok
}

// HelpRequestInput starts HelpRequest. Shard is the request's coarse cell.
type HelpRequestInput struct {
	Request aid.RequestID `json:"request"`
	Shard   aid.Cell      `json:"shard"`
	Urgency aid.Urgency   `json:"urgency"`
	// RoundAsked is carried over continue-as-new: the round that the open seats
	// call for has been asked for.
	RoundAsked bool `json:"round_asked,omitempty"`
	// Pending is carried over likewise: the offers that waited, so that one which was
	// taken back between two runs is missed.
	Pending int `json:"pending,omitzero"`
	Failed  int `json:"failed,omitzero"`
}

// RequestRef names a request to an activity that needs no more.
type RequestRef struct {
	Request aid.RequestID `json:"request"`
}

// RequestState is what the process needs to know of a request to set its
// clocks. Activities return it after every step.
type RequestState struct {
	Status       aid.RequestStatus `json:"status"`
	WantsRound   bool              `json:"wants_round"`            // seats are open for which nobody is being asked
	Pending      int               `json:"pending,omitzero"`       // offers that wait for an answer
	Failed       int               `json:"failed,omitzero"`        // offers that ended and were not accepted
	NextDeadline time.Time         `json:"next_deadline,omitzero"` // of the pending offer that ends first
	QuorumBy     time.Time         `json:"quorum_by,omitzero"`     // by when a crew that lacks people must have its quorum
	WidensAt     time.Time         `json:"widens_at,omitzero"`     // when the search reaches farther by itself
	VisitsDue    time.Time         `json:"visits_due,omitzero"`    // when a visit is to be reminded, or an alarm of one raised
	StartsAt     time.Time         `json:"starts_at"`
	EndsAt       time.Time         `json:"ends_at"`
}

// Answers to an offer.
const (
	AnswerAccept  = "accept"
	AnswerDecline = "decline"
)

// AnswerOffer is a volunteer's answer. Pairing is the id that the pairing gets
// on accepting, made by the caller so that a repeated answer means the same.
type AnswerOffer struct {
	Request   aid.RequestID   `json:"request"`
	Offer     aid.OfferID     `json:"offer"`
	Volunteer aid.VolunteerID `json:"volunteer"`
	Actor     aid.AccountID   `json:"actor"`
	Answer    string          `json:"answer"`
	Reason    string          `json:"reason,omitempty"`
	Until     time.Time       `json:"until,omitzero"` // of a decline that puts off every offer
	Pairing   aid.PairingID   `json:"pairing,omitempty"`
}

// WithdrawPairing ends a pairing on its volunteer's word.
type WithdrawPairing struct {
	Request aid.RequestID `json:"request"`
	Pairing aid.PairingID `json:"pairing"`
	Actor   aid.AccountID `json:"actor"`
	Reason  string        `json:"reason"`
}

// EndRequest cancels a request, or closes it as done.
type EndRequest struct {
	Request aid.RequestID `json:"request"`
	Actor   aid.AccountID `json:"actor"`
	Reason  string        `json:"reason,omitempty"`
}

// Outcome is the answer to every update: where the request stands now.
type Outcome struct {
	State   RequestState  `json:"state"`
	Pairing aid.PairingID `json:"pairing,omitempty"`
}

// MatchRoundInput starts MatchRound for a shard.
type MatchRoundInput struct {
	Shard    aid.Cell      `json:"shard"`
	Interval time.Duration `json:"interval_ns"`    // between rounds that are not urgent
	Urgent   bool          `json:"urgent"`         // a round is owed at once; carried over continue-as-new
	Owed     bool          `json:"owed,omitempty"` // a round is owed, with the next batch; carried likewise
	Idle     int           `json:"idle,omitempty"` // rounds in a row that could ask nobody; carried likewise
}

// RoundWanted asks for a round: at once when urgent, else with the next batch.
type RoundWanted struct {
	Urgent bool `json:"urgent"`
}

// AskForRound is the activity that sends [RoundWanted] to a shard's workflow,
// starting it if need be.
type AskForRound struct {
	Shard  aid.Cell `json:"shard"`
	Urgent bool     `json:"urgent"`
}

// RoundAsked is the answer to [AskForRound]: the shard's workflow has the signal.
type RoundAsked struct{}

// RunRound asks for one round of a shard. Round makes a retry the same round.
type RunRound struct {
	Shard aid.Cell    `json:"shard"`
	Round aid.RoundID `json:"round"`
}

// RoundResult says what a round did and whether seats are still being sought.
type RoundResult struct {
	Offers    int `json:"offers"`
	StillOpen int `json:"still_open"` // seats for which nobody could be asked yet
}

// NoticeDeliveryInput starts NoticeDelivery for a channel.
type NoticeDeliveryInput struct {
	Channel aid.Channel `json:"channel"`
}

// DeliverNotices asks for the notices of a channel to be sent that are due. Run
// makes a retry the same run.
type DeliverNotices struct {
	Channel aid.Channel `json:"channel"`
	Run     string      `json:"run"`
}

// NoticesDelivered says when the next notice falls due: the zero time if none is
// left.
type NoticesDelivered struct {
	NextDue time.Time `json:"next_due,omitzero"`
}

// StandingInput starts StandingPairing.
type StandingInput struct {
	Request aid.RequestID `json:"request"`
}

// StandingState is what the process of a standing pairing needs to know: when to
// look again, unless it has ended.
type StandingState struct {
	Ended   bool      `json:"ended,omitempty"`
	NextDue time.Time `json:"next_due"`
}

// RolloutInput starts Rollout. What follows the rollout's id is carried over
// continue-as-new; State says in which form, 0 at the first start.
type RolloutInput struct {
	Rollout aid.RolloutID `json:"rollout"`
	State   int           `json:"state,omitempty"`
	Plans   int           `json:"plans,omitempty"`   // that were made
	Planned bool          `json:"planned,omitempty"` // nothing has changed since the last of them
	CheckAt time.Time     `json:"check_at,omitzero"` // of the next checkpoint
}

// PlanRollout asks for a plan of what is left. Plan makes a retry the same plan.
// At is the time of the process, here as in the messages below, by which months
// are counted.
type PlanRollout struct {
	Rollout aid.RolloutID `json:"rollout"`
	Plan    int           `json:"plan"`
	At      time.Time     `json:"at"`
}

// RolloutPlanned says whether there is a plan now. Stale: an amendment came into
// force meanwhile, by which there is to be another.
type RolloutPlanned struct {
	Refused bool `json:"refused,omitempty"`
	Stale   bool `json:"stale,omitempty"`
}

// RolloutAt names a rollout at a time to an activity that needs no more.
type RolloutAt struct {
	Rollout aid.RolloutID `json:"rollout"`
	At      time.Time     `json:"at"`
	Until   time.Time     `json:"until,omitzero"` // of AnnounceCohorts: the next time that it runs
}

// CohortsAnnounced counts the cohorts for which it is time: those that are made by
// now, and those that could not be.
type CohortsAnnounced struct {
	Announced int `json:"announced"`
	Hindered  int `json:"hindered"`
}

// RolloutChecked says what a checkpoint asks the process to do.
type RolloutChecked struct {
	Ended  bool      `json:"ended,omitempty"`
	Replan bool      `json:"replan,omitempty"` // what is left has to be planned anew
	Next   time.Time `json:"next"`             // when to check next: the beginning of the next month
}

// AmendRollout puts a version of the file in force that was kept for it.
type AmendRollout struct {
	Rollout   aid.RolloutID `json:"rollout"`
	Amendment string        `json:"amendment"`
	At        time.Time     `json:"at,omitzero"` // set by the process
}

// RolloutAmended is the version's number.
type RolloutAmended struct {
	Version int `json:"version"`
}

// CohortInput starts Cohort. State says in which form it is carried over
// continue-as-new, 0 at the first start.
type CohortInput struct {
	Cohort aid.CohortID `json:"cohort"`
	State  int          `json:"state,omitempty"`
}

// CohortRef names a cohort to an activity that needs no more.
type CohortRef struct {
	Cohort aid.CohortID `json:"cohort"`
}

// CohortState is what the process of a cohort needs to know: when to look again,
// unless nothing is left to do.
type CohortState struct {
	Done    bool      `json:"done,omitempty"`
	NextDue time.Time `json:"next_due,omitzero"`
}

// ErrorDetail travels with an application error out of an activity or update,
// so that the caller learns kind and reason. The error's type is the kind.
type ErrorDetail struct {
	Kind     aid.Kind      `json:"kind"`
	Reason   aid.Reason    `json:"reason,omitempty"`
	Message  string        `json:"message"`
	Problems []aid.Problem `json:"problems,omitempty"`
}

// Outbox kinds: what the relay does with a row once its transaction committed.
const (
	OutboxStartRequest    = "start_request"    // payload HelpRequestInput: start the workflow
	OutboxRequestChanged  = "request_changed"  // key is the request: signal the workflow
	OutboxNoticesDue      = "notices_due"      // key holds the channel, see [ChannelOfOutboxKey]: signal the workflow, starting it if need be
	OutboxStartRollout    = "start_rollout"    // key is the rollout: start the workflow
	OutboxRolloutAmended  = "rollout_amended"  // payload AmendRollout, of an amendment that is in force: tell the workflow, or start it
	OutboxStandingChanged = "standing_changed" // key is the request: signal the workflow of the standing pairing, or start it
	OutboxCohortChanged   = "cohort_changed"   // key holds the cohort, see [CohortOfOutboxKey]: signal the workflow, or start it
)

// CohortOutboxKey is the key of outbox rows of kind [OutboxCohortChanged].
func CohortOutboxKey(id aid.CohortID) string { return CohortWorkflowID(id) }

// CohortOfOutboxKey is the inverse of [CohortOutboxKey].
func CohortOfOutboxKey(key string) (aid.CohortID, bool) { return CohortOfWorkflowID(key) }

// ChannelOfOutboxKey is the channel whose notices an outbox row of kind
// [OutboxNoticesDue] is about.
func ChannelOfOutboxKey(key string) (aid.Channel, bool) {
	channel, ok := strings.CutPrefix(key, "notices/")
	return aid.Channel(channel), ok
}
