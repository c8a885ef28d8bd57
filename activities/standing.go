package activities

import (
	"context"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/cadence"
	"github.com/linli/linli/workflows/contract"
)

// StandingStore keeps standing pairings and opens the requests of substitutes.
// Each call is one transaction.
type StandingStore interface {
	Request(ctx context.Context, id aid.RequestID) (*aid.HelpRequest, error)
	RequestsByID(ctx context.Context, ids []aid.RequestID) ([]*aid.HelpRequest, error)
	// ChangeStanding changes a request as [RequestStore] does, with its volunteers
	// locked, who then cannot be booked meanwhile.
	ChangeStanding(ctx context.Context, id aid.RequestID, fn func(r *aid.HelpRequest, people aid.StandingFacts, now time.Time) error) (*aid.HelpRequest, error)
	// OpenRequest writes a request with the order to start its process, or
	// [aid.ReasonAlreadyExists].
	OpenRequest(ctx context.Context, r *aid.HelpRequest, shard aid.Cell) error
	// ChangeAndTell changes a request and has its process told.
	ChangeAndTell(ctx context.Context, id aid.RequestID, fn func(r *aid.HelpRequest, now time.Time) error) (*aid.HelpRequest, error)
}

// Standing is the steps of standing pairings. It is safe for concurrent use.
type Standing struct {
	Store   StandingStore
	Policy  aid.StandingPolicy
	ShardOf func(aid.Cell) aid.Cell
}

// AdvanceStanding does what is due for a standing pairing by the store's clock:
// alarms first, then visits ahead, handing over, reminders and the review. Then
// it sees to substitutes. Each part repeats without harm, so a try that is cut
// off is finished by the next.
func (a *Standing) AdvanceStanding(ctx context.Context, m contract.RequestRef) (contract.StandingState, error) {
	state, err := a.advance(ctx, m.Request)
	return state, fail(ctx, err)
}

func (a *Standing) advance(ctx context.Context, id aid.RequestID) (contract.StandingState, error) {
	before, err := a.Store.Request(ctx, id)
	if err != nil {
		return contract.StandingState{}, err
	}
	covers, err := a.covers(ctx, before)
	if err != nil {
		return contract.StandingState{}, err
	}
	var now time.Time
	r, err := a.Store.ChangeStanding(ctx, id, func(r *aid.HelpRequest, facts aid.StandingFacts, clock time.Time) error {
		now = clock
		facts.Covers = covers
		if !r.Standing() {
			return nil
		}
		ahead, err := ahead(*r.Cadence, clock)
		if err != nil {
			return err
		}
		facts.Ahead = ahead
		r.AdvanceStanding(facts, a.Policy, clock)
		return nil
	})
	if err != nil {
		return contract.StandingState{}, err
	}
	if err := a.substitute(ctx, r, now); err != nil {
		return contract.StandingState{}, err
	}
	return contract.StandingState{Ended: !r.Standing() || r.Status.Ended(), NextDue: r.NextDue(a.Policy, now).UTC()}, nil
}

// ahead are the visits of a cadence to come, up to the horizon.
func ahead(c aid.Cadence, now time.Time) ([]aid.Window, error) {
	from := now.Add(1)
	begin := now
	if c.First.After(now) {
		begin = c.First
	}
	return cadence.Between(c, from, begin.Add(aid.Horizon))
}

// covers tells where the requests for substitutes stand.
func (a *Standing) covers(ctx context.Context, r *aid.HelpRequest) (map[aid.RequestID]aid.Cover, error) {
	var ids []aid.RequestID
	for _, v := range r.Visits {
		if v.Substitute != "" && (v.Status == aid.VisitPlanned || v.Status == aid.VisitHandedOver) && v.Alarm < aid.AlarmCaseworker {
			ids = append(ids, v.Substitute)
		}
	}
	covers := map[aid.RequestID]aid.Cover{}
	if len(ids) == 0 {
		return covers, nil
	}
	found, err := a.Store.RequestsByID(ctx, ids)
	for _, s := range found {
		c := aid.Cover{Status: s.Status}
		for _, v := range s.Visits {
			c.Begun = c.Begun || v.Status == aid.VisitBegun || v.Status == aid.VisitDone
		}
		covers[s.ID] = c
	}
	return covers, err
}

// substitute opens a request for each visit that needs a substitute, and calls
// off those that are needed no more, unless somebody has come by them.
func (a *Standing) substitute(ctx context.Context, r *aid.HelpRequest, now time.Time) error {
	for _, v := range r.Unsought(now) {
		id := aid.SubstituteID(v.ID)
		sub, err := aid.OpenRequest(id, r.SubstituteNeed(v, now), r.OpenedBy, aid.Area{ID: r.Area, Path: r.AreaPath}, r.Cell, now)
		if err != nil {
			return err
		}
		sub.Excluded = r.NoSubstitutes(v)
		if err := a.Store.OpenRequest(ctx, sub, a.ShardOf(r.Cell)); err != nil && aid.ReasonOf(err) != aid.ReasonAlreadyExists {
			return err
		}
		if _, err := a.Store.ChangeAndTell(ctx, r.ID, func(r *aid.HelpRequest, _ time.Time) error { return r.Sought(v.ID, id) }); err != nil {
			return err
		}
	}
	for _, id := range r.Needless(now) {
		sub, err := a.Store.Request(ctx, id)
		if err != nil {
			return err
		}
		if sub.Status.Ended() || sub.Attended() {
			continue
		}
		if _, err := a.Store.ChangeAndTell(ctx, id, func(r *aid.HelpRequest, now time.Time) error {
			if r.Attended() { // since it was read
				return nil
			}
			return r.Cancel("met_otherwise", "", now)
		}); err != nil && aid.KindOf(err) != aid.Conflict {
			return err
		}
	}
	return nil
}
