package app

import (
	"context"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/workflows/contract"
)

// PairingStore reads pairings. RequestOfPairing is [aid.NotFound] for an
// unknown id.
type PairingStore interface {
	RequestReader
	Pairings(ctx context.Context, f aid.PairingFilter, p aid.Page) (aid.PageOf[aid.Pairing], error)
	RequestOfPairing(ctx context.Context, id aid.PairingID) (aid.RequestID, aid.VolunteerID, error)
}

// Pairings are the use cases of who helps whom.
type Pairings struct {
	Store     PairingStore
	Log       DisclosureLog
	Processes Processes
}

// Service is what somebody who comes to help must know. It is personal.
type Service struct {
	Location aid.Point
	Name     string
	Phone    string
	Address  string
	Notes    string
}

// PairingCard is a pairing with what its viewer may know of the service.
type PairingCard struct {
	aid.Pairing
	Category string
	Urgency  aid.Urgency
	Window   aid.Window   // of a standing pairing: that of its next visit
	Cadence  *aid.Cadence // of a standing pairing
	Role     aid.RequestRole
	QuorumBy time.Time // while it is forming, see [aid.HelpRequest.QuorumBy]
	Place    aid.Point // as near as everybody concerned may know
	Service  *Service  // nil for a volunteer whose pairing is not confirmed, or no longer
}

// PairingQuery narrows a list of pairings.
type PairingQuery struct {
	Request  aid.RequestID       // empty means all
	Statuses []aid.PairingStatus // none means all
}

// List lists a volunteer's own pairings, or those of the caller's areas, newest
// first.
func (u *Pairings) List(ctx context.Context, by Caller, q PairingQuery, p aid.Page) (aid.PageOf[PairingCard], error) {
	var none aid.PageOf[PairingCard]
	if err := policy.Allow(by.Account, policy.ListPairings, policy.Resource{}); err != nil {
		return none, err
	}
	f := aid.PairingFilter{Request: q.Request, Statuses: q.Statuses}
	if by.Role == aid.RoleVolunteer {
		f.Volunteer = by.Volunteer
	} else {
		f.Areas = by.Areas
	}
	page, err := u.Store.Pairings(ctx, f, p)
	if err != nil {
		return none, err
	}
	requests, err := requestsOf(ctx, u.Store, page.Items, func(p aid.Pairing) aid.RequestID { return p.Request })
	if err != nil {
		return none, err
	}
	cards := make([]PairingCard, 0, len(page.Items))
	for _, pairing := range page.Items {
		r := requests[pairing.Request]
		if r == nil {
			continue
		}
		card, err := pairingCard(by, r, pairing)
		if err != nil {
			return none, err
		}
		cards = append(cards, card)
	}
	if err := u.release(ctx, by, cards); err != nil {
		return none, err
	}
	return aid.PageOf[PairingCard]{Items: cards, Next: page.Next}, nil
}

// Withdraw ends a pairing on its volunteer's word, with one of
// [aid.WithdrawReasons]; the seat is offered to others.
func (u *Pairings) Withdraw(ctx context.Context, by Caller, id aid.PairingID, reason string) (PairingCard, error) {
	if err := policy.Role(by.Role, policy.WithdrawPairing); err != nil {
		return PairingCard{}, err
	}
	request, volunteer, err := u.Store.RequestOfPairing(ctx, id)
	if err != nil {
		return PairingCard{}, hidden(err, "pairing")
	}
	r, err := u.Store.Request(ctx, request)
	if err != nil {
		return PairingCard{}, err
	}
	if err := policy.Allow(by.Account, policy.WithdrawPairing, policy.Resource{Area: r.AreaPath, Volunteer: volunteer}); err != nil {
		return PairingCard{}, hidden(err, "pairing")
	}
	if err := checkReason(reason, aid.WithdrawReasons); err != nil {
		return PairingCard{}, err
	}
	m := contract.WithdrawPairing{Request: request, Pairing: id, Actor: by.ID, Reason: reason}
	if _, err := u.Processes.WithdrawPairing(ctx, by.id("withdraw/"+string(id)), m); err != nil {
		return PairingCard{}, hidden(err, "pairing")
	}
	if r, err = u.Store.Request(ctx, request); err != nil {
		return PairingCard{}, err
	}
	i := slices.IndexFunc(r.Pairings, func(p aid.Pairing) bool { return p.ID == id })
	if i < 0 {
		return PairingCard{}, aid.Errorf(aid.Internal, "pairing %s is not among those of its request", id)
	}
	card, err := pairingCard(by, r, r.Pairings[i])
	if err != nil {
		return PairingCard{}, err
	}
	cards := []PairingCard{card}
	err = u.release(ctx, by, cards)
	return cards[0], err
}

// pairingCard shows where and what for, but the beneficiary by id only.
func pairingCard(by Caller, r *aid.HelpRequest, p aid.Pairing) (PairingCard, error) {
	place, err := quarterOf(r)
	if err != nil {
		return PairingCard{}, err
	}
	card := PairingCard{
		Pairing: p, Category: r.Category, Urgency: r.Urgency, Window: r.Next(p.MadeAt), Cadence: r.Cadence, Role: r.Roles[p.Role], Place: place,
	}
	if p.Status == aid.PairingForming {
		card.QuorumBy = r.QuorumBy()
	}
	on := policy.Resource{Area: r.AreaPath, Volunteer: p.Volunteer, Confirmed: p.Status == aid.PairingConfirmed && r.MayCome(p)}
	if policy.Allows(by.Account, policy.ReadService, on) {
		card.Service = &Service{Location: r.Location, Notes: r.Notes}
	}
	return card, nil
}
