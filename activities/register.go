package activities

import (
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"

	"github.com/linli/linli/workflows/contract"
)

// Register tells a worker the steps of help requests, each by its wire name.
func (a *Requests) Register(w worker.ActivityRegistry) {
	register(w, map[string]any{
		contract.ActivityReadRequest:     a.ReadRequest,
		contract.ActivityAdvanceRequest:  a.AdvanceRequest,
		contract.ActivityAcceptOffer:     a.AcceptOffer,
		contract.ActivityDeclineOffer:    a.DeclineOffer,
		contract.ActivityWithdrawPairing: a.WithdrawPairing,
		contract.ActivityCancelRequest:   a.CancelRequest,
		contract.ActivityCloseRequest:    a.CloseRequest,
	})
}

// Register tells a worker the steps of standing pairings.
func (a *Standing) Register(w worker.ActivityRegistry) {
	register(w, map[string]any{contract.ActivityAdvanceStanding: a.AdvanceStanding})
}

// Register tells a worker the steps of training rollouts.
func (a *Rollouts) Register(w worker.ActivityRegistry) {
	register(w, map[string]any{
		contract.ActivityPlanRollout:     a.PlanRollout,
		contract.ActivityAnnounceCohorts: a.AnnounceCohorts,
		contract.ActivityCheckRollout:    a.CheckRollout,
		contract.ActivityAmendRollout:    a.AmendRollout,
	})
}

// Register tells a worker the steps of training cohorts.
func (a *Cohorts) Register(w worker.ActivityRegistry) {
	register(w, map[string]any{contract.ActivityAdvanceCohort: a.AdvanceCohort})
}

// RegisterAsking tells a worker the step that asks for rounds.
func (a *Rounds) RegisterAsking(w worker.ActivityRegistry) {
	register(w, map[string]any{contract.ActivityAskForRound: a.AskForRound})
}

// RegisterRounds tells a worker that holds the index the step that matches.
func (a *Rounds) RegisterRounds(w worker.ActivityRegistry) {
	register(w, map[string]any{contract.ActivityRunRound: a.RunRound})
}

// Register tells a worker the step that sends notices.
func (a *Notices) Register(w worker.ActivityRegistry) {
	register(w, map[string]any{contract.ActivityDeliverNotices: a.DeliverNotices})
}

func register(w worker.ActivityRegistry, all map[string]any) {
	for name, step := range all {
		w.RegisterActivityWithOptions(step, activity.RegisterOptions{Name: name})
	}
}
