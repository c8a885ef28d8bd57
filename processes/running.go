package processes

import (
	"context"
	"fmt"

	"go.temporal.io/api/workflowservice/v1"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// Running lists the help requests whose process is running, for audits. What
// started or ended within the last seconds may be missing or too many, since
// Temporal's list lags behind; [Processes.IsRunning] tells for one.
func (p *Processes) Running(ctx context.Context) (map[aid.RequestID]bool, error) {
	out := map[aid.RequestID]bool{}
	request := &workflowservice.ListWorkflowExecutionsRequest{
		Query: fmt.Sprintf("WorkflowType = '%s' AND ExecutionStatus = 'Running'", contract.WorkflowHelpRequest),
	}
	for {
		page, err := p.client.ListWorkflow(ctx, request)
		if err != nil {
			return nil, toDomain(err)
		}
		for _, e := range page.GetExecutions() {
			if id, ok := contract.RequestOfWorkflowID(e.GetExecution().GetWorkflowId()); ok {
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
	d, err := p.client.DescribeWorkflowExecution(ctx, contract.HelpRequestWorkflowID(id), "")
	if isGone(err) {
		return false, nil
	}
	if err != nil {
		return false, toDomain(err)
	}
	return d.GetWorkflowExecutionInfo().GetCloseTime() == nil, nil
}
