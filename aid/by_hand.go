package aid

import (
	"slices"
	"time"
)

// ByHand stands for the round of an offer that a person made.
const ByHand RoundID = "by-hand"

// Excludes tells whether somebody said that the volunteer is not to be asked.
func (r *HelpRequest) Excludes(v VolunteerID) bool { return slices.Contains(r.Excluded, v) }

// Exclude keeps a volunteer from being asked, and takes back what they are being
// asked. Whoever holds a seat must withdraw first: that is a [Conflict].
// Excluding again is no error.
func (r *HelpRequest) Exclude(v VolunteerID, actor AccountID, now time.Time) error {
	switch already := r.Excludes(v); {
	case r.Status.Ended() && already:
		return nil
	case r.Status.Ended():
		return Because(Conflict, ReasonRequestEnded, "the help request is %s", r.Status)
	case slices.ContainsFunc(r.Pairings, func(p Pairing) bool { return p.Volunteer == v && p.Status.Holding() }):
		return Because(Conflict, ReasonHoldsSeat, "the volunteer has accepted; record their withdrawal first")
	case !already:
		r.Excluded = append(slices.Clone(r.Excluded), v)
		r.note(Event{Kind: EventVolunteerExcluded, At: now, Volunteer: v, Actor: actor})
	}
	// They are told that it is not offered to them any more, and not who decided so.
	r.revoke(now, ReasonNotSuitable, func(o Offer) bool { return o.Volunteer == v })
	r.settle(now)
	return nil
}

// Serving are the requests that seek substitutes for the visits of a standing pairing
// or ask somebody along to them, also those that have ended.
func (r *HelpRequest) Serving() []RequestID {
	var out []RequestID
	for _, v := range r.Visits {
		for _, id := range []RequestID{v.Substitute, v.Overlap} {
			if id != "" && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}

// Readmit lets an excluded volunteer be asked again. Whoever is not excluded is
// no error.
func (r *HelpRequest) Readmit(v VolunteerID, actor AccountID, now time.Time) error {
	if !r.Excludes(v) {
		return nil
	}
	if r.Status.Ended() {
		return Because(Conflict, ReasonRequestEnded, "the help request is %s", r.Status)
	}
	r.Excluded = slices.DeleteFunc(slices.Clone(r.Excluded), func(o VolunteerID) bool { return o == v })
	r.note(Event{Kind: EventVolunteerReadmitted, At: now, Volunteer: v, Actor: actor})
	return nil
}

// Assign asks one volunteer, whom a person chose, for a seat that is open, also
// one for which others are being asked. It is an offer like any other: the seat
// is theirs once they accept. The same offer again is no error. The caller has
// made sure that the volunteer may come.
func (r *HelpRequest) Assign(k Pick, p SearchPolicy, actor AccountID, now time.Time) (Offer, error) {
	if i := slices.IndexFunc(r.Offers, func(o Offer) bool { return o.ID == k.Offer }); i >= 0 {
		return r.Offers[i], nil
	}
	var c Check
	c.That(k.Role >= 0 && k.Role < len(r.Roles), "role", "is %d, must be the index of one of %d roles", k.Role, len(r.Roles))
	if err := c.Err("assignment"); err != nil {
		return Offer{}, err
	}
	deadline := p.Deadline(r, now)
	_, free := r.freeSeat(k.Role)
	switch {
	case r.Status.Ended():
		return Offer{}, Because(Conflict, ReasonRequestEnded, "the help request is %s", r.Status)
	case !r.Status.Seeking() || !deadline.After(now):
		return Offer{}, Because(Conflict, ReasonSearchFinished, "no more people are asked for this help request")
	case r.OnlyAsks != "" && k.Volunteer != r.OnlyAsks:
		return Offer{}, Because(Conflict, ReasonNotEligible, "this help request asks one volunteer alone")
	case !free:
		return Offer{}, Because(Conflict, ReasonSeatTaken, "every seat of the role is held")
	case r.Excludes(k.Volunteer):
		return Offer{}, Because(Conflict, ReasonExcluded, "the volunteer is excluded from this help request; readmit them first")
	case !r.Suitable(k.Volunteer):
		return Offer{}, Because(Conflict, ReasonNotEligible, "the volunteer cannot be asked: %s", ReasonNotSuitable)
	case r.Asked(k.Volunteer):
		return Offer{}, Because(Conflict, ReasonAlreadyAsked, "this volunteer has been asked for this help request already")
	}
	o := r.offer(k, ByHand, actor, deadline, now)
	r.settle(now)
	return o, nil
}
