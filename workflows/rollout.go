package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// checkpointsARun is after how many a run continues as new, so that the process of
// years comes to new code each year.
const checkpointsARun = 12

// Rollout is the process of one training rollout, from its first plan to the end of
// its last deadline. It owns the months; who is to be trained, what is announced
// and what came of it are facts of the store.
//
//	┌──► check: count, forecast ──► ended? ──► end
//	│      │ what is left has changed, or an amendment came
//	│      ▼
//	│    plan what is left
//	│      ▼
//	└──── announce what it is time for, wait for the next month or an amendment
func Rollout(ctx workflow.Context, in contract.RolloutInput) error {
	p := &rolloutProcess{in: carriedOver(in)}
	if err := workflow.SetUpdateHandlerWithOptions(ctx, contract.UpdateAmendRollout, p.amend, workflow.UpdateHandlerOptions{Validator: p.mayAmend}); err != nil {
		return err
	}
	err := p.live(ctx)
	if err != nil && !p.gone {
		return err
	}
	if err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); err != nil {
		return err
	}
	if p.gone {
		workflow.GetLogger(ctx).Warn("there is no such rollout; its process ends", "rollout", in.Rollout)
		return nil
	}
	if p.ended {
		return nil
	}
	return workflow.NewContinueAsNewError(ctx, contract.WorkflowRollout, p.in)
}

// rolloutProcess is one run of the process.
type rolloutProcess struct {
	in         contract.RolloutInput
	checks     int // checkpoints of this run
	amendments int // that came into force in this run
	ended      bool
	gone       bool // there is no such rollout
}

// live goes on until the rollout has ended or the run has been long enough.
func (p *rolloutProcess) live(ctx workflow.Context) error {
	for {
		if !workflow.Now(ctx).Before(p.in.CheckAt) {
			if p.checks == checkpointsARun || workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
				return nil
			}
			p.checks++
			checked, err := p.check(ctx)
			if err != nil {
				return err
			}
			if p.ended = checked.Ended; p.ended {
				return nil
			}
			p.in.Planned = p.in.Planned && !checked.Replan
		}
		if err := p.proceed(ctx); err != nil {
			return err
		}
		wait := max(p.in.CheckAt.Sub(workflow.Now(ctx)), leastWait)
		if _, err := workflow.AwaitWithTimeout(ctx, wait, func() bool { return !p.in.Planned }); err != nil {
			return err
		}
	}
}

// proceed plans what is left if need be, and announces what it is time for.
func (p *rolloutProcess) proceed(ctx workflow.Context) error {
	plans := p.in.Plans
	if err := p.plan(ctx); err != nil || !p.in.Planned { // an amendment came meanwhile
		return err
	}
	made, err := doing(ctx, p, plannerRun(ctx), announceCohorts, contract.RolloutAt{Rollout: p.in.Rollout, At: workflow.Now(ctx), Until: p.in.CheckAt})
	if err == nil && (p.in.Plans > plans || made.Hindered > 0) {
		_, err = p.check(ctx) // by the plan of now, which has nothing to change yet
	}
	return err
}

// check counts, and learns when to count next.
func (p *rolloutProcess) check(ctx workflow.Context) (contract.RolloutChecked, error) {
	checked, err := doing(ctx, p, plannerRun(ctx), checkRollout, contract.RolloutAt{Rollout: p.in.Rollout, At: workflow.Now(ctx)})
	if err == nil {
		p.in.CheckAt = checked.Next
	}
	return checked, err
}

// plan makes a plan if there is none of what is left.
func (p *rolloutProcess) plan(ctx workflow.Context) error {
	if p.in.Planned {
		return nil
	}
	seen := p.amendments
	p.in.Plans++
	made, err := doing(ctx, p, plannerRun(ctx), planRollout, contract.PlanRollout{Rollout: p.in.Rollout, Plan: p.in.Plans, At: workflow.Now(ctx)})
	p.in.Planned = err == nil && !made.Stale && p.amendments == seen
	return err
}

// doing runs a step until it succeeds. One that fails for good is a fault of ours,
// which the next release mends: the process says so and tries again each minute.
// Only a rollout that is not there has no process.
func doing[In, Out any](ctx workflow.Context, p *rolloutProcess, options workflow.Context, s step[In, Out], in In) (Out, error) {
	for {
		out, err := execute(options, s, in)
		p.gone = isNoSuchRequest(err)
		if err == nil || p.gone || ctx.Err() != nil {
			return out, err
		}
		workflow.GetLogger(ctx).Error("a step of the process failed", "step", s.name, "error", err)
		if err := workflow.Sleep(ctx, faultPause); err != nil {
			return out, err
		}
	}
}

// amend puts a version of the file in force. What is left is planned anew after the
// answer.
func (p *rolloutProcess) amend(ctx workflow.Context, m contract.AmendRollout) (contract.RolloutAmended, error) {
	m.At = workflow.Now(ctx)
	out, err := write(ctx, amendRollout, m, candour())
	if err != nil {
		return out, answer(err)
	}
	p.amendments++
	p.in.Planned = false
	return out, nil
}

func (p *rolloutProcess) mayAmend(m contract.AmendRollout) error {
	var c aid.Check
	c.That(m.Rollout == p.in.Rollout, "rollout", "is another one than this process serves")
	c.That(aid.ValidID(aid.RolloutID(m.Amendment)), "amendment", "is missing or malformed")
	if err := c.Err("message"); err != nil {
		return activities.Failure(err)
	}
	return nil
}

// carriedOver brings what an earlier run has carried over to the form of today.
func carriedOver(in contract.RolloutInput) contract.RolloutInput {
	in.State = formOf(in.State, rolloutState)
	return in
}
