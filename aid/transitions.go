package aid

import (
	"slices"
	"time"
)

// Pick is a volunteer whom a match round chose for a role.
type Pick struct {
	Offer     OfferID
	Role      int
	Volunteer VolunteerID
	Cost      Cost
	Chance    float64 // that they say yes; 0 where nobody has estimated it
}

// MakeOffers asks the picked volunteers, as far as they are still wanted: picks
// for filled or sufficiently asked roles, for people already asked or excluded, and
// for those who must not meet somebody here are left out. A role is asked for
// sufficiently when there is an offer for each open seat and the seats are likely
// enough to be filled, see [SearchPolicy.Wanted]. It returns the offers made, none
// when the request seeks nobody.
func (r *HelpRequest) MakeOffers(round RoundID, picks []Pick, p SearchPolicy, now time.Time) []Offer {
	waves := r.waves(p, now)
	deadline := p.Deadline(r, now)
	if !deadline.After(now) {
		return nil
	}
	var made []Offer
	for _, k := range picks {
		if k.Role < 0 || k.Role >= len(waves) || !waves[k.Role].wants() || r.Asked(k.Volunteer) || r.Excludes(k.Volunteer) || !r.Suitable(k.Volunteer) {
			continue
		}
		waves[k.Role].ask(k.Chance)
		made = append(made, r.offer(k, round, "", deadline, now))
	}
	r.settle(now)
	return made
}

// offer makes one offer, of a standing pairing for the visits that exist ahead.
func (r *HelpRequest) offer(k Pick, round RoundID, actor AccountID, deadline, now time.Time) Offer {
	o := Offer{
		ID: k.Offer, Request: r.ID, Role: k.Role, Volunteer: k.Volunteer, Status: OfferPending,
		Round: round, Cost: k.Cost, Chance: k.Chance, MadeAt: now, ExpiresAt: deadline,
	}
	if n := len(r.Ahead); n > 0 {
		o.Through = r.Ahead[n-1].EndsAt
	}
	r.Offers = append(r.Offers, o)
	r.note(Event{Kind: EventOfferMade, At: now, Offer: o.ID, Volunteer: o.Volunteer, Actor: actor})
	return o
}

// Accept takes a seat for the offer's volunteer. The error says why it is too
// late. Accepting again what this volunteer accepted is no error and changes
// nothing.
func (r *HelpRequest) Accept(id OfferID, by VolunteerID, pairing PairingID, actor AccountID, now time.Time) (Pairing, error) {
	o, err := r.offerOf(id, by)
	if err != nil {
		return Pairing{}, err
	}
	if o.Status == OfferAccepted {
		i := slices.IndexFunc(r.Pairings, func(p Pairing) bool { return p.Offer == id })
		return r.Pairings[i], nil
	}
	if err := r.answerable(o, now); err != nil {
		return Pairing{}, err
	}
	if !r.Suitable(by) || r.Excludes(by) {
		return Pairing{}, Because(Conflict, ReasonNotSuitable, "the offer does not hold any more")
	}
	if rule := r.barsAnswer(r.Vetted[by], *o); rule != "" {
		return Pairing{}, Because(Conflict, ReasonNotEligible, "%s", barred[rule])
	}
	seat, ok := r.freeSeat(o.Role)
	if !ok {
		return Pairing{}, Because(Conflict, ReasonSeatTaken, "somebody else has taken the last seat")
	}
	o.Status, o.AnsweredAt = OfferAccepted, now
	p := Pairing{
		ID: pairing, Request: r.ID, Role: o.Role, Seat: seat, Volunteer: by, Beneficiary: r.Beneficiary,
		Offer: id, Status: PairingForming, MadeAt: now,
	}
	r.Pairings = append(r.Pairings, p)
	r.note(Event{Kind: EventOfferAccepted, At: now, Offer: id, Pairing: pairing, Volunteer: by, Actor: actor})
	if _, more := r.freeSeat(o.Role); !more {
		r.revoke(now, ReasonSeatTaken, func(other Offer) bool { return other.Role == p.Role })
	}
	r.settle(now)
	return r.Pairings[len(r.Pairings)-1], nil
}

