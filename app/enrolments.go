package app

import (
	"context"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training"
)

// Member is somebody in a cohort as their viewer may know them.
type Member struct {
	training.Enrolment
	Name    string // the first character and stars for those who may not know it in full
	Outcome training.Outcome
	Waivers []training.Waiver
	Issued  training.CertificateID // by this very call
}

// Enrol gives a volunteer a seat or a place on the waiting list: the volunteer
// themselves, whom an empty id stands for, or whoever answers for them in their area.
func (u *Cohorts) Enrol(ctx context.Context, by Caller, id training.CohortID, v aid.VolunteerID, via training.Via) (training.Enrolment, error) {
	var none training.Enrolment
	if err := policy.Role(by.Role, policy.EnrolVolunteer); err != nil {
		return none, err
	}
	if v == "" {
		v = by.Volunteer
	}
	if v == by.Volunteer {
		via = training.ViaSelf
	}
	who, err := u.person(ctx, by, policy.EnrolVolunteer, v)
	if err != nil {
		return none, err
	}
	var e training.Enrolment
	_, err = u.Store.ChangeCohort(ctx, id, func(c *training.Cohort, now time.Time) error {
		e, err = c.Enrol(who, via, by.ID, now)
		return err
	})
	if err != nil {
		return none, hidden(err, "cohort")
	}
	return e, nil
}

// person finds somebody for whom the caller may act.
func (u *Cohorts) person(ctx context.Context, by Caller, action policy.Action, v aid.VolunteerID) (aid.Volunteer, error) {
	var c aid.Check
	c.That(aid.ValidID(v), "volunteer_id", "is missing or malformed")
	if err := c.Err("enrolment"); err != nil {
		return aid.Volunteer{}, err
	}
	found, err := u.Store.VolunteersByID(ctx, []aid.VolunteerID{v})
	if err != nil {
		return aid.Volunteer{}, err
	}
	if len(found) == 0 || !policy.Allows(by.Account, action, policy.Resource{Area: found[0].AreaPath, Volunteer: v}) {
		return aid.Volunteer{}, aid.Errorf(aid.NotFound, "there is no such volunteer, or they are not yours to see")
	}
	return found[0], nil
}

// Withdraw gives somebody's seat up: their own, one of people for whom the caller
// answers, or one in a cohort for which the caller answers.
func (u *Cohorts) Withdraw(ctx context.Context, by Caller, id training.CohortID, v aid.VolunteerID) error {
	if err := policy.Role(by.Role, policy.WithdrawEnrolment); err != nil {
		return err
	}
	_, personErr := u.person(ctx, by, policy.WithdrawEnrolment, v)
	if personErr != nil && aid.KindOf(personErr) != aid.NotFound {
		return personErr
	}
	_, err := u.Store.ChangeCohort(ctx, id, func(c *training.Cohort, now time.Time) error {
		if personErr != nil && !policy.Allows(by.Account, policy.WithdrawEnrolment, policy.Resource{Area: c.AreaPath}) {
			return personErr
		}
		_, err := c.Withdraw(v, now)
		return err
	})
	return hidden(err, "enrolment")
}

// Members lists who is in a cohort, in the order of arrival, with how they stand
// against the rule of the course.
func (u *Cohorts) Members(ctx context.Context, by Caller, id training.CohortID) ([]Member, error) {
	c, err := u.read(ctx, by, policy.ListEnrolments, id)
	if err != nil {
		return nil, err
	}
	return u.members(ctx, by, c)
}

// Results is Members for who looks at results.
func (u *Cohorts) Results(ctx context.Context, by Caller, id training.CohortID) ([]Member, error) {
	c, err := u.read(ctx, by, policy.ListResults, id)
	if err != nil {
		return nil, err
	}
	return u.members(ctx, by, c)
}

func (u *Cohorts) members(ctx context.Context, by Caller, c *training.Cohort) ([]Member, error) {
	names, err := u.names(ctx, by, c)
	if err != nil {
		return nil, err
	}
	out := make([]Member, len(c.Enrolments))
	for i, e := range c.Enrolments {
		out[i] = Member{Enrolment: e, Name: names[e.Volunteer], Outcome: c.Outcome(e.Volunteer)}
		for _, w := range c.Waivers {
			if w.Volunteer == e.Volunteer {
				out[i].Waivers = append(out[i].Waivers, w)
			}
		}
		for _, k := range c.Issued {
			if k.Volunteer == e.Volunteer {
				out[i].Issued = k.ID
			}
		}
	}
	return out, nil
}

// names gives the names of a cohort's people as far as the caller may know them.
func (u *Cohorts) names(ctx context.Context, by Caller, c *training.Cohort) (map[aid.VolunteerID]string, error) {
	ids := make([]aid.VolunteerID, len(c.Enrolments))
	for i, e := range c.Enrolments {
		ids[i] = e.Volunteer
	}
	people, err := u.Store.VolunteersByID(ctx, ids)
	out := make(map[aid.VolunteerID]string, len(people))
	for _, v := range people {
		out[v.ID] = masked(v.Name)
		if policy.Allows(by.Account, policy.ReadVolunteerName, policy.Resource{Area: v.AreaPath, Volunteer: v.ID}) {
			out[v.ID] = v.Name
		}
	}
	return out, err
}
