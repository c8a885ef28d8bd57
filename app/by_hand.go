package app

import (
	"context"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
)

// ChoiceStore changes whom a help request asks. Choose has fn change it under its
// lock; fn may run more than once. AssignVolunteer makes an offer to one
// volunteer if they are free and may be asked; [aid.ReasonNotEligible] if not.
// Both tell the request's process. AskAlong notes with a visit of a standing pairing
// the request that asks somebody along to it, opens that if there is none and makes
// its one offer, see [aid.HelpRequest.AskAlong]: all of it or nothing.
type ChoiceStore interface {
	Choose(ctx context.Context, id aid.RequestID, fn func(r *aid.HelpRequest, now time.Time) error) (*aid.HelpRequest, error)
	AssignVolunteer(ctx context.Context, id aid.RequestID, k aid.Pick, by aid.AccountID, p aid.SearchPolicy) (aid.Offer, error)
	AskAlong(ctx context.Context, pairing aid.RequestID, overlap *aid.HelpRequest, shard aid.Cell, k aid.Pick, by aid.AccountID, p aid.SearchPolicy) error
}

// Choices are the use cases of a person who decides whom a help request asks.
type Choices struct {
	Requests *Requests
	Store    ChoiceStore
	Visits   *Visits
	Policy   aid.SearchPolicy
}

// Assign asks a volunteer of the caller's choice for a role. Every hard rule
// holds as it does in a match round; the seat is theirs only once they accept.
func (u *Choices) Assign(ctx context.Context, by Caller, id aid.RequestID, role int, v aid.VolunteerID) (OfferCard, error) {
	if err := policy.Role(by.Role, policy.AssignVolunteer); err != nil {
		return OfferCard{}, err
	}
	verdicts, err := u.Requests.WhyNot(ctx, by, id, v) // it knows who may know of whom
	if err != nil {
		return OfferCard{}, err
	}
	offer := aid.OfferID(by.id("assignment"))
	r, err := u.Requests.Store.Request(ctx, id)
	if err != nil {
		return OfferCard{}, err
	}
	for _, o := range r.Offers {
		if o.ID == offer { // a repeat of this very call
			return cardOf(r, o)
		}
	}
	if role < 0 || role >= len(verdicts) {
		return OfferCard{}, invalid("assignment", "role", "is not the index of one of the help request's roles")
	}
	if fails := verdicts[role].Fails; fails != "" {
		reason := aid.ReasonNotEligible
		if same := aid.Reason(fails); same == aid.ReasonAlreadyAsked || same == aid.ReasonExcluded {
			reason = same
		}
		return OfferCard{}, aid.Because(aid.Conflict, reason, "the volunteer cannot be asked: %s; why-not says more", fails)
	}
	k := aid.Pick{Offer: offer, Role: role, Volunteer: v, Cost: verdicts[role].Cost}
	o, err := u.Store.AssignVolunteer(ctx, id, k, by.ID, u.Policy)
	if err != nil {
		return OfferCard{}, hidden(err, "help request")
	}
	return cardOf(r, o)
}

// Exclude keeps a volunteer from being asked for a help request and, of a standing
// pairing, for what serves its visits.
func (u *Choices) Exclude(ctx context.Context, by Caller, id aid.RequestID, v aid.VolunteerID) (*aid.HelpRequest, error) {
	pairing, err := u.Requests.allowed(ctx, by, policy.ExcludeVolunteer, id)
	if err != nil {
		return nil, err
	}
	if _, err := u.Requests.WhyNot(ctx, by, id, v); err != nil {
		return nil, err
	}
	exclude := func(r *aid.HelpRequest, now time.Time) error { return r.Exclude(v, by.ID, now) }
	if err := exclude(pairing, u.Requests.Now()); err != nil { // on what was read: before anything is changed
		return nil, err
	}
	serving, err := u.Requests.Store.RequestsByID(ctx, pairing.Serving())
	if err != nil {
		return nil, err
	}
	// These first: what is cut off is done again, and what is opened meanwhile takes over
	// whom the pairing excludes.
	for _, s := range serving {
		if _, err := u.Store.Choose(ctx, s.ID, exclude); err != nil && aid.ReasonOf(err) != aid.ReasonRequestEnded {
			return nil, err
		}
	}
	r, err := u.Store.Choose(ctx, id, exclude)
	if err == nil {
		err = tellRequests(ctx, u.Requests.Log, by, r)
	}
	return r, err
}

// Readmit lets an excluded volunteer be asked again.
func (u *Choices) Readmit(ctx context.Context, by Caller, id aid.RequestID, v aid.VolunteerID) error {
	if _, err := u.Requests.allowed(ctx, by, policy.ReadmitVolunteer, id); err != nil {
		return err
	}
	_, err := u.Store.Choose(ctx, id, func(r *aid.HelpRequest, now time.Time) error { return r.Readmit(v, by.ID, now) })
	return err
}