// Decline notes that the volunteer will not come, and what they put off by
// saying so. Declining again is no error and changes nothing.
func (r *HelpRequest) Decline(id OfferID, by VolunteerID, f Refusal, actor AccountID, now time.Time) error {
	if err := f.Validate(now); err != nil {
		return err
	}
	o, err := r.offerOf(id, by)
	if err != nil {
		return err
	}
	if o.Status == OfferDeclined {
		return nil
	}
	if err := r.answerable(o, now); err != nil {
		return err
	}
	o.Status, o.AnsweredAt, o.Reason = OfferDeclined, now, f.Reason
	r.note(Event{Kind: EventOfferDeclined, At: now, Offer: id, Volunteer: by, Actor: actor, Reason: f.Reason})
	if p, parks := f.park(*o, r.Category, now); parks {
		r.parks = append(r.parks, Parked{by, p})
	}
	r.settle(now)
	return nil
}

// ExpireOffers ends the pending offers whose deadline has come and returns how
// many there were.
func (r *HelpRequest) ExpireOffers(now time.Time) int {
	n := 0
	for i := range r.Offers {
		o := &r.Offers[i]
		if o.Status == OfferPending && !now.Before(o.ExpiresAt) {
			o.Status, o.AnsweredAt = OfferExpired, now
			r.note(Event{Kind: EventOfferExpired, At: now, Offer: o.ID, Volunteer: o.Volunteer})
			n++
		}
	}
	r.settle(now)
	return n
}

// Withdraw ends a pairing on its volunteer's word and opens the seat again.
// Below the quorum the request goes back to seeking. Withdrawing again is no
// error.
func (r *HelpRequest) Withdraw(id PairingID, reason string, actor AccountID, now time.Time) error {
	if !slices.Contains(WithdrawReasons, reason) {
		return &Error{Kind: Invalid, Message: "invalid withdrawal", Problems: []Problem{{"reason", oneOf(WithdrawReasons)}}}
	}
	i := slices.IndexFunc(r.Pairings, func(p Pairing) bool { return p.ID == id })
	if i < 0 {
		return Errorf(NotFound, "there is no such pairing")
	}
	p := &r.Pairings[i]
	switch {
	case p.Status == PairingWithdrawn:
		return nil
	case !p.Status.Holding():
		return Because(Conflict, ReasonPairingEnded, "the pairing has ended already")
	case !r.Standing() && slices.ContainsFunc(r.Visits, func(v Visit) bool { return v.Pairing == id && v.Status == VisitDone }):
		return Because(Conflict, ReasonWrongTime, "the help was given already: the visit is done")
	}
	if r.SearchOver || r.Filled() == r.People() {
		r.searchAnew(now)
	}
	p.Status, p.EndedAt, p.Reason = PairingWithdrawn, now, reason
	r.note(Event{Kind: EventPairingWithdrawn, At: now, Pairing: id, Volunteer: p.Volunteer, Actor: actor, Reason: reason})
	r.settle(now)
	return nil
}

// Cancel calls the request off. Cancelling again is no error.
func (r *HelpRequest) Cancel(reason string, actor AccountID, now time.Time) error {
	if reason != "" && !slices.Contains(CancelReasons, reason) {
		return &Error{Kind: Invalid, Message: "invalid cancellation", Problems: []Problem{{"reason", oneOf(CancelReasons)}}}
	}
	if r.Status == RequestCancelled {
		return nil
	}
	if r.Status.Ended() {
		return Because(Conflict, ReasonRequestEnded, "the help request is %s already", r.Status)
	}
	r.end(RequestCancelled, PairingCancelled, Event{Kind: EventRequestCancelled, At: now, Actor: actor, Reason: reason})
	return nil
}

// EndSearch notes that nobody is left to ask, with the reasons counted. A crew
// that has reached its quorum stands as it is, and a standing pairing that stood
// once is vacant: a successor is sought again later. Any other request ends unfilled.
// While offers are pending there is somebody left, and nothing happens.
func (r *HelpRequest) EndSearch(unmet ReasonCounts, now time.Time) {
	if !r.Status.Seeking() || r.SearchOver || r.Pending() > 0 {
		return
	}
	r.SearchOver, r.Unmet = true, unmet
	if r.stands() {
		r.note(Event{Kind: EventSearchEnded, At: now})
		return
	}
	if r.vacant() {
		r.ReachedAt = now
		r.note(Event{Kind: EventSuccessorMissing, At: now})
		return
	}
	if r.OnlyAsks != "" {
		r.nobodyComesAlong(now)
		return
	}
	r.end(RequestUnfilled, PairingCancelled, Event{Kind: EventRequestUnfilled, At: now})
}

