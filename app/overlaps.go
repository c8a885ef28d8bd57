package app

import (
	"context"
	"time"

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

// askAlong makes the request and its one offer, and notes it with the visit last,
// so that whatever cuts it off it can be done again.
func (u *Choices) askAlong(ctx context.Context, by Caller, r *aid.HelpRequest, v aid.Visit, before aid.VolunteerID) error {
	now := u.Requests.Now()
	overlap, err := aid.OpenRequest(aid.OverlapID(v.ID), r.OverlapNeed(v, before), r.OpenedBy, aid.Area{ID: r.Area, Path: r.AreaPath}, r.Cell, now)
	if err != nil {
		return err
	}
	shard, err := grid.ShardOf(r.Cell)
	if err != nil {
		return err
	}
	if err := u.Requests.Store.OpenRequest(ctx, overlap, shard); err != nil && aid.ReasonOf(err) != aid.ReasonAlreadyExists {
		return err
	}
	k := aid.Pick{Offer: aid.OfferID("o-" + overlap.ID), Volunteer: before}
	if _, err := u.Store.AssignVolunteer(ctx, overlap.ID, k, by.ID, u.Policy); err != nil {
		return hidden(err, "visit")
	}
	_, err = u.Requests.Store.ChangeAndTell(ctx, r.ID, func(r *aid.HelpRequest, _ time.Time) error {
		return r.MadeTogether(v.ID, overlap.ID)
	})
	return err
}
