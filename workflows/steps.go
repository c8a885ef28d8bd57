package workflows

import (
	"context"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/workflows/contract"
)

// step is an activity as a workflow calls it: the wire name says which one runs,
// the method only what goes in and comes out, so that the compiler checks the
// calls. The receivers are nil and never called.
type step[In, Out any] struct {
	name   string
	method func(context.Context, In) (Out, error)
}

var (
	requests *activities.Requests
	rounds   *activities.Rounds
	notices  *activities.Notices
	standing *activities.Standing
	rollouts *activities.Rollouts
	cohorts  *activities.Cohorts

	readRequest     = step[contract.RequestRef, contract.RequestState]{contract.ActivityReadRequest, requests.ReadRequest}
	advanceRequest  = step[contract.RequestRef, contract.RequestState]{contract.ActivityAdvanceRequest, requests.AdvanceRequest}
	acceptOffer     = step[contract.AnswerOffer, contract.Outcome]{contract.ActivityAcceptOffer, requests.AcceptOffer}
	declineOffer    = step[contract.AnswerOffer, contract.Outcome]{contract.ActivityDeclineOffer, requests.DeclineOffer}
	withdrawPairing = step[contract.WithdrawPairing, contract.Outcome]{contract.ActivityWithdrawPairing, requests.WithdrawPairing}
	cancelRequest   = step[contract.EndRequest, contract.Outcome]{contract.ActivityCancelRequest, requests.CancelRequest}
	closeRequest    = step[contract.EndRequest, contract.Outcome]{contract.ActivityCloseRequest, requests.CloseRequest}
	askForRound     = step[contract.AskForRound, contract.RoundAsked]{contract.ActivityAskForRound, rounds.AskForRound}
	runRound        = step[contract.RunRound, contract.RoundResult]{contract.ActivityRunRound, rounds.RunRound}
	deliverNotices  = step[contract.DeliverNotices, contract.NoticesDelivered]{contract.ActivityDeliverNotices, notices.DeliverNotices}
	advanceStanding = step[contract.RequestRef, contract.StandingState]{contract.ActivityAdvanceStanding, standing.AdvanceStanding}
	planRollout     = step[contract.PlanRollout, contract.RolloutPlanned]{contract.ActivityPlanRollout, rollouts.PlanRollout}
	announceCohorts = step[contract.RolloutAt, contract.CohortsAnnounced]{contract.ActivityAnnounceCohorts, rollouts.AnnounceCohorts}
	checkRollout    = step[contract.RolloutAt, contract.RolloutChecked]{contract.ActivityCheckRollout, rollouts.CheckRollout}
	advanceCohort   = step[contract.CohortRef, contract.CohortState]{contract.ActivityAdvanceCohort, cohorts.AdvanceCohort}
	amendRollout    = step[contract.AmendRollout, contract.RolloutAmended]{contract.ActivityAmendRollout, rollouts.AmendRollout}
)
