package app

import (
	"context"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/workflows/contract"
)

// OfferStore reads offers. RequestOfOffer is [aid.NotFound] for an unknown id.
type OfferStore interface {
	RequestReader
	Offers(ctx context.Context, f aid.OfferFilter, p aid.Page) (aid.PageOf[aid.Offer], error)
	RequestOfOffer(ctx context.Context, id aid.OfferID) (aid.RequestID, aid.VolunteerID, error)
}

// Offers are the use cases of being asked and answering.
type Offers struct {
	Store     OfferStore
	Processes Processes
}

// OfferCard is an offer as whoever decides on it sees it: where the help is
// given is told by its quarter only, and how far it is in whole kilometres.
type OfferCard struct {
	aid.Offer
	Category string
	Urgency  aid.Urgency
	Window   aid.Window   // of a standing pairing: that of its next visit
	Cadence  *aid.Cadence // of a standing pairing
	Role     aid.RequestRole
	Area     aid.AreaID
	Place    aid.Point // middle of the quarter
	Zone     string    // IANA name: by whose clock people there live
	Distance int64     // metres, rounded up to whole thousands
	Pairing  *aid.Pairing
}

// OfferQuery narrows a list of offers. Request is left empty by a volunteer who
// asks for their own, and required of everybody else.
type OfferQuery struct {
	Request  aid.RequestID
	Statuses []aid.OfferStatus // none means all
}

// List lists a volunteer's own offers, or the offers of one help request,
// newest first.
func (u *Offers) List(ctx context.Context, by Caller, q OfferQuery, p aid.Page) (aid.PageOf[OfferCard], error) {
	var none aid.PageOf[OfferCard]
	if err := policy.Allow(by.Account, policy.ListOffers, policy.Resource{}); err != nil {
		return none, err
	}
	if by.Role != aid.RoleVolunteer {
		return u.ofRequest(ctx, by, q, p)
	}
	if q.Request != "" {
		return none, invalid("offers", "help_request_id", "is for caseworkers and coordinators; leave it out to get your own offers")
	}
	page, err := u.Store.Offers(ctx, aid.OfferFilter{Volunteer: by.Volunteer, Statuses: q.Statuses}, p)
	if err != nil {
		return none, err
	}
	requests, err := requestsOf(ctx, u.Store, page.Items, func(o aid.Offer) aid.RequestID { return o.Request })
	if err != nil {
		return none, err
	}
	out := aid.PageOf[OfferCard]{Next: page.Next}
	for _, o := range page.Items {
		if r := requests[o.Request]; r != nil {
			card, err := cardOf(r, o)
			if err != nil {
				return none, err
			}
			out.Items = append(out.Items, card)
		}
	}
	return out, nil
}

// ofRequest lists the offers of one request; the cursor is the id of the last.
func (u *Offers) ofRequest(ctx context.Context, by Caller, q OfferQuery, p aid.Page) (aid.PageOf[OfferCard], error) {
	var out aid.PageOf[OfferCard]
	if q.Request == "" {
		return out, invalid("offers", "help_request_id", "is missing; say of which help request")
	}
	r, err := allowedRequest(ctx, u.Store, by, policy.ReadRequestOffers, q.Request)
	if err != nil {
		return out, err
	}
	newest := slices.Clone(r.Offers)
	slices.Reverse(newest)
	if p.After != "" {
		i := slices.IndexFunc(newest, func(o aid.Offer) bool { return string(o.ID) == p.After })
		if i < 0 {
			return out, invalid("offers", "cursor", "does not belong to this list")
		}
		newest = newest[i+1:]
	}
	for _, o := range newest {
		if len(q.Statuses) > 0 && !slices.Contains(q.Statuses, o.Status) {
			continue
		}
		if len(out.Items) == p.Limit {
			out.Next = string(out.Items[p.Limit-1].ID)
			break
		}
		card, err := cardOf(r, o)
		if err != nil {
			return aid.PageOf[OfferCard]{}, err
		}
		out.Items = append(out.Items, card)
	}
	return out, nil
}

// Accept takes the seat that was offered. It is final when it returns: the
// pairing holds, the offer is [aid.Offer.Filled], since somebody else was faster,
// or the error says why it is too late.
func (u *Offers) Accept(ctx context.Context, by Caller, id aid.OfferID) (OfferCard, error) {
	request, volunteer, err := u.allowed(ctx, by, policy.AcceptOffer, id)
	if err != nil {
		return OfferCard{}, err
	}
	return u.answer(ctx, by, contract.AnswerOffer{
		Request: request, Offer: id, Volunteer: volunteer, Actor: by.ID, Answer: contract.AnswerAccept, Pairing: pairingOf(id),
	})
}

