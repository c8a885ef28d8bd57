package workflows

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/linli/linli/workflows/contract"
)

// all lists every workflow by its wire name.
var all = map[string]any{
	contract.WorkflowHelpRequest:     HelpRequest,
	contract.WorkflowMatchRound:      MatchRound,
	contract.WorkflowNoticeDelivery:  NoticeDelivery,
	contract.WorkflowStandingPairing: StandingPairing,
	contract.WorkflowRollout:         Rollout,
	contract.WorkflowCohort:          Cohort,
}

// Register tells a worker every workflow.
func Register(w worker.WorkflowRegistry) {
	for name, definition := range all {
		w.RegisterWorkflowWithOptions(definition, workflow.RegisterOptions{Name: name})
	}
}
