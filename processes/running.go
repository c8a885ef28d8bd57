package processes

import (
	"context"
	"fmt"

	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// Running lists the help requests whose process is running, for audits and
// sweeps. What started or ended within the last seconds may be missing or too
// many, since Temporal's list lags behind; [Processes.IsRunning] tells for one.
func (p *Processes) Running(ctx context.Context) (map[aid.RequestID]bool, error) {
	return running(ctx, p.client, contract.WorkflowHelpRequest, contract.RequestOfWorkflowID)
}

// RunningRounds lists the shards whose process is running, as late as Running.
func (p *Processes) RunningRounds(ctx context.Context) (map[aid.Cell]bool, error) {
	return running(ctx, p.client, contract.WorkflowMatchRound, contract.ShardOfWorkflowID)
}

// RunningStanding lists the standing pairings whose process is running, as late
// as Running.
func (p *Processes) RunningStanding(ctx context.Context) (map[aid.RequestID]bool, error) {
	return running(ctx, p.client, contract.WorkflowStandingPairing, contract.StandingOfWorkflowID)
}

// IsStandingRunning tells whether the process of a standing pairing is running
// right now.
func (p *Processes) IsStandingRunning(ctx context.Context, id aid.RequestID) (bool, error) {
	return p.isRunning(ctx, contract.StandingPairingWorkflowID(id))
}

// RunningCohorts lists the cohorts whose process is running, as late as Running.
func (p *Processes) RunningCohorts(ctx context.Context) (map[aid.CohortID]bool, error) {
	return running(ctx, p.client, contract.WorkflowCohort, contract.CohortOfWorkflowID)
}

// IsCohortRunning tells whether the process of a cohort is running right now.
func (p *Processes) IsCohortRunning(ctx context.Context, id aid.CohortID) (bool, error) {
	return p.isRunning(ctx, contract.CohortWorkflowID(id))
}

// running lists what the running workflows of a type are for.
func running[ID comparable](ctx context.Context, c client.Client, workflow string, of func(workflowID string) (ID, bool)) (map[ID]bool, error) {
	out := map[ID]bool{}
	request := &workflowservice.ListWorkflowExecutionsRequest{
		Query: fmt.Sprintf("WorkflowType = '%s' AND ExecutionStatus = 'Running'", workflow),
	}
	for {
		page, err := c.ListWorkflow(ctx, request)
		if err != nil {
			return nil, toDomain(err)
		}
		for _, e := range page.GetExecutions() {
			if id, ok := of(e.GetExecution().GetWorkflowId()); ok {
				out[id] = true
			}
		}
		if request.NextPageToken = page.GetNextPageToken(); len(request.NextPageToken) == 0 {
			return out, nil
		}
	}
}

// IsRunning tells whether the process of a request is running right now.
func (p *Processes) IsRunning(ctx context.Context, id aid.RequestID) (bool, error) {
	return p.isRunning(ctx, contract.HelpRequestWorkflowID(id))
}

// IsRoundRunning tells whether the process of a shard is running right now.
func (p *Processes) IsRoundRunning(ctx context.Context, shard aid.Cell) (bool, error) {
	return p.isRunning(ctx, contract.MatchRoundWorkflowID(shard))
}

// IsDeliveryRunning tells whether the process of a channel is running right now.
func (p *Processes) IsDeliveryRunning(ctx context.Context, channel aid.Channel) (bool, error) {
	return p.isRunning(ctx, contract.NoticeDeliveryWorkflowID(channel))
}

func (p *Processes) isRunning(ctx context.Context, workflowID string) (bool, error) {
	d, err := p.client.DescribeWorkflowExecution(ctx, workflowID, "")
	if isGone(err) {
		return false, nil
	}
	if err != nil {
		return false, toDomain(err)
	}
	return d.GetWorkflowExecutionInfo().GetCloseTime() == nil, nil
}
