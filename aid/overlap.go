package aid

import (
	"slices"
	"time"
)

// OverlapID is the id of the request that asks whoever came before to come along
// to a visit once more.
func OverlapID(v VisitID) RequestID { return RequestID("ovl-" + v) }

// Introduction gives a visit of a standing pairing to which the volunteer may be
// introduced, and who can do so: whoever held the seat before them. It is a
// [Conflict] when the visit has begun or is not theirs any more, and one that does
// not say why when nobody came before or they are not to be asked.
func (r *HelpRequest) Introduction(id VisitID, now time.Time) (Visit, VolunteerID, error) {
	v, err := r.visit(id)
	if err != nil {
		return Visit{}, "", err
	}
	if v.Status != VisitPlanned || !v.Window.StartsAt.After(now) {
		return Visit{}, "", Because(Conflict, ReasonWrongTime, "only a visit to come can be made together; it is %s", v.Status)
	}
	before, ok := r.predecessor(v.Pairing)
	if !r.Standing() || !ok || r.Excludes(before) || !r.Suitable(before) {
		return Visit{}, "", NobodyAlong()
	}
	return *v, before, nil
}

// NobodyAlong is why somebody who came before is not asked along, whatever keeps
// them from it: a volunteer may ask, and is not to learn of others' records.
func NobodyAlong() error {
	return Because(Conflict, ReasonNotEligible, "nobody who came before can be asked along to this visit")
}

// predecessor is who held the seat of a pairing before, and was confirmed there.
func (r *HelpRequest) predecessor(id PairingID) (VolunteerID, bool) {
	i := slices.IndexFunc(r.Pairings, func(p Pairing) bool { return p.ID == id })
	if i < 0 {
		return "", false
	}
	for _, p := range slices.Backward(r.Pairings[:i]) {
		mine := p.Role == r.Pairings[i].Role && p.Seat == r.Pairings[i].Seat && p.Volunteer != r.Pairings[i].Volunteer
		if mine && p.Status == PairingWithdrawn && !p.ConfirmedAt.IsZero() {
			return p.Volunteer, true
		}
	}
	return "", false
}

// OverlapNeed is what a predecessor is asked: to come along once. Since somebody
// else comes too, it does not matter to it who must not come alone.
func (r *HelpRequest) OverlapNeed(v Visit, predecessor VolunteerID) Need {
	n := r.Need
	n.Cadence, n.Serves, n.Window, n.MinPeople, n.OnlyAsks = nil, v.ID, v.Window, 1, predecessor
	n.Risk = Risk{Class: n.Risk.Class, CheckMonths: n.Risk.CheckMonths, MinorsBarred: n.Risk.BarsMinors()}
	n.Roles = []RequestRole{{Name: "overlap", People: 1}}
	return n
}

// MadeTogether notes the request that asks a predecessor along to a visit, which is
// called off with it. They can be asked still, see [HelpRequest.Introduction].
func (r *HelpRequest) MadeTogether(overlap *HelpRequest, now time.Time) error {
	_, before, err := r.Introduction(overlap.Serves, now)
	if err != nil {
		return err
	}
	if before != overlap.OnlyAsks {
		return NobodyAlong()
	}
	v, err := r.visit(overlap.Serves)
	if err == nil {
		v.Overlap = overlap.ID
	}
	return err
}

// AskAlong makes the one offer of a request that asks one volunteer alone. Again is
// no error, until that has ended: nobody is asked twice.
func (r *HelpRequest) AskAlong(k Pick, p SearchPolicy, actor AccountID, now time.Time) (Offer, error) {
	if r.Status.Ended() {
		return Offer{}, Because(Conflict, ReasonRequestEnded, "whoever came before was asked along to this visit and does not come")
	}
	return r.Assign(k, p, actor, now)
}

// nobodyComesAlong ends a request that asks one volunteer alone. Nobody is missed:
// the visit takes place without them.
func (r *HelpRequest) nobodyComesAlong(now time.Time) {
	r.end(RequestCancelled, PairingCancelled, Event{Kind: EventRequestCancelled, At: now, Reason: "declined"})
}

// forsaken tells of a request that asks one volunteer alone, who cannot come.
func (r *HelpRequest) forsaken() bool {
	return r.OnlyAsks != "" && len(r.Offers) > 0 && r.Pending() == 0 && r.Filled() == 0
}
