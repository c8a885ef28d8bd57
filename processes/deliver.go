package processes

import (
	"context"
	"encoding/json"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// Deliver does what an outbox row asks for. It may be called twice for one row,
// and by several callers at once.
func (p *Processes) Deliver(ctx context.Context, kind, key string, payload []byte) error {
	switch kind {
	case contract.OutboxStartRequest:
		var in contract.HelpRequestInput
		if err := json.Unmarshal(payload, &in); err != nil {
			return aid.Errorf(aid.Internal, "the outbox row of %s is malformed: %v", key, err)
		}
		if string(in.Request) != key {
			return aid.Errorf(aid.Internal, "the outbox row of %s starts the process of %s", key, in.Request)
		}
		return toDomain(p.start(ctx, once(in.Request), in))
	case contract.OutboxRequestChanged:
		return p.Tell(ctx, aid.RequestID(key))
	case contract.OutboxNoticesDue:
		channel, ok := contract.ChannelOfOutboxKey(key)
		if !ok {
			return aid.Errorf(aid.Internal, "the outbox row of %s names no channel", key)
		}
		return p.SendNotices(ctx, channel)
	case contract.OutboxStartRollout:
		var in contract.RolloutInput
		if err := json.Unmarshal(payload, &in); err != nil {
			return aid.Errorf(aid.Internal, "the outbox row of %s is malformed: %v", key, err)
		}
		return toDomain(p.startRollout(ctx, rolloutOnce(in.Rollout), in))
	case contract.OutboxRolloutAmended:
		var m contract.AmendRollout
		if err := json.Unmarshal(payload, &m); err != nil {
			return aid.Errorf(aid.Internal, "the outbox row of %s is malformed: %v", key, err)
		}
		_, err := p.AmendRollout(ctx, m.Amendment, m)
		if aid.ReasonOf(err) == aid.ReasonSettled {
			return nil // the rollout has ended meanwhile
		}
		return err
	case contract.OutboxStandingChanged:
		return p.TellStanding(ctx, aid.RequestID(key))
	case contract.OutboxCohortChanged:
		cohort, ok := contract.CohortOfOutboxKey(key)
		if !ok {
			return aid.Errorf(aid.Internal, "the outbox row of %s names no cohort", key)
		}
		return p.TellCohort(ctx, cohort)
	}
	return aid.Errorf(aid.Internal, "nothing delivers outbox rows of kind %q", kind)
}

// TellStanding has the process of a standing pairing look at it, and starts it if
// there is none. One that is started for a pairing that has ended ends at once.
func (p *Processes) TellStanding(ctx context.Context, request aid.RequestID) error {
	id := contract.StandingPairingWorkflowID(request)
	_, err := p.client.SignalWithStartWorkflow(ctx, id, contract.SignalRequestChanged, nil,
		client.StartWorkflowOptions{ID: id, TaskQueue: contract.QueueProcesses},
		contract.WorkflowStandingPairing, contract.StandingInput{Request: request})
	return toDomain(err)
}

// TellCohort has the process of a cohort look at it, and starts it if there is none.
// One that is started for a cohort for which nothing is left to do ends at once.
func (p *Processes) TellCohort(ctx context.Context, cohort aid.CohortID) error {
	id := contract.CohortWorkflowID(cohort)
	_, err := p.client.SignalWithStartWorkflow(ctx, id, contract.SignalCohortChanged, nil,
		client.StartWorkflowOptions{ID: id, TaskQueue: contract.QueueProcesses},
		contract.WorkflowCohort, contract.CohortInput{Cohort: cohort})
	return toDomain(err)
}

// AskForRound passes the wish for a round to the process of a shard, starting it
// if it is not running.
func (p *Processes) AskForRound(ctx context.Context, shard aid.Cell, urgent bool) error {
	id := contract.MatchRoundWorkflowID(shard)
	_, err := p.client.SignalWithStartWorkflow(ctx, id, contract.SignalRoundWanted, contract.RoundWanted{Urgent: urgent},
		client.StartWorkflowOptions{ID: id, TaskQueue: contract.QueueProcesses},
		contract.WorkflowMatchRound, contract.MatchRoundInput{Shard: shard, Interval: p.interval})
	return toDomain(err)
}

// SendNotices has the process of a channel send what is due, starting it if it is
// not running.
func (p *Processes) SendNotices(ctx context.Context, channel aid.Channel) error {
	id := contract.NoticeDeliveryWorkflowID(channel)
	_, err := p.client.SignalWithStartWorkflow(ctx, id, contract.SignalNoticesDue, nil,
		client.StartWorkflowOptions{ID: id, TaskQueue: contract.QueueProcesses},
		contract.WorkflowNoticeDelivery, contract.NoticeDeliveryInput{Channel: channel})
	return toDomain(err)
}

// Tell lets the process of a request know that the request changed. One that is
// not running is started, which reads the request first of all, unless the
// request has ended.
func (p *Processes) Tell(ctx context.Context, id aid.RequestID) error {
	return toDomain(p.tell(ctx, id))
}

func (p *Processes) tell(ctx context.Context, id aid.RequestID) error {
	err := p.client.SignalWorkflow(ctx, contract.HelpRequestWorkflowID(id), "", contract.SignalRequestChanged, nil)
	if !isGone(err) {
		return err
	}
	r, err := p.store.Request(ctx, id)
	if aid.KindOf(err) == aid.NotFound {
		return nil
	}
	if err != nil || r.Status.Ended() {
		return err
	}
	return p.start(ctx, anew(id), p.input(r))
}

func (p *Processes) start(ctx context.Context, options client.StartWorkflowOptions, in contract.HelpRequestInput) error {
	// The client takes a start that is turned down, since there is or was such a
	// workflow, for success.
	_, err := p.client.ExecuteWorkflow(ctx, options, contract.WorkflowHelpRequest, in)
	return err
}

// once starts the process of a request unless there is or was one: the outbox
// may say twice that a request was opened.
func once(id aid.RequestID) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID: contract.HelpRequestWorkflowID(id), TaskQueue: contract.QueueProcesses,
		EnableEagerStart:         true, // the relay runs beside a worker, which may begin at once
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
	}
}

// anew starts the process of a request that has not ended, also where one was
// lost before, such as by an operator's hand.
func anew(id aid.RequestID) client.StartWorkflowOptions {
	options := once(id)
	options.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
	return options
}