// RunOut ends a request whose time is over while it seeks people.
func (r *HelpRequest) RunOut(now time.Time) {
	switch {
	case !r.Status.Seeking() || r.stands():
	case r.OnlyAsks != "":
		r.nobodyComesAlong(now)
	default:
		r.end(RequestUnfilled, PairingCancelled, Event{Kind: EventRequestUnfilled, At: now})
	}
}

// BeginService marks that the window of a paired request has begun. Nobody is
// asked any more. On a request that is not paired, or too early, it is a
// [Conflict], and on a standing pairing, which stays paired: it goes on for as long
// as its visits do, and whoever leaves is replaced meanwhile.
func (r *HelpRequest) BeginService(now time.Time) error {
	if r.Status == RequestInService {
		return nil
	}
	if r.Status != RequestPaired || r.Standing() || now.Before(r.Window.StartsAt) {
		return Because(Conflict, ReasonWrongTime, "service begins when a paired request's window begins; it is %s", r.Status)
	}
	r.revoke(now, ReasonSearchFinished, func(Offer) bool { return true })
	r.Status, r.SearchOver = RequestInService, true
	r.note(Event{Kind: EventServiceBegun, At: now})
	return nil
}

// Complete closes a request whose help was given: by a caseworker from the
// beginning of the window on, or by the clock at its end. Before it no help can
// have been given, so that a slip would send a crew's thanks in place of their
// cancellation. A standing pairing can be closed at any time.
func (r *HelpRequest) Complete(actor AccountID, now time.Time) error {
	switch {
	case r.Status == RequestCompleted:
		return nil
	case r.Status.Ended():
		return Because(Conflict, ReasonRequestEnded, "the help request is %s already", r.Status)
	case r.Status != RequestPaired && r.Status != RequestInService && !r.vacant():
		return Because(Conflict, ReasonWrongTime, "only a paired help request can be closed as done; it is %s: cancel it instead", r.Status)
	case !r.Standing() && now.Before(r.Window.StartsAt):
		return Because(Conflict, ReasonWrongTime, "the help begins at %s: close the request from then on, or cancel it if it is not needed", stamp(r.Window.StartsAt))
	}
	r.end(RequestCompleted, PairingCompleted, Event{Kind: EventRequestCompleted, At: now, Actor: actor})
	return nil
}

// end closes every part and the request itself.
func (r *HelpRequest) end(status RequestStatus, pairings PairingStatus, e Event) {
	r.revoke(e.At, ReasonRequestEnded, func(Offer) bool { return true })
	for i := range r.Pairings {
		if p := &r.Pairings[i]; p.Status.Holding() {
			p.Status, p.EndedAt, p.Reason = pairings, e.At, string(status)
		}
	}
	r.endVisits(status, e.At)
	r.Status, r.EndedAt, r.SearchOver = status, e.At, true
	r.note(e)
}

// settle lets the status follow from the parts.
func (r *HelpRequest) settle(now time.Time) {
	if r.Status.Ended() {
		return
	}
	if r.forsaken() {
		r.nobodyComesAlong(now)
		return
	}
	defer r.planVisits(now)
	if r.stands() {
		for i := range r.Pairings {
			if p := &r.Pairings[i]; p.Status == PairingForming {
				p.Status, p.ConfirmedAt = PairingConfirmed, now
			}
		}
		if r.Status != RequestInService && r.Status != RequestPaired {
			r.Status = RequestPaired
			r.note(Event{Kind: EventRequestPaired, At: now})
		}
		return
	}
	for i := range r.Pairings {
		if p := &r.Pairings[i]; p.Status == PairingConfirmed {
			p.Status = PairingForming
		}
	}
	if r.Status == RequestPaired || r.Status == RequestInService {
		r.note(Event{Kind: EventRequestReopened, At: now})
	}
	r.Status = RequestOpen
	if r.Pending() > 0 {
		r.Status = RequestOffered
	}
}

func (r *HelpRequest) revoke(now time.Time, why Reason, which func(Offer) bool) {
	for i := range r.Offers {
		o := &r.Offers[i]
		if o.Status == OfferPending && which(*o) {
			o.Status, o.AnsweredAt, o.Reason = OfferRevoked, now, string(why)
			r.note(Event{Kind: EventOfferRevoked, At: now, Offer: o.ID, Volunteer: o.Volunteer, Reason: string(why)})
		}
	}
}
