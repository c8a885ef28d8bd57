package aid

import (
	"slices"
	"time"
)

// DoNotMatchKind says in a word why two people are kept apart.
type DoNotMatchKind string

// The kinds.
const (
	ApartConcern  DoNotMatchKind = "concern"  // a coordinator's reason
	ApartKin      DoNotMatchKind = "kin"      // they are related
	ApartEmployer DoNotMatchKind = "employer" // one works for the other, or both for one
)

// DoNotMatchKinds lists every kind.
var DoNotMatchKinds = []DoNotMatchKind{ApartConcern, ApartKin, ApartEmployer}

// MaxReason is the longest written reason, in bytes.
const MaxReason = 1000

// DoNotMatch keeps a volunteer apart from a beneficiary, or two volunteers apart
// in one crew, from when it was entered until it is lifted. It has no direction.
type DoNotMatch struct {
	ID          DoNotMatchID
	Volunteer   VolunteerID
	Beneficiary BeneficiaryID // or
	Other       VolunteerID   // greater than Volunteer
	Kind        DoNotMatchKind
	Reason      string // personal: for coordinators only
	EnteredBy   AccountID
	EnteredAt   time.Time
	LiftedBy    AccountID // empty while it holds
	LiftedAt    time.Time // zero while it holds

	AreaPath  AreaPath // of the volunteer
	OtherPath AreaPath // of the beneficiary or the other volunteer
}

// InOrder puts two volunteers into the order in which they are kept.
func (d DoNotMatch) InOrder() DoNotMatch {
	if d.Other != "" && d.Other < d.Volunteer {
		d.Volunteer, d.Other = d.Other, d.Volunteer
		d.AreaPath, d.OtherPath = d.OtherPath, d.AreaPath
	}
	return d
}

// Separation is what of it concerns matching.
func (d DoNotMatch) Separation() Separation { return Separation{d.Volunteer, d.Other} }

// Validate refuses what would keep nobody apart, or does not say why.
func (d DoNotMatch) Validate() error {
	var c Check
	c.That(ValidID(d.ID), "id", "must be 1 to %d letters, digits, '.', '_' or '-'", MaxIDLength)
	c.That(ValidID(d.Volunteer), "volunteer_id", "is missing or malformed")
	c.That((d.Beneficiary == "") != (d.Other == ""), "beneficiary_id", "or other_volunteer_id must be given, and not both")
	c.That(d.Beneficiary == "" || ValidID(d.Beneficiary), "beneficiary_id", "is malformed")
	c.That(d.Other == "" || ValidID(d.Other), "other_volunteer_id", "is malformed")
	c.That(d.Other == "" || d.Other != d.Volunteer, "other_volunteer_id", "must be another volunteer")
	c.That(slices.Contains(DoNotMatchKinds, d.Kind), "kind", "must be one of concern, kin, employer")
	c.That(d.Reason != "" && len(d.Reason) <= MaxReason && writable(d.Reason), "reason", "must have 1 to %d bytes of UTF-8", MaxReason)
	return c.Err("do-not-match")
}

// DoNotMatchFilter narrows a list to what concerns people of some areas.
type DoNotMatchFilter struct {
	Areas       []AreaPath // none means nothing is seen
	Volunteer   VolunteerID
	Beneficiary BeneficiaryID
	Lifted      bool // those that hold no more, too
}

// Separation is two people who must not meet, as a help request sees it.
type Separation struct {
	Volunteer VolunteerID
	From      VolunteerID // empty: the request's beneficiary
}

// other gives whom the separation keeps v from: the beneficiary is the empty id.
func (s Separation) other(v VolunteerID) (from VolunteerID, concerned bool) {
	switch v {
	case s.Volunteer:
		return s.From, true
	case s.From:
		return s.Volunteer, true
	}
	return "", false
}

// Suitable tells whether nothing keeps a volunteer apart from the beneficiary, from
// everybody whom the request binds, and from whoever comes beside them.
func (r *HelpRequest) Suitable(v VolunteerID) bool {
	if len(r.Apart) == 0 {
		return true
	}
	bound := append(r.Bound(), r.Beside...)
	return !slices.ContainsFunc(r.Apart, func(s Separation) bool {
		from, concerned := s.other(v)
		return concerned && (from == "" || slices.Contains(bound, from))
	})
}

// Unsuited lists the volunteers who must not be asked because they are kept apart
// from somebody here, in their order.
func (r *HelpRequest) Unsuited() []VolunteerID {
	var out []VolunteerID
	for _, s := range r.Apart {
		for _, v := range []VolunteerID{s.Volunteer, s.From} {
			if v != "" && !r.Suitable(v) {
				out = append(out, v)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// KeepApart takes in a separation that was entered while the request is under
// way. Offers that stand against it are revoked, of two volunteers whom it asks
// both the later one's. A pairing stands until somebody ends it, since a person
// may be on the way: an event calls for a coordinator. Whom it concerns the events
// do not say, since volunteers read theirs.
func (r *HelpRequest) KeepApart(s Separation, now time.Time) {
	if r.Status.Ended() {
		return
	}
	r.Apart = append(r.Apart, s)
	for _, o := range slices.Backward(slices.Clone(r.Offers)) {
		if o.Status == OfferPending && !r.Suitable(o.Volunteer) {
			r.revoke(now, ReasonNotSuitable, func(other Offer) bool { return other.ID == o.ID })
		}
	}
	for _, p := range r.Pairings {
		_, concerned := s.other(p.Volunteer)
		if concerned && p.Status.Holding() && !r.Suitable(p.Volunteer) {
			r.note(Event{Kind: EventPairingContested, At: now, Pairing: p.ID, Reason: string(ReasonNotSuitable)})
		}
	}
	r.settle(now)
}
