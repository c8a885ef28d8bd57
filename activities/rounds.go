package activities

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/activity"
	"golang.org/x/sync/errgroup"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching"
	"github.com/linli/linli/workflows/contract"
)

// RoundStore is what a match round reads and writes. MakeOffers and NobodyLeft
// are one transaction each, which also tells the request's process.
type RoundStore interface {
	// SeekingRequests gives the requests of a shard for which people may be asked.
	SeekingRequests(ctx context.Context, shard aid.Cell) ([]*aid.HelpRequest, error)
	// MakeOffers asks the picked volunteers as far as they are wanted and free.
	// refused are those who are not free any more.
	MakeOffers(ctx context.Context, round aid.RoundID, id aid.RequestID, picks []aid.Pick, p aid.SearchPolicy) (made []aid.Offer, refused []aid.VolunteerID, err error)
	// NobodyLeft notes that nobody is left to ask as far as the search reaches, unless
	// offers are pending. again tells that it reaches farther from now on.
	NobodyLeft(ctx context.Context, id aid.RequestID, as aid.Reach, unmet aid.ReasonCounts, p aid.SearchPolicy) (again bool, err error)
	// NobodyNow is the like where some may be asked later.
	NobodyNow(ctx context.Context, id aid.RequestID, as aid.Reach, p aid.SearchPolicy) (again bool, err error)
	// BeginRound writes the record of a round, unless there is one.
	BeginRound(ctx context.Context, r aid.Round) error
	// EndRound notes in the record when the round ended and the offers made for it
	// in all its tries, which it counts. Without a record there are none.
	EndRound(ctx context.Context, id aid.RoundID, at time.Time) (offers int, err error)
}

// Matcher chooses whom to ask for the requests of a shard, over the volunteers as
// they are now; volunteers is how many were known.
type Matcher interface {
	Match(ctx context.Context, shard aid.Cell, requests []*aid.HelpRequest, p aid.SearchPolicy) (plan *matching.Plan, volunteers int, err error)
}

// Asker passes the wish for a round to the process of a shard.
type Asker interface {
	AskForRound(ctx context.Context, shard aid.Cell, urgent bool) error
}

const (
	// passes bounds how often a round solves again because volunteers were taken
	// by other rounds meanwhile, or because a search reaches farther, of which the
	// last step asks nobody more. What stays open is left to the next round.
	passes = 3
	// beat is far below the heartbeat timeout that the process grants.
	beat = 5 * time.Second
)

// Rounds are the steps of match rounds. They are safe for concurrent use.
type Rounds struct {
	Store   RoundStore
	Matcher Matcher
	Asker   Asker
	Policy  aid.SearchPolicy
	AtOnce  int // requests of a round that are written at one time; 0 is one
}

// AskForRound has the process of a shard look for people. Asking twice costs at
// most a round that finds nothing to do.
func (a *Rounds) AskForRound(ctx context.Context, m contract.AskForRound) (contract.RoundAsked, error) {
	return contract.RoundAsked{}, fail(ctx, a.Asker.AskForRound(ctx, m.Shard, m.Urgent))
}

// RunRound asks people for the vacant seats of a shard. Repeating a round goes
// on with what is still vacant; nobody is asked twice for the same request.
func (a *Rounds) RunRound(ctx context.Context, m contract.RunRound) (contract.RoundResult, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go heartbeat(ctx, beat)
	run := round{Rounds: a, id: m.Round, shard: m.Shard, began: time.Now()}
	result, err := run.do(ctx)
	return result, fail(ctx, err)
}

// heartbeat tells Temporal that the worker lives, so that a round of a worker
// that died begins elsewhere at once. A round that hangs ends by its own timeout.
func heartbeat(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			activity.RecordHeartbeat(ctx)
		}
	}
}

// round is one try of a round.
type round struct {
	*Rounds
	id    aid.RoundID
	shard aid.Cell
	began time.Time
}

func (r *round) do(ctx context.Context) (contract.RoundResult, error) {
	for pass := range passes {
		again, err := r.pass(ctx, pass == 0)
		if err != nil {
			return contract.RoundResult{}, err
		}
		if !again {
			break
		}
	}
	requests, err := r.Store.SeekingRequests(ctx, r.shard)
	if err != nil {
		return contract.RoundResult{}, err
	}
	// A try that finds nothing left to do may still end what an earlier one did.
	offers, err := r.Store.EndRound(ctx, r.id, r.began.Add(time.Since(r.began)).UTC())
	if err != nil {
		return contract.RoundResult{}, err
	}
	return contract.RoundResult{Offers: offers, StillOpen: openSeats(requests, r.Policy)}, nil
}

