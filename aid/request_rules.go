package aid

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// offerOf finds an offer made to this volunteer. Somebody else's offer does not
// exist for them.
func (r *HelpRequest) offerOf(id OfferID, by VolunteerID) (*Offer, error) {
	i := slices.IndexFunc(r.Offers, func(o Offer) bool { return o.ID == id && o.Volunteer == by })
	if i < 0 {
		return nil, Errorf(NotFound, "there is no such offer")
	}
	return &r.Offers[i], nil
}

// answerable says why an offer can no longer be answered.
func (r *HelpRequest) answerable(o *Offer, now time.Time) error {
	switch {
	case o.Status == OfferRevoked && o.Reason == string(ReasonSeatTaken):
		return Because(Conflict, ReasonSeatTaken, "somebody else has taken the last seat")
	case r.Status.Ended():
		return Because(Conflict, ReasonRequestEnded, "the help request is %s", r.Status)
	case o.Status == OfferExpired, o.Status == OfferPending && !now.Before(o.ExpiresAt):
		return Because(Conflict, ReasonOfferExpired, "the offer ended at %s", o.ExpiresAt.UTC().Format(time.RFC3339))
	case o.Status != OfferPending:
		return Because(Conflict, ReasonOfferEnded, "the offer was %s before", o.Status)
	}
	return nil
}

// freeSeat is the lowest seat of a role that nobody holds.
func (r *HelpRequest) freeSeat(role int) (int, bool) {
	for seat := range r.Roles[role].People {
		held := slices.ContainsFunc(r.Pairings, func(p Pairing) bool {
			return p.Role == role && p.Seat == seat && p.Status.Holding()
		})
		if !held {
			return seat, true
		}
	}
	return 0, false
}

// Check gives the first broken invariant of the aggregate, or nil. It serves
// audits and property tests.
func (r *HelpRequest) Check() error {
	held := map[[2]int]PairingID{}
	bound := map[VolunteerID]bool{}
	for _, v := range r.Bound() {
		if bound[v] {
			return fmt.Errorf("request %s binds volunteer %s twice", r.ID, v)
		}
		bound[v] = true
	}
	for _, p := range r.Pairings {
		if !p.Status.Holding() {
			continue
		}
		if p.Role >= len(r.Roles) || p.Seat >= r.Roles[p.Role].People {
			return fmt.Errorf("pairing %s holds seat %d of role %d, which request %s does not have", p.ID, p.Seat, p.Role, r.ID)
		}
		seat := [2]int{p.Role, p.Seat}
		if other, ok := held[seat]; ok {
			return fmt.Errorf("pairings %s and %s hold one seat of request %s", other, p.ID, r.ID)
		}
		held[seat] = p.ID
		if want := r.pairingStatus(); p.Status != want {
			return fmt.Errorf("pairing %s of request %s (%s) is %s, should be %s", p.ID, r.ID, r.Status, p.Status, want)
		}
	}
	filled, pending := r.Filled(), r.Pending()
	switch r.Status {
	case RequestOpen, RequestOffered:
		if r.stands() || (pending > 0) != (r.Status == RequestOffered) {
			return fmt.Errorf("request %s is %s with %d of %d seats filled and %d offers pending", r.ID, r.Status, filled, r.MinPeople, pending)
		}
	case RequestPaired, RequestInService:
		if !r.stands() || r.Status == RequestInService && pending > 0 {
			return fmt.Errorf("request %s is %s with %d of %d seats filled and %d offers pending", r.ID, r.Status, filled, r.MinPeople, pending)
		}
	default:
		if filled > 0 || pending > 0 {
			return fmt.Errorf("request %s is %s but has %d pairings and %d offers", r.ID, r.Status, filled, pending)
		}
	}
	return r.checkVisits()
}

// checkVisits: a confirmed pairing has its visit, and only such a pairing has one
// to come.
func (r *HelpRequest) checkVisits() error {
	for _, p := range r.Pairings {
		planned, known := false, false
		for _, v := range r.Visits {
			if v.Pairing == p.ID {
				known, planned = true, planned || v.Status == VisitPlanned
			}
		}
		switch {
		case planned && p.Status != PairingConfirmed:
			return fmt.Errorf("pairing %s is %s but has a visit to come", p.ID, p.Status)
		case !known && p.Status == PairingConfirmed && !r.Standing():
			return fmt.Errorf("pairing %s is confirmed but has no visit", p.ID)
		}
	}
	return nil
}

func (r *HelpRequest) pairingStatus() PairingStatus {
	if r.stands() {
		return PairingConfirmed
	}
	return PairingForming
}

func oneOf(words []string) string { return "must be one of " + strings.Join(words, ", ") }
