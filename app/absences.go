package app

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
)

// MaxAbsences is how many runs of days away a volunteer's record holds.
const MaxAbsences = 100

// AddAbsence notes days on which a volunteer is away. Nobody asks them for these
// days, and for visits that were planned then substitutes are sought. Adding the
// same again changes nothing.
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
		c.That(away.From.Compare(away.To) <= 0, "to", "must not come before from")
		c.That(len(v.Availability.Away) < MaxAbsences, "from", "is one absence too many: %d are kept; remove past ones", MaxAbsences)
		if err := c.Err("absence"); err != nil {
			return VolunteerCard{}, err
		}
		known := false
		for _, r := range v.Availability.Away {
			known = known || r.From.Compare(away.From) <= 0 && away.To.Compare(r.To) <= 0
		}
		if known {
			return volunteerCard(by, v, false), nil
		}
		availability := v.Availability
		availability.Away = append(append([]aid.DateRange{}, availability.Away...), away)
		card, err := u.update(ctx, by, id, Seen{v.Version}, VolunteerChange{Availability: &availability})
		if aid.ReasonOf(err) != aid.ReasonChangedMeanwhile {
			return card, err
		}
	}
	return VolunteerCard{}, aid.Errorf(aid.Unavailable, "others are changing this record; send it again")
}
