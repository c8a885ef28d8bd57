package worker

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/linli/linli/aid"
)

const (
	// roundsEvery is how long seats may stay open because nobody looks for people,
	// and notices stay unsent because nobody sends them.
	roundsEvery = time.Minute
	// requestsEvery is longer, since every process that runs is listed.
	requestsEvery = 5 * time.Minute
	mendsAtOnce   = 8
)

// Facts tell which processes there must be.
type Facts interface {
	// LiveRequests gives the help requests that have not ended.
	LiveRequests(ctx context.Context) ([]aid.RequestID, error)
	// LiveStanding gives the standing pairings among them.
	LiveStanding(ctx context.Context) ([]aid.RequestID, error)
	// LiveCohorts gives the training cohorts whose process has something to do.
	LiveCohorts(ctx context.Context) ([]aid.CohortID, error)
	// SeekingShards gives the shards in which a round is due.
	SeekingShards(ctx context.Context) ([]aid.Cell, error)
	// LiveRollouts gives the training rollouts that have not ended.
	LiveRollouts(ctx context.Context) ([]aid.RolloutID, error)
	// DueChannels gives the channels by which notices are to be sent now.
	DueChannels(ctx context.Context) ([]aid.Channel, error)
}

// Processes tells which processes there are, and brings back those that are
// missing. To bring back one that runs does no harm.
type Processes interface {
	// Running and RunningRounds may lag behind by seconds.
	Running(ctx context.Context) (map[aid.RequestID]bool, error)
	RunningRounds(ctx context.Context) (map[aid.Cell]bool, error)
	IsRunning(ctx context.Context, id aid.RequestID) (bool, error)
	IsRoundRunning(ctx context.Context, shard aid.Cell) (bool, error)
	IsDeliveryRunning(ctx context.Context, channel aid.Channel) (bool, error)
	RunningStanding(ctx context.Context) (map[aid.RequestID]bool, error)
	IsStandingRunning(ctx context.Context, id aid.RequestID) (bool, error)
	RunningRollouts(ctx context.Context) (map[aid.RolloutID]bool, error)
	IsRolloutRunning(ctx context.Context, id aid.RolloutID) (bool, error)
	// BringBackRollout starts the process of a rollout.
	BringBackRollout(ctx context.Context, id aid.RolloutID) error
	// TellStanding has the process of a standing pairing look, and starts it.
	TellStanding(ctx context.Context, id aid.RequestID) error
	RunningCohorts(ctx context.Context) (map[aid.CohortID]bool, error)
	IsCohortRunning(ctx context.Context, id aid.CohortID) (bool, error)
	// TellCohort has the process of a cohort look, and starts it.
	TellCohort(ctx context.Context, id aid.CohortID) error
	// Tell has the process of a request look at it, and starts it if it must.
	Tell(ctx context.Context, id aid.RequestID) error
	// AskForRound has the process of a shard look for people, and starts it.
	AskForRound(ctx context.Context, shard aid.Cell, urgent bool) error
	// SendNotices has the process of a channel send what is due, and starts it.
	SendNotices(ctx context.Context, channel aid.Channel) error
}

// Sweep brings back processes that were lost, such as by an operator who
// terminated one, or by a Temporal that was restored to an earlier day. Several
// sweeps may run at one time.
type Sweep struct {
	Facts     Facts
	Processes Processes
	Log       *slog.Logger
}

// Run sweeps at once, and then for as long as ctx lives: the rounds and
// notices each minute, the requests each five.
func (s Sweep) Run(ctx context.Context) {
	rounds, requests := time.NewTicker(roundsEvery), time.NewTicker(requestsEvery)
	defer rounds.Stop()
	defer requests.Stop()
	s.tell(ctx, "rounds", s.Rounds)
	s.tell(ctx, "notices", s.Notices)
	s.tell(ctx, "requests", s.Requests)
	s.tell(ctx, "standing pairings", s.Standing)
	s.tell(ctx, "rollouts", s.Rollouts)
	s.tell(ctx, "cohorts", s.Cohorts)
	for {
		select {
		case <-ctx.Done():
			return
		case <-rounds.C:
			s.tell(ctx, "rounds", s.Rounds)
			s.tell(ctx, "notices", s.Notices)
		case <-requests.C:
			s.tell(ctx, "requests", s.Requests)
			s.tell(ctx, "standing pairings", s.Standing)
			s.tell(ctx, "rollouts", s.Rollouts)
			s.tell(ctx, "cohorts", s.Cohorts)
		}
	}
}

