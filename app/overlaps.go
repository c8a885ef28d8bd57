package app

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/matching/grid"
)

// AskAlong asks whoever came before to come along to a visit of a standing pairing
// once more, on the word of the volunteer who comes now or of a caseworker. It is
// an offer like any other: they come if they accept. Asking again asks nobody anew.
func (u *Choices) AskAlong(ctx context.Context, by Caller, id aid.VisitID) (VisitCard, error) {
	if err := policy.Role(by.Role, policy.AskAlong); err != nil {
		return VisitCard{}, err
	}
	request, volunteer, err := u.Visits.Store.RequestOfVisit(ctx, id)
	if err != nil {
		return VisitCard{}, hidden(err, "visit")
	}
	r, err := u.Visits.Store.Request(ctx, request)
	if err == nil {
		err = policy.Allow(by.Account, policy.AskAlong, policy.Resource{Area: r.AreaPath, Volunteer: volunteer})
	}
	if err != nil {
		return VisitCard{}, hidden(err, "visit")
	}
	now := u.Requests.Now()
	v, before, err := r.Introduction(id, now)
	if err != nil {
		return VisitCard{}, err
	}
	if err := u.askAlong(ctx, by, r, v, before); err != nil {
		return VisitCard{}, err
	}
	v.Overlap = aid.OverlapID(id)
	return visitCard(by, r, v)
}

// askAlong asks whoever came before, if they may come as whoever is asked by hand.
func (u *Choices) askAlong(ctx context.Context, by Caller, r *aid.HelpRequest, v aid.Visit, before aid.VolunteerID) error {
	overlap, err := aid.OpenRequest(aid.OverlapID(v.ID), r.OverlapNeed(v, before), r.OpenedBy, aid.Area{ID: r.Area, Path: r.AreaPath}, r.Cell, u.Requests.Now())
	if err != nil {
		return err
	}
	shard, err := grid.ShardOf(r.Cell)
	if err != nil {
		return err
	}
	k := aid.Pick{Offer: aid.OfferID("o-" + overlap.ID), Volunteer: before}
	asked, err := u.wasAskedAlong(ctx, overlap.ID)
	if err != nil {
		return err
	}
	if !asked {
		who, err := u.Requests.People.Volunteer(ctx, before)
		if err != nil {
			return err
		}
		verdicts, err := u.Requests.judge(ctx, overlap, who)
		if err != nil {
			return err
		}
		if verdicts[0].Fails != "" {
			return aid.NobodyAlong()
		}
		k.Cost = verdicts[0].Cost
	}
	err = u.Store.AskAlong(ctx, r.ID, overlap, shard, k, by.ID, u.Policy)
	if why := aid.ReasonOf(err); aid.KindOf(err) == aid.Conflict && why != aid.ReasonRequestEnded && why != aid.ReasonWrongTime {
		return aid.NobodyAlong()
	}
	return hidden(err, "visit")
}

// wasAskedAlong tells whether the request that asks somebody along has its offer,
// which takes their time.
func (u *Choices) wasAskedAlong(ctx context.Context, overlap aid.RequestID) (bool, error) {
	r, err := u.Requests.Store.Request(ctx, overlap)
	if aid.KindOf(err) == aid.NotFound {
		return false, nil
	}
	return err == nil && len(r.Offers) > 0, err
}