// pass matches once and tells whether volunteers turned out to be taken, or a
// search reaches farther, so that matching again may find others.
func (r *round) pass(ctx context.Context, first bool) (again bool, err error) {
	requests, err := r.Store.SeekingRequests(ctx, r.shard)
	if err != nil || len(requests) == 0 {
		return false, err
	}
	plan, volunteers, err := r.Matcher.Match(ctx, r.shard, requests, r.Policy)
	if err != nil {
		return false, err
	}
	if first {
		// Before the first offer: whatever cuts the round off then, it has a record.
		if err := r.Store.BeginRound(ctx, r.record(plan, len(requests), volunteers)); err != nil {
			return false, err
		}
	}
	return r.carryOut(ctx, requests, plan)
}

// carryOut makes the offers of a plan, and ends the searches that it gives up.
// Requests do not wait for each other: their transactions lock in one order.
func (r *round) carryOut(ctx context.Context, requests []*aid.HelpRequest, plan *matching.Plan) (again bool, err error) {
	picks, unmatchable := plan.ByRequest(), plan.Unmatchable()
	var more atomic.Bool
	asking, ctx := errgroup.WithContext(ctx)
	asking.SetLimit(max(r.AtOnce, 1))
	for _, request := range requests {
		asking.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			refused, err := r.ask(ctx, request.ID, picks[request.ID])
			farther := false
			unmet, nobody := unmatchable[request.ID]
			switch {
			case err != nil:
			case nobody:
				farther, err = r.Store.NobodyLeft(ctx, request.ID, request.Reach, unmet, r.Policy)
			case len(picks[request.ID]) == 0 && request.Within(r.Policy) > 0:
				farther, err = r.Store.NobodyNow(ctx, request.ID, request.Reach, r.Policy)
			}
			err = gone(err)
			if refused || farther {
				more.Store(true)
			}
			return err
		})
	}
	err = asking.Wait()
	return more.Load(), err
}

func (r *round) record(plan *matching.Plan, requests, volunteers int) aid.Round {
	return aid.Round{
		ID: r.id, Shard: r.shard, StartedAt: r.began.UTC(), Seconds: time.Since(r.began).Seconds(),
		Requests: requests, Seats: plan.Seats, Volunteers: volunteers,
		Objective: plan.Objective, DualBound: plan.DualBound, Gap: plan.Gap,
		SolveSeconds: plan.SolveSeconds, Warm: plan.Warm,
		Scarcity: scarcityFor(plan),
	}
}

// scarcityFor gives the scarcity of a plan as it is kept: with savings rounded up
// to whole hundreds. Exact ones for a few cells would tell where a request is.
func scarcityFor(plan *matching.Plan) []aid.Scarcity {
	kept := slices.Clone(plan.Scarcity)
	for i := range kept {
		kept[i].Saving = (kept[i].Saving + 99) / 100 * 100
	}
	return kept
}

func (r *round) ask(ctx context.Context, id aid.RequestID, picks []aid.Pick) (refused bool, err error) {
	if len(picks) == 0 {
		return false, nil
	}
	for i := range picks {
		picks[i].Offer = aid.OfferID(uuid.Must(uuid.NewV7()).String())
	}
	_, taken, err := r.Store.MakeOffers(ctx, r.id, id, picks, r.Policy)
	if err != nil {
		return false, gone(err)
	}
	return len(taken) > 0, nil
}

// gone lets a round go on when a request was decided or removed meanwhile: one
// request's fate is no reason to ask nobody for the others.
func gone(err error) error {
	if kind := aid.KindOf(err); kind == aid.NotFound || kind == aid.Conflict {
		return nil
	}
	return err
}

// openSeats counts the seats for which nobody is being asked. Standby places do
// not count: a further round could only repeat that nobody is left for them.
func openSeats(requests []*aid.HelpRequest, p aid.SearchPolicy) int {
	open := 0
	for _, request := range requests {
		for _, v := range request.Vacancies(p.AsksPerSeat[request.Urgency]) {
			open += v.Seats
		}
	}
	return open
}