// Decline says that the volunteer will not come, with one of
// [aid.DeclineReasons], and puts off what that word stands for.
func (u *Offers) Decline(ctx context.Context, by Caller, id aid.OfferID, f aid.Refusal) (OfferCard, error) {
	request, volunteer, err := u.allowed(ctx, by, policy.DeclineOffer, id)
	if err != nil {
		return OfferCard{}, err
	}
	if err := checkReason(f.Reason, aid.DeclineReasons); err != nil {
		return OfferCard{}, err
	}
	return u.answer(ctx, by, contract.AnswerOffer{
		Request: request, Offer: id, Volunteer: volunteer, Actor: by.ID, Answer: contract.AnswerDecline, Reason: f.Reason, Until: f.Until,
	})
}

// answer passes an answer on and reads what became of the offer.
func (u *Offers) answer(ctx context.Context, by Caller, m contract.AnswerOffer) (OfferCard, error) {
	// The same answer again is the same message; another one is not, lest a refusal
	// of the first stand for it.
	message := string(m.Offer) + "/" + m.Answer
	if m.Reason != "" {
		message += "/" + m.Reason + m.Until.Format(time.RFC3339Nano)
	}
	if by.Key != "" {
		message = by.id(m.Answer + "/" + string(m.Offer))
	}
	_, refusal := u.Processes.AnswerOffer(ctx, message, m)
	if refusal != nil && aid.KindOf(refusal) != aid.Conflict {
		return OfferCard{}, hidden(refusal, "offer")
	}
	r, err := u.Store.Request(ctx, m.Request)
	if err != nil {
		return OfferCard{}, err
	}
	i := slices.IndexFunc(r.Offers, func(o aid.Offer) bool { return o.ID == m.Offer })
	switch {
	case i < 0:
		return OfferCard{}, aid.Errorf(aid.Internal, "offer %s is not among those of its request", m.Offer)
	case refusal != nil && !r.Offers[i].Filled():
		return OfferCard{}, refusal
	}
	return cardOf(r, r.Offers[i])
}

// allowed finds the request and volunteer of an offer that the caller may
// answer.
func (u *Offers) allowed(ctx context.Context, by Caller, action policy.Action, id aid.OfferID) (aid.RequestID, aid.VolunteerID, error) {
	if err := policy.Role(by.Role, action); err != nil {
		return "", "", err
	}
	request, volunteer, err := u.Store.RequestOfOffer(ctx, id)
	if err != nil {
		return "", "", hidden(err, "offer")
	}
	on := policy.Resource{Volunteer: volunteer}
	if by.Role != aid.RoleVolunteer { // a volunteer's right needs no area: one read less on the way to a seat
		r, err := u.Store.Request(ctx, request)
		if err != nil {
			return "", "", err
		}
		on.Area = r.AreaPath
	}
	return request, volunteer, hidden(policy.Allow(by.Account, action, on), "offer")
}

// pairingOf is the id of the pairing that accepting an offer makes, so that
// accepting twice makes one.
func pairingOf(id aid.OfferID) aid.PairingID { return aid.PairingID("p-" + id) }

func cardOf(r *aid.HelpRequest, o aid.Offer) (OfferCard, error) {
	place, err := quarterOf(r)
	if err != nil {
		return OfferCard{}, err
	}
	card := OfferCard{
		Offer: o, Category: r.Category, Urgency: r.Urgency, Window: r.Next(o.MadeAt), Cadence: r.Cadence, Role: r.Roles[o.Role],
		Area: r.Area, Zone: r.Zone(), Place: place, Distance: (o.Cost.Distance + 999) / 1000 * 1000,
	}
	if i := slices.IndexFunc(r.Pairings, func(p aid.Pairing) bool { return p.Offer == o.ID }); i >= 0 {
		card.Pairing = &r.Pairings[i]
	}
	return card, nil
}

// requestsOf reads the requests of a page of offers or pairings at once.
func requestsOf[T any](ctx context.Context, s RequestReader, items []T, of func(T) aid.RequestID) (map[aid.RequestID]*aid.HelpRequest, error) {
	out := make(map[aid.RequestID]*aid.HelpRequest, len(items))
	var wanted []aid.RequestID
	for _, item := range items {
		if id := of(item); id != "" && !slices.Contains(wanted, id) {
			wanted = append(wanted, id)
		}
	}
	if len(wanted) == 0 {
		return out, nil
	}
	found, err := s.RequestsByID(ctx, wanted)
	for _, r := range found {
		out[r.ID] = r
	}
	return out, err
}

// invalid is a refusal that names one field.
func invalid(what, field, message string) error {
	var c aid.Check
	c.That(false, field, "%s", message)
	return c.Err(what)
}
