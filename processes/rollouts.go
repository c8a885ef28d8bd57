package processes

import (
	"context"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// AmendRollout puts a kept amendment in force, and waits for the answer. The id makes a
// repeated message the same one.
func (p *Processes) AmendRollout(ctx context.Context, id string, m contract.AmendRollout) (contract.RolloutAmended, error) {
	options := client.UpdateWorkflowOptions{
		UpdateID: id, WorkflowID: contract.RolloutWorkflowID(m.Rollout), UpdateName: contract.UpdateAmendRollout,
		Args: []any{m}, WaitForStage: client.WorkflowUpdateStageCompleted,
	}
	return answered(ctx, p, options.WorkflowID, func(ctx context.Context) (contract.RolloutAmended, error) {
		out, err := answerOf[contract.RolloutAmended](ctx)(p.client.UpdateWorkflow(ctx, options))
		if !isGone(err) {
			return out, err
		}
		in, err := p.store.RolloutToGoOn(ctx, m.Rollout)
		if err != nil {
			return out, err
		}
		return answerOf[contract.RolloutAmended](ctx)(p.client.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
			StartWorkflowOperation: p.client.NewWithStartWorkflowOperation(rolloutAnew(m.Rollout), contract.WorkflowRollout, in),
			UpdateOptions:          options,
		}))
	})
}

// BringBackRollout starts the process of a rollout unless it runs or the rollout has
// ended.
func (p *Processes) BringBackRollout(ctx context.Context, id aid.RolloutID) error {
	in, err := p.store.RolloutToGoOn(ctx, id)
	if kind := aid.KindOf(err); kind == aid.NotFound || kind == aid.Conflict {
		return nil
	}
	if err != nil {
		return err
	}
	return toDomain(p.startRollout(ctx, rolloutAnew(id), in))
}

// RunningRollouts lists the rollouts whose process is running, as late as Running.
func (p *Processes) RunningRollouts(ctx context.Context) (map[aid.RolloutID]bool, error) {
	return running(ctx, p.client, contract.WorkflowRollout, contract.RolloutOfWorkflowID)
}

// IsRolloutRunning tells whether the process of a rollout is running right now.
func (p *Processes) IsRolloutRunning(ctx context.Context, id aid.RolloutID) (bool, error) {
	return p.isRunning(ctx, contract.RolloutWorkflowID(id))
}

func (p *Processes) startRollout(ctx context.Context, options client.StartWorkflowOptions, in contract.RolloutInput) error {
	_, err := p.client.ExecuteWorkflow(ctx, options, contract.WorkflowRollout, in)
	return err
}

// rolloutOnce starts the process of a rollout unless there is or was one: the outbox
// may say twice that a rollout was opened.
func rolloutOnce(id aid.RolloutID) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID: contract.RolloutWorkflowID(id), TaskQueue: contract.QueueProcesses,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
	}
}

// rolloutAnew starts it also where one was lost before.
func rolloutAnew(id aid.RolloutID) client.StartWorkflowOptions {
	options := rolloutOnce(id)
	options.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
	return options
}