// tell runs one sweep and says what came of it, when there is anything to say.
func (s Sweep) tell(ctx context.Context, of string, sweep func(context.Context) (int, error)) {
	brought, err := sweep(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		s.Log.WarnContext(ctx, "lost processes were not all brought back; the next sweep tries again", "of", of, "brought_back", brought, "error", err)
	case brought > 0:
		s.Log.WarnContext(ctx, "lost processes were brought back", "of", of, "brought_back", brought)
	}
}

// Requests brings back the processes of help requests that have not ended, and
// tells how many it was.
func (s Sweep) Requests(ctx context.Context) (brought int, err error) {
	return mend(ctx, s.Facts.LiveRequests, s.Processes.Running, s.Processes.IsRunning, s.Processes.Tell)
}

// Standing brings back the processes of standing pairings that have not ended,
// and tells how many it was.
func (s Sweep) Standing(ctx context.Context) (brought int, err error) {
	return mend(ctx, s.Facts.LiveStanding, s.Processes.RunningStanding, s.Processes.IsStandingRunning, s.Processes.TellStanding)
}

// Rollouts brings back the processes of rollouts that have not ended, and tells how
// many it was.
func (s Sweep) Rollouts(ctx context.Context) (brought int, err error) {
	return mend(ctx, s.Facts.LiveRollouts, s.Processes.RunningRollouts, s.Processes.IsRolloutRunning, s.Processes.BringBackRollout)
}

// Cohorts brings back the processes of training cohorts that have something to do,
// and tells how many it was.
func (s Sweep) Cohorts(ctx context.Context) (brought int, err error) {
	return mend(ctx, s.Facts.LiveCohorts, s.Processes.RunningCohorts, s.Processes.IsCohortRunning, s.Processes.TellCohort)
}

// Rounds brings back the processes of shards in which a round is due, and tells
// how many it was. One that runs is left alone: it knows when to look.
func (s Sweep) Rounds(ctx context.Context) (brought int, err error) {
	return mend(ctx, s.Facts.SeekingShards, s.Processes.RunningRounds, s.Processes.IsRoundRunning,
		func(ctx context.Context, shard aid.Cell) error { return s.Processes.AskForRound(ctx, shard, false) })
}

// Notices brings back the processes of channels by which notices are due, and
// tells how many it was. There are few, so each is looked at by itself.
func (s Sweep) Notices(ctx context.Context) (brought int, err error) {
	none := func(context.Context) (map[aid.Channel]bool, error) { return nil, nil }
	return mend(ctx, s.Facts.DueChannels, none, s.Processes.IsDeliveryRunning, s.Processes.SendNotices)
}

// mend brings back what must run and does not. What the late list of the running
// does not hold is looked at by itself first. One that fails does not keep the
// others from it, unless a part is away, which all of them would find.
func mend[ID comparable](ctx context.Context,
	list func(context.Context) ([]ID, error), listRunning func(context.Context) (map[ID]bool, error),
	isRunning func(context.Context, ID) (bool, error), bring func(context.Context, ID) error,
) (brought int, err error) {
	must, err := list(ctx)
	if err != nil || len(must) == 0 {
		return 0, err
	}
	running, err := listRunning(ctx)
	if err != nil {
		return 0, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var n atomic.Int64
	var group errgroup.Group
	group.SetLimit(mendsAtOnce)
	for _, id := range must {
		if running[id] {
			continue
		}
		group.Go(func() error {
			runs, err := isRunning(ctx, id)
			if err == nil && !runs {
				if err = bring(ctx, id); err == nil {
					n.Add(1)
				}
			}
			if aid.KindOf(err) == aid.Unavailable {
				stop(err)
			}
			return err
		})
	}
	if err = group.Wait(); err != nil && ctx.Err() != nil {
		err = context.Cause(ctx) // and not that others were stopped for it
	}
	return int(n.Load()), err
}
