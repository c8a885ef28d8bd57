package app

import (
	"context"
	"slices"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/workflows/contract"
)

// MaxAbsences is how many runs of days away a volunteer's record holds.
const MaxAbsences = 100

// AddAbsence notes days on which a volunteer is away. Nobody asks them for these
// days. For visits of standing pairings that were planned then substitutes are
// sought, and from engagements for one time they are withdrawn, so that somebody
// else is found. Adding the same again changes nothing.
func (u *Volunteers) AddAbsence(ctx context.Context, by Caller, id aid.VolunteerID, away aid.DateRange) (VolunteerCard, error) {
	if err := policy.Role(by.Role, policy.AddAbsence); err != nil {
		return VolunteerCard{}, err
	}
	for range updateTries {
		v, err := u.Store.Volunteer(ctx, id)
		if err == nil {
			err = policy.Allow(by.Account, policy.AddAbsence, policy.Resource{Area: v.AreaPath, Volunteer: id})
		}
		if err != nil {
			return VolunteerCard{}, hidden(err, "volunteer")
		}
		var c aid.Check
		c.Within("", away.Validate())
		today := aid.DateOf(aid.InZone(u.Now(), v.Availability.Zone))
		c.That(away.To.Compare(today) >= 0, "to", "has passed already; it is %s", today)
		c.That(len(v.Availability.Away) < MaxAbsences, "from", "is one absence too many: %d are kept; remove past ones", MaxAbsences)
		if err := c.Err("absence"); err != nil {
			return VolunteerCard{}, err
		}
		known := false
		for _, r := range v.Availability.Away {
			known = known || r.From.Compare(away.From) <= 0 && away.To.Compare(r.To) <= 0
		}
		if known { // a try before may have been cut off
			return volunteerCard(by, v, false), u.stepBack(ctx, by, id, v.Availability)
		}
		availability := v.Availability
		availability.Away = append(append([]aid.DateRange{}, availability.Away...), away)
		card, err := u.update(ctx, by, id, Seen{v.Version}, VolunteerChange{Availability: &availability})
		if err == nil {
			err = u.stepBack(ctx, by, id, availability)
		}
		if aid.ReasonOf(err) != aid.ReasonChangedMeanwhile {
			return card, err
		}
	}
	return VolunteerCard{}, aid.Errorf(aid.Unavailable, "others are changing this record; send it again")
}

// stepBack withdraws a volunteer from what they have agreed to for one time at
// which they will be away.
func (u *Volunteers) stepBack(ctx context.Context, by Caller, id aid.VolunteerID, availability aid.Availability) error {
	holding := []aid.PairingStatus{aid.PairingForming, aid.PairingConfirmed}
	page, err := u.Pairings.Pairings(ctx, aid.PairingFilter{Volunteer: id, Statuses: holding}, aid.Page{Limit: aid.MaxCapacity})
	if err != nil {
		return err
	}
	requests, err := requestsOf(ctx, u.Pairings, page.Items, func(p aid.Pairing) aid.RequestID { return p.Request })
	if err != nil {
		return err
	}
	for _, p := range page.Items {
		r := requests[p.Request]
		if r == nil || r.Standing() || !slices.ContainsFunc(availability.Away, func(d aid.DateRange) bool { return awayAt(availability, d, r.Window) }) {
			continue
		}
		m := contract.WithdrawPairing{Request: p.Request, Pairing: p.ID, Actor: by.ID, Reason: "busy"}
		if _, err := u.Processes.WithdrawPairing(ctx, "away/"+string(p.ID), m); err != nil && aid.KindOf(err) != aid.Conflict {
			return err
		}
	}
	return nil
}

// awayAt tells whether just these days away keep somebody from a window.
func awayAt(a aid.Availability, days aid.DateRange, w aid.Window) bool {
	return !aid.Availability{Zone: a.Zone, Away: []aid.DateRange{days}}.Covers(w)
}
